#!/usr/bin/env python3
"""Encryption keys and signing keys: made, rotated and resealed on the command line while people stay signed in."""

import base64
import json
import unittest

import program
from program import CHEAP_HASHES, PASSWORD, Server, run


def key_id(token):
    header = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]


def renamed(name):
    return name + ":" + run("keys", "generate").stdout.strip().partition(":")[2]


class Keys(unittest.TestCase):
    def setUp(self):
        self.directory = self.enterContext(program.temporary_directory())
        self.server = Server(self.directory, CHEAP_HASHES | {"GATEHOUSE_LIMITS__ENABLED": "false"})
        self.addCleanup(self.server.end)

    def restart(self, **settings):
        self.assertEqual(self.server.stop()[0], 0)
        self.server.settings.update(settings)
        self.server.start()

    def published(self):
        return [key["kid"] for key in self.server.ask("GET", "/.well-known/jwks.json").json["keys"]]

    def test_generated_keys_are_32_random_bytes_with_an_id(self):
        keys = [run("keys", "generate").stdout for _ in range(2)]
        for key in keys:
            name, _, text = key.strip().partition(":")
            self.assertRegex(name, r"^\w+$")
            self.assertEqual(len(base64.b64decode(text, validate=True)), 32)
        self.assertNotEqual(keys[0], keys[1])

    def test_a_rotated_signing_key_is_published_before_it_signs_and_old_tokens_still_verify(self):
        self.server.start()
        self.server.sign_up("someone@example.com")
        tokens = self.server.sign_in("someone@example.com").json
        self.assertEqual(self.published(), [key_id(tokens["access_token"])])
        done = self.server.run("keys", "rotate", "--dev")
        self.assertEqual(done.returncode, 0, done.stderr)
        new = done.stdout.split()[-1]
        self.restart()
        self.assertEqual(set(self.published()), {key_id(tokens["access_token"]), new})
        self.assertEqual(self.server.ask("GET", "/v1/session", token=tokens["access_token"]).status, 200)
        refreshed = self.server.ask("POST", "/v1/token/refresh", body={"refresh_token": tokens["refresh_token"]})
        self.assertEqual(refreshed.status, 200)
        self.assertEqual(key_id(refreshed.json["access_token"]), key_id(tokens["access_token"]),
                         "the new key signs only when everybody has had time to fetch it")

    def test_everything_is_readable_under_the_new_encryption_key_alone_after_a_reseal(self):
        old, new = renamed("a"), renamed("b")
        self.server.settings["GATEHOUSE_ENCRYPTION_KEY"] = old
        self.server.start()
        self.server.sign_up("someone@example.com")
        tokens = self.server.sign_in("someone@example.com").json
        link_token = self.server.mailed_token("someone@example.com", "/verify-email")
        form = {"email": "someone@example.com", "password": PASSWORD}
        answer = self.server.ask("POST", "/sign-in", form=form, headers={"Sec-Fetch-Site": "same-origin"})
        cookie = answer.headers["set-cookie"].partition(";")[0]
        self.assertEqual(self.server.run("operator", "create", "op@example.com", "--dev", stdin=PASSWORD + "\n").returncode, 0)

        self.restart(GATEHOUSE_ENCRYPTION_KEY=f"{new},{old}")
        self.assertEqual(self.server.sign_in("someone@example.com").status, 200)
        self.assertEqual(self.server.ask("GET", "/v1/session", token=tokens["access_token"]).status, 200)
        renewed = self.server.ask("POST", "/v1/token/refresh", body={"refresh_token": tokens["refresh_token"]})
        self.assertEqual(renewed.status, 200, "a refresh token of the old key")
        page = self.server.ask("GET", "/account", headers={"Cookie": cookie})
        self.assertEqual(page.status, 200, "a cookie of the old key")
        new_cookie = page.headers["set-cookie"].partition(";")[0]
        self.assertNotIn("set-cookie", self.server.ask("GET", "/account", headers={"Cookie": new_cookie}).headers)
        done = self.server.run("keys", "reseal", "--dev")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^resealed 1 signing keys, [12] password hashes, \d+ letters\n$")
        again = self.server.run("keys", "reseal", "--dev")
        self.assertRegex(again.stdout, r"^resealed 0 signing keys, 0 password hashes, \d+ letters\n$")

        self.restart(GATEHOUSE_ENCRYPTION_KEY=new)
        for email in ("someone@example.com", "op@example.com"):
            self.assertEqual(self.server.sign_in(email).status, 200, email)
        self.assertEqual(self.server.ask("GET", "/v1/session", token=tokens["access_token"]).status, 200)
        self.assertEqual(self.server.ask("POST", "/v1/token/refresh",
                                         body={"refresh_token": renewed.json["refresh_token"]}).status, 200)
        self.assertEqual(self.server.ask("GET", "/v1/session", headers={"Cookie": new_cookie}).status, 200)
        self.assertEqual(self.server.ask("GET", "/v1/session", headers={"Cookie": cookie}).status, 401)
        verified = self.server.ask("POST", "/v1/email/verify", body={"token": link_token})
        self.assertEqual(verified.status, 200, verified)

    def test_a_key_that_was_dropped_before_the_reseal_stops_the_start(self):
        self.server.settings["GATEHOUSE_ENCRYPTION_KEY"] = renamed("a")
        self.server.start()
        self.server.sign_up("someone@example.com")
        self.server.stop()
        self.server.settings["GATEHOUSE_ENCRYPTION_KEY"] = renamed("b")
        done = self.server.run("serve", "--dev")
        self.assertEqual(done.returncode, 1)
        self.assertIn("encryption key", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
