// Builds the console and writes it as C++: node build.mjs FOLDER CC-FILE [--pseudo]. CMake calls it; see
// cmake/console.cmake.
//
// Takes its words from text/, checks types against docs/openapi.json, bundles, compresses, and fails when the first load
// is over its budget. With --pseudo it speaks the pseudo-language of tests too.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { noscript, writeWords } from "./words.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const [folder, cc, ...flags] = process.argv.slice(2);
/** What a browser loads before the first screen stands there, by gzip. */
const budgets = { firstLoad: 120_000, styles: 30_000, chunk: 40_000 };

function fail(reason) {
  console.error(`console: ${reason}`);
  process.exit(1);
}

function run(command, ...words) {
  const { status, error } = spawnSync(command, words, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) fail(`${command} ${words[0]} failed${error ? `: ${error.message}` : ""}`);
}

const tool = (name) => join(root, "node_modules", ".bin", name);

function install() {
  const lock = join(root, "package-lock.json");
  const stamp = join(root, "node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(lock).equals(readFileSync(stamp))) return;
  run("npm", "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
  copyFileSync(lock, stamp);
}

function check() {
  mkdirSync(join(root, "types"), { recursive: true });
  run(tool("openapi-typescript"), "../../docs/openapi.json", "--output", "types/api.d.ts");
  run(tool("tsc"), "--noEmit");
}

/** The file names of what the first screen needs, one language's words among them, and those of what is loaded later. */
async function bundle() {
  const { build } = await import("vite");
  const output = await build({
    root,
    configFile: false,
    base: "/console/",
    logLevel: "warn",
    plugins: [{ name: "noscript", transformIndexHtml: (html) => html.replace("<!-- noscript -->", noscript) }],
    esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
    build: { outDir: folder, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  const chunks = output.output.filter((file) => file.type === "chunk");
  const entry = chunks.find((chunk) => chunk.isEntry);
  const first = new Set();
  const visit = (name) => {
    if (first.has(name)) return;
    first.add(name);
    chunks.find((chunk) => chunk.fileName === name).imports.forEach(visit);
  };
  visit(entry.fileName);
  for (const name of entry.viteMetadata.importedCss) first.add(name);
  // One language's words, whichever it is: the largest.
  const words = chunks.filter((chunk) => chunk.facadeModuleId?.includes("/types/words/")).map((chunk) => chunk.fileName);
  first.add(words.sort((one, other) => size(other) - size(one))[0]);
  return { first, all: output.output.map((file) => file.fileName) };
}

const zipped = (content) => gzipSync(content, { level: 9 });
const size = (name) => zipped(readFileSync(join(folder, name))).length;
const sum = (names) => names.reduce((total, name) => total + size(name), 0);

function checkBudgets({ first, all }) {
  const load = sum([...first, "index.html"]);
  const styles = sum([...first].filter((name) => name.endsWith(".css")));
  if (load > budgets.firstLoad) fail(`the first load is ${load} bytes by gzip, ${budgets.firstLoad} are allowed`);
  if (styles > budgets.styles) fail(`the styles are ${styles} bytes by gzip, ${budgets.styles} are allowed`);
  for (const name of all.filter((each) => !first.has(each) && size(each) > budgets.chunk)) {
    fail(`${name} is ${size(name)} bytes by gzip, ${budgets.chunk} are allowed`);
  }
  console.log(`console: the first load is ${load} bytes by gzip`);
}

/** Each file, and beside it what became smaller by compression; [name, path]. */
function compress() {
  const names = ["index.html", ...readdirSync(join(folder, "assets"))];
  const files = [];
  for (const name of names) {
    const path = name === "index.html" ? join(folder, name) : join(folder, "assets", name);
    const content = readFileSync(path);
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    files.push([name, path]);
    for (const [suffix, smaller] of [[".gz", zipped(content)], [".br", brotliCompressSync(content, brotli)]]) {
      if (smaller.length >= content.length) continue;
      writeFileSync(path + suffix, smaller);
      files.push([name + suffix, path + suffix]);
    }
  }
  return files;
}

function writeCpp(files) {
  const symbol = (index) => `gatehouse_console_file_${index}`;
  const each = (make) => files.map(([name, path], index) => make(symbol(index), name, path)).join("\n");
  writeFileSync(cc, `// Made by web/console/build.mjs.
#include "base/embedded.h"

asm(R"(
.pushsection .rodata
${each((at, _, path) => `${at}:\n.incbin "${path}"\n${at}_end:`)}
.popsection
)");

${each((at) => `extern const char ${at}[] asm("${at}");\nextern const char ${at}_end[] asm("${at}_end");`)}

namespace gatehouse::console {

std::span<const base::EmbeddedFile> embedded_files();

std::span<const base::EmbeddedFile> embedded_files() {
  static const base::EmbeddedFile files[] = {
${each((at, name) => `    {"${name}", {${at}, std::size_t(${at}_end - ${at})}},`)}
  };
  return files;
}

}  // namespace gatehouse::console
`);
}

install();
writeWords(flags.includes("--pseudo"));
check();
rmSync(folder, { recursive: true, force: true });
mkdirSync(dirname(cc), { recursive: true });
checkBudgets(await bundle());
writeCpp(compress());
