// What people do with the hosted pages beside what a page expects: by the keyboard alone, twice, back, in two tabs, and
// after their session has ended.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { heading, launch, openContext } from "./browser.mjs";
import { Gatehouse, password } from "./gatehouse.mjs";

let browser, gatehouse, number = 0;
before(async () => { [browser, gatehouse] = await Promise.all([launch(), Gatehouse.start()]); });
after(async () => { await browser.close(); await gatehouse.stop(); });

const own = ["/account", "/account/profile", "/account/sessions", "/account/activity", "/account/leave", "/choose-organization"];

for (const javaScriptEnabled of [true, false]) {
  describe(`${javaScriptEnabled ? "with" : "without"} script`, () => {
    let context, troubles, page;
    beforeEach(async () => {
      ({ context, troubles } = await openContext(browser, gatehouse.origin, { javaScriptEnabled }));
      page = await context.newPage();
    });
    afterEach(async () => { await context.close(); assert.deepEqual(troubles, []); });

    const visit = (where, tab = page) => tab.goto(gatehouse.origin + where);
    const press = (label, tab = page) => tab.getByRole("button", { name: label, exact: true }).click();
    const someone = async () => { const email = `person${++number}@hands.example`; return { email, ...await gatehouse.founder(email, `Works ${number}`) }; };
    const fillIn = async (email, tab = page) => {
      await tab.getByLabel("Email address").fill(email);
      await tab.getByLabel("Password").fill(password);
      await press("Sign in", tab);
    };
    const signIn = async (email, tab = page) => {
      await visit("/sign-in", tab);
      await fillIn(email, tab);
      assert.equal(await heading(tab), "Your account");
    };
    const me = async (token) => (await gatehouse.ask("GET", "/v1/me", { token })).body;
    /** The label of what has the focus. */
    const focused = () => page.locator(":focus").evaluate((element) => element.labels?.[0]?.textContent ?? element.textContent);

    it("somebody signs up, is invited and accepts by the keyboard alone", async () => {
      const email = `keys${++number}@hands.example`;
      await visit("/sign-up");
      for (const [label, typed] of [["Your name", "Ada"], ["Name of your organization", "Keyboard Works"], ["Email address", email], ["Password", password]]) {
        await page.keyboard.press("Tab");
        assert.equal(await focused(), label);
        await page.keyboard.type(typed);
      }
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/account/);
      assert.equal(await heading(page), "Your account");

      const founder = { ...await gatehouse.signIn(email) };
      const { body } = await gatehouse.ask("GET", "/v1/organizations", { token: founder.access_token });
      const invited = `invited${number}@hands.example`;
      await gatehouse.invite({ token: founder.access_token, organization: body.data[0] }, invited);
      await context.clearCookies();
      await page.goto((await gatehouse.letter(invited, "/accept-invite")).link);
      await page.keyboard.press("Tab");
      if (await focused() !== "Choose a password") await page.keyboard.press("Tab");
      assert.equal(await focused(), "Choose a password");
      await page.keyboard.type(password);
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Accept the invitation");
      await page.keyboard.press("Space");
      await page.getByRole("heading", { name: "You have joined" }).waitFor();
    });

    it("a double click on a button does its work once", async () => {
      const email = `twice${++number}@hands.example`;
      await visit("/sign-up");
      await page.getByLabel("Name of your organization").fill("Double Works");
      await page.getByLabel("Email address").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Create the account" }).dblclick();
      // The second click ends the first one's navigation, which waiting for a URL would take for a failure.
      await page.getByRole("heading", { name: "Your account" }).waitFor();
      const { access_token } = await gatehouse.signIn(email);
      assert.deepEqual((await gatehouse.ask("GET", "/v1/organizations", { token: access_token })).body.data.map(({ name }) => name), ["Double Works"]);
      const { messages } = (await gatehouse.ask("GET", `/dev/mail/messages?to=${encodeURIComponent(email)}`)).body;
      assert.equal(messages.filter(({ subject }) => subject === "You already have an account").length, 0);
    });

    it("the back button leads back to a form that works, and after the sign-out to nothing of one's own", async () => {
      const { email, token } = await someone();
      await signIn(email);
      await visit("/account/profile");
      await page.getByLabel("Full name").fill("First");
      await press("Save");
      assert.equal(await heading(page), "Your profile is saved");
      await page.goBack();
      assert.equal(await heading(page), "Your profile");
      await page.getByLabel("Full name").fill("Second");
      await press("Save");
      assert.equal(await heading(page), "Your profile is saved");
      assert.equal((await me(token)).name, "Second");
      await visit("/account");
      await press("Sign out");
      assert.equal(await heading(page), "You are signed out");
      await page.goBack();
      assert.equal(await heading(page), "Sign in");
      assert.doesNotMatch(await page.content(), new RegExp(email));
    });

    it("whose session ends in the middle of a form loses nothing that was typed", async () => {
      const { email, token } = await someone();
      await signIn(email);
      await visit("/account/profile");
      await page.getByLabel("Full name").fill("Grace & <b>Hopper</b>");
      await page.getByLabel("Time zone").fill("Europe/Vienna");
      const { body } = await gatehouse.ask("GET", "/v1/me/sessions", { token });
      for (const { id, is_current } of body.data) if (!is_current) await gatehouse.ask("DELETE", `/v1/me/sessions/${id}`, { token });
      await press("Save");
      assert.equal(await heading(page), "Sign in");
      assert.match(await page.locator("main").innerText(), /You are not signed in any more/);
      await fillIn(email);
      assert.equal(await heading(page), "You are signed in again");
      await press("Go back to it");
      assert.equal(await page.getByLabel("Full name").inputValue(), "Grace & <b>Hopper</b>");
      assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/Vienna");
      await press("Save");
      assert.equal(await heading(page), "Your profile is saved");
      assert.deepEqual([(await me(token)).name, (await me(token)).zoneinfo], ["Grace & <b>Hopper</b>", "Europe/Vienna"]);
    });

    it("a form of one tab is not sent for somebody else who has signed in in another", async () => {
      const [one, other] = [await someone(), await someone()];
      await signIn(one.email);
      await visit("/account/profile");
      await page.getByLabel("Full name").fill("Meant for the first");
      const tab = await context.newPage();
      await visit("/account", tab);
      await press("Sign out", tab);
      await signIn(other.email, tab);
      await press("Save");
      assert.match(await page.locator("main").innerText(), /Your sign-in has changed/);
      assert.deepEqual([(await me(one.token)).name ?? null, (await me(other.token)).name ?? null], [null, null]);
    });

    it("two tenants side by side see nothing of each other on any page", async () => {
      const [one, other] = [await someone(), await someone()];
      const there = await openContext(browser, gatehouse.origin, { javaScriptEnabled });
      const tab = await there.context.newPage();
      await signIn(one.email);
      await signIn(other.email, tab);
      for (const where of own) {
        await visit(where);
        await visit(where, tab);
        assert.doesNotMatch(await page.content(), new RegExp(`${other.email}|${other.organization.name}(?!\\d)|${other.organization.id}`), where);
        assert.doesNotMatch(await tab.content(), new RegExp(`${one.email}|${one.organization.name}(?!\\d)|${one.organization.id}`), where);
      }
      await there.context.close();
      assert.deepEqual(there.troubles, []);
    });
  });
}
