// The hosted pages in a real browser, with script and without: what people do with the letters they get.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { heading, launch, look, openContext } from "./browser.mjs";
import { Gatehouse, password } from "./gatehouse.mjs";

const appUrl = "http://127.0.0.1:9/app";
const newPassword = "nine barges under heaven";
const weakPassword = "password1";
/** What a person might call an organization to break the page that shows it. */
const hostileName = `"><script>document.title='owned'</script><b>Söhne & Co`;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

it("what the pages are watched for is seen", async () => {
  const gatehouse = await Gatehouse.start();
  const { context, troubles } = await openContext(browser, gatehouse.origin, {});
  try {
    const page = await context.newPage();
    await page.goto(`${gatehouse.origin}/reset-password`);
    assert.deepEqual(troubles, []);
    const add = (html) => page.evaluate((added) => document.body.insertAdjacentHTML("beforeend", added), html);
    const noticed = async (pattern, doIt) => {
      troubles.length = 0;
      await doIt();
      assert.match(troubles.join("\n"), pattern);
    };
    await noticed(/inline style violates the following Content Security Policy/, () => add("<p style='color: red'>"));
    await noticed(/inline event handler violates/, () => add("<p onclick='alert(1)'>"));
    await noticed(/asked for https:\/\/foreign\.example/, () => add("<img src='https://foreign.example/picture.png'>"));
    await noticed(/connect.*violates|violates.*connect/i, () => page.evaluate(() => fetch("/nowhere").catch(() => undefined)));
  } finally {
    await context.close();
    await gatehouse.stop();
  }
});

