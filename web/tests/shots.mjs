// Pictures of every console screen and hosted page, to be looked at: node web/tests/shots.mjs FOLDER [BEGINNING].
// Each in light on a desktop and on a phone, in dark on both, and from right to left. Those in docs/console/ are such.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { operatorScreens, organizationScreens, signIn, title } from "./console_pages.mjs";
import { Gatehouse } from "./gatehouse.mjs";

const [folder, beginning = ""] = process.argv.slice(2);
const desktop = { width: 1280, height: 800 }, phone = { width: 390, height: 844 };
const ways = [["desktop-light", desktop, "light", "en"], ["phone-light", phone, "light", "en"], ["desktop-dark", desktop, "dark", "en"], ["phone-dark", phone, "dark", "en"],
  ["desktop-rtl", desktop, "light", "ar-XB"], ["phone-rtl", phone, "dark", "ar-XB"]];
const open = ["/", "/sign-in", "/sign-in?organization=", "/sign-up", "/signed-out", "/reset-password", "/setup", "/verify-email?token=x", "/docs/errors", "/nowhere"];
const own = ["/account", "/account/profile", "/account/password", "/account/email", "/account/verification", "/account/sessions", "/account/activity",
  "/account/leave", "/account/export", "/account/delete", "/choose-organization", "/sign-out"];

await mkdir(folder, { recursive: true });
const [browser, gatehouse] = await Promise.all([launch(), Gatehouse.start({}, { demo: true })]);
const inLanguage = (path, tag) => (tag === "en" ? path : `${path}${path.includes("?") ? "&" : "?"}lang=${tag}`);

async function take(page, name, path, { settle } = {}) {
  if (!name.startsWith(beginning)) return;
  for (const [way, viewport, colorScheme, tag] of ways) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(gatehouse.origin + inLanguage(path, tag));
    await settle?.(page);
    await page.screenshot({ path: join(folder, `${name}-${way}.png`), fullPage: true });
  }
}

const nameOf = (prefix, path) => `${prefix}${path.replaceAll(/[^a-z0-9]+/gi, "-").replace(/-$/, "")}`.slice(0, 60);

/** A page of somebody who is signed in, in English. */
async function signedIn(email) {
  const page = await (await browser.newContext({ timezoneId: "Europe/Berlin", locale: "en-GB" })).newPage();
  await page.goto(`${gatehouse.origin}/console`);
  await signIn(page, email);
  await title(page);
  return page;
}

/** The address of the first thing in a list of the console. */
async function first(page, list) {
  await page.goto(`${gatehouse.origin}/console${list}`);
  await title(page);
  return (await page.getByRole("table").getByRole("link").first().getAttribute("href"));
}

const opened = (name) => async (page) => {
  await title(page);
  await page.locator(name).first().click();
  await page.getByRole("dialog").waitFor();
};

const owner = await signedIn("member0@harbour-works.example");
for (const screen of organizationScreens) await take(owner, nameOf("org", screen), `/console${screen}`, { settle: title });
await take(owner, "org-member", await first(owner, "/members"), { settle: title });
await take(owner, "org-invitation", await first(owner, "/invitations"), { settle: title });
for (const [screen, button] of [["/members", ".page-title .primary"], ["/roles", ".page-title .primary"], ["/api-keys", ".page-title .primary"], ["/settings", ".danger-row:last-of-type .button"]]) {
  await take(owner, nameOf("dialog", screen), `/console${screen}`, { settle: opened(button) });
}
const operator = await signedIn("operator@demo.example");
for (const screen of operatorScreens) await take(operator, nameOf("op", screen), `/console${screen}`, { settle: title });
await take(operator, "op-organization", await first(operator, "/operator/organizations"), { settle: title });
await take(operator, "op-user", await first(operator, "/operator/users"), { settle: title });
const stranger = await (await browser.newContext({ timezoneId: "Europe/Berlin", locale: "en-GB" })).newPage();
for (const path of open) await take(stranger, nameOf("page", path), path);
const founder = await gatehouse.founder("ada@example.com", "Lighthouse & Sons");
await gatehouse.invite(founder, "new@example.com");
const invited = new URL((await gatehouse.letter("new@example.com", "/accept-invite")).link);
await take(stranger, "page-accept-invite", invited.pathname + invited.search);
for (const path of own) await take(owner, nameOf("page", path), path);
await browser.close();
await gatehouse.stop();
