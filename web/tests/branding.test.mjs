// What an organization's branding looks like, on hosted pages and in letters, and how an admin makes it in the console.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { heading, launch, look, openContext } from "./browser.mjs";
import { button, news, openConsole, title } from "./console_pages.mjs";
import { Gatehouse, password } from "./gatehouse.mjs";
import { png } from "./pictures.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const colors = { button_color: "#0b6e4f", button_text_color: "#ffffff", dark_button_color: "#7fd1ae", dark_button_text_color: "#10141d" };
const links = { privacy_url: "https://acme.example/privacy", terms_url: "https://acme.example/terms", support_url: "https://acme.example/help" };

let browser, gatehouse, number = 0;
before(async () => { [browser, gatehouse] = await Promise.all([launch(), Gatehouse.start()]); });
after(async () => { await browser.close(); await gatehouse.stop(); });

/** An organization and its owner, who has confirmed the address. */
async function found(name) {
  const email = `owner${++number}@${name}.example`;
  const founder = { email, ...await gatehouse.founder(email, name) };
  await gatehouse.ask("POST", "/v1/email/verify", { body: { token: (await gatehouse.letter(email, "/verify-email")).link.split("token=")[1] } });
  founder.here = `/v1/organizations/${founder.organization.id}/branding`;
  return founder;
}

