// In which language the console speaks: the person's own, else the one that ?lang= asks for, else the best of the
// browser's, else English. Only its words are loaded.

import { useEffect, useState } from "preact/hooks";
import { languages } from "../types/words/index.ts";
import { speak, spokenTag, type Words } from "./text.ts";

export type Tag = keyof typeof languages;

const changed = "console:language";
const all = Object.keys(languages) as Tag[];
/** Those that people can choose. */
export type Choice = Exclude<Tag, "ar-XB">;
export const choices = all.filter((tag): tag is Choice => !languages[tag].isForTests);

export interface Wishes {
  own: string | null | undefined;
  asked: string | null;
  /** As the browser lists them, the best first. */
  accepted: readonly string[];
}

export function chooseLanguage({ own, asked, accepted }: Wishes): Tag {
  const named = (tag: string | null | undefined, among: readonly Tag[]) => among.find((each) => each.toLowerCase() === tag?.toLowerCase());
  const best = () => accepted.map((each) => named(each.split("-")[0], choices)).find((tag) => tag !== undefined);
  return named(own, choices) ?? named(asked, all) ?? best() ?? "en";
}

/** "de-AT" writes some things in other ways than "de". The language for tests writes them as English does. */
export function localeFor(tag: Tag, accepted: readonly string[]): string {
  if (languages[tag].isForTests) return "en";
  return accepted.find((each) => each === tag || each.startsWith(`${tag}-`)) ?? tag;
}

/** Loads the words, and says everything in them from then on. */
export async function change(tag: Tag): Promise<void> {
  const words: Words = await languages[tag].load();
  speak(words, localeFor(tag, navigator.languages));
  document.documentElement.lang = tag;
  document.dir = words.direction;
  dispatchEvent(new Event(changed));
}

/** Draws anew whoever uses it when the language changes. */
export function useLanguage(): string {
  const [tag, setTag] = useState(spokenTag);
  useEffect(() => {
    const look = () => setTag(spokenTag());
    addEventListener(changed, look);
    return () => removeEventListener(changed, look);
  }, []);
  return tag;
}
