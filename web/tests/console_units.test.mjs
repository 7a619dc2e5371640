// What the console computes, without a browser: times, addresses, scales, texts. Its TypeScript is bundled by the tool
// that builds the console.

import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../console/", import.meta.url));
const { build } = createRequire(createRequire(join(root, "package.json")).resolve("vite"))("esbuild");
const folder = await mkdtemp(join(tmpdir(), "gatehouse-units."));
after(() => rm(folder, { recursive: true }));

async function load(name) {
  const outfile = join(folder, `${name.replaceAll("/", "-")}.mjs`);
  await build({ entryPoints: [join(root, "src", name)], bundle: true, format: "esm", outfile, logLevel: "silent" });
  return import(pathToFileURL(outfile).href);
}

const range = await load("charts/range.ts");
const scale = await load("charts/scale.ts");
const router = await load("router.ts");
const api = await load("api.ts");
const text = await load("text.ts");
const languages = await load("languages.ts");
const { toPseudo, wordsOf } = await import(pathToFileURL(join(root, "words.mjs")).href);
const { mergePatch, objectIn } = await load("org/merge.ts");
const { addressesIn } = await load("org/addresses.ts");
const contrast = await load("org/contrast.ts");
const catalogue = JSON.parse(await readFile(join(root, "../../text/en.json"), "utf8"));
text.speak(wordsOf("en"), "en");

const query = (of) => new URLSearchParams(of);
const noon = new Date("2026-03-29T12:00:00Z");

describe("the time of the statistics", () => {
  it("is the last 30 days by day unless the address says otherwise", () => {
    assert.deepEqual(range.rangeOf(query(""), noon, "UTC"), { name: "30", from: "2026-02-28", to: "2026-03-29", by: "day" });
    assert.deepEqual(range.rangeOf(query("range=365"), noon, "UTC"), { name: "365", from: "2025-03-30", to: "2026-03-29", by: "month" });
    assert.deepEqual(range.rangeOf(query("range=90&by=day"), noon, "UTC"), { name: "90", from: "2025-12-30", to: "2026-03-29", by: "day" });
  });

  it("takes days of one's own, and passes over what makes no sense", () => {
    assert.deepEqual(range.rangeOf(query("range=custom&from=2024-02-28&to=2024-03-01"), noon, "UTC"), { name: "custom", from: "2024-02-28", to: "2024-03-01", by: "day" });
    for (const nonsense of ["range=custom", "range=custom&from=2026-03-02&to=2026-03-01", "range=custom&from=now&to=then", "range=12", "range=custom&from=2026-99-99&to=2026-99-99", "by=hour"]) {
      assert.equal(range.rangeOf(query(nonsense), noon, "UTC").name, "30", nonsense);
    }
  });

  it("begins its days where the time zone does", () => {
    const lateInUtc = new Date("2026-03-28T23:30:00Z");
    assert.equal(range.dayIn(lateInUtc, "Europe/Berlin"), "2026-03-29");
    assert.equal(range.dayIn(lateInUtc, "America/New_York"), "2026-03-28");
    // On 29 March 2026 Berlin's clocks change; the period is still called by its own day.
    assert.equal(range.periodLabel("2026-03-28T23:00:00.000Z", "day", "Europe/Berlin", "en"), "Mar 29");
    assert.equal(range.periodLabel("2026-02-28T23:00:00.000Z", "month", "Europe/Berlin", "en"), "Mar 2026");
  });

  it("is compared with as many whole periods before it, none of which is in both", () => {
    const before = (...of) => { const { from, to, by } = range.rangeBefore(...of); return [from, to, by]; };
    assert.deepEqual(before("day", "2024-03-01", 2), ["2024-02-28", "2024-02-29", "day"]);
    assert.deepEqual(before("week", "2026-08-24", 14), ["2026-05-18", "2026-08-23", "week"]);
    assert.deepEqual(before("month", "2026-01-01", 13), ["2024-12-01", "2025-12-31", "month"]);
  });
});

