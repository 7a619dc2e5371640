// What axe finds on a page, and whether something sticks out to the side.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function assertFits(page, name, widths) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const [content, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(content <= room, `${name}: ${content} pixels wide on a screen of ${width}`);
  }
}

/** `rules` as axe's `runOnly`; all of its rules when there are none. Runs as the browser's own tools do, past the page's policy. */
export async function assertAccessible(page, name, rules) {
  const violations = await page.evaluate(async ([source, runOnly]) => {
    if (!globalThis.axe) (0, eval)(source);
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], ...(runOnly ? { runOnly } : {}) });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, [axe, rules]);
  assert.deepEqual(violations, [], name);
}

/** How a page is looked at: in which widths nothing may stick out, and by which rules of axe. Colours alone differ in the dark. */
const ways = {
  light: { widths: [320, 912, 1280], rules: undefined },
  dark: { widths: [1920], rules: { type: "rule", values: ["color-contrast", "link-in-text-block"] } },
  rtl: { widths: [320], rules: { type: "rule", values: ["target-size", "scrollable-region-focusable"] } },
};

export async function examine(page, name) {
  for (const [scheme, way] of Object.entries(ways)) {
    await page.emulateMedia({ colorScheme: scheme === "dark" ? "dark" : "light", reducedMotion: "reduce" });
    await page.evaluate((dir) => { document.dir = dir; }, scheme === "rtl" ? "rtl" : "ltr");
    await assertFits(page, `${name}, ${scheme}`, way.widths);
    await assertAccessible(page, `${name}, ${scheme}`, way.rules);
  }
  await page.evaluate(() => { document.dir = "ltr"; });
  await page.setViewportSize({ width: 1280, height: 800 });
}