async function brand(founder, body) {
  const answer = await gatehouse.ask("PATCH", founder.here, { token: founder.token, body });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

async function setLogo(founder, content) {
  const answer = await fetch(`${gatehouse.origin}${founder.here}/logo`, { method: "PUT", body: content, headers: { "Content-Type": "image/png", Authorization: `Bearer ${founder.token}` } });
  assert.equal(answer.status, 200);
  return answer.json();
}

const colorsOf = (locator) => locator.evaluate((element) => { const { backgroundColor, color } = getComputedStyle(element); return [backgroundColor, color]; });
const green = ["rgb(11, 110, 79)", "rgb(255, 255, 255)"], mint = ["rgb(127, 209, 174)", "rgb(16, 20, 29)"], blue = ["rgb(36, 81, 200)", "rgb(255, 255, 255)"];

async function violations(page) {
  return page.evaluate(async (source) => {
    if (!globalThis.axe) (0, eval)(source);
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, axe);
}

for (const javaScriptEnabled of [true, false]) {
  describe(`a branded organization ${javaScriptEnabled ? "with" : "without"} script`, () => {
    it("shows itself where people sign in, and on the pages behind it, in light and in dark", async () => {
      const founder = await found(`acme${number}`);
      await brand(founder, { ...colors, ...links, name: "Acme & Söhne" });
      await setLogo(founder, png(320, 80, [11, 110, 79]));
      const { context, troubles } = await openContext(browser, gatehouse.origin, { javaScriptEnabled });
      const page = await context.newPage();
      const slug = founder.organization.slug;
      await page.goto(`${gatehouse.origin}/sign-in?organization=${slug}`);
      assert.equal(await page.title(), "Sign in · Acme & Söhne");
      const logo = page.getByRole("img", { name: "Acme & Söhne" });
      assert.deepEqual(await logo.evaluate((image) => [image.complete, image.naturalWidth, image.naturalHeight]), [true, 320, 80]);
      const submit = page.getByRole("button", { name: "Sign in", exact: true });
      assert.deepEqual(await colorsOf(submit), green);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await colorsOf(submit), mint);
      await page.emulateMedia({ colorScheme: null });
      for (const [name, href] of [["Privacy", links.privacy_url], ["Terms", links.terms_url], ["Support", links.support_url]]) {
        assert.equal(await page.getByRole("contentinfo").getByRole("link", { name }).getAttribute("href"), href);
      }
      await look(page, `branded-sign-in-${javaScriptEnabled ? "script" : "plain"}`);

      await page.getByLabel("Email address").fill(founder.email);
      await page.getByLabel("Password").fill("not my password at all");
      await submit.click();
      assert.equal(await page.title(), "Error: Sign in · Acme & Söhne");
      await page.getByLabel("Password").fill(password);
      await submit.click();
      assert.equal(await heading(page), "Your account");
      assert.equal(await page.getByRole("img", { name: "Acme & Söhne" }).count(), 1);
      assert.deepEqual(await colorsOf(page.getByRole("button", { name: "Sign out" })), ["rgba(0, 0, 0, 0)", "rgb(36, 81, 200)"], "only filled buttons");
      for (const path of ["/account/password", "/account/sessions", "/choose-organization"]) {
        await page.goto(gatehouse.origin + path);
        assert.match(await page.title(), / · Acme & Söhne$/, path);
      }
      await context.close();
      assert.deepEqual(troubles, []);
    });

    it("shows itself to whom it invites, also in the letter, which loads nothing", async () => {
      const founder = await found(`inviting${number}`);
      await brand(founder, { ...colors, ...links });
      const guest = `guest${number}@inviting.example`;
      await gatehouse.invite(founder, guest);
      const letter = await gatehouse.letter(guest, "/accept-invite");
      const { context, troubles } = await openContext(browser, gatehouse.origin, { javaScriptEnabled });
      const page = await context.newPage();
      const asked = [];
      context.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(`${gatehouse.origin}/dev/mail/${letter.number}`);
      const frame = page.frameLocator("iframe");
      const shown = frame.getByRole("link", { name: "View the invitation" });
      await shown.waitFor();
      assert.deepEqual([(await colorsOf(frame.locator("td.button")))[0], (await colorsOf(shown))[1]], green);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual([(await colorsOf(frame.locator("td.button")))[0], (await colorsOf(shown))[1]], mint);
      assert.equal(await frame.getByRole("link", { name: "Support" }).getAttribute("href"), links.support_url);
      assert.deepEqual(asked.filter((path) => !/^\/(dev\/mail|assets)\//.test(path)), []);
      await page.emulateMedia({ colorScheme: null });

      await page.goto(letter.link);
      assert.equal(await page.title(), `You are invited · ${founder.organization.name}`);
      assert.equal(await page.locator(".brand").innerText(), founder.organization.name);
      assert.deepEqual(await colorsOf(page.getByRole("button").first()), green);
      await look(page, `branded-invitation-${javaScriptEnabled ? "script" : "plain"}`);
      await context.close();
      assert.deepEqual(troubles, []);
    });
  });
}

it("a slug that nobody has looks like that of an organization without branding", async () => {
  const founder = await found("plain");
  const shapeOf = async (slug) => {
    const page = await (await fetch(`${gatehouse.origin}/sign-in?organization=${slug}`, { headers: { Accept: "text/html" } })).text();
    return page.replaceAll(slug, "…").replace(/name="form_token" value="[^"]*"/, "");
  };
  assert.equal(await shapeOf(founder.organization.slug), await shapeOf("nobody-has-this"));
});

it("axe finds nothing on a branded page, in light and in dark", async () => {
  const founder = await found("axe");
  await brand(founder, { ...colors, ...links });
  await setLogo(founder, png(320, 80, [11, 110, 79]));
  const { context, troubles } = await openContext(browser, gatehouse.origin, { bypassCSP: true });
  const page = await context.newPage();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(`${gatehouse.origin}/sign-in?organization=${founder.organization.slug}`);
    assert.deepEqual(await violations(page), [], colorScheme);
  }
  await context.close();
  assert.deepEqual(troubles, []);
});

describe("the console", () => {
  const field = (page, name) => page.getByLabel(name, { exact: true });
  const open = (founder, options = {}) => openConsole(browser, gatehouse, { email: founder.email, path: "/console/branding", ...options });

  it("shows the contrast and the sign-in while one types, and says the service's sentence at its field", async () => {
    const founder = await found("typing");
    const { page, close } = await open(founder, { expected: [/400 .*\/branding$/, /status of 400/] });
    assert.equal(await title(page), "Branding");
    const preview = page.locator(".preview.light .preview-button"), darkPreview = page.locator(".preview.dark .preview-button");
    assert.deepEqual(await colorsOf(preview), blue);
    assert.deepEqual(await colorsOf(darkPreview), ["rgb(143, 176, 255)", "rgb(16, 20, 29)"]);
    await field(page, "Button").fill("#0b6e4f");
    assert.deepEqual(await colorsOf(preview), green);
    await page.getByText("Contrast to the page: 6.25. At least 3 is needed.").waitFor();
    await field(page, "Words on the button").fill("#d8d8d8");
    await page.getByText("Too little contrast to the button: 4.38. At least 4.5 is needed.").waitFor();
    await field(page, "Words on the button").fill("#d8d8");
    await page.getByText("A colour such as #0b6e4f.").waitFor();
    await field(page, "Words on the button").fill("#d8d8d8");
    await button(page, "Save").click();
    await page.locator(".field .error", { hasText: "This has a contrast of 4.38 to the button; 4.5 is needed (WCAG 1.4.3)." }).waitFor();
    assert.equal(await field(page, "Words on the button").getAttribute("aria-invalid"), "true");
    await field(page, "Words on the button").fill("#FFFFFF");
    await field(page, "Name on pages and in letters").fill("Acme & Söhne");
    await field(page, "Link to help").fill("https://acme.example/help");
    assert.equal(await page.locator(".preview.dark .preview-foot").innerText(), "Support");
    assert.equal(await page.locator(".preview.light .preview-name").innerText(), "Acme & Söhne");
    await button(page, "Save").click();
    await news(page, "Saved");
    const { body } = await gatehouse.ask("GET", founder.here, { token: founder.token });
    assert.deepEqual([body.name, body.button_color, body.button_text_color, body.support_url, body.terms_url], ["Acme & Söhne", "#0b6e4f", "#ffffff", "https://acme.example/help", null]);
    await field(page, "Link to help").fill("");
    await button(page, "Save").click();
    await page.waitForFunction(() => document.querySelector(".actions button[type=submit]")?.disabled === true);
    assert.equal((await gatehouse.ask("GET", founder.here, { token: founder.token })).body.support_url, null);
    await close();
  });

  it("forgets nothing of what is typed until what was saved is read again", async () => {
    const founder = await found("meanwhile");
    const { page, close } = await open(founder);
    await field(page, "Name on pages and in letters").waitFor();
    let answer;
    const isAsked = new Promise((resolve) => {
      void page.route("**/branding", async (route) => {
        if (route.request().method() !== "GET") return route.continue();
        resolve();
        await new Promise((done) => { answer = done; });
        return route.continue();
      });
    });
    await field(page, "Button").fill("#0B6E4F");
    await button(page, "Save").click();
    await news(page, "Saved");
    await isAsked;
    await field(page, "Link to help").fill("https://acme.example/help");
    answer();
    await page.waitForFunction(() => [...document.querySelectorAll("input")].some((input) => input.value === "#0b6e4f"));
    assert.equal(await field(page, "Link to help").inputValue(), "https://acme.example/help");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await button(page, "Save").click();
    await page.waitForFunction(() => document.querySelector(".actions button[type=submit]")?.disabled === true);
    const { body } = await gatehouse.ask("GET", founder.here, { token: founder.token });
    assert.deepEqual([body.button_color, body.support_url], ["#0b6e4f", "https://acme.example/help"]);
    await close();
  });

  it("takes a logo and removes it, and forgets nothing of what was typed meanwhile", async () => {
    const founder = await found("picture");
    const { page, close } = await open(founder, { expected: [/400 .*\/branding\/logo$/, /status of 400/] });
    await field(page, "Name on pages and in letters").fill("Not saved yet");
    const upload = (name, content, mimeType = "image/png") => page.locator("input[type=file]").setInputFiles({ name, mimeType, buffer: content });
    await upload("logo.png", Buffer.from("<svg onload=alert(1)>".padEnd(64)));
    await page.getByRole("alert").filter({ hasText: "This is no picture in PNG, JPEG, WebP or GIF." }).waitFor();
    await upload("large.png", Buffer.alloc(100 * 1024 + 1));
    await page.getByText("This picture is larger than 100 KiB.").waitFor();
    await upload("logo.png", png(120, 40, [200, 30, 30]));
    await page.getByRole("img", { name: "The logo, 120 by 40 pixels" }).waitFor();
    assert.equal(await page.locator(".preview img").count(), 2);
    assert.equal(await field(page, "Name on pages and in letters").inputValue(), "Not saved yet");
    await button(page, "Save").click();
    await news(page, "Saved");
    await button(page, "Remove the logo").click();
    await page.getByText("No logo yet").waitFor();
    const { body } = await gatehouse.ask("GET", founder.here, { token: founder.token });
    assert.deepEqual([body.name, body.logo], ["Not saved yet", null]);
    await close();
  });

  it("shows what somebody else has changed meanwhile, and asks", async () => {
    const founder = await found("meanwhile");
    const { page, close } = await open(founder, { expected: [/412 /, /status of 412/] });
    await field(page, "Name on pages and in letters").fill("Mine");
    await brand(founder, { name: "Theirs" });
    await button(page, "Save").click();
    await page.getByRole("cell", { name: "Theirs" }).waitFor();
    await page.getByRole("button", { name: "Save mine over it" }).click();
    await news(page, "Saved");
    assert.equal((await gatehouse.ask("GET", founder.here, { token: founder.token })).body.name, "Mine");
    await close();
  });

  it("lets whoever may not change it look only", async () => {
    const founder = await found("looking");
    const member = `member${number}@looking.example`;
    await gatehouse.invite(founder, member);
    const token = (await gatehouse.letter(member, "/accept-invite")).link.split("token=")[1];
    assert.equal((await gatehouse.ask("POST", "/accept-invite", { body: { token, email: member, password } })).status, 200);
    const { page, close } = await open({ email: member });
    assert.equal(await field(page, "Button").isDisabled(), true);
    assert.equal(await page.locator("input[type=file]").count(), 0);
    assert.equal(await button(page, "Save").count(), 0);
    await close();
  });

  it("axe finds nothing on the screen, in light and in dark", async () => {
    const founder = await found("screen");
    await brand(founder, { ...colors, ...links });
    await setLogo(founder, png(120, 40, [200, 30, 30]));
    const { page, close } = await open(founder, { bypassCSP: true });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const [content, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(content <= room, `${content} pixels wide on a screen of ${width}`);
      }
      assert.deepEqual(await violations(page), [], colorScheme);
    }
    await close();
  });
});
