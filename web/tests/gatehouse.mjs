// The built program as a child process in a directory of its own, for tests that look at it from outside.
// GATEHOUSE_TEST_PROGRAM names the program; build/release/gatehouse when it is not set.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { openSync, closeSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const program = process.env.GATEHOUSE_TEST_PROGRAM ?? fileURLToPath(new URL("../../build/release/gatehouse", import.meta.url));
export const password = "seven lanterns over harbour";
const deadlineMilliseconds = 20_000;

/** A port of 127.0.0.1 below those that the kernel gives to outgoing connections, so that nobody takes it soon. */
async function freePort() {
  for (;;) {
    const listener = createServer();
    const port = 11_000 + Math.floor(Math.random() * 21_000);
    const isFree = await new Promise((resolve) => {
      listener.once("error", () => resolve(false));
      listener.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    listener.close();
    await once(listener, "close");
    return port;
  }
}

/** Asks until it gets something, and gives up after a while. */
export async function until(what, ask) {
  const deadline = Date.now() + deadlineMilliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}

export class Gatehouse {
  /** Starts it under --dev; `settings` are environment variables. `demo`: with what `gatehouse dev demo` makes. */
  static async start(settings = {}, { demo = false } = {}) {
    const gatehouse = new Gatehouse();
    gatehouse.directory = await mkdtemp(join(tmpdir(), "gatehouse-web."));
    gatehouse.origin = `http://127.0.0.1:${await freePort()}`;
    const ours = Object.entries(process.env).filter(([name]) => !name.startsWith("GATEHOUSE_"));
    gatehouse.out = join(gatehouse.directory, "out.txt");
    const out = openSync(gatehouse.out, "a");
    gatehouse.env = {
      ...Object.fromEntries(ours),
      GATEHOUSE_LISTEN: gatehouse.origin.replace("http://", ""),
      GATEHOUSE_MANAGEMENT_LISTEN: "off",
      GATEHOUSE_LIMITS__ENABLED: "false",
      GATEHOUSE_PASSWORD__MEMORY_KIB: "8",
      GATEHOUSE_PASSWORD__PASSES: "1",
      ...settings,
    };
    if (demo) gatehouse.command(["dev", "demo", "--dev"]);
    // The kernel kills it when we are gone, however we go.
    gatehouse.child = spawn("setpriv", ["--pdeathsig", "KILL", program, "serve", "--dev"], {
      cwd: gatehouse.directory,
      stdio: ["ignore", out, out],
      env: gatehouse.env,
    });
    closeSync(out);
    await until("the first answer", async () => {
      if (gatehouse.child.exitCode !== null) throw new Error(await readFile(gatehouse.out, "utf8"));
      const answer = await fetch(`${gatehouse.origin}/healthz`).catch(() => undefined);
      return answer?.status === 204 ? true : undefined;
    });
    return gatehouse;
  }

  /** What the program prints as a command beside the server. */
  command(words, input = "") {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: this.directory, env: this.env, input, encoding: "utf8" });
    if (status !== 0) throw new Error(`${words.join(" ")}: ${status} ${stderr}`);
    return stdout;
  }

  async stop() {
    if (this.child.exitCode === null) {
      this.child.kill("SIGTERM");
      await once(this.child, "exit");
    }
    await rm(this.directory, { recursive: true });
    if (this.child.exitCode !== 0) throw new Error(`the server ended with ${this.child.exitCode}`);
  }

  /** {status, headers, body} of an answer in JSON. */
  async ask(method, path, { body, token } = {}) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(this.origin + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  async #expect(status, method, path, options) {
    const answer = await this.ask(method, path, options);
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  signUp(email, organization = "Harbour Works") {
    return this.#expect(201, "POST", "/signup", { body: { email, password, organization_name: organization } });
  }

  signIn(email, typed = password) {
    return this.#expect(200, "POST", "/signin", { body: { email, password: typed } });
  }

  /** An organization's founder, signed in: what signUp() says, and `token`. */
  async founder(email, organization) {
    const founder = await this.signUp(email, organization);
    return { ...founder, token: (await this.signIn(email)).access_token };
  }

  invite(founder, recipient, role = "member") {
    return this.#expect(200, "POST", "/invite-member", {
      token: founder.token,
      body: { recipient, organization_id: founder.organization.id, role },
    });
  }

  /** The newest letter to someone that links to a page of ours, as the dev mailbox tells: {number, subject, …, link}. */
  letter(recipient, path) {
    return until(`a letter to ${recipient} about ${path}`, async () => {
      const { messages } = await this.#expect(200, "GET", `/dev/mail/messages?to=${encodeURIComponent(recipient)}`);
      const found = messages.sort((one, other) => other.number - one.number)
        .map((letter) => ({ ...letter, link: letter.links.find((link) => link.includes(`${path}?token=`)) }))
        .find((letter) => letter.link !== undefined);
      return found;
    });
  }

  /** The link for the first operator, as it was printed. */
  setupLink() {
    return until("the setup link", async () => /http:\S+\/setup#[\w-]+(?=\n)/.exec(await readFile(this.out, "utf8"))?.[0]);
  }
}
