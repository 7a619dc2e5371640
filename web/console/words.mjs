// The words of the console, out of text/: for each language one file, which is loaded when the console speaks it.
//
// types/words/TAG.json holds the words, and `said`: what the API says in English beside what that is in the language.
// types/words/index.ts lists the languages.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const catalogue = join(root, "../../text");
const made = join(root, "types/words");

const read = (tag) => JSON.parse(readFileSync(join(catalogue, `${tag}.json`), "utf8"));
const tags = readdirSync(catalogue).map((name) => name.replace(".json", ""));
const english = read("en");

/** English, accented, longer and from right to left, as src/text/pseudo.h makes it. */
export const pseudo = "ar-XB";
const plain = [..."AEIOUYCNSZaeiouycnsz"];
const accented = [..."ÅÉÎÖÛÝÇÑŠŽåéîöûýçñšž"];

function accent(letter) {
  const mark = accented[plain.indexOf(letter)] ?? letter;
  return "aeiou".includes(letter) ? mark + mark : mark;
}

/** Places and commands in backquotes stay as they are. */
export const toPseudo = (pattern) => pattern.replace(/\{\{\w+\}\}|`[^`]*`|./gs, (piece) => (piece.length > 1 ? piece : accent(piece)));

const pseudoWords = () => ({ ...Object.fromEntries(Object.entries(english).map(([key, pattern]) => [key, toPseudo(pattern)])), "language.direction": "rtl" });

const beginsWith = (...areas) => ([key]) => areas.includes(key.split(".")[0]);

/** What the console is given of a language. */
export function wordsOf(tag, all = read(tag)) {
  const said = tag === "en" ? [] : Object.entries(english).filter(beginsWith("problem", "reason")).map(([key, sentence]) => [sentence, all[key]]);
  return { tag, direction: all["language.direction"], words: Object.fromEntries(Object.entries(all).filter(beginsWith("console", "action", "role"))), said };
}

export function writeWords(withPseudo) {
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const languages = new Map(tags.map((tag) => [tag, read(tag)]));
  if (withPseudo) languages.set(pseudo, pseudoWords());
  const rows = [...languages].map(([tag, all]) => {
    writeFileSync(join(made, `${tag}.json`), JSON.stringify(wordsOf(tag, all)));
    const facts = { name: all["language.name"], isForTests: tag === pseudo, outdated: all["console.error.outdated"], reload: all["console.error.reload"] };
    return `  ${JSON.stringify(tag)}: { ...${JSON.stringify(facts)}, load: async () => (await import("./${tag}.json")).default },\n`;
  });
  writeFileSync(join(made, "index.ts"), `// Made by web/console/words.mjs.\n\nexport const languages = {\n${rows.join("")}};\n`);
}

/** What the page says where no script runs, in every language. */
export const noscript = () => tags.map((tag) => [tag, read(tag)])
  .map(([tag, words]) => `<p lang="${tag}">${words["console.noscript"]} <a href="/account?lang=${tag}">${words["console.account"]}</a></p>`).join("\n");
