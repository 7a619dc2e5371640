// What admins and operators do with the console, in a real browser under its content security policy.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "node:test";
import { launch } from "./browser.mjs";
import { button, dialog, news, openConsole, path, row, signIn, title } from "./console_pages.mjs";
import { Gatehouse, password, until } from "./gatehouse.mjs";

let browser, gatehouse, number = 0;
const opened = [];

before(async () => { [browser, gatehouse] = await Promise.all([launch(), Gatehouse.start()]); });
after(async () => { await browser.close(); await gatehouse.stop(); });
afterEach(async () => { for (const one of opened.splice(0)) await one.close(); });

const open = async (options) => {
  const one = await openConsole(browser, gatehouse, options);
  opened.push(one);
  return one.page;
};
const goto = async (page, target) => { await page.goto(gatehouse.origin + target); return title(page); };

/** An organization with some members: {email, token, organization, members by address}. */
async function found(name, colleagues = []) {
  const email = `owner${++number}@${name}.example`;
  const founder = { email, ...await gatehouse.founder(email, name) };
  await gatehouse.ask("POST", "/v1/email/verify", { body: { token: (await gatehouse.letter(email, "/verify-email")).link.split("token=")[1] } });
  for (const [colleague, role] of colleagues) {
    await gatehouse.invite(founder, colleague, role);
    const token = (await gatehouse.letter(colleague, "/accept-invite")).link.split("token=")[1];
    const joined = await gatehouse.ask("POST", "/accept-invite", { body: { token, email: colleague, password } });
    assert.equal(joined.status, 200);
  }
  founder.here = `/v1/organizations/${founder.organization.id}`;
  founder.get = async (what) => (await gatehouse.ask("GET", founder.here + what, { token: founder.token })).body;
  return founder;
}

describe("a session", () => {
  it("is asked for, and leads back to the address with all that was chosen", async () => {
    const founder = await found("harbour");
    const page = await open();
    await page.goto(`${gatehouse.origin}/console/members?status=active&sort=-joined_at`);
    await signIn(page, founder.email);
    assert.equal(await title(page), "Members");
    assert.equal(path(page), "/console/members?status=active&sort=-joined_at");
    assert.equal(await page.getByLabel("State").inputValue(), "active");
  });

  it("that ends while somebody works leads to the sign-in and back to the same screen", async () => {
    const founder = await found("ended");
    const page = await open({ email: founder.email, path: "/console/roles", expected: [/401 /] });
    const { body } = await gatehouse.ask("GET", "/v1/me/sessions", { token: founder.token });
    for (const { id, is_current } of body.data) if (!is_current) await gatehouse.ask("DELETE", `/v1/me/sessions/${id}`, { token: founder.token });
    await page.getByRole("link", { name: "Policies" }).click();
    await signIn(page, founder.email);
    assert.equal(await title(page), "Policies");
    assert.equal(path(page), "/console/policies");
  });

  it("that another tab has ended is noticed when one comes back to this one", async () => {
    const founder = await found("tabs");
    const page = await open({ email: founder.email });
    const other = await page.context().newPage();
    await other.goto(`${gatehouse.origin}/sign-out`);
    await other.getByRole("button", { name: "Sign out" }).click();
    await other.waitForURL(/signed-out/);
    await page.bringToFront();
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await page.waitForURL(/\/sign-in\?return_to=%2Fconsole$/);
  });

  it("of somebody with few rights offers what they may do and explains the rest", async () => {
    const founder = await found("small", [["member@small.example", "member"]]);
    const page = await open({ email: "member@small.example", path: "/console/audit" });
    assert.equal(await title(page), "Audit log");
    assert.match(await page.locator("main").innerText(), /needs the permission audit:read/);
    const entries = await page.getByRole("navigation", { name: "Console" }).getByRole("link").allInnerTexts();
    assert.deepEqual(entries, ["Home", "Roles", "Policies", "Branding", "Settings"]);
    await goto(page, "/console/settings");
    assert.equal(await button(page, "Delete…").isDisabled(), true);
    assert.match(await page.getByText(/organization:delete/).first().textContent(), /Ask an owner or admin/);
    assert.equal(founder.organization.name, "small");
  });
});

