// What the browser tests of the console share.

import assert from "node:assert/strict";
import { toPseudo } from "../console/words.mjs";
import { openContext } from "./browser.mjs";
import { password } from "./gatehouse.mjs";

/** Without a session the console asks for one, and is told that there is none. */
const expectedAlways = [/401 .*\/v1\/(me|session)$/, /console: Failed to load resource/];

/** A browser of its own, which somebody signs in with on the console's sign-in. `troubles` holds what nobody expected. */
export async function openConsole(browser, gatehouse, { email, path = "/console", expected = [], tag = "en", ...options } = {}) {
  const { context, troubles } = await openContext(browser, gatehouse.origin, { timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  const unexpected = () => troubles.filter((trouble) => ![...expectedAlways, ...expected].some((each) => each.test(trouble)));
  if (email !== undefined) {
    await page.goto(gatehouse.origin + path);
    await signIn(page, email, { tag });
    await title(page);
  }
  return { context, page, close: async () => { await context.close(); assert.deepEqual(unexpected(), []); } };
}

/** What the sign-in page is to be found by. */
const signInWords = {
  en: ["Email address", "Password", "Sign in"],
  de: ["E-Mail-Adresse", "Passwort", "Anmelden"],
  es: ["Correo electrónico", "Contraseña", "Iniciar sesión"],
  "ar-XB": ["Email address", "Password", "Sign in"].map(toPseudo),
};

export async function signIn(page, email, { typed = password, tag = "en" } = {}) {
  const [address, secret, submit] = signInWords[tag];
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel(address).fill(email);
  await page.getByLabel(secret).fill(typed);
  await page.getByRole("button", { name: submit, exact: true }).click();
  await page.waitForURL(/\/console/);
}

/** The heading, once the screen has what it shows. */
export async function title(page) {
  const heading = page.getByRole("heading", { level: 1 });
  await heading.waitFor();
  await page.waitForFunction(() => document.querySelector(".loading, [aria-busy='true']") === null)
    .catch((error) => { throw new Error(`${page.url()} does not end loading`, { cause: error }); });
  return heading.innerText();
}

export const path = (page) => { const { pathname, search } = new URL(page.url()); return pathname + search; };
export const button = (scope, name) => scope.getByRole("button", { name, exact: true });
export const dialog = (page) => page.getByRole("dialog");
export const row = (page, name) => page.getByRole("row").filter({ hasText: name });
/** Waits for the short news of what was done. */
export const news = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor();

/** Every screen that has an address of its own, below /console, with the demo in mind. */
export const organizationScreens = ["", "/statistics?range=90", "/statistics?table=total,growth,roles,active,sign-ins,invitations&range=7", "/statistics?range=custom&from=2026-01-01&to=2026-01-31",
  "/members", "/members?q=nobody-has-this-name", "/invitations", "/roles", "/policies", "/branding", "/api-keys", "/audit", "/settings", "/no/such/screen"];
export const operatorScreens = ["/operator", "/operator/statistics?range=90", "/operator/organizations", "/operator/users", "/operator/mail", "/operator/limits?email=member0%40polar-maps.example", "/operator/permissions", "/operator/keys", "/operator/api-keys", "/operator/audit", "/operator/service"];
