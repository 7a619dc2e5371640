// The hosted pages in every language that they speak, in the browser: nothing sticks out, from 320 to 1920 pixels, also
// where lines run from right to left and words are long; and what a page weighs.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { heading, launch, look, openContext } from "./browser.mjs";
import { assertAccessible } from "./examine.mjs";
import { Gatehouse, password } from "./gatehouse.mjs";

const email = "ada@example.com";
const open = ["/", "/sign-in", "/sign-in?organization=", "/sign-up", "/signed-out", "/reset-password", "/setup", "/verify-email?token=x"];
const own = ["/account", "/account/profile", "/account/password", "/account/email", "/account/verification", "/account/sessions",
  "/account/activity", "/account/leave", "/account/export", "/account/delete", "/choose-organization", "/sign-out"];
const widths = [320, 768, 1920];
const pageBudget = 40 * 1024, scriptBudget = 6 * 1024;

let browser, gatehouse;
before(async () => {
  browser = await launch();
  gatehouse = await Gatehouse.start();
  await gatehouse.signUp(email);
});
after(async () => {
  await browser.close();
  await gatehouse.stop();
});

const visit = async (page, path, tag) => {
  await page.goto(`${gatehouse.origin}${path}${path.includes("?") ? "&" : "?"}lang=${tag}`);
};
/** Links and forms of the page that would change its language. The API's reference is English. */
const forgetful = (page, tag) => page.evaluate((wanted) => {
  const isPage = (url) => url.origin === location.origin && !/^\/(docs|openapi)/.test(url.pathname) && !url.hash;
  const links = [...document.querySelectorAll("a")].map((link) => new URL(link.href)).filter((url) => isPage(url) && url.searchParams.get("lang") !== wanted);
  const forms = [...document.querySelectorAll("form")].filter((form) => form.elements.namedItem("lang")?.value !== wanted);
  return [...links.map(String), ...forms.map((form) => form.outerHTML)];
}, tag);
const signIn = async (page) => {
  await page.goto(`${gatehouse.origin}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

for (const [tag, direction] of [["de", "ltr"], ["es", "ltr"], ["ar-XB", "rtl"]]) {
  it(`every page fits and reads in ${tag}`, async () => {
    const { context, troubles } = await openContext(browser, gatehouse.origin, { locale: "en-US", bypassCSP: true });
    const page = await context.newPage();
    await signIn(page);
    for (const path of [...own, ...open]) {
      await visit(page, path, tag);
      const marks = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
      assert.deepEqual(marks, [tag, direction], path);
      assert.deepEqual(await forgetful(page, tag), [], path);
      await assertAccessible(page, `${path} in ${tag}`);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        const content = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(content <= width, `${path} in ${tag} is ${content} pixels wide on ${width}`);
      }
      await look(page, `language-${tag}-${path.replaceAll(/[^a-z]+/g, "-")}`);
    }
    await context.close();
    assert.deepEqual(troubles, []);
  });
}

it("a browser is spoken to in its language, and the form keeps the one that was asked for", async () => {
  const { context, troubles } = await openContext(browser, gatehouse.origin, { locale: "es-MX", javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${gatehouse.origin}/sign-in`);
  assert.equal(await heading(page), "Iniciar sesión");
  await page.goto(`${gatehouse.origin}/sign-in?lang=de`);
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByLabel("Passwort").fill("not the password");
  await page.getByRole("button", { name: "Anmelden" }).click();
  assert.match(await page.getByRole("alert").innerText(), /Die E-Mail-Adresse oder das Passwort ist falsch/);
  await page.getByLabel("Passwort").fill(password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  assert.equal(await heading(page), "Ihr Konto");
  assert.match(await page.locator("main").innerText(), /als Eigentümer/);
  await page.goto(`${gatehouse.origin}/account/profile`);
  await page.getByLabel("Idioma de las páginas y los mensajes").selectOption("de");
  await page.getByRole("button", { name: "Guardar" }).click();
  assert.equal(await heading(page), "Ihr Profil ist gespeichert");
  await page.goto(`${gatehouse.origin}/account/profile`);
  await page.getByLabel("Sprache der Seiten und E-Mails").selectOption("");
  await page.getByRole("button", { name: "Speichern" }).click();
  assert.equal(await heading(page), "Su perfil se ha guardado");
  await context.close();
  assert.deepEqual(troubles, []);
});

describe("what a hosted page weighs, with all that it loads for the first time", () => {
  for (const path of [...open, ...own]) {
    it(path, async () => {
      const { context } = await openContext(browser, gatehouse.origin, {});
      const page = await context.newPage();
      if (own.includes(path)) await signIn(page);
      const client = await context.newCDPSession(page);
      await client.send("Network.enable");
      await client.send("Network.setCacheDisabled", { cacheDisabled: true });
      const kinds = new Map();
      let all = 0, script = 0;
      client.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
      client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
        all += encodedDataLength;
        if (kinds.get(requestId) === "Script") script += encodedDataLength;
      });
      await page.goto(gatehouse.origin + path, { waitUntil: "networkidle" });
      await context.close();
      assert.ok(all > 1024 && all <= pageBudget, `${path} weighs ${all} bytes`);
      assert.ok(script <= scriptBudget, `the script of ${path} weighs ${script} bytes`);
    });
  }
});