describe("two tenants", () => {
  it("side by side never see each other, not even by each other's addresses", async () => {
    const [one, other] = [await found("left"), await found("right", [["amy@right.example", "member"]])];
    const amy = (await other.get("/members?q=amy")).data[0];
    const [here, there] = [await open({ email: one.email, path: "/console/members", expected: [/404 .*mem_/] }), await open({ email: other.email, path: "/console/members" })];
    assert.doesNotMatch(await here.locator("body").innerText(), /right/);
    assert.doesNotMatch(await there.locator("body").innerText(), /left/);
    await here.goto(`${gatehouse.origin}/console/members/${amy.id}`);
    await here.getByText("There is no such thing here").waitFor();
    assert.match(await here.locator("main").innerText(), /Request req_/);
    assert.doesNotMatch(await here.locator("body").innerText(), /amy/);
    assert.equal(await goto(there, `/console/members/${amy.id}`), "amy@right.example");
  });
});

describe("what people type", () => {
  it("is shown as it is, wherever it is shown, and never becomes markup", async () => {
    const payload = `"><img src=x onerror=window.hit=1><b>`;
    const founder = await found("markup", [["mia@markup.example", "member"]]);
    const mia = (await gatehouse.signIn("mia@markup.example")).access_token;
    const change = async (method, where, body, token = founder.token) => assert.ok((await gatehouse.ask(method, where, { token, body })).status < 300, where);
    await change("PATCH", "/v1/me", { name: payload }, mia);
    await change("PATCH", founder.here, { name: payload });
    await change("POST", `${founder.here}/roles`, { name: payload, description: payload, permissions: [] });
    await change("POST", `${founder.here}/api-keys`, { name: payload, permissions: ["members:read"] });
    await change("POST", `${founder.here}/invitations`, { email: "noa@markup.example", role: "member", message: payload });
    const page = await open({ email: founder.email });
    for (const screen of ["", "/members", "/invitations", "/roles", "/api-keys", "/audit", "/settings", "/statistics", `/members?q=${encodeURIComponent(payload)}`]) {
      await goto(page, `/console${screen}`);
      assert.equal(await page.evaluate(() => [window.hit, document.querySelectorAll("img, b").length].join()), ",0", screen);
    }
    await goto(page, "/console/members");
    await page.getByRole("link", { name: payload }).first().click();
    await page.waitForFunction((name) => document.querySelector("h1")?.textContent === name, payload);
    assert.equal(await page.evaluate(() => document.querySelectorAll("img, b").length), 0);
  });
});

describe("the first load", () => {
  it("stays within its budget on the wire, and comes from the browser's own store the next time", async () => {
    const founder = await found("budget");
    const page = await open({ email: founder.email, path: "/console/members" });
    const loaded = () => page.evaluate(() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter(({ name }) => name.includes("/console")).map(({ name, transferSize, decodedBodySize }) => ({ name, transferSize, decodedBodySize })));
    await page.reload();
    await title(page);
    const again = (await loaded()).filter(({ name }) => name.includes("/assets/"));
    assert.ok(again.length >= 3 && again.every(({ transferSize }) => transferSize === 0), JSON.stringify(again));
    const fresh = await open({ email: founder.email, path: "/console/members" });
    await fresh.waitForLoadState();
    const sizes = await fresh.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/console/assets/")).map(({ encodedBodySize }) => encodedBodySize));
    assert.ok(sizes.length >= 3 && sizes.reduce((sum, size) => sum + size, 0) < 120_000, sizes.join());
  });
});