for (const javaScriptEnabled of [true, false]) {
  describe(`pages ${javaScriptEnabled ? "with" : "without"} script`, () => {
    const mark = javaScriptEnabled ? "script" : "plain";
    let gatehouse, context, troubles, page;

    before(async () => { gatehouse = await Gatehouse.start({ GATEHOUSE_APP_URL: appUrl }); });
    after(() => gatehouse.stop());
    beforeEach(async () => {
      ({ context, troubles } = await openContext(browser, gatehouse.origin, { javaScriptEnabled }));
      page = await context.newPage();
    });
    afterEach(async () => {
      await context.close();
      assert.deepEqual(troubles, []);
    });

    const see = async (title, name) => {
      assert.equal(await heading(page), title);
      await look(page, `${mark}-${name}`);
    };
    const text = () => page.locator("main").innerText();
    const press = (label) => page.getByRole("button", { name: label }).click();
    const signInStatus = async (email, typed) => (await gatehouse.ask("POST", "/signin", { body: { email, password: typed } })).status;
    const continuesToTheApplication = async () =>
      assert.equal(await page.getByRole("link", { name: "Continue" }).getAttribute("href"), appUrl);

    it("the reference of the API is found, read and followed on any screen", async () => {
      await page.goto(`${gatehouse.origin}/`);
      await page.getByRole("link", { name: "for people who write programs" }).click();
      await see("API reference", "reference");
      await page.setViewportSize({ width: 320, height: 640 });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
      const { anchors, lost, doubled } = await page.evaluate(() => {
        const links = [...document.querySelectorAll("a[href^='#']")].map((link) => link.hash.slice(1));
        const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
        return {
          anchors: links.length,
          lost: links.filter((id) => !ids.includes(id)),
          doubled: ids.filter((id, at) => ids.indexOf(id) !== at),
        };
      });
      assert.ok(anchors > 100, `${anchors}`);
      assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] });
      const { body } = await gatehouse.ask("GET", "/openapi.json");
      for (const [path, methods] of Object.entries(body.paths)) {
        for (const [method, { operationId }] of Object.entries(methods)) {
          assert.equal(await page.locator(`h3#${operationId}`).innerText(), `${method.toUpperCase()} ${path}`);
        }
      }
      await page.getByRole("navigation").getByRole("link", { name: "POST /invite-member" }).click();
      assert.match(page.url(), /#invite_member$/);
      await page.locator("#refusals ~ dl").getByRole("link", { name: "outranked" }).click();
      assert.match(page.url(), /\/docs\/errors#outranked$/);
      await page.getByRole("link", { name: "API reference" }).click();
      assert.equal(await heading(page), "API reference");
    });

    it("a letter in the mailbox leads to the page that confirms the address", async () => {
      const email = "ada@example.com";
      await gatehouse.signUp(email, hostileName);
      await gatehouse.letter(email, "/verify-email");
      await page.goto(`${gatehouse.origin}/dev/mail`);
      await see("Mailbox", "mailbox");
      await page.getByRole("row", { name: email }).getByRole("link").click();
      const linkInLetter = page.frameLocator("iframe").getByRole("link", { name: "Confirm" });
      await linkInLetter.waitFor();
      await see("Confirm your email address", "mailbox-letter");
      const opened = context.waitForEvent("page");
      await linkInLetter.click();
      page = await opened;
      await page.waitForLoadState();
      await see("Confirm your email address", "verify");
      assert.match(await text(), /ada@example\.com/);
      assert.ok((await text()).includes(hostileName), await text());
      assert.equal((await gatehouse.signIn(email)).user.email_verified, false, "looking confirms nothing");
      await press("Confirm my address");
      await see("Your address is confirmed", "verify-done");
      await continuesToTheApplication();
      assert.equal((await gatehouse.signIn(email)).user.email_verified, true);
      await page.goto((await gatehouse.letter(email, "/verify-email")).link);
      assert.match(await text(), /there is nothing left to do/);
      await look(page, `${mark}-verify-used`);
    });

    it("the mailbox shows a letter as text and as HTML that can do nothing", async () => {
      const email = "mail@example.com";
      await gatehouse.signUp(email);
      const letter = await gatehouse.letter(email, "/verify-email");
      await page.goto(`${gatehouse.origin}/dev/mail/${letter.number}`);
      assert.match(await page.locator("pre").innerText(), /Please confirm that the address is yours/);
      assert.equal(await page.locator("pre").getByRole("link").getAttribute("href"), letter.link);
      const sandbox = (await page.locator("iframe").getAttribute("sandbox")).split(" ");
      assert.ok(!sandbox.includes("allow-scripts") && !sandbox.includes("allow-same-origin"), sandbox);
      await page.frameLocator("iframe").getByText("Harbour Works").last().waitFor();
      await page.getByRole("link", { name: "Source" }).click();
      assert.match(await page.locator("body").innerText(), /^Subject: Confirm your email address$/m);
      await page.locator("pre").getByText("multipart/alternative").waitFor();
    });

    it("who did not sign up deletes the account", async () => {
      const email = "stranger@example.com";
      await gatehouse.signUp(email, "Not Mine");
      const { link } = await gatehouse.letter(email, "/verify-email");
      await page.goto(link);
      await press("I did not sign up");
      await see("The account is deleted", "disowned");
      assert.equal(await signInStatus(email, password), 401);
      assert.equal((await page.goto(link)).status(), 400);
      await gatehouse.signUp(email, "Mine After All");
    });

    it("a forgotten password is replaced by a link", async () => {
      const email = "grace@example.com";
      await gatehouse.signUp(email);
      await page.goto(`${gatehouse.origin}/reset-password`);
      await see("Reset your password", "reset-ask");
      await page.getByLabel("Email address").fill(email);
      await press("Send the link");
      await see("Look into your mailbox", "reset-asked");
      const { link } = await gatehouse.letter(email, "/reset-password");
      await page.goto(link);
      await see("Choose a new password", "reset-choose");
      await page.getByLabel("New password").fill(weakPassword);
      await press("Change the password");
      await see("Choose a new password", "reset-weak");
      assert.match(await page.getByRole("alert").innerText(), /too easy to guess/i);
      assert.equal(await signInStatus(email, weakPassword), 401);
      await page.getByLabel("New password").fill(newPassword);
      await press("Change the password");
      await see("Your password is changed", "reset-done");
      await continuesToTheApplication();
      assert.equal(await signInStatus(email, password), 401);
      assert.equal(await signInStatus(email, newPassword), 200);
      await page.goto(link);
      await page.getByLabel("New password").fill(password);
      await press("Change the password");
      assert.match(await text(), /already used/);
      await look(page, `${mark}-reset-used`);
      await page.getByRole("link", { name: "Ask for a new link" }).click();
      assert.equal(await heading(page), "Reset your password");
    });

    it("someone new joins by an invitation, once", async () => {
      const founder = await gatehouse.founder("founder.new@example.com", hostileName);
      const email = "newcomer@example.com";
      await gatehouse.invite(founder, email);
      const { link } = await gatehouse.letter(email, "/accept-invite");
      await page.goto(link);
      await see("You are invited", "invitation-new");
      assert.ok((await text()).includes(hostileName), await text());
      assert.equal(await page.getByLabel("Your email address").inputValue(), email);
      assert.equal(await page.getByLabel("Your email address").isEditable(), false);
      await page.getByLabel("Choose a password").fill(weakPassword);
      await press("Accept the invitation");
      await see("You are invited", "invitation-weak");
      await page.getByLabel("Choose a password").fill(newPassword);
      await press("Accept the invitation");
      await see("You have joined", "invitation-done");
      await continuesToTheApplication();
      const signedIn = await gatehouse.signIn(email, newPassword);
      assert.equal(signedIn.organization.id, founder.organization.id);
      assert.equal(signedIn.user.email_verified, true);
      assert.equal((await page.goto(link)).status(), 410);
      assert.match(await text(), /just sign in/);
      await look(page, `${mark}-invitation-used`);
    });

    it("someone with an account joins with their own password", async () => {
      const founder = await gatehouse.founder("founder.two@example.com", "Second Works");
      const email = "resident@example.com";
      const own = await gatehouse.signUp(email, "Own Works");
      await page.goto((await gatehouse.letter(email, "/verify-email")).link);
      await press("Confirm my address");
      await gatehouse.invite(founder, email, "admin");
      const { link } = await gatehouse.letter(email, "/accept-invite");
      await page.goto(link);
      await see("You are invited", "invitation-existing");
      await page.getByLabel("Password").fill(newPassword);
      await press("Accept the invitation");
      await see("You are invited", "invitation-wrong-password");
      assert.notEqual(await page.getByRole("alert").innerText(), "");
      await page.getByRole("link", { name: "Forgotten your password?" }).waitFor();
      await page.getByLabel("Password").fill(password);
      await press("Accept the invitation");
      assert.equal(await heading(page), "You have joined");
      const organizations = (await gatehouse.signIn(email)).organizations.map((membership) => membership.id);
      assert.deepEqual(organizations.sort(), [own.organization.id, founder.organization.id].sort());
    });

    it("who never confirmed the address chooses a new password, since anybody could have made that account", async () => {
      const founder = await gatehouse.founder("founder.four@example.com", "Fourth Works");
      const email = "hijacked@example.com";
      await gatehouse.signUp(email, "Trap");
      await gatehouse.invite(founder, email);
      await page.goto((await gatehouse.letter(email, "/accept-invite")).link);
      await page.getByLabel("Choose a password").fill(newPassword);
      await press("Accept the invitation");
      assert.equal(await heading(page), "You have joined");
      assert.equal(await signInStatus(email, password), 401);
      assert.equal(await signInStatus(email, newPassword), 200);
    });

    it("a newer invitation replaces the one before", async () => {
      const founder = await gatehouse.founder("founder.three@example.com", "Third Works");
      const email = "twice@example.com";
      await gatehouse.invite(founder, email);
      const { link, number } = await gatehouse.letter(email, "/accept-invite");
      await gatehouse.invite(founder, email);
      assert.equal((await page.goto(link)).status(), 400);
      assert.match(await text(), /can send you a new invitation/);
      const newer = await gatehouse.letter(email, "/accept-invite");
      assert.ok(newer.number > number);
      await page.goto(newer.link);
      assert.equal(await heading(page), "You are invited");
    });

    it("the first operator is made with the code of the setup link", async () => {
      const link = await gatehouse.setupLink();
      const code = new URL(link).hash.slice(1);
      await page.goto(link);
      await see("Make the first operator", "setup");
      if (javaScriptEnabled) {
        assert.equal(await page.getByLabel("Setup code").inputValue(), code);
        assert.equal(page.url(), `${gatehouse.origin}/setup`, "the code leaves the address bar");
        assert.equal(await page.evaluate(() => document.activeElement.id), "email");
      } else {
        assert.equal(await page.getByLabel("Setup code").inputValue(), "");
        await page.getByLabel("Setup code").fill(code);
      }
      await page.getByLabel("Email address").fill("operator@example.com");
      await page.getByLabel("Password").fill(weakPassword);
      await press("Make the operator");
      await see("Make the first operator", "setup-weak");
      assert.equal(await page.getByLabel("Setup code").inputValue(), code);
      assert.equal(await page.getByLabel("Email address").inputValue(), "operator@example.com");
      await page.getByLabel("Password").fill(password);
      await press("Make the operator");
      await see("The operator is made", "setup-done");
      await gatehouse.signIn("operator@example.com");
      await page.goto(`${gatehouse.origin}/setup`);
      await page.getByLabel("Setup code").fill(code);
      await page.getByLabel("Email address").fill("second@example.com");
      await page.getByLabel("Password").fill(password);
      await press("Make the operator");
      assert.match(await text(), /already used/);
      await look(page, `${mark}-setup-used`);
      assert.equal(await signInStatus("second@example.com", password), 401);
    });

    it("links that lead nowhere say so in a page", async () => {
      for (const [path, status, name] of [["/nowhere", 404, "not-found"], ["/verify-email?token=gve_wrong", 400, "bad-link"],
        ["/accept-invite", 400, "no-token"]]) {
        const answer = await page.goto(gatehouse.origin + path);
        assert.equal(answer.status(), status, path);
        assert.match(answer.headers()["content-type"], /^text\/html/, path);
        assert.match(await text(), /Request req_/);
        await look(page, `${mark}-${name}`);
      }
    });
  });
}
