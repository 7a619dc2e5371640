// The OpenAPI document by a linter that others use too.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const linter = here("../node_modules/@redocly/cli/bin/cli.js");
const document = here("../../docs/openapi.json");

/** {totals, problems} of a document. The linter itself fails on errors only. */
function lint(path) {
  const environment = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const options = ["lint", "--config", here("../redocly.yaml"), "--format", "json", path];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [linter, ...options], { env: environment, maxBuffer: 64 << 20 }, (_, out, errors) => {
      try {
        resolve(JSON.parse(out));
      } catch {
        reject(new Error(`the linter says ${out}${errors}`));
      }
    });
  });
}

it("the OpenAPI document has no errors and no warnings", async () => {
  const { totals, problems } = await lint(document);
  const texts = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`);
  assert.deepEqual(texts, []);
  assert.deepEqual(totals, { errors: 0, warnings: 0, ignored: 0 });
});

it("the linter finds what is wrong", async () => {
  const directory = await mkdtemp(join(tmpdir(), "gatehouse-lint."));
  try {
    const text = await readFile(document, "utf8");
    const found = async (change) => {
      const broken = JSON.parse(text);
      change(broken);
      const path = join(directory, "openapi.json");
      await writeFile(path, JSON.stringify(broken));
      return (await lint(path)).problems.map(({ ruleId }) => ruleId);
    };
    const post = (broken) => broken.paths["/signup"].post;
    assert.deepEqual(await found((broken) => { delete post(broken).summary; }), ["operation-summary"]);
    assert.deepEqual(await found((broken) => { delete broken.info.license; }), ["info-license"]);
    assert.deepEqual(
      await found((broken) => { post(broken).requestBody.content["application/json"].example.email = 1; }),
      ["no-invalid-media-type-examples"]);
    assert.ok((await found((broken) => { delete broken.components.schemas.User; })).includes("no-unresolved-refs"));
  } finally {
    await rm(directory, { recursive: true });
  }
});
