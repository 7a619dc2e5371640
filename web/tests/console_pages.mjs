// What the browser tests of the console share.

import assert from "node:assert/strict";
import { openContext } from "./browser.mjs";
import { password } from "./gatehouse.mjs";

/** Without a session the console asks for one, and is told that there is none. */
const expectedAlways = [/401 .*\/v1\/session$/, /console: Failed to load resource/];

/** A browser of its own, which somebody signs in with on the console's sign-in. `troubles` holds what nobody expected. */
export async function openConsole(browser, gatehouse, { email, path = "/console", expected = [], ...options } = {}) {
  const { context, troubles } = await openContext(browser, gatehouse.origin, { timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  const unexpected = () => troubles.filter((trouble) => ![...expectedAlways, ...expected].some((each) => each.test(trouble)));
  if (email !== undefined) {
    await page.goto(gatehouse.origin + path);
    await signIn(page, email);
    await title(page);
  }
  return { context, page, close: async () => { await context.close(); assert.deepEqual(unexpected(), []); } };
}

export async function signIn(page, email, typed = password) {
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(typed);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/console/);
}

/** The heading, once the screen has what it shows. */
export async function title(page) {
  const heading = page.getByRole("heading", { level: 1 });
  await heading.waitFor();
  await page.waitForFunction(() => document.querySelector(".loading, [aria-busy='true']") === null);
  return heading.innerText();
}

export const path = (page) => { const { pathname, search } = new URL(page.url()); return pathname + search; };
export const button = (scope, name) => scope.getByRole("button", { name, exact: true });
export const dialog = (page) => page.getByRole("dialog");
export const row = (page, name) => page.getByRole("row").filter({ hasText: name });
/** Waits for the short news of what was done. */
export const news = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor();
