#!/usr/bin/env python3
"""The applications of docs/api.md run as they stand there, before the real program, and let in whom they should.

Each is started with an issuer that hands on Gatehouse's key set with one more key, of which this test has the private
half: so a token that differs from a good one in a single thing can be made, and the good one be shown to work.
"""

import base64
import contextlib
import http.server
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import get_default_algorithms

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/program"))

import program  # noqa: E402
from program import CHEAP_HASHES, Server  # noqa: E402

AUDIENCE = "https://api.example.com"
KID = "key-of-the-test"
START_SECONDS = 30


def snippet(fence, first_words):
    """The one fenced block of docs/api.md in this language that holds these words."""
    blocks = re.findall(rf"^```{fence}\n(.*?)^```$", (ROOT / "docs/api.md").read_text(encoding="utf-8"), re.M | re.S)
    [found] = [block for block in blocks if first_words in block]
    return found


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encoded(value):
    return base64url(json.dumps(value).encode())


def part(token, number):
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def jwk_of(key, **more):
    """The public key as Gatehouse publishes its own."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        numbers = key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": base64url(numbers.x.to_bytes(32, "big")),
                "y": base64url(numbers.y.to_bytes(32, "big")), "alg": "ES256", "use": "sig"} | more
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "x": base64url(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))} | more


class Issuer:
    """Answers Gatehouse's key set and `extra` keys, counts how often, and can be out of order."""

    def __init__(self, extra=()):
        [self.port] = program.free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.gatehouse = None
        self.extra = list(extra)
        self.is_broken = False
        self.asked = 0
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def answer(self, handler):
        self.asked += 1
        status, body = 503, b"out of order"
        if handler.path == "/.well-known/jwks.json" and not self.is_broken:
            keys = self.gatehouse.ask("GET", handler.path).json["keys"]
            status, body = 200, json.dumps({"keys": keys + self.extra}).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Application:
    """A started snippet."""

    def __init__(self, words, directory, settings):
        [self.port] = program.free_ports(1)
        self.log = Path(directory) / f"application-{self.port}.txt"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                words, cwd=directory, env=program.environment(settings | {"PORT": str(self.port)}),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=program.end_with_parent)
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                self.ask()
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.end()
                raise AssertionError("the application does not answer:\n" + self.log.read_text())
            time.sleep(0.02)

    def ask(self, token=None, path="/invoices", **headers):
        client = program.Client(self.port, token)
        try:
            return client.ask("GET", path, headers=headers)
        finally:
            client.close()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class SnippetTest:
    """What holds for each of them. `words(directory)` puts the snippet there and returns how it is started."""

    @classmethod
    def setUpClass(cls):
        cls.directory = cls.enterClassContext(program.temporary_directory())
        cls.command = cls.words(cls.directory)
        cls.key = ec.generate_private_key(ec.SECP256R1())
        cls.other_kind = ed25519.Ed25519PrivateKey.generate()
        cls.issuer = Issuer([jwk_of(cls.key, kid=KID), jwk_of(cls.other_kind, kid="of-another-kind")])
        cls.addClassCleanup(cls.issuer.close)
        cls.gatehouse = cls.start_gatehouse(cls.issuer, GATEHOUSE_AUDIENCE=AUDIENCE)
        cls.founders = [cls.found(cls.gatehouse, name) for name in ("ada", "bert")]
        cls.invoices = {founder["organization"]["id"]: [{"number": number}]
                        for number, founder in enumerate(cls.founders, 1)}
        cls.application = cls.start_application()

    @classmethod
    def start_gatehouse(cls, issuer, **settings):
        directory = cls.enterClassContext(program.temporary_directory())
        server = Server(directory, CHEAP_HASHES | {"GATEHOUSE_LIMITS__ENABLED": "false",
                                                   "GATEHOUSE_PUBLIC_URL": issuer.url} | settings)
        cls.addClassCleanup(server.end)
        server.start()
        issuer.gatehouse = server
        return server

    @staticmethod
    def found(server, name):
        """Signs somebody up and in: what sign-in says."""
        server.sign_up(f"{name}@example.com", organization=f"The house of {name}")
        return server.sign_in(f"{name}@example.com").json

    @classmethod
    def start_application(cls, issuer=None, **settings):
        ours = {"GATEHOUSE_ISSUER": (issuer or cls.issuer).url, "GATEHOUSE_AUDIENCE": AUDIENCE,
                "INVOICES_PERMISSION": "members:read", "INVOICES": json.dumps(cls.invoices)}
        application = Application(cls.command, cls.directory, ours | settings)
        cls.addClassCleanup(application.end)
        return application

    def claims(self, **changes):
        """Those of a good token, with these changed, or left out when they are None."""
        now = int(time.time())
        claims = part(self.founders[0]["access_token"], 1) | {"iat": now, "exp": now + 300} | changes
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, claims, key=None, algorithm="ES256", **header):
        header = {"alg": algorithm, "typ": "at+jwt", "kid": KID} | header
        signed = encoded({name: value for name, value in header.items() if value is not None}) + "." + encoded(claims)
        signature = get_default_algorithms()[algorithm].sign(signed.encode(), key or self.key)
        return f"{signed}.{base64url(signature)}"

    def assert_unauthorized(self, answer, error=True):
        self.assertEqual(answer.status, 401, answer)
        self.assertEqual(answer.headers.get("www-authenticate"), 'Bearer error="invalid_token"' if error else "Bearer")

    def test_the_holder_of_the_permission_gets_what_belongs_to_the_organization(self):
        for founder in self.founders:
            answer = self.application.ask(founder["access_token"])
            self.assertEqual(answer.status, 200, answer)
            organization = founder["organization"]["id"]
            self.assertEqual(answer.json["user"], founder["user"]["id"])
            self.assertEqual(answer.json["organization"], organization)
            self.assertIn("members:read", answer.json["permissions"])
            self.assertEqual(answer.json["invoices"], self.invoices[organization])
        other = self.founders[1]["organization"]["id"]
        for name in ("org", "organization", "organization_id"):
            answer = self.application.ask(self.founders[0]["access_token"], f"/invoices?{name}={other}")
            self.assertEqual(answer.json["invoices"], self.invoices[self.founders[0]["organization"]["id"]])

    def test_it_is_tried_as_the_page_says(self):
        url = "http://127.0.0.1:3000"
        command = snippet("sh", url).replace(url, f"http://127.0.0.1:{self.application.port}")
        done = subprocess.run(["bash", "-ec", command], text=True, capture_output=True, timeout=60,
                              env=os.environ | {"access_token": self.founders[0]["access_token"]})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^HTTP/1.1 200 OK\s")

    def test_who_brings_no_token_is_told_what_is_needed(self):
        token = self.founders[0]["access_token"]
        self.assert_unauthorized(self.application.ask(), error=False)
        self.assert_unauthorized(self.application.ask(Authorization=""), error=False)
        self.assert_unauthorized(self.application.ask(Authorization="Basic YWRhOmFkYQ=="), error=False)
        self.assert_unauthorized(self.application.ask(Authorization=token), error=False)
        for name in ("access_token", "token"):
            self.assert_unauthorized(self.application.ask(path=f"/invoices?{name}={token}"), error=False)
        self.assertEqual(self.application.ask(Authorization="bearer " + token).status, 200)

    def test_garbage_is_no_token(self):
        good = self.founders[0]["access_token"]
        header, payload, signature = good.split(".")
        for garbage in ("x", "...", "a.b.c", "null", f"{header}.{payload}", f"{header}.{payload}.", good + ".x",
                        f"{encoded([])}.{payload}.{signature}", f"{encoded({})}.{payload}.{signature}",
                        "x" * 4000, self.founders[0]["refresh_token"]):
            with self.subTest(garbage[:40]):
                self.assert_unauthorized(self.application.ask(garbage))

    def test_a_signed_token_is_refused_for_a_single_wrong_claim(self):
        self.assertEqual(self.application.ask(self.sign(self.claims())).status, 200, "the control of what follows")
        now = int(time.time())
        for what, claims in {
            "expired": self.claims(iat=now - 400, exp=now - 100), "without an end": self.claims(exp=None),
            "for another audience": self.claims(aud="https://other.example.com"), "for nobody": self.claims(aud=None),
            "of another issuer": self.claims(iss="https://evil.example"), "of nobody": self.claims(iss=None),
            "of a longer issuer": self.claims(iss=self.issuer.url + "/"), "about nobody": self.claims(sub=None),
        }.items():
            with self.subTest(what):
                self.assert_unauthorized(self.application.ask(self.sign(claims)))

    def test_only_access_tokens_do(self):
        for typ in ("JWT", "id+jwt", "refresh", None):
            with self.subTest(typ):
                self.assert_unauthorized(self.application.ask(self.sign(self.claims(), typ=typ)))

    def test_nobody_else_signs(self):
        good = self.founders[0]["access_token"]
        claims, header = self.claims(), part(good, 0)
        forger = ec.generate_private_key(ec.SECP256R1())
        published = jwk_of(self.key, kid=KID)
        changed = part(good, 1) | {"org": self.founders[1]["organization"]["id"]}
        head, payload, signature = good.split(".")
        bad = {
            "a key of the forger": self.sign(claims, forger),
            "a key of the forger under a real name": self.sign(claims, forger, kid=header["kid"]),
            "an unknown key": self.sign(claims, forger, kid="unknown"),
            "a key without a name": self.sign(claims, forger, kid=None),
            "a key that it brings along": self.sign(claims, forger, jwk=jwk_of(forger, kid=KID)),
            "a key at an address that it names": self.sign(claims, forger, jku="https://evil.example/jwks.json"),
            "another algorithm": self.sign(claims, self.other_kind, "EdDSA", kid="of-another-kind"),
            "a key of another kind": self.sign(claims, kid="of-another-kind"),
            "another organization under the old signature": f"{head}.{encoded(changed)}.{signature}",
            "no signature": f"{encoded(header | {'alg': 'none'})}.{payload}.",
            "no signature, spelled NONE": f"{encoded(header | {'alg': 'NONE'})}.{payload}.",
            "a changed signature": f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}",
        }
        public = self.key.public_key()
        for form, secret in {"PEM": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
                             "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
                             "JSON": json.dumps(published).encode(), "x": published["x"].encode()}.items():
            bad["the public key as a secret, " + form] = self.with_secret(secret, claims)
        for what, token in bad.items():
            with self.subTest(what):
                self.assert_unauthorized(self.application.ask(token))

    @staticmethod
    def with_secret(secret, claims):
        """By hand, since the library refuses to."""
        signed = f"{encoded({'alg': 'HS256', 'typ': 'at+jwt', 'kid': KID})}.{encoded(claims)}"
        mac = hmac.HMAC(secret, hashes.SHA256())
        mac.update(signed.encode())
        return f"{signed}.{base64url(mac.finalize())}"

    def assert_forbidden(self, answer):
        self.assertEqual(answer.status, 403, answer)
        self.assertEqual(answer.headers.get("www-authenticate"), 'Bearer error="insufficient_scope"')

    def test_a_member_without_the_permission_is_forbidden(self):
        server, founder = self.gatehouse, self.founders[0]
        invited = server.ask("POST", "/invite-member", token=founder["access_token"], body={
            "recipient": "carl@example.com", "organization_id": founder["organization"]["id"], "role": "member"})
        self.assertEqual(invited.status, 200, invited)
        accepted = server.ask("POST", "/accept-invite", body={
            "token": server.mailed_token("carl@example.com", "/accept-invite"), "email": "carl@example.com",
            "password": program.PASSWORD})
        self.assertEqual(accepted.status, 200, accepted)
        self.assert_forbidden(self.application.ask(server.sign_in("carl@example.com").json["access_token"]))

    def test_people_without_organization_or_permissions_are_forbidden(self):
        for claims in (self.claims() | {"org": None, "role": None, "permissions": []}, self.claims(permissions=None),
                       self.claims(permissions=["members:reader", "members:rea", "read"])):
            self.assert_forbidden(self.application.ask(self.sign(claims)))

    def test_keys_are_fetched_once_and_strangers_can_not_make_it_ask_often(self):
        application = self.start_application()
        before = self.issuer.asked
        for _ in range(5):
            self.assertEqual(application.ask(self.founders[0]["access_token"]).status, 200)
        self.assertEqual(self.issuer.asked - before, 1)
        for number in range(20):
            self.assert_unauthorized(application.ask(self.sign(self.claims(), kid=f"unknown-{number}")))
        self.assertLessEqual(self.issuer.asked - before, 2)

    def test_when_the_keys_can_not_be_had_the_caller_is_not_blamed(self):
        self.issuer.is_broken = True
        try:
            application = self.start_application()
            self.assertEqual(application.ask(self.founders[0]["access_token"]).status, 503)
        finally:
            self.issuer.is_broken = False
        self.assertEqual(application.ask(self.founders[0]["access_token"]).status, 200)

    def test_a_rotated_key_is_accepted_without_a_restart(self):
        issuer = Issuer()
        self.addCleanup(issuer.close)
        server = self.start_gatehouse(issuer, GATEHOUSE_AUDIENCE=AUDIENCE)
        application = self.start_application(issuer)
        founder = self.found(server, "dora")
        self.assertEqual(application.ask(founder["access_token"]).status, 200)
        done = server.run("keys", "rotate", "--dev")
        self.assertEqual(done.returncode, 0, done.stderr)
        new = done.stdout.split()[-1]
        # It would sign in 15 minutes.
        self.assertEqual(server.stop()[0], 0)
        with contextlib.closing(sqlite3.connect(server.directory / "var/gatehouse.db")) as database, database:
            database.execute("UPDATE signing_keys SET signs_from = created_at WHERE kid = ?", (new,))
        server.start()
        fresh = server.sign_in("dora@example.com").json["access_token"]
        self.assertEqual(part(fresh, 0)["kid"], new)
        self.let_a_minute_pass(application)
        self.assertEqual(application.ask(fresh).status, 200)
        self.assertEqual(application.ask(founder["access_token"]).status, 200, "the old key still counts")
        self.assertEqual(issuer.asked, 2)

    def let_a_minute_pass(self, application):
        """Where the library counts the minute from the last fetch; ours is counted from the last unknown key."""

    def test_the_other_algorithms_do_where_they_are_configured(self):
        for algorithm in ("EdDSA", "RS256"):
            with self.subTest(algorithm):
                issuer = Issuer([jwk_of(self.key, kid=KID)])
                self.addCleanup(issuer.close)
                server = self.start_gatehouse(issuer, GATEHOUSE_SIGNING__ALGORITHM=algorithm)
                token = self.found(server, "emil")["access_token"]
                self.assertEqual(part(token, 0)["alg"], algorithm)
                ours = self.start_application(issuer, GATEHOUSE_ALGORITHM=algorithm, GATEHOUSE_AUDIENCE=issuer.url)
                self.assertEqual(ours.ask(token).status, 200)
                claims = part(token, 1)
                self.assert_unauthorized(ours.ask(self.sign(claims)))
                strict = self.start_application(issuer, GATEHOUSE_AUDIENCE=issuer.url)
                self.assert_unauthorized(strict.ask(token))
                self.assertEqual(strict.ask(self.sign(claims)).status, 200)


