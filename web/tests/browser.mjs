// Debian's Chromium by Playwright, and pages that tell of everything that a browser had to complain about.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const viewports = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };
const schemes = ["light", "dark"];
/** Where pictures of the pages go; none are taken when it is not set. */
const shots = process.env.GATEHOUSE_TEST_SHOTS;

export function launch() {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Chromium's own sandbox does not work for root, which containers are fond of.
    chromiumSandbox: process.getuid() !== 0,
    args: ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"],
  });
}

/** A browser profile that collects in `troubles` what may not happen on any page of `origin`. */
export async function openContext(browser, origin, options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(40_000);
  const troubles = [];
  const is_ours = (url) => url === "about:blank" || url.startsWith("data:") || url.startsWith(`${origin}/`);
  const watch = (page) => {
    page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error}`));
    page.on("console", (message) => {
      // A page that says no has a status that says so, which Chromium reports as an error. Violations of the content
      // security policy and everything else come here too. "[DOM]" is advice on forms.
      const is_own_status = message.text().startsWith("Failed to load resource") && message.location().url === page.url();
      if (!is_own_status && !message.text().startsWith("[DOM]")) troubles.push(`${page.url()}: console: ${message.text()}`);
    });
  };
  context.on("page", watch);
  context.on("request", (request) => {
    if (!is_ours(request.url())) troubles.push(`asked for ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) troubles.push(`${response.status()} for ${response.url()}`);
  });
  context.on("requestfailed", (request) => {
    // A navigation that another one overtakes is aborted.
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") troubles.push(`${request.url()}: ${reason}`);
  });
  return { context, troubles };
}

/** Looks at a page in all sizes and colours: nothing sticks out to the side, and there is a picture if wanted. */
export async function look(page, name) {
  for (const [device, viewport] of Object.entries(viewports)) {
    await page.setViewportSize(viewport);
    const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    if (content > width) throw new Error(`${name} is ${content} pixels wide on a ${device} of ${width}`);
    if (shots === undefined) continue;
    await mkdir(shots, { recursive: true });
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: join(shots, `${name}-${device}-${scheme}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(viewports.desktop);
}

export const heading = (page) => page.getByRole("heading", { level: 1 }).innerText();
