// All that the console says stands in text/, a file for each language. What of it is spoken is told by languages.ts.

import type english from "../types/words/en.json";

export type TextKey = keyof typeof english.words;
type Values = Record<string, string | number>;

export interface Words {
  tag: string;
  direction: string;
  words: Record<string, string>;
  /** Sentences of the API, each beside what it is in this language. */
  said: string[][];
}

let spoken: Words = { tag: "en", direction: "ltr", words: {}, said: [] };
/** How numbers and times are written. */
export let locale = "en";
let plurals = new Intl.PluralRules(locale);

/** From now on all is said with these words, and numbers and times are written as in `as`. */
export function speak(words: Words, as: string): void {
  spoken = words;
  locale = as;
  plurals = new Intl.PluralRules(locale);
}

export const spokenTag = () => spoken.tag;

export function fill(pattern: string, values: Values): string {
  return pattern.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function t(key: TextKey, values: Values = {}): string {
  return fill(spoken.words[key] ?? key, values);
}

/** Of the texts key.one and key.other, whichever the number takes; it is their {{count}}. */
export function tn(key: string, count: number, values: Values = {}): string {
  const text = spoken.words[`${key}.${plurals.select(count)}`] ?? spoken.words[`${key}.other`] ?? key;
  return fill(text, { count: formatNumber(count), ...values });
}

/** A text that may be missing, such as that of an action which a later version writes. */
export function textOr(key: string, otherwise: string): string {
  return spoken.words[key] ?? otherwise;
}

/** The three roles that every organization has are called as the language calls them, unless it has named them itself. */
export const roleName = ({ key, name }: { key: string; name: string }) => (name === key ? textOr(`role.${key}`, name) : name);

/** The values of the pattern's places when the sentence is one of it. */
function placesOf(pattern: string, sentence: string): Values | undefined {
  const words = pattern.split(/\{\{\w+\}\}/).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(`^${words.join("(.*?)")}$`, "s").exec(sentence);
  if (!found) return undefined;
  return Object.fromEntries([...pattern.matchAll(/\{\{(\w+)\}\}/g)].map(([, name], index) => [name, found[index + 1] ?? ""]));
}

/** What an English sentence of the API is in the language; the sentence itself when the catalogue does not have it. */
export function retell(sentence: string): string {
  for (const [english = "", here = ""] of spoken.said) {
    const values = placesOf(english, sentence);
    if (values) return fill(here, values);
  }
  return sentence;
}

/** What the API says of a field, as a sentence: "is required" as "This is required." */
export function retellOfField(detail: string): string {
  const sentence = detail.replace(/^expected /, "This should be ").replace(/^(?=[a-z])/, "This ");
  return retell(sentence.endsWith(".") ? sentence : `${sentence}.`);
}

export const formatNumber = (value: number) => new Intl.NumberFormat(locale).format(value);
export const formatShare = (value: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(value);

const dateForms = {
  day: { dateStyle: "medium" },
  time: { dateStyle: "medium", timeStyle: "short" },
  exact: { dateStyle: "medium", timeStyle: "medium" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export function formatTime(value: string | null | undefined, form: keyof typeof dateForms = "time"): string {
  if (!value) return t("console.never");
  return new Intl.DateTimeFormat(locale, dateForms[form]).format(new Date(value));
}

const units = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]] as const;

/** "2 days", "1 hour": the largest unit that goes in evenly enough. */
export function formatDuration(seconds: number): string {
  const [unit, length] = units.find(([, each]) => seconds >= each && (seconds % each === 0 || seconds >= 10 * each)) ??
    units.find(([, each]) => seconds >= each) ?? ["second", 1];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 }).format(seconds / length);
}