describe("addresses", () => {
  it("a CSV link has the path, what was chosen and the format, escaped", () => {
    assert.equal(api.pathOf("/v1/organizations/{organization}/stats/growth", { organization: "org_1/?" }), "/v1/organizations/org_1%2F%3F/stats/growth");
    assert.equal(api.queryOf({ ...range.seriesQuery({ name: "7", from: "2026-01-01", to: "2026-01-07", by: "day" }, "Europe/Berlin"), format: "csv", empty: "", none: undefined }),
      "?from=2026-01-01&to=2026-01-07&granularity=day&time_zone=Europe%2FBerlin&format=csv");
    assert.equal(api.queryOf({}), "");
  });

  it("the way to the sign-in leads back to the same screen", () => {
    assert.equal(api.signInPath({ pathname: "/console/members", search: "?q=a&role=admin" }), "/sign-in?return_to=%2Fconsole%2Fmembers%3Fq%3Da%26role%3Dadmin");
    assert.equal(api.signInPath({ pathname: "/console", search: "?lang=de" }), "/sign-in?return_to=%2Fconsole%3Flang%3Dde&lang=de");
  });

  it("the language that was asked for stays in the address, unless another one is", () => {
    assert.equal(router.withLanguage("/console/members", "?lang=es&q=a"), "/console/members?lang=es");
    assert.equal(router.withLanguage("/console/members?q=a", "?lang=es"), "/console/members?q=a&lang=es");
    assert.equal(router.withLanguage("/console/members?lang=de", "?lang=es"), "/console/members?lang=de");
    assert.equal(router.withLanguage("/console/members", "?q=a"), "/console/members");
  });

  it("another choice starts again at the first page, another page keeps the choice", () => {
    assert.equal(String(router.withChanges(query("q=ada&after=c1&sort=email"), { q: "bob" })), "q=bob&sort=email");
    assert.equal(String(router.withChanges(query("q=ada&after=c1"), { after: "c2" })), "q=ada&after=c2");
    assert.equal(String(router.withChanges(query("q=ada&role=admin"), { q: "", role: undefined })), "");
  });

  it("a pattern matches whole segments only", () => {
    assert.deepEqual(router.match("/console/members/{member}", "/console/members/mem_1"), { member: "mem_1" });
    assert.equal(router.match("/console/members/{member}", "/console/members"), undefined);
    assert.equal(router.match("/console/members", "/console/memberships"), undefined);
    assert.deepEqual(router.match("/console", "/console"), {});
  });
});

describe("scales", () => {
  it("ticks are round, whole, and reach over the highest value", () => {
    assert.deepEqual(scale.niceTicks(0), [0, 1]);
    assert.deepEqual(scale.niceTicks(3), [0, 1, 2, 3]);
    assert.deepEqual(scale.niceTicks(36), [0, 10, 20, 30, 40]);
    assert.deepEqual(scale.niceTicks(1000), [0, 500, 1000]);
    for (const most of [1, 7, 19, 20, 21, 99, 100, 101, 12345, 2_000_000]) {
      const ticks = scale.niceTicks(most);
      assert.ok(ticks.at(-1) >= most && ticks.every(Number.isInteger) && ticks.length <= 7, `${most}: ${ticks}`);
    }
  });

  const frame = { width: 130, height: 100, start: 20, end: 10, top: 10, bottom: 10, isRtl: false };

  it("slots go from where reading begins, and mirror where it begins on the right", () => {
    assert.equal(scale.slotX(frame, 0, 10), 25);
    assert.equal(scale.slotX({ ...frame, isRtl: true }, 0, 10), 105);
    assert.equal(scale.valueY(frame, 0, 4), 90);
    assert.equal(scale.valueY(frame, 4, 4), 10);
  });

  it("the pointed slot is the one that is drawn there", () => {
    for (const isRtl of [false, true]) {
      for (const index of [0, 4, 9]) assert.equal(scale.slotAt({ ...frame, isRtl }, scale.slotX({ ...frame, isRtl }, index, 10), 10), index);
    }
    assert.equal(scale.slotAt(frame, 5, 10), undefined);
    assert.equal(scale.slotAt(frame, 129, 10), undefined);
  });

  it("labels keep apart, and samples hold both ends", () => {
    assert.deepEqual(scale.labelIndexes(30, 300, 75), [0, 8, 16, 24]);
    assert.deepEqual(scale.labelIndexes(0, 300, 75), []);
    assert.deepEqual(scale.sample(3, 13), [0, 1, 2]);
    assert.deepEqual(scale.sample(365, 3), [0, 182, 364]);
  });
});