describe("members and invitations", () => {
  it("somebody invites with the keyboard alone, sees what became of the letter, sends it again and revokes it", async () => {
    const founder = await found("keys");
    const page = await open({ email: founder.email });
    const tabTo = async (name) => {
      for (let presses = 0; presses < 40; ++presses) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(() => (document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent);
        if (focused === name) return;
      }
      assert.fail(`no way to ${name} by the Tab key`);
    };
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await tabTo("Members");
    await page.keyboard.press("Enter");
    await page.waitForURL(/members/);
    await title(page);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Members");
    await tabTo("Invite people");
    await page.keyboard.press("Enter");
    await dialog(page).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.labels[0].textContent), "Email addresses");
    await page.keyboard.type("grace@keys.example, heidi@keys.example");
    await tabTo("Send 2 invitations");
    await page.keyboard.press("Enter");
    await news(page, "2 invitations sent.");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Invite people");
    await page.getByRole("link", { name: "Invitations" }).click();
    await row(page, "heidi@keys.example").waitFor();
    await gatehouse.letter("grace@keys.example", "/accept-invite");
    await page.getByRole("link", { name: "grace@keys.example" }).click();
    assert.equal(await title(page), "grace@keys.example");
    await until("the letter's word", async () => {
      await page.reload();
      await title(page);
      return /Letter sent\s+kept in the dev mailbox/.test(await page.locator(".timeline").innerText()) || undefined;
    });
    await button(page, "Send again").click();
    await news(page, "Sent again.");
    await page.getByText("Sent again with a fresh link").waitFor();
    await button(page, "Revoke").click();
    await button(dialog(page), "Revoke").click();
    await news(page, "Revoked.");
    assert.equal((await founder.get("/invitations?state=revoked")).data.length, 1);
  });

  it("a search, a filter and an order stand in the address, and the back button takes them back", async () => {
    const founder = await found("search", [["ann@search.example", "admin"], ["bea@search.example", "member"]]);
    const page = await open({ email: founder.email, path: "/console/members" });
    const names = () => page.getByRole("table").getByRole("link").allInnerTexts();
    await page.getByLabel("Role").selectOption("admin");
    await page.waitForURL(/role=admin/);
    await title(page);
    assert.deepEqual(await names(), ["ann@search.example"]);
    await button(page, "Clear filters").click();
    await page.waitForURL((url) => url.search === "");
    await button(page, "Email address").click();
    await page.waitForURL(/sort=email/);
    await title(page);
    assert.deepEqual(await names(), ["ann@search.example", "bea@search.example", founder.email]);
    await button(page, "Email address").click();
    await page.waitForURL(/sort=-email/);
    await title(page);
    assert.deepEqual((await names()).reverse(), ["ann@search.example", "bea@search.example", founder.email]);
    await page.getByRole("searchbox").fill("nobody");
    await page.getByText("No members match.").waitFor();
    assert.equal(path(page), "/console/members?sort=-email&q=nobody");
    await page.goBack();
    await page.waitForURL((url) => url.search === "?sort=email");
    await page.goBack();
    await page.waitForURL((url) => url.search === "");
    await page.goBack();
    await page.waitForURL((url) => url.search === "?role=admin");
    await title(page);
    assert.deepEqual(await names(), ["ann@search.example"]);
  });

  it("many are suspended and removed at once, and who can't be is named with the reason", async () => {
    const founder = await found("bulk", [["cy@bulk.example", "member"], ["di@bulk.example", "member"]]);
    const page = await open({ email: founder.email, path: "/console/members", expected: [/40[39] .*\/members\/mem_/] });
    await page.getByLabel("Choose all on this page").check();
    await button(page, "Suspend").click();
    await button(dialog(page), "Suspend").click();
    await page.getByText("2 done. 1 was refused:").waitFor();
    assert.match(await dialog(page).innerText(), new RegExp(`${founder.email}: Nobody suspends themselves`));
    await button(dialog(page), "Close").last().click();
    await page.getByText("Suspended", { exact: true }).nth(2).waitFor();
    await page.getByLabel("Choose cy@bulk.example").check();
    await button(page, "Remove").click();
    const confirm = button(dialog(page), "Remove");
    assert.equal(await confirm.isDisabled(), true);
    await dialog(page).getByLabel("Type “remove 1” to confirm").fill("remove 1");
    await confirm.click();
    await page.getByText("1 done.").waitFor();
    await button(dialog(page), "Close").last().click();
    await title(page);
    assert.deepEqual((await founder.get("/members?sort=email")).data.map((member) => [member.email, member.status]), [["di@bulk.example", "suspended"], [founder.email, "active"]]);
  });

  it("of two tabs that change the same member the later one is told what changed, and decides", async () => {
    const founder = await found("twice", [["eve@twice.example", "member"]]);
    const page = await open({ email: founder.email, path: "/console/members", expected: [/412 /] });
    await page.getByRole("link", { name: "eve@twice.example" }).click();
    assert.equal(await title(page), "eve@twice.example");
    const eve = (await founder.get("/members?q=eve")).data[0];
    await page.getByLabel("Role").selectOption({ label: "owner" });
    await gatehouse.ask("POST", `${founder.here}/members/${eve.id}/suspend`, { token: founder.token });
    await button(page, "Change the role").click();
    await page.getByText("Somebody else changed this").waitFor();
    assert.match(await page.getByRole("alert").innerText(), /State\s+Active\s+Suspended/);
    assert.equal((await founder.get(`/members/${eve.id}`)).role.key, "member");
    await button(page, "Save mine over it").click();
    await news(page, "Saved.");
    assert.equal((await founder.get(`/members/${eve.id}`)).role.key, "owner");
  });
});

