// Every screen of the console and every hosted page, full of made-up people: what axe finds, in light and in dark, and
// from right to left, and that nothing sticks out to the side on narrow and wide screens.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, openContext } from "./browser.mjs";
import { openConsole, operatorScreens, organizationScreens, title } from "./console_pages.mjs";
import { examine } from "./examine.mjs";
import { Gatehouse, password } from "./gatehouse.mjs";

let browser, gatehouse, accounts;
before(async () => {
  [browser, gatehouse] = await Promise.all([launch(), Gatehouse.start({}, { demo: true })]);
  accounts = gatehouse.command(["dev", "demo", "--dev"]);
});
after(async () => { await browser.close(); await gatehouse.stop(); });

/** Opens the first thing of a list. */
async function follow(page, list, name) {
  await page.goto(`${gatehouse.origin}/console${list}`);
  await title(page);
  await page.getByRole("table").getByRole("link").first().click();
  await page.locator(".back a").waitFor();
  await title(page);
  await examine(page, name);
}

async function examineAll(email, screens, details, dialogs) {
  const { page, close } = await openConsole(browser, gatehouse, { email, bypassCSP: true });
  for (const screen of screens) {
    await page.goto(`${gatehouse.origin}/console${screen}`);
    await title(page);
    await examine(page, screen);
  }
  for (const [list, name] of details) await follow(page, list, name);
  for (const [screen, opener] of dialogs) {
    await page.goto(`${gatehouse.origin}/console${screen}`);
    await title(page);
    await page.getByRole("button", { name: opener, exact: true }).first().click();
    await page.getByRole("dialog").waitFor();
    await examine(page, `${opener} on ${screen}`);
  }
  await close();
}

describe("nothing is in anybody's way", () => {
  it("on the screens of an organization", async () => {
    await examineAll("member0@harbour-works.example", organizationScreens, [["/members", "a member"], ["/invitations", "an invitation"]],
      [["/members", "Invite people"], ["/roles", "New role"], ["/api-keys", "New key"], ["/settings", "Delete…"]]);
  });

  it("on the screens of operators", async () => {
    await examineAll("operator@demo.example", operatorScreens, [["/operator/organizations", "an organization"], ["/operator/users", "a person"]], [["/operator/organizations", "New organization"], ["/operator/permissions", "Register a permission"]]);
  });

  it("on the hosted pages", async () => {
    const { context, troubles } = await openContext(browser, gatehouse.origin, { bypassCSP: true });
    const page = await context.newPage();
    for (const path of ["/", "/sign-up", "/sign-in", "/reset-password", "/setup", "/docs/errors"]) {
      await page.goto(gatehouse.origin + path);
      await examine(page, path);
    }
    await page.goto(`${gatehouse.origin}/sign-in`);
    await page.getByLabel("Email address").fill("member0@polar-maps.example");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/\/account/);
    for (const path of ["", "/profile", "/password", "/email", "/sessions", "/activity", "/leave", "/export", "/delete"]) {
      await page.goto(`${gatehouse.origin}/account${path}`);
      await examine(page, `/account${path}`);
    }
    await page.goto(`${gatehouse.origin}/choose-organization`);
    await examine(page, "/choose-organization");
    await context.close();
    assert.deepEqual(troubles, []);
  });
});

it("the demo says who can sign in, and makes the same again without touching anything", async () => {
  assert.match(accounts, /all with the password "seven lanterns over harbour"/);
  assert.match(accounts, /operator@demo\.example {2}\(operator\)\n {2}member0@harbour-works\.example {2}\(owner of Harbour Works\)/);
  const { page, close } = await openConsole(browser, gatehouse, { email: "operator@demo.example" });
  await page.getByText("60 members").first().waitFor();
  await close();
});