describe("texts", () => {
  it("fills its places, counts, and lets an unknown place stand", () => {
    assert.equal(text.fill("{{a}} and {{b}}", { a: "<b>" }), "<b> and {{b}}");
    assert.equal(text.tn("console.members.count", 1), "1 member");
    assert.equal(text.tn("console.members.count", 1200), "1,200 members");
    assert.equal(text.formatDuration(86_400), "1 day");
    assert.equal(text.formatDuration(28_800), "8 hours");
  });

  it("numbers, times and counts are written as the language does", () => {
    text.speak(wordsOf("de"), "de");
    assert.equal(text.tn("console.members.count", 1), "1 Mitglied");
    assert.equal(text.tn("console.members.count", 1200), "1.200 Mitglieder");
    assert.equal(text.formatTime("2026-03-01T12:00:00Z", "day"), "01.03.2026");
    assert.equal(text.formatDuration(86_400), "1 Tag");
    assert.equal(text.formatShare(0.125), "13\u00a0%");
    // Spanish has a third plural, for whole millions.
    text.speak(wordsOf("es"), "es");
    assert.equal(text.tn("console.members.count", 1_000_000), "1.000.000 miembros");
    text.speak(wordsOf("en"), "en");
  });

  it("what the API says is said in the language, values and all, and stands as it is when nobody translated it", () => {
    text.speak(wordsOf("de"), "de");
    assert.equal(text.retell("Nobody suspends themselves."), "Niemand sperrt sich selbst.");
    assert.equal(text.retell("This slug is taken."), "Dieses Kürzel ist vergeben.");
    assert.equal(text.retell("A password has 12 to 256 characters here."), "Ein Passwort hat hier 12 bis 256 Zeichen.");
    assert.equal(text.retell("Nobody translated this."), "Nobody translated this.");
    for (const [detail, sentence] of [["is required", "Diese Angabe ist erforderlich."], ["is too long: at most 100 characters", "Das ist zu lang: höchstens 100 Zeichen."],
      ["expected one of: a, b", "Hier gehört eines davon hin: a, b."], ["lies in the future", "Das liegt in der Zukunft."], ["This is no domain of mail.", "Das ist keine E-Mail-Domain."]]) {
      assert.equal(text.retellOfField(detail), sentence);
    }
    assert.equal(text.roleName({ key: "owner", name: "owner" }), "Eigentümer");
    assert.equal(text.roleName({ key: "owner", name: "Captain" }), "Captain");
    assert.equal(text.roleName({ key: "support", name: "member" }), "member");
    text.speak(wordsOf("en"), "en");
    assert.equal(text.retellOfField("is required"), "This is required.");
  });

  it("the language for tests is longer, accented and from right to left, and leaves places and commands alone", () => {
    assert.equal(toPseudo("Sign in as {{email}} by `cat`."), "Šîîgñ îîñ ååš {{email}} bý `cat`.");
  });

  it("everything that the console says is in the catalogue, and nothing else is", async () => {
    const files = (await readdir(join(root, "src"), { recursive: true })).filter((name) => /\.tsx?$/.test(name));
    const sources = (await Promise.all(["words.mjs", ...files.map((name) => join("src", name))].map((name) => readFile(join(root, name), "utf8")))).join("\n");
    const keys = [...sources.matchAll(/"(console\.[a-z0-9_.]+)"/g)].map(([, key]) => key);
    const counted = new Set([...sources.matchAll(/(?:tn\(|what=)"(console\.[a-z0-9_.]+)"/g)].map(([, key]) => key));
    const beginnings = [...sources.matchAll(/`(console\.[a-z_.]+)\$/g)].map(([, beginning]) => beginning);
    for (const key of keys) {
      const isThere = key in catalogue || (counted.has(key) && `${key}.one` in catalogue && `${key}.other` in catalogue);
      assert.ok(isThere, `${key} is not in text/`);
    }
    const said = new Set(keys);
    const unsaid = Object.keys(catalogue).filter((key) => key.startsWith("console.") && !said.has(key) && !counted.has(key.replace(/\.(one|other)$/, "")) && !beginnings.some((beginning) => key.startsWith(beginning)));
    assert.deepEqual(unsaid, []);
  });
});

describe("the language", () => {
  const choose = (own, asked, ...accepted) => languages.chooseLanguage({ own, asked, accepted });

  it("is one's own, else the one that was asked for, else the best of the browser's, else English", () => {
    assert.equal(choose("de", "es", "es"), "de");
    assert.equal(choose(null, "ES", "de"), "es");
    assert.equal(choose(undefined, null, "fr-CA", "de-AT", "es"), "de");
    assert.equal(choose(null, "fr", "fr"), "en");
    assert.equal(choose(null, null), "en");
  });

  it("for tests is asked for by the address only, and nobody can choose it", () => {
    assert.equal(choose(null, "ar-XB", "de"), "ar-XB");
    assert.equal(choose("ar-XB", null, "ar-XB"), "en");
    assert.deepEqual(languages.choices, ["de", "en", "es"]);
  });

  it("is written as in the country that the browser names", () => {
    assert.equal(languages.localeFor("de", ["en-US", "de-AT", "de"]), "de-AT");
    assert.equal(languages.localeFor("de", ["en-US", "den-XX"]), "de");
    assert.equal(languages.localeFor("ar-XB", ["ar-XB", "ar"]), "en");
  });
});

it("settings are changed by what differs, and null takes out what is gone", () => {
  assert.deepEqual(mergePatch({ plan: "team", theme: { color: "teal", dark: true }, list: [1] }, { plan: "team", theme: { color: "red" }, list: [1, 2], new: {} }),
    { theme: { color: "red", dark: null }, list: [1, 2], new: {} });
  assert.deepEqual(mergePatch({ a: 1, b: { c: 1 } }, { a: 1, b: { c: 1 } }), {});
  assert.deepEqual(mergePatch({ a: { b: 1 } }, { a: 1 }), { a: 1 });
  assert.deepEqual([objectIn(`{"a": 1}`), objectIn(" "), objectIn("[1]"), objectIn("null"), objectIn("{a: 1}")], [{ a: 1 }, {}, undefined, undefined, undefined]);
});

it("pasted addresses are found once each, however they are written", () => {
  assert.deepEqual(addressesIn("Ada Lovelace <ada@example.com>, bob@example.com;\nADA@example.com\n\tgrace@example.com nobody"), ["ada@example.com", "bob@example.com", "grace@example.com"]);
  assert.deepEqual(addressesIn(""), []);
});

// As src/domain/contrast_test.cc has them: what the console says while one types is what the service will say.
it("contrast is that of the service, and cut off as there", () => {
  const told = (one, other) => contrast.cutOff(contrast.contrastOf(one, other));
  assert.deepEqual([told("#000000", "#ffffff"), told("#ffffff", "#767676"), told("#ff0000", "#FFFFFF"), told("#0a0a0a", "#000000"), contrast.cutOff(4.4999)], [21, 4.54, 3.99, 1.06, 4.49]);
  assert.deepEqual(["#0b6e4f", "#0B6E4F", "0b6e4f", "#fff", "#0b6e4g", ""].map(contrast.isColor), [true, true, false, false, false, false]);
});