describe("the organization", () => {
  it("gets a role, whose rights are chosen in the matrix, and loses it again", async () => {
    const founder = await found("roles");
    const page = await open({ email: founder.email, path: "/console/roles" });
    await button(page, "New role").click();
    await dialog(page).getByLabel("Name").fill("Support");
    await button(dialog(page), "Make the role").click();
    await news(page, "The role is made.");
    await page.getByRole("button", { name: /Edit.*Support/ }).click();
    await page.getByLabel("Support may members:read").check();
    assert.equal(await page.getByLabel("Support may owners:manage").isDisabled(), true);
    await page.getByRole("button", { name: /Save.*Support/ }).click();
    await news(page, "Saved.");
    const support = async () => (await founder.get("/roles")).data.find((role) => role.key === "support");
    assert.deepEqual((await support()).permissions, ["members:read"]);
    await page.getByRole("button", { name: /Delete.*Support/ }).click();
    await dialog(page).getByLabel(/Type “Support”/).fill("Support");
    await button(dialog(page), "Delete").click();
    await page.getByRole("button", { name: /Edit.*Support/ }).waitFor({ state: "detached" });
    assert.equal(await support(), undefined);
  });

  it("shows an API key once, and it works until it is revoked", async () => {
    const founder = await found("apikeys");
    const page = await open({ email: founder.email, path: "/console/api-keys" });
    await button(page, "New key").first().click();
    await dialog(page).getByLabel("Name").fill("Billing");
    await dialog(page).getByLabel("members:read").check();
    await button(dialog(page), "Make the key").click();
    const secret = (await dialog(page).getByText(/^ghk_/).innerText()).trim();
    const ask = async () => (await gatehouse.ask("GET", `${founder.here}/members`, { token: secret })).status;
    assert.equal(await ask(), 200);
    await button(dialog(page), "I have kept it").click();
    await row(page, "Billing").waitFor();
    await page.reload();
    await row(page, "Billing").waitFor();
    assert.doesNotMatch(await page.content(), /ghk_/);
    await page.getByRole("button", { name: /Revoke.*Billing/ }).click();
    await dialog(page).getByLabel(/Type “Billing”/).fill("Billing");
    await button(dialog(page), "Revoke").click();
    await news(page, "The key is revoked.");
    assert.equal(await ask(), 401);
  });

  it("has policies of its own, whose refusals stand at their field", async () => {
    const founder = await found("policies");
    const page = await open({ email: founder.email, path: "/console/policies", expected: [/400 /] });
    await page.getByLabel("Allowed email domains").fill("not a domain");
    await page.getByLabel("Shortest password").fill("14");
    await button(page, "Save").click();
    await page.getByLabel("Allowed email domains").and(page.locator("[aria-invalid]")).waitFor();
    await page.getByLabel("Allowed email domains").fill("policies.example\nacme.example");
    await button(page, "Save").click();
    await news(page, "Saved.");
    const { password_minimum, allowed_domains } = await founder.get("/policies");
    assert.deepEqual([password_minimum, allowed_domains], [14, ["acme.example", "policies.example"]]);
  });

  it("tells what was done, by kind, and exports exactly that", async () => {
    const founder = await found("logs", [["joe@logs.example", "member"]]);
    const page = await open({ email: founder.email, path: "/console/audit" });
    await page.getByLabel("Action").fill("invitation.*");
    await page.getByLabel("Action").press("Enter");
    await page.waitForURL(/action=invitation/);
    await title(page);
    const actions = await page.locator("tbody tr td:nth-child(2)").allInnerTexts();
    assert.deepEqual(actions, ["Invitation accepted\ninvitation.accepted", "Invitation sent\ninvitation.sent"]);
    await page.getByRole("button", { name: /More.*Invitation sent/ }).click();
    assert.match(await page.locator("pre").innerText(), /"recipient"|"email"|"role_id"/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export CSV" }).click()]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
    assert.equal(lines.length, 3);
  });

  it("is renamed, and deleted only by its typed name", async () => {
    const founder = await found("doomed");
    const page = await open({ email: founder.email, path: "/console/settings", expected: [/401 /] });
    await page.getByLabel("Name", { exact: true }).fill("Doomed & Sons");
    await button(page, "Save").first().click();
    await news(page, "Saved.");
    await button(page, "Delete…").click();
    const remove = button(dialog(page), "Delete the organization");
    await dialog(page).getByLabel(/Type/).fill("doomed");
    assert.equal(await remove.isDisabled(), true);
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    await button(page, "Delete…").click();
    await dialog(page).getByLabel(/Type/).fill("Doomed & Sons");
    await remove.click();
    await page.waitForURL((url) => !url.pathname.startsWith("/console"));
    const { body } = await gatehouse.ask("GET", "/v1/organizations", { token: (await gatehouse.signIn(founder.email)).access_token });
    assert.deepEqual(body.data.map(({ name, status }) => [name, status]), [["Doomed & Sons", "deleted"]]);
  });

  it("keeps the language of its letters and what the application stores, as it is typed", async () => {
    const founder = await found("kept");
    const page = await open({ email: founder.email, path: "/console/settings" });
    const settings = page.getByLabel("Settings of the application");
    await settings.fill(`{"plan": "team", "theme": {"color": "teal"`);
    await page.getByLabel("Language of letters and pages").selectOption({ label: "Deutsch" });
    await button(page, "Save").first().click();
    await news(page, "Saved.");
    assert.equal((await founder.get("")).language, "de");
    assert.equal(await settings.inputValue(), `{"plan": "team", "theme": {"color": "teal"`);
    await page.getByText("This is no JSON object.").waitFor();
    assert.equal(await button(page, "Save").last().isDisabled(), true);
    await settings.fill(`{"plan": "team", "theme": {"color": "teal"}}`);
    await button(page, "Save").last().click();
    await page.waitForFunction(() => document.querySelector("textarea")?.value.includes('  "plan": "team"'));
    assert.deepEqual((await founder.get("")).settings, { plan: "team", theme: { color: "teal" } });
    await settings.fill(`{"theme": {"color": "red"}}`);
    await button(page, "Save").last().click();
    await page.waitForFunction(() => !document.querySelector("textarea")?.value.includes("plan"));
    assert.deepEqual((await founder.get("")).settings, { theme: { color: "red" } });
  });

  it("writes to somebody who is invited in the language that is chosen for them", async () => {
    const founder = await found("tongues");
    const page = await open({ email: founder.email, path: "/console/members" });
    await button(page, "Invite people").click();
    await dialog(page).getByLabel("Email addresses").fill("eva@tongues.example");
    await dialog(page).getByLabel("Language of the letter").selectOption({ label: "Español" });
    await button(dialog(page), "Send 1 invitation").click();
    await news(page, "1 invitation sent.");
    assert.match((await gatehouse.letter("eva@tongues.example", "/accept-invite")).subject, /invitación|invitado|invita/i);
  });

  it("that was deleted is restored by its owner", async () => {
    const founder = await found("phoenix");
    await gatehouse.ask("DELETE", founder.here, { token: founder.token });
    // Whoever has no other organization is led to the choice of one.
    const page = await open({ expected: [/401 /] });
    await page.goto(`${gatehouse.origin}/sign-in`);
    await page.getByLabel("Email address").fill(founder.email);
    await page.getByLabel("Password").fill(password);
    await button(page, "Sign in").click();
    await page.waitForURL(/\/choose-organization/);
    assert.equal(await goto(page, "/console"), "No organization");
    await page.getByRole("button", { name: /Restore.*phoenix/ }).click();
    await page.waitForURL(/\/choose-organization/);
    await page.getByRole("button", { name: "Work here" }).or(page.getByRole("button", { name: "Stay here" })).click();
    await page.waitForURL(/\/console/);
    assert.equal(await title(page), "phoenix");
    assert.equal(await page.getByText("Deleted organizations of yours").count(), 0);
  });

  it("shows its statistics as charts and as the same numbers, by an address and as a file", async () => {
    const founder = await found("charts", [["kim@charts.example", "admin"]]);
    const page = await open({ email: founder.email, path: "/console/statistics" });
    await button(page, "7 days").click();
    await page.waitForURL(/range=7/);
    await title(page);
    const chart = page.getByRole("figure", { name: "Joined and left" });
    assert.match(await chart.innerText(), /2 members joined/);
    assert.equal(await chart.getByRole("img").count(), 1);
    await chart.getByRole("button", { name: /View as table/ }).click();
    await page.waitForURL(/table=growth/);
    const joined = async () => (await page.getByRole("figure", { name: "Joined and left" }).locator("tbody td:nth-child(2)").allInnerTexts()).map(Number);
    assert.deepEqual(await joined(), [0, 0, 0, 0, 0, 0, 2]);
    const [download] = await Promise.all([page.waitForEvent("download"), chart.getByRole("link", { name: /CSV/ }).click()]);
    const csv = (await readFile(await download.path(), "utf8")).trim().split("\r\n").slice(1).map((line) => Number(line.split(",")[2]));
    assert.deepEqual(csv, await joined());
    await page.reload();
    await title(page);
    assert.deepEqual(await joined(), csv);
    await page.getByRole("figure", { name: "Members by role" }).getByText("Owner: 1, Admin: 1").or(page.getByText("Admin: 1, Owner: 1")).waitFor();
  });

  it("asks again when the service can't be reached, and loses nothing typed", async () => {
    const founder = await found("offline");
    const page = await open({ email: founder.email, path: "/console/roles", expected: [/ERR_|INTERNET/] });
    await button(page, "New role").click();
    await dialog(page).getByLabel("Name").fill("Courier");
    await page.context().setOffline(true);
    await button(dialog(page), "Make the role").click();
    await page.getByText("The service can't be reached").waitFor();
    await page.context().setOffline(false);
    assert.equal(await dialog(page).getByLabel("Name").inputValue(), "Courier");
    await button(dialog(page), "Make the role").click();
    await news(page, "The role is made.");
    assert.equal((await founder.get("/roles")).data.filter((role) => role.name === "Courier").length, 1);
  });
});

describe("operators", () => {
  it("follow the setup link, find a checklist, and look after everybody", async () => {
    const founder = await found("tenant");
    const founderCan = async (permission) => {
      const { access_token } = await gatehouse.signIn(founder.email);
      return (await gatehouse.ask("GET", "/v1/session", { token: access_token })).body.permissions.includes(permission);
    };
    const page = await open({ expected: [/410 /] });
    await page.goto(await gatehouse.setupLink());
    await page.getByLabel("Email address").fill("olga@example.com");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Make the operator" }).click();
    await page.goto(`${gatehouse.origin}/console`);
    await signIn(page, "olga@example.com");
    assert.equal(await title(page), "Platform");
    const steps = page.getByRole("listitem").filter({ hasText: /\((done|open)\)/ });
    await steps.first().waitFor();
    assert.match((await steps.allInnerTexts()).join("\n"), /Make the first operator\s*\(done\)[^]*Name a mail server[^]*\(open\)[^]*Make the first organization\s*\(done\)/);

    await page.getByRole("link", { name: "Organizations" }).first().click();
    await page.getByRole("link", { name: "tenant", exact: true }).click();
    assert.equal(await title(page), "tenant");
    await button(page, "Suspend").click();
    await dialog(page).getByLabel("Reason").fill("unpaid since March");
    await button(dialog(page), "Suspend").click();
    await news(page, "The organization is suspended.");
    assert.equal((await gatehouse.ask("GET", founder.here, { token: founder.token })).status, 401);
    await button(page, "Reinstate").click();
    await dialog(page).getByLabel("Reason").fill("paid");
    await button(dialog(page), "Reinstate").click();
    await news(page, "The organization is reinstated.");

    await goto(page, "/console/operator/organizations");
    await button(page, "New organization").click();
    await dialog(page).getByLabel("Name", { exact: true }).fill("New Quay");
    await dialog(page).getByLabel("Slug").fill("quay");
    await dialog(page).getByLabel("Owner’s email address").fill("quinn@example.com");
    await button(dialog(page), "Make the organization").click();
    await news(page, "Made.");
    await row(page, "New Quay").getByText("quay", { exact: true }).waitFor();
    await gatehouse.letter("quinn@example.com", "/accept-invite");

    await goto(page, "/console/operator/users?q=owner");
    await page.getByRole("link", { name: founder.email }).click();
    assert.equal(await title(page), founder.email);
    await button(page, "Mail a reset link").click();
    await dialog(page).getByLabel("Reason").fill("asked by phone");
    await button(dialog(page), "Mail the link").click();
    await news(page, "The link is on its way.");
    await gatehouse.letter(founder.email, "/reset-password");
    await goto(page, "/console/operator/mail?status=sent");
    assert.match(await page.locator("main").innerText(), /welcome[^]*kept in the dev mailbox/);
    assert.doesNotMatch(await page.content(), /token=/);

    await goto(page, "/console/operator/permissions");
    await button(page, "Register a permission").first().click();
    await dialog(page).getByLabel("Key").fill("invoices:read");
    await dialog(page).getByLabel("Description").fill("See invoices.");
    await button(dialog(page), "Register").click();
    await row(page, "invoices:read").waitFor();
    assert.equal((await founderCan("invoices:read")), true);
    await goto(page, "/console/operator/limits");
    await page.getByLabel("Email address or network").fill(founder.email);
    await button(page, "Find").click();
    await row(page, "letter-invitation-hour").waitFor();
    await button(page, "Clear the counts").click();
    await dialog(page).getByLabel("Reason").fill("asked by phone");
    await button(dialog(page), "Clear the counts").click();
    await news(page, "The counts are cleared.");

    await goto(page, "/console/operator/keys");
    await button(page, "Make a new key").click();
    await dialog(page).getByLabel("Reason").fill("once a year");
    await button(dialog(page), "Make the key").click();
    await news(page, "A new key is published.");
    await row(page, "Published").waitFor();
    await goto(page, "/console/operator/service");
    await row(page, "limits.enabled").getByText("GATEHOUSE_LIMITS__ENABLED").waitFor();
    await row(page, "statistics").getByText("OK").waitFor();
  });

  it("are the only ones for whom their screens exist", async () => {
    const founder = await found("curious");
    const page = await open({ email: founder.email, path: "/console/operator/users" });
    assert.equal(await title(page), "There is nothing here");
  });
});
