#!/usr/bin/env python3
"""The operator's tasks on the command line: they work on the database, with and without a server, and are audited."""

import csv
import io
import json
import unittest

import program
from program import CHEAP_HASHES, PASSWORD, Server

FOUNDER = "founder@example.com"
USAGE, ABSENT, CONFLICT, UNAVAILABLE = 2, 3, 4, 5


class OperatorTasks(unittest.TestCase):
    def setUp(self):
        self.server = Server(self.enterContext(program.temporary_directory()), CHEAP_HASHES)
        self.addCleanup(self.server.end)
        self.server.start()
        made = self.server.sign_up(FOUNDER, organization="Harbour Works").json
        self.organization = made["organization"]["id"]
        self.user = made["user"]["id"]

    def run_task(self, *words, status=0):
        done = self.server.run(*words, "--dev")
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        if status != 0:
            self.assertEqual(done.stdout, "", words)
            self.assertNotEqual(done.stderr, "", words)
        return done

    def rows(self, *words):
        return [json.loads(line) for line in self.run_task(*words, "--json").stdout.splitlines()]

    def one(self, *words):
        rows = self.rows(*words)
        self.assertEqual(len(rows), 1, rows)
        return rows[0]

    def audit(self, action):
        return [entry for entry in self.rows("audit", "list") if entry["action"] == action]

    def test_organizations_are_listed_shown_and_found(self):
        self.server.sign_up("other@example.com", organization="Other")
        self.assertEqual([row["slug"] for row in self.rows("organization", "list")], ["harbour-works", "other"])
        self.assertEqual([row["slug"] for row in self.rows("organization", "list", "--q", "Oth")], ["other"])
        self.assertEqual(self.rows("organization", "list", "--status", "suspended"), [])
        shown = self.one("organization", "get", "harbour-works")
        active = {tally["role"]["key"]: tally["active"] for tally in shown["members"]}
        self.assertEqual(active, {"owner": 1, "admin": 0, "member": 0})
        self.assertEqual((shown["id"], shown["is_orphaned"]), (self.organization, False))
        text = self.run_task("organization", "get", self.organization).stdout
        self.assertIn("slug: harbour-works\n", text)
        self.assertIn("      key: owner\n", text)
        line = self.run_task("organization", "list", "--q", "harbour").stdout
        self.assertTrue(line.startswith(self.organization + "\tharbour-works\tactive\t"), line)
        self.assertTrue(line.endswith("\tHarbour Works\n"), line)
        self.run_task("organization", "get", "nobody", status=ABSENT)
        self.run_task("organization", "list", "--status", "odd", status=USAGE)

    def test_an_organization_is_created_suspended_reinstated_and_deleted(self):
        made = self.one("organization", "create", "--name", "Delta", "--slug", "delta", "--owner", "dan@example.com")
        self.assertEqual(made["invitation"]["recipient"], "dan@example.com")
        self.assertNotIn("gin_", json.dumps(made))
        token = self.server.mailed_token("dan@example.com", "/accept-invite")
        accepted = self.server.ask("POST", "/accept-invite",
                                   body={"token": token, "email": "dan@example.com", "password": PASSWORD})
        self.assertEqual(accepted.status, 200, accepted)
        self.run_task("organization", "create", "--name", "D", "--slug", "delta", "--owner", "d@example.com", status=CONFLICT)
        self.run_task("organization", "create", "--name", "D", "--slug", "De lta", "--owner", "d@example.com", status=USAGE)
        self.run_task("organization", "create", "--name", "D", "--owner", "nobody", status=USAGE)

        signed_in = self.server.sign_in("dan@example.com").json
        self.run_task("organization", "suspend", "delta", status=USAGE)
        self.assertEqual(self.one("organization", "suspend", "delta", "--reason", "unpaid")["status"], "suspended")
        self.assertEqual(self.server.ask("GET", "/v1/session", token=signed_in["access_token"]).status, 401)
        self.run_task("organization", "suspend", "delta", "--reason", "again", status=CONFLICT)
        self.run_task("organization", "delete", "delta", "--reason", "gone", status=CONFLICT)
        self.assertEqual(self.one("organization", "reinstate", "delta", "--reason", "paid")["status"], "active")
        self.assertEqual(self.one("organization", "delete", "delta", "--reason", "gone")["status"], "deleted")
        entry, = self.audit("organization.suspended")
        self.assertEqual(entry["actor"], {"kind": "command_line", "id": None})
        self.assertEqual((entry["details"], entry["organization_id"]), ({"reason": "unpaid"}, made["organization"]["id"]))

    def test_users_are_found_suspended_signed_out_and_sent_a_link(self):
        self.assertEqual([row["email"] for row in self.rows("user", "list")], [FOUNDER])
        shown = self.one("user", "get", FOUNDER)
        self.assertEqual((shown["user"]["id"], shown["memberships"][0]["id"]), (self.user, self.organization))
        self.assertNotIn("argon2", json.dumps(shown))
        token = self.server.sign_in(FOUNDER).json["access_token"]
        self.run_task("user", "sign-out", self.user, "--reason", "lost phone")
        self.assertEqual(self.server.ask("GET", "/v1/session", token=token).status, 401)

        printed = self.run_task("user", "reset-password", FOUNDER, "--reason", "asked by phone").stdout
        link = self.server.mailed_token(FOUNDER, "/reset-password")
        self.assertNotIn(link, printed)

        suspended = self.one("user", "suspend", FOUNDER, "--reason", "abuse")
        self.assertEqual([row["id"] for row in suspended["orphaned_organizations"]], [self.organization])
        self.assertEqual(self.server.sign_in(FOUNDER).status, 401)
        self.assertEqual([row["id"] for row in self.rows("user", "list", "--status", "suspended")], [self.user])
        self.run_task("user", "suspend", FOUNDER, "--reason", "again", status=CONFLICT)
        self.run_task("user", "reset-password", FOUNDER, "--reason", "again", status=CONFLICT)
        self.assertEqual(self.one("user", "reinstate", self.user, "--reason", "cleared")["status"], "active")
        self.assertEqual(self.server.sign_in(FOUNDER).status, 200)
        self.run_task("user", "get", "nobody@example.com", status=ABSENT)
        self.run_task("user", "get", "usr_nonsense", status=USAGE)
        self.run_task("user", "get", "no@address@", status=USAGE)
        self.run_task("user", "suspend", FOUNDER, "--reason", " ", status=USAGE)

    def test_operators_are_no_users(self):
        made = self.server.run("operator", "create", "op@example.com", "--dev", stdin=PASSWORD + "\n")
        operator = made.stdout.split()[1]
        self.run_task("user", "get", operator, status=ABSENT)
        self.run_task("user", "suspend", operator, "--reason", "no", status=ABSENT)
        self.run_task("user", "get", "op@example.com", status=ABSENT)

    def test_a_key_is_printed_once_works_and_can_be_revoked(self):
        made = self.one("key", "create", "--organization", "harbour-works", "--name", "Billing",
                        "--permission", "members:read", "--expires-in-days", "30")
        members = f"/v1/organizations/{self.organization}/members"
        self.assertEqual(self.server.ask("GET", members, token=made["secret"]).status, 200)
        listed = self.one("key", "list", "--organization", self.organization)
        self.assertEqual(listed["permissions"], ["members:read"])
        self.assertNotIn("secret", listed)
        self.run_task("key", "revoke", made["id"], "--platform", status=ABSENT)
        revoked = self.one("key", "revoke", made["id"], "--organization", "harbour-works")
        self.assertEqual(revoked["status"], "revoked")
        self.assertEqual(self.server.ask("GET", members, token=made["secret"]).status, 401)
        again = self.one("key", "revoke", made["id"], "--organization", "harbour-works")
        self.assertEqual(again, revoked, "revoking twice changes nothing")

        text = self.run_task("key", "create", "--platform", "--name", "Watcher", "--permission", "platform:read").stdout
        secret, = [line.split()[1] for line in text.splitlines() if line.startswith("secret:")]
        self.assertEqual(self.server.ask("GET", "/v1/operator/health", token=secret).status, 200)
        self.assertEqual(self.server.ask("POST", "/v1/operator/signing-keys/rotate", token=secret).status, 403)
        for permission in ("owners:manage", "api_keys:manage", "platform:read", "nonsense"):
            self.run_task("key", "create", "--organization", "harbour-works", "--name", "N", "--permission", permission,
                          status=USAGE)
        for words in (["--platform", "--permission", "platform:own"], ["--platform", "--permission", "members:read"],
                      ["--permission", "members:read"],
                      ["--platform", "--organization", "harbour-works", "--permission", "members:read"]):
            self.run_task("key", "create", "--name", "N", *words, status=USAGE)
        self.assertNotIn(secret, self.run_task("audit", "export").stdout)

    def test_revoking_a_key_takes_back_what_was_invited_with_it(self):
        words = [word for permission in ("members:invite", "invitations:read", "organization:read", "roles:read")
                 for word in ("--permission", permission)]
        made = self.one("key", "create", "--organization", "harbour-works", "--name", "Inviter", *words)
        path = f"/v1/organizations/{self.organization}/invitations"
        sent = self.server.ask("POST", path, token=made["secret"], body={"email": "guest@example.com", "role": "member"})
        self.assertEqual(sent.status, 201, sent)
        self.one("key", "revoke", made["id"], "--organization", "harbour-works")
        reader = self.one("key", "create", "--organization", "harbour-works", "--name", "Reader", *words)
        shown = self.server.ask("GET", f"{path}/{sent.json['id']}", token=reader["secret"])
        self.assertEqual(shown.json["status"], "revoked", shown)

    def test_the_audit_log_is_listed_and_exported(self):
        self.run_task("user", "sign-out", self.user, "--reason", '=cmd("calc")')
        latest = self.rows("audit", "list", "--limit", "1")
        self.assertEqual([entry["action"] for entry in latest], ["user.signed_out"])
        self.assertIn("\tuser.signed_out\tcommand_line\t", self.run_task("audit", "list").stdout)
        exported = [json.loads(line) for line in self.run_task("audit", "export").stdout.splitlines()]
        actions = [entry["action"] for entry in exported]
        self.assertEqual(actions[-3:], ["user.signed_up", "user.signed_out", "audit.exported"])
        self.assertEqual([entry["id"] for entry in exported], sorted(entry["id"] for entry in exported))
        own = self.run_task("audit", "export", "--organization", "harbour-works").stdout.splitlines()
        self.assertEqual({json.loads(line)["organization_id"] for line in own}, {self.organization})
        of_own, of_all = self.audit("audit.exported")
        self.assertEqual((of_own["subject"], of_own["organization_id"]), (self.organization, None))
        self.assertEqual((of_all["subject"], of_all["details"]), (None, {"format": "ndjson"}))
        table = list(csv.reader(io.StringIO(self.run_task("audit", "export", "--csv").stdout)))
        self.assertEqual(table[0][:3], ["id", "at", "action"])
        row, = [row for row in table if row[2] == "user.signed_out"]
        self.assertEqual(json.loads(row[9]), {"reason": '=cmd("calc")'})
        self.run_task("audit", "list", "--organization", "nobody", status=ABSENT)
        self.run_task("audit", "list", "--limit", "0", status=USAGE)

    def test_no_server_need_run_and_a_database_that_is_away_is_said(self):
        self.server.stop()
        self.assertEqual(len(self.rows("user", "list")), 1)
        self.run_task("user", "suspend", FOUNDER, "--reason", "while it is down")
        away = self.server.run("user", "list", "--dev", "--database-url", "postgresql://u@127.0.0.1:1/nothing")
        self.assertEqual(away.returncode, UNAVAILABLE, away.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
