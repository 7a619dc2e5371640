"""What the tests of the built program share: the program as a child process, HTTP to it, and databases for it.

GATEHOUSE_TEST_PROGRAM names the program; build/release/gatehouse when it is not set.
"""

import contextlib
import ctypes
import http.client
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("GATEHOUSE_TEST_PROGRAM", str(ROOT / "build/release/gatehouse"))
PASSWORD = "seven lanterns over harbour"
# Argon2's least, for tests that hash a lot.
CHEAP_HASHES = {"GATEHOUSE_PASSWORD__MEMORY_KIB": "8", "GATEHOUSE_PASSWORD__PASSES": "1"}
STARTUP_SECONDS = 30

_libc = ctypes.CDLL(None)


def end_with_parent():
    """For preexec_fn: the kernel kills the child when the thread that started it is gone."""
    _libc.prctl(1, signal.SIGKILL)


def free_ports(count):
    """Ports of 127.0.0.1 below those that the kernel gives to outgoing connections, so that nobody takes them soon."""
    sockets = []
    while len(sockets) < count:
        listener = socket.socket()
        try:
            listener.bind(("127.0.0.1", random.randrange(11000, 32000)))
        except OSError:
            listener.close()
            continue
        sockets.append(listener)
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports


def environment(settings):
    """Ours without any setting of Gatehouse, and then these."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GATEHOUSE_")} | settings


def run(*words, settings=None, stdin="", directory=None):
    """The program with these words; the finished process, its output as text."""
    return subprocess.run([PROGRAM, *words], env=environment(settings or {}), input=stdin, cwd=directory, text=True,
                          capture_output=True, timeout=60)


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:500]}"


class Client:
    """One connection, kept open. Not for several threads at once."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token

    def ask(self, method, path, body=None, headers=None, form=None):
        headers = dict(headers or {})
        text = None
        if form is not None:
            text = urllib.parse.urlencode(form)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif body is not None:
            text = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if self.token:
            headers.setdefault("Authorization", "Bearer " + self.token)
        self.connection.request(method, path, text, headers)
        answer = self.connection.getresponse()
        return Answer(answer.status, dict((name.lower(), value) for name, value in answer.getheaders()),
                      answer.read().decode())

    def sign_up(self, email, password=PASSWORD, organization="Harbour Works"):
        return self.ask("POST", "/signup",
                        {"email": email, "password": password, "organization_name": organization})

    def sign_in(self, email, password=PASSWORD):
        return self.ask("POST", "/signin", {"email": email, "password": password})

    def close(self):
        self.connection.close()


class Server:
    """`gatehouse serve` in a directory, by default under --dev with SQLite in it. Started from the main thread only."""

    def __init__(self, directory, settings=None, words=("--dev",), wrapper=()):
        self.directory = Path(directory)
        self.port, self.management_port = free_ports(2)
        self.settings = {"GATEHOUSE_LISTEN": f"127.0.0.1:{self.port}",
                         "GATEHOUSE_MANAGEMENT_LISTEN": f"127.0.0.1:{self.management_port}"} | (settings or {})
        self.words = words
        self.wrapper = wrapper
        self.process = None
        self.out = self.directory / "out.txt"
        self.log = self.directory / "log.txt"

    def start(self):
        """Returns how many seconds it took until the first answer."""
        begin = time.monotonic()
        with open(self.out, "ab") as out, open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, PROGRAM, "serve", *self.words], env=environment(self.settings), cwd=self.directory,
                stdin=subprocess.DEVNULL, stdout=out, stderr=log, preexec_fn=end_with_parent)
        while time.monotonic() - begin < STARTUP_SECONDS:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log_text()[-2000:]}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/healthz").status == 204:
                    return time.monotonic() - begin
            time.sleep(0.005)
        raise AssertionError(f"the server does not answer:\n{self.log_text()[-2000:]}")

    def client(self, token=None):
        return Client(self.port, token)

    def ask(self, method, path, token=None, **more):
        """On a connection of its own."""
        client = self.client(token)
        try:
            return client.ask(method, path, **more)
        finally:
            client.close()

    def sign_up(self, email, password=PASSWORD, organization="Harbour Works"):
        return self.ask("POST", "/signup",
                        body={"email": email, "password": password, "organization_name": organization})

    def sign_in(self, email, password=PASSWORD):
        return self.ask("POST", "/signin", body={"email": email, "password": password})

    def url(self, path=""):
        return f"http://127.0.0.1:{self.port}{path}"

    def setup_code(self):
        """What the start printed for the first operator; the program prints it when it answers already."""
        deadline = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < deadline:
            if found := re.search(r"/setup#([\w-]+)\n", self.out.read_text()):
                return found.group(1)
            time.sleep(0.01)
        raise AssertionError("no setup link was printed")

    def log_text(self):
        return self.log.read_text()

    def run(self, *words, stdin=""):
        """Another command under the settings of this server."""
        return run(*words, settings=self.settings, stdin=stdin, directory=self.directory)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, timeout_seconds=30):
        """SIGTERM; returns (exit code, seconds)."""
        begin = time.monotonic()
        self.process.terminate()
        code = self.process.wait(timeout_seconds)
        return code, time.monotonic() - begin

    def end(self):
        """For cleaning up: whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def mailed_token(self, recipient, path):
        """The token of the link to a page of ours in the newest letter that has one; waits for the letter."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            letters = self.ask("GET", "/dev/mail/messages?to=" + urllib.parse.quote(recipient)).json["messages"]
            for letter in sorted(letters, key=lambda letter: -letter["number"]):
                for link in letter["links"]:
                    if found := re.search(rf"{path}\?token=([\w-]+)", link):
                        return found.group(1)
            time.sleep(0.05)
        raise AssertionError(f"no letter for {recipient} leads to {path}")


@contextlib.contextmanager
def temporary_directory():
    directory = tempfile.mkdtemp(prefix="gatehouse-program.")
    try:
        yield Path(directory)
    finally:
        shutil.rmtree(directory)


def cluster_url():
    url = os.environ.get("GATEHOUSE_TEST_POSTGRESQL_URL")
    if not url:
        sys.exit("GATEHOUSE_TEST_POSTGRESQL_URL is not set: run the tests by ./dev test, which starts a cluster")
    return url


def psql(sql, url=None):
    """Rows of texts."""
    done = subprocess.run(["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t",
                           "--set=ON_ERROR_STOP=1", "--command", sql, url or cluster_url()],
                          text=True, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError("psql: " + done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


def with_options(url, options):
    return url + ("&" if "?" in url else "?") + "options=" + urllib.parse.quote(options)


@contextlib.contextmanager
def database(name, directory):
    """The URL of an empty one, "sqlite" or "postgresql"."""
    if name == "sqlite":
        yield f"sqlite:{directory}/gatehouse.db"
    else:
        with postgresql_schema() as url:
            yield url


@contextlib.contextmanager
def postgresql_schema():
    """The URL of the cluster with a new schema to work in."""
    name = "gatehouse_program_" + secrets.token_hex(8)
    psql("CREATE SCHEMA " + name)
    try:
        yield with_options(cluster_url(), "-csearch_path=" + name)
    finally:
        psql(f"SET client_min_messages = error; SET lock_timeout = '20s'; DROP SCHEMA {name} CASCADE")
