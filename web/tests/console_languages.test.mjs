// The console in each of its languages: every screen, full of made-up people, with no key shown raw and nothing that is
// not in the catalogue; from right to left in the dark as axe sees it; and whose language it speaks.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { launch } from "./browser.mjs";
import { button, dialog, openConsole, operatorScreens, organizationScreens, title } from "./console_pages.mjs";
import { assertAccessible, assertFits } from "./examine.mjs";
import { Gatehouse } from "./gatehouse.mjs";

const owner = "member0@harbour-works.example";
const operator = "operator@demo.example";

let browser, gatehouse;
before(async () => { [browser, gatehouse] = await Promise.all([launch(), Gatehouse.start({}, { demo: true })]); });
after(async () => { await browser.close(); await gatehouse.stop(); });

const inLanguage = (path, tag) => `${path}${path.includes("?") ? "&" : "?"}lang=${tag}`;

/** All that can be read or heard. */
const said = (page) => page.evaluate(() => {
  const attributes = ["aria-label", "title", "placeholder"];
  const heard = [...document.querySelectorAll("*")].flatMap((element) => attributes.map((name) => element.getAttribute(name) ?? ""));
  return [document.title, document.body.innerText, ...heard].join("\n");
});

/** Words that are the console's own, whatever is in the database: with a plain vowel they are not in the catalogue. */
const untranslated = (page) => page.evaluate(() => {
  const own = "nav a, h2, dt, legend, label > span, .rows thead th, .numbers thead th:first-child, .button, .lead, .hint, .empty, .sentence";
  const isOwn = (text) => !/^[\d\W]*$/.test(text) && !["CSV", "✕"].includes(text);
  const texts = [...document.querySelectorAll(own)].map((element) => {
    const copy = element.cloneNode(true);
    for (const data of copy.querySelectorAll(".unseen, code, a, .badge, bdi")) data.remove();
    return element.matches("a") ? element.textContent.trim() : copy.textContent.trim();
  });
  return texts.filter((text) => isOwn(text) && /[aeiou]/.test(text) && !/[åéîöû]/.test(text));
});

async function walk(tag, email, screens) {
  const { page, close } = await openConsole(browser, gatehouse, { email, path: inLanguage("/console", tag), tag, bypassCSP: tag === "ar-XB", colorScheme: "dark", reducedMotion: "reduce" });
  for (const screen of screens) {
    const name = `${screen} in ${tag}`;
    await page.goto(gatehouse.origin + inLanguage(`/console${screen}`, tag));
    await title(page);
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [tag, tag === "ar-XB" ? "rtl" : "ltr"], name);
    assert.doesNotMatch(await said(page), /\b(console|action|problem|reason)\.[a-z_]+|\{\{/, name);
    await assertFits(page, name, [320, 768]);
    if (tag !== "ar-XB") continue;
    assert.deepEqual(await untranslated(page), [], name);
    await assertAccessible(page, name);
  }
  await close();
}

for (const tag of ["de", "es", "ar-XB"]) {
  describe(`in ${tag}`, () => {
    it("every screen of an organization reads and fits", () => walk(tag, owner, organizationScreens));
    it("every screen of operators reads and fits", () => walk(tag, operator, operatorScreens));
  });
}

describe("the language", () => {
  it("is the browser's, with one file of words and no other", async () => {
    const { page, close } = await openConsole(browser, gatehouse, { email: "member0@polar-maps.example", tag: "de", locale: "de-AT", path: "/console/members" });
    await page.reload();
    assert.equal(await title(page), "Mitglieder");
    const files = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name.replace(/.*\//, "")).filter((name) => /^(de|en|es|ar-XB)-.*js$/.test(name)));
    assert.equal(files.length, 1);
    assert.match(files[0], /^de-/);
    assert.match(await page.locator("main").innerText(), /\d{1,2}\.\d{1,2}\.2\d{3}/);
    assert.match(await page.locator("main").innerText(), /Eigentümer/);
    await close();
  });

  it("that somebody chooses is theirs from then on, without losing what they typed", async () => {
    const { page, close } = await openConsole(browser, gatehouse, { email: owner, path: "/console/settings" });
    await page.getByLabel("Slug").fill("half-typed");
    await page.getByRole("banner").getByRole("combobox", { name: "Language" }).selectOption("es");
    await page.getByRole("heading", { name: "Ajustes", level: 1 }).waitFor();
    assert.equal(await page.getByLabel("Identificador").inputValue(), "half-typed");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
    assert.equal(await page.title(), "Ajustes · Gatehouse");
    const { access_token } = await gatehouse.signIn(owner);
    assert.equal((await gatehouse.ask("GET", "/v1/me", { token: access_token })).body.language, "es");
    await page.goto(`${gatehouse.origin}/console/roles?lang=de`);
    assert.equal(await title(page), "Roles");
    assert.match(await page.locator("main").innerText(), /Ver quién es miembro/);
    await page.getByRole("banner").getByRole("combobox", { name: "Idioma" }).selectOption("en");
    await page.getByText("See who is a member.").waitFor();
    await close();
  });

  it("that the address asks for is kept from screen to screen, and refusals are said in it", async () => {
    const { page, close } = await openConsole(browser, gatehouse, { email: "member0@polar-maps.example", tag: "de", path: "/console/settings?lang=de", expected: [/40\d /] });
    await page.getByRole("navigation", { name: "Konsole" }).getByRole("link", { name: "Rollen" }).click();
    assert.equal(await title(page), "Rollen");
    assert.match(page.url(), /roles\?lang=de$/);
    await button(page, "Neue Rolle").click();
    await dialog(page).getByLabel("Name").fill("Admin");
    await button(dialog(page), "Rolle anlegen").click();
    await dialog(page).getByText("Die Organisation hat schon eine Rolle dieses Namens.").waitFor();
    assert.match(await dialog(page).getByRole("alert").innerText(), /Anfrage req_/);
    await close();
  });
});

it("English says of each permission what the API says", async () => {
  const { access_token } = await gatehouse.signIn(owner);
  const { data } = (await gatehouse.ask("GET", "/v1/permissions?limit=200", { token: access_token })).body;
  const told = Object.fromEntries(data.map(({ key, description }) => [`console.permission.${key}`, description]));
  const english = JSON.parse(await readFile(new URL("../../text/en.json", import.meta.url), "utf8"));
  assert.deepEqual(Object.fromEntries(Object.entries(english).filter(([key]) => key.startsWith("console.permission.")).sort()), Object.fromEntries(Object.entries(told).sort()));
});

it("without JavaScript the page says in every language where to go", async () => {
  const { page, close } = await openConsole(browser, gatehouse, { javaScriptEnabled: false });
  await page.goto(`${gatehouse.origin}/console`);
  const text = await page.locator("body").innerText();
  for (const sentence of [/needs JavaScript/, /braucht JavaScript/, /necesita JavaScript/]) assert.match(text, sentence);
  await page.getByRole("link", { name: "Ihr Konto" }).click();
  await page.waitForURL(/\/sign-in\?.*lang=de/);
  await close();
});
