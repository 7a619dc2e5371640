#!/usr/bin/env python3
"""Operators, made on the command line or by the one-time setup link, and what they see."""

import re
import time
import unittest

import program
from program import CHEAP_HASHES, PASSWORD, Server

OPERATOR = "operator@example.com"
OTHER_PASSWORD = "nine barges under heaven"


class Operators(unittest.TestCase):
    def setUp(self):
        self.server = Server(self.enterContext(program.temporary_directory()), CHEAP_HASHES)
        self.addCleanup(self.server.end)
        self.server.start()

    def create(self, email=OPERATOR, password=PASSWORD):
        return self.server.run("operator", "create", email, "--dev", stdin=password + "\n")

    def statistics_for(self, email, password=PASSWORD):
        signed_in = self.server.sign_in(email, password)
        self.assertEqual(signed_in.status, 200, signed_in)
        return self.server.ask("GET", "/stats/org-wise-members", token=signed_in.json["access_token"])

    def test_an_operator_made_from_standard_input_sees_all_organizations(self):
        for number in (1, 2):
            self.assertEqual(self.server.sign_up(f"founder{number}@example.com", organization=f"Works {number}").status, 201)
        done = self.create()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rf"^{re.escape(OPERATOR)} usr_\w{{26}}\n$")
        answer = self.statistics_for(OPERATOR)
        self.assertEqual((answer.status, answer.json), (200, {"Works 1": 1, "Works 2": 1}))
        self.assertEqual(self.statistics_for("founder1@example.com").json, {"Works 1": 1})
        self.assertIs(self.server.sign_in(OPERATOR).json["organization"], None)

    def test_what_can_not_be_an_operator_is_refused_with_the_reason(self):
        weak = self.create(password="password1")
        self.assertEqual(weak.returncode, 1)
        self.assertIn("too easy to guess", weak.stderr)
        self.assertNotIn("password1", weak.stderr)
        nothing = self.server.run("operator", "create", OPERATOR, "--dev", stdin="")
        self.assertEqual(nothing.returncode, 1)
        self.assertIn("standard input", nothing.stderr)
        self.assertEqual(self.create(email="no address").returncode, 1)
        self.assertEqual(self.server.sign_in(OPERATOR).status, 401)
        self.assertEqual(self.create().returncode, 0)
        again = self.create()
        self.assertEqual(again.returncode, 1)
        self.assertIn("already", again.stderr)

    def test_a_new_password_from_the_command_line_ends_the_sessions(self):
        self.create()
        token = self.server.sign_in(OPERATOR).json["access_token"]
        self.assertEqual(self.server.ask("GET", "/v1/session", token=token).status, 200)
        done = self.server.run("operator", "reset-password", OPERATOR, "--dev", stdin=OTHER_PASSWORD + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.server.ask("GET", "/v1/me", token=token).status, 401)
        # This one is answered from memory, where the server hears within a second of what another program has done.
        deadline = time.monotonic() + 1
        while (status := self.server.ask("GET", "/v1/session", token=token).status) == 200:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.assertEqual(status, 401)
        self.assertEqual(self.server.sign_in(OPERATOR).status, 401)
        self.assertEqual(self.server.sign_in(OPERATOR, OTHER_PASSWORD).status, 200)
        nobody = self.server.run("operator", "reset-password", "nobody@example.com", "--dev", stdin=OTHER_PASSWORD + "\n")
        self.assertEqual(nobody.returncode, 1)

    def set_up(self, code, email=OPERATOR, password=PASSWORD):
        return self.server.ask("POST", "/setup", form={"token": code, "email": email, "password": password},
                               headers={"Origin": self.server.url()})

    def setup_link(self):
        done = self.server.run("operator", "setup-link", "--dev")
        self.assertEqual(done.returncode, 0, done.stderr)
        address, _, code = done.stdout.strip().partition("#")
        self.assertEqual(address, self.server.url("/setup"))
        return code

    def test_the_setup_link_makes_the_first_operator_once(self):
        printed_at_start = self.server.setup_code()
        code = self.setup_link()
        self.assertNotIn(code, self.server.ask("GET", "/setup").body)
        self.assertEqual(self.set_up(printed_at_start).status, 410, "a new link replaces the old one")
        self.assertEqual(self.set_up(code, password="password1").status, 400)
        self.assertEqual(self.set_up(code[:-1] + ("A" if code[-1] != "A" else "B")).status, 400)
        made = self.set_up(code)
        self.assertEqual(made.status, 200, made)
        self.assertIn(OPERATOR, made.body)
        self.assertEqual(self.statistics_for(OPERATOR).status, 200)
        self.assertEqual(self.set_up(code, email="second@example.com").status, 410)
        refused = self.server.run("operator", "setup-link", "--dev")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("gatehouse operator create", refused.stderr)

    def test_the_setup_link_dies_when_the_command_line_made_an_operator(self):
        code = self.setup_link()
        self.create()
        self.assertEqual(self.set_up(code, email="second@example.com").status, 410)

    def test_a_form_of_another_site_can_not_use_the_setup_link(self):
        code = self.setup_link()
        form = {"token": code, "email": OPERATOR, "password": PASSWORD}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(self.server.ask("POST", "/setup", form=form, headers=headers).status, 403)
        self.assertEqual(self.set_up(code).status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
