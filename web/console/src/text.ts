// All that the console says stands in text.json.

import catalogue from "./text.json" with { type: "json" };

export type TextKey = keyof typeof catalogue;
type Values = Record<string, string | number>;

const texts: Record<string, string> = catalogue;
export const language = "en";
const plurals = new Intl.PluralRules(language);

export function fill(pattern: string, values: Values): string {
  return pattern.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function t(key: TextKey, values: Values = {}): string {
  return fill(texts[key] ?? key, values);
}

/** Of the texts key.one and key.other, whichever the number takes; it is their {{count}}. */
export function tn(key: string, count: number, values: Values = {}): string {
  const text = texts[`${key}.${plurals.select(count)}`] ?? texts[`${key}.other`] ?? key;
  return fill(text, { count: formatNumber(count), ...values });
}

/** A text that may be missing, such as that of an action which a later version writes. */
export function textOr(key: string, otherwise: string): string {
  return texts[key] ?? otherwise;
}

export const formatNumber = (value: number) => new Intl.NumberFormat(language).format(value);

const dateForms = {
  day: { dateStyle: "medium" },
  time: { dateStyle: "medium", timeStyle: "short" },
  exact: { dateStyle: "medium", timeStyle: "medium" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export function formatTime(value: string | null | undefined, form: keyof typeof dateForms = "time"): string {
  if (!value) return t("console.never");
  return new Intl.DateTimeFormat(language, dateForms[form]).format(new Date(value));
}

const units = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]] as const;

/** "2 days", "1 hour": the largest unit that goes in evenly enough. */
export function formatDuration(seconds: number): string {
  const [unit, length] = units.find(([, each]) => seconds >= each && (seconds % each === 0 || seconds >= 10 * each)) ??
    units.find(([, each]) => seconds >= each) ?? ["second", 1];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 }).format(seconds / length);
}
