// Sign-up, sign-in, sign-out and the account pages in a real browser, with script and without.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { heading, launch, look, openContext } from "./browser.mjs";
import { Gatehouse, password } from "./gatehouse.mjs";

const newPassword = "nine barges under heaven";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const javaScriptEnabled of [true, false]) {
  describe(`account pages ${javaScriptEnabled ? "with" : "without"} script`, () => {
    const mark = javaScriptEnabled ? "script" : "plain";
    let gatehouse, context, troubles, page;

    before(async () => { gatehouse = await Gatehouse.start(); });
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
    const press = (label) => page.getByRole("button", { name: label, exact: true }).click();
    const follow = (label) => page.getByRole("link", { name: label, exact: true }).click();
    const path = () => page.url().slice(gatehouse.origin.length);
    const signIn = async (email, typed = password) => {
      await page.getByLabel("Email address").fill(email);
      await page.getByLabel("Password").fill(typed);
      await press("Sign in");
    };
    const open = async (target, email) => {
      await page.goto(gatehouse.origin + target);
      await signIn(email);
    };
    const cookies = async () => (await context.cookies()).map(({ name, httpOnly, sameSite, path: scope }) => ({ name, httpOnly, sameSite, scope }));

    it("someone signs up, lands on the account page and signs out", async () => {
      await page.goto(`${gatehouse.origin}/`);
      await follow("Create an account");
      await see("Create an account", "sign-up");
      await page.getByLabel("Your name").fill("Ada Lovelace");
      await page.getByLabel("Name of your organization").fill("Harbour Works");
      await page.getByLabel("Email address").fill("ada@example.com");
      await page.getByLabel("Password").fill("password1");
      await press("Create the account");
      await see("Create an account", "sign-up-weak");
      assert.equal(await page.getByLabel("Your name").inputValue(), "Ada Lovelace");
      assert.equal(await page.getByLabel("Name of your organization").inputValue(), "Harbour Works");
      assert.equal(await page.getByLabel("Email address").inputValue(), "ada@example.com");
      assert.equal(await page.getByLabel("Password").inputValue(), "");
      await page.getByLabel("Password").fill(password);
      await press("Create the account");
      await see("Your account", "account");
      assert.equal(path(), "/account");
      assert.match(await text(), /Ada Lovelace/);
      assert.match(await text(), /Harbour Works/);
      const cookie = (name) => ({ name, httpOnly: true, sameSite: "Lax", scope: "/" });
      assert.deepEqual(await cookies(), [cookie("gatehouse_form"), cookie("gatehouse_session")]);
      assert.equal(await page.evaluate(() => document.cookie), "");
      await press("Sign out");
      await see("You are signed out", "signed-out");
      assert.deepEqual(await cookies(), [cookie("gatehouse_form")]);
      // What is behind the back button is asked for anew, and is not there any more.
      await page.goBack();
      await page.waitForURL((url) => url.pathname === "/sign-in" || url.pathname === "/account");
      await page.reload();
      assert.equal(await heading(page), "Sign in");
    });

    it("a wrong password keeps the address, and the way to where one wanted to go", async () => {
      await gatehouse.signUp("grace@example.com", "Compilers");
      await page.goto(`${gatehouse.origin}/account/profile`);
      await see("Sign in", "sign-in");
      await signIn("grace@example.com", "not the password");
      await see("Sign in", "sign-in-wrong");
      assert.match(await page.getByRole("alert").innerText(), /The email address or the password is wrong/);
      assert.equal(await page.getByLabel("Email address").inputValue(), "grace@example.com");
      assert.equal(await page.getByLabel("Password").inputValue(), "");
      await page.getByLabel("Password").fill(password);
      await press("Sign in");
      assert.equal(path(), "/account/profile");
      await see("Your profile", "profile");
      await page.getByLabel("Full name").fill("Grace Hopper");
      await press("Save");
      await see("Your profile is saved", "profile-saved");
      await follow("Your account");
      assert.match(await text(), /Grace Hopper/);
    });

    it("a link leads nobody to another site", async () => {
      await gatehouse.signUp("linus@example.com", "Kernels");
      await open("/sign-in?return_to=%2F%2Fevil.example%2Fx", "linus@example.com");
      assert.equal(path(), "/account");
      await page.goto(`${gatehouse.origin}/sign-in?return_to=%2F%5Cevil.example`);
      assert.equal(path(), "/account");
    });

    it("who has two organizations chooses, and accepts an invitation to a third", async () => {
      const email = "resident@example.com";
      await gatehouse.signUp(email, "Own Works");
      await page.goto((await gatehouse.letter(email, "/verify-email")).link);
      await press("Confirm my address");
      for (const [founder, name] of [["two@example.com", "Second Works"], ["three@example.com", "Third Works"]]) {
        await gatehouse.invite(await gatehouse.founder(founder, name), email);
        if (name === "Second Works") {
          await page.goto((await gatehouse.letter(email, "/accept-invite")).link);
          await page.getByLabel("Password").fill(password);
          await press("Accept the invitation");
          assert.equal(await heading(page), "You have joined");
        }
      }
      await follow("Sign in");
      await signIn(email);
      await see("Choose an organization", "choose");
      assert.match(await text(), /Third Works/);
      await page.getByRole("listitem").filter({ hasText: "Third Works" }).getByRole("button", { name: "Join" }).click();
      assert.equal(path(), "/account");
      assert.match(await text(), /Third Works/);
      await follow("Organizations and invitations");
      await page.getByRole("listitem").filter({ hasText: "Own Works" }).getByRole("button").click();
      assert.match(await text(), /Own Works/);
    });

    it("an invited person who is signed in needs no password", async () => {
      const email = "signed.in@example.com";
      await gatehouse.signUp(email, "Own House");
      await page.goto((await gatehouse.letter(email, "/verify-email")).link);
      await press("Confirm my address");
      await gatehouse.invite(await gatehouse.founder("inviter@example.com", "Open House"), email);
      await follow("Sign in");
      await signIn(email);
      await page.goto((await gatehouse.letter(email, "/accept-invite")).link);
      await see("You are invited", "invitation-signed-in");
      await press("Accept the invitation");
      await see("You have joined", "invitation-signed-in-done");
      await press("Work there now");
      assert.match(await text(), /Open House/);
    });

    it("every account page is readable on any screen", async () => {
      const email = "reader@example.com";
      await gatehouse.signUp(email, "Readers");
      await open("/sign-in", email);
      const paths = await page.locator("main ul.links a").evaluateAll((found) => found.map((link) => link.getAttribute("href")));
      assert.ok(paths.length >= 8, `${paths}`);
      for (const target of paths) {
        const answer = await page.goto(gatehouse.origin + target);
        assert.equal(answer.status(), 200, target);
        await look(page, `${mark}${target.replaceAll("/", "-")}`);
      }
    });

    it("the password is changed, and other devices are signed out", async () => {
      const email = "careful@example.com";
      await gatehouse.signUp(email, "Locks");
      const elsewhere = await browser.newContext();
      try {
        const other = await elsewhere.newPage();
        await other.goto(`${gatehouse.origin}/sign-in`);
        await other.getByLabel("Email address").fill(email);
        await other.getByLabel("Password").fill(password);
        await other.getByRole("button", { name: "Sign in" }).click();
        await open("/.well-known/change-password", email);
        await see("Change your password", "password");
        await page.getByLabel("Current password").fill(password);
        await page.getByLabel("New password").fill(newPassword);
        await press("Change the password");
        await see("Your password is changed", "password-done");
        await other.reload();
        assert.equal(await heading(other), "Sign in");
      } finally {
        await elsewhere.close();
      }
      assert.equal((await gatehouse.ask("POST", "/signin", { body: { email, password: newPassword } })).status, 200);
    });

    it("a page of another site can't send a form with the cookie", async () => {
      const email = "target@example.com";
      await gatehouse.signUp(email, "Targets");
      await open("/sign-in", email);
      // Another origin of the same host is another site's page for what it may do, and gets the cookie all the same.
      const evil = await Gatehouse.start();
      try {
        const form = `<form method="post" action="${gatehouse.origin}/account/profile"><input name="name" value="Owned"><button>Go</button></form>`;
        const attacker = await context.newPage();
        troubles.length = 0;
        await attacker.route(`${evil.origin}/evil`, (route) => route.fulfill({ contentType: "text/html", body: form }));
        await attacker.goto(`${evil.origin}/evil`);
        await attacker.getByRole("button", { name: "Go" }).click();
        assert.match(await attacker.locator("main").innerText(), /sent from another site/);
        troubles.length = 0;
      } finally {
        await evil.stop();
      }
      await page.goto(`${gatehouse.origin}/account/profile`);
      assert.equal(await page.getByLabel("Full name").inputValue(), "");
    });
  });
}