class ExpressTest(SnippetTest, unittest.TestCase):
    @staticmethod
    def words(directory):
        (directory / "app.mjs").write_text(snippet("js", "from 'express'"), encoding="utf-8")
        (directory / "node_modules").symlink_to(ROOT / "web/node_modules")
        return ["node", "--require", str(HERE / "later.cjs"), "app.mjs"]

    def let_a_minute_pass(self, application):
        application.process.send_signal(signal.SIGUSR2)
        time.sleep(0.2)


class FlaskTest(SnippetTest, unittest.TestCase):
    @staticmethod
    def words(directory):
        (directory / "app.py").write_text(snippet("python", "import Flask"), encoding="utf-8")
        return [sys.executable, "app.py"]


class GoTest(SnippetTest, unittest.TestCase):
    @staticmethod
    def words(directory):
        (directory / "main.go").write_text(snippet("go", "package main"), encoding="utf-8")
        for name in ("go.mod", "go.sum"):
            shutil.copy(HERE / "go" / name, directory)
        for words in (["go", "vet", "."], ["go", "build", "-o", "application", "."]):
            done = subprocess.run(words, cwd=directory, text=True, capture_output=True, timeout=600, env={
                **os.environ, "GOFLAGS": "-mod=readonly -buildvcs=false", "GOTOOLCHAIN": "local"})
            if done.returncode != 0:
                raise AssertionError(f"{' '.join(words)}: {done.stderr}")
        return [str(directory / "application")]


if __name__ == "__main__":
    unittest.main(verbosity=2)
