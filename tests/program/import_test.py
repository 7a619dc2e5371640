#!/usr/bin/env python3
"""`gatehouse import` from outside: a database of the original service (SQLite and PostgreSQL) and an NDJSON file come
over, files and exit codes are as documented, and a run that is killed anywhere is continued by the next one."""

import contextlib
import hashlib
import json
import random
import re
import sqlite3
import subprocess
import time
import unittest

import program
from program import CHEAP_HASHES, PASSWORD, ROOT, Server, postgresql_schema, psql

TABLES = """
CREATE TABLE organization (id INTEGER PRIMARY KEY, name VARCHAR(80), status INTEGER DEFAULT 1, personal BOOLEAN, settings {json},
  created_at {time}, updated_at {time});
CREATE TABLE "user" (id INTEGER PRIMARY KEY, email VARCHAR(120) UNIQUE, password VARCHAR(255), profile {json}, status INTEGER,
  settings {json}, created_at {time}, updated_at {time});
CREATE TABLE role (id INTEGER PRIMARY KEY, name VARCHAR(80), description VARCHAR(255), org_id INTEGER);
CREATE TABLE member (id INTEGER PRIMARY KEY, org_id INTEGER, user_id INTEGER, role_id INTEGER, status INTEGER DEFAULT 1,
  settings {json}, created_at {time}, updated_at {time});
CREATE TABLE invite (id INTEGER PRIMARY KEY, email VARCHAR(120), token VARCHAR(80) UNIQUE, organization_id INTEGER,
  role_id INTEGER, created_at {time});
"""


def werkzeug(method, password=PASSWORD, salt="pZo8yL3kQw1xT9Vb"):
    """As werkzeug.security.generate_password_hash() writes it."""
    name, *rest = method.split(":")
    if name == "scrypt":
        n, r, p = map(int, rest)
        digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=132 * n * r * p, dklen=64)
    else:
        digest = hashlib.pbkdf2_hmac(rest[0], password.encode(), salt.encode(), int(rest[1]))
    return f"{method}${salt}${digest.hex()}"


def quoted(value):
    return "NULL" if value is None else str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def rows_of_a_small_service():
    made = "2023-04-05 06:07:08.901234"
    yield from (("organization", id, name, 1, None, None, made, None) for id, name in ((1, "Acme"), (2, "Acme"), (3, "Umbra")))
    for id, email, password in ((1, "Ada@Acme.example", werkzeug("scrypt:32768:8:1")),
                                (2, "bob@acme.example", werkzeug("pbkdf2:sha256:260000")),
                                (3, "BOB@acme.example", werkzeug("scrypt:1024:8:1", "another one")),
                                (4, "nobody", werkzeug("scrypt:1024:8:1")),
                                (5, "eve@acme.example", "sha1$salt$deadbeef")):
        yield ("user", id, email, password, '{"first": "x"}', 1, None, made, None)
    yield from (("role", id, name, None, org) for id, name, org in
                ((1, "owner", 1), (2, "Admin", 1), (3, "owner", 2), (4, "auditor", 3)))
    yield from (("member", id, org, user, role, status, None, made, None) for id, org, user, role, status in
                ((1, 1, 1, 1, 1), (2, 1, 2, 2, 0), (3, 2, 1, 1, 1), (4, 2, 3, 3, 1), (5, 3, 5, 4, 0), (6, 9, 1, 1, 1)))
    yield ("invite", 1, "guest@acme.example", "token", 1, 2, made)


SMALL = {"organizations": {"created": 3, "exists": 0, "skipped": 0, "failed": 0},
         "users": {"created": 3, "exists": 0, "skipped": 1, "failed": 1},
         "members": {"created": 5, "exists": 0, "skipped": 1, "failed": 0},
         "lines_failed": 0, "orphaned_organizations": 1, "roles_mapped": 2, "passwords_unusable": 1, "invitations_left": 1}


def rows_of_a_large_service(organizations=120, users=900):
    chance = random.Random(1)
    for id in range(1, organizations + 1):
        yield ("organization", id, f"Works {id}", 1, None, None, "2023-01-01 00:00:00", None)
        yield ("role", 2 * id, "owner", None, id)
        yield ("role", 2 * id + 1, "member", None, id)
    for id in range(1, users + 1):
        # Each ninth address is that of the person before, in another spelling.
        email = f"Person{id - 1}@Works.example" if id % 9 == 0 else f"person{id}@works.example"
        yield ("user", id, email, werkzeug("pbkdf2:sha256:1"), None, 1, None, "2023-01-01 00:00:00", None)
    for id in range(1, 2 * users + 1):
        org = chance.randrange(1, organizations + 1)
        yield ("member", id, org, chance.randrange(1, users + 1), 2 * org + chance.randrange(2), chance.randrange(2), None,
               f"2023-02-01 00:00:{id % 60:02}", None)


def script_of(rows, json_type, time_type):
    lines = [TABLES.format(json=json_type, time=time_type)]
    for table, *values in rows:
        name = '"user"' if table == "user" else table
        lines.append(f"INSERT INTO {name} VALUES ({', '.join(map(quoted, values))});")
    return "\n".join(lines)


def sqlite_service(path, rows):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("BEGIN;" + script_of(rows, "TEXT", "DATETIME") + "COMMIT;")
    return str(path)


@contextlib.contextmanager
def postgresql_service(rows):
    with postgresql_schema() as url:
        done = subprocess.run(["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url], text=True, capture_output=True,
                              input=script_of(rows, "JSON", "TIMESTAMP"), timeout=60)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        yield url


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


class Imports(unittest.TestCase):
    def setUp(self):
        self.directory = self.enterContext(program.temporary_directory())
        self.settings = dict(CHEAP_HASHES)

    def run_import(self, *words):
        return program.run("import", *words, "--dev", settings=self.settings, directory=self.directory)

    def summary(self, *words, code=0):
        done = self.run_import(*words, "--json")
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def serve(self):
        server = Server(self.directory, self.settings)
        self.addCleanup(server.end)
        server.start()
        return server

    def import_small_service(self, *source):
        report, mapping = self.directory / "report.ndjson", self.directory / "mapping.ndjson"
        files = ("--report", str(report), "--mapping", str(mapping))
        # One address is none, so the run says that something failed.
        dry = self.summary("original", *source, "--dry-run", *files, code=1)
        self.assertEqual(dry, {"source": "original", "dry_run": True} | SMALL)
        self.assertEqual(lines_of(mapping), [])
        dry_lines = lines_of(report)
        first = self.summary("original", *source, *files, code=1)
        self.assertEqual(first, {"source": "original", "dry_run": False} | SMALL)
        lines = lines_of(report)
        for line in lines:
            self.assertEqual(list(line), ["table", "external_id", "result", "id", "reason", "role_mapped", "password_unusable",
                                          "orphaned"])
        self.assertEqual([line | {"id": None} for line in lines], dry_lines)
        self.assertEqual(report.stat().st_mode & 0o777, 0o600)
        self.assertEqual(mapping.stat().st_mode & 0o777, 0o600)
        ids = {(row["table"], row["external_id"]): row["id"] for row in lines_of(mapping)}
        self.assertEqual({key for key in ids if key[0] != "member"},
                         {("organization", "1"), ("organization", "2"), ("organization", "3"), ("user", "1"), ("user", "2"),
                          ("user", "3"), ("user", "5")})
        self.assertEqual(ids["user", "3"], ids["user", "2"])
        self.assertRegex(ids["organization", "1"], r"^org_\w{26}$")
        self.assertRegex(ids["member", "4"], r"^mem_\w{26}$")
        again = self.summary("original", *source, *files, code=1)
        self.assertEqual(again["users"], {"created": 0, "exists": 3, "skipped": 1, "failed": 1})
        self.assertEqual(again["members"], {"created": 0, "exists": 5, "skipped": 1, "failed": 0})
        self.assertEqual({(row["table"], row["external_id"]): row["id"] for row in lines_of(mapping)}, ids)

        server = self.serve()
        ada = server.sign_in("ada@acme.example")
        self.assertEqual(ada.status, 200, ada)
        self.assertEqual(ada.json["user"]["id"], ids["user", "1"])
        self.assertEqual(ada.json["user"]["email_verified"], False)
        self.assertEqual(ada.json["user"]["created_at"], "2023-04-05T06:07:08.901Z")
        self.assertEqual({row["id"]: row["role"]["key"] for row in ada.json["organizations"]},
                         {ids["organization", "1"]: "owner", ids["organization", "2"]: "owner"})
        bob = server.sign_in("bob@acme.example")
        self.assertEqual(bob.status, 200, bob)
        self.assertEqual({row["id"]: row["role"]["key"] for row in bob.json["organizations"]},
                         {ids["organization", "1"]: "admin", ids["organization", "2"]: "owner"})
        self.assertEqual(server.sign_in("bob@acme.example", "another one").status, 401)
        self.assertEqual(server.sign_in("eve@acme.example").status, 401)
        letters = server.ask("GET", "/dev/mail/messages").json["messages"]
        self.assertEqual({letter["subject"] for letter in letters}, {"New sign-in to your account"}, "the import sends nothing")

    def test_from_sqlite_to_sqlite(self):
        path = sqlite_service(self.directory / "original.db", rows_of_a_small_service())
        before = (self.directory / "original.db").read_bytes()
        (self.directory / "original.db").chmod(0o400)
        self.import_small_service(path)
        self.assertEqual((self.directory / "original.db").read_bytes(), before)
        self.assertFalse((self.directory / "original.db-wal").exists())

    def test_from_postgresql_to_postgresql(self):
        with postgresql_schema() as url, postgresql_service(rows_of_a_small_service()) as source:
            self.settings["GATEHOUSE_DATABASE_URL"] = url
            (self.directory / "url").write_text(source + "\n")
            self.import_small_service("--url-file", "url")

    def test_the_same_people_from_two_places(self):
        path = sqlite_service(self.directory / "original.db", rows_of_a_small_service())
        self.summary("original", path, code=1)
        other = self.summary("original", path, "--source", "elsewhere", code=1)
        self.assertEqual(other["source"], "elsewhere")
        self.assertEqual(other["organizations"]["created"], 3)
        # Nobody has confirmed the addresses, so no membership of another place goes to them.
        self.assertEqual(other["users"], {"created": 0, "exists": 0, "skipped": 0, "failed": 5})
        self.assertEqual(other["members"]["created"], 0)

    def test_what_went_wrong_is_told_by_the_exit_code(self):
        for words, code, text in (
                (["original"], 2, "DATABASE or --url-file"), (["frobnicate", "x"], 2, "--help"),
                (["original", "nowhere.db"], 3, "nowhere.db"), (["users", "nowhere.ndjson"], 3, "nowhere.ndjson"),
                (["original", "postgresql://u:porcelain@127.0.0.1/d"], 2, "--url-file"),
                (["original", "postgresql://127.0.0.1/d?p%61ssword=porcelain"], 2, "--url-file"),
                (["original", "x.db", "--url-file", "empty"], 2, "DATABASE or --url-file"),
                (["original", "--url-file", "empty"], 1, "no postgresql:// URL"),
                (["original", "postgresql://127.0.0.1:1/d"], 5, "can't connect"),
                (["original", "text"], 1, "text is no SQLite database"),
                (["original", "empty"], 1, "no database of the original service"),
                (["users", "empty", "--report", "no/such/folder"], 1, "can't be written")):
            (self.directory / "empty").write_text("")
            (self.directory / "text").write_text("These are no tables.\n")
            done = self.run_import(*words)
            self.assertEqual(done.returncode, code, (words, done))
            self.assertIn(text, done.stderr)
            self.assertNotIn("porcelain", done.stderr + done.stdout)
        self.assertFalse((self.directory / "nowhere.db").exists())
        sqlite3.connect(self.directory / "other.db").executescript("CREATE TABLE thing (id INTEGER); SELECT 1;")
        done = self.run_import("original", "other.db")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("no database of the original service", done.stderr)
        self.assertEqual(self.run_import("users", "empty").returncode, 0)

    def test_the_example_of_the_documentation_is_imported_as_it_says(self):
        text = (ROOT / "docs/import.md").read_text()
        example = re.search(r"```json\n(\{\"kind\".*?)```", text, re.S).group(1)
        (self.directory / "people.ndjson").write_text(example)
        done = self.summary("users", "people.ndjson")
        self.assertEqual(done["organizations"]["created"], 1)
        self.assertEqual(done["users"]["created"], 2)
        self.assertEqual(done["members"]["created"], 2)
        self.assertEqual(done["passwords_unusable"], 1)
        self.assertEqual(self.serve().sign_in("ada@acme.example", "seven kettles on a raft").status, 200)

    def test_people_read_the_summary(self):
        path = sqlite_service(self.directory / "original.db", rows_of_a_small_service())
        done = self.run_import("original", path, "--dry-run")
        self.assertIn("dry run: nothing was written\n", done.stdout)
        self.assertIn("users          3 created, 0 there before, 1 skipped, 1 failed\n", done.stdout)
        self.assertIn("1 rows failed; --report FILE says why", done.stderr)


STATE = ("SELECT o.name, u.email, r.key, m.status, u.status FROM members m "
         "JOIN organizations o ON o.id = m.organization_id JOIN users u ON u.id = m.user_id "
         "JOIN roles r ON r.id = m.role_id AND r.organization_id = m.organization_id "
         "UNION ALL SELECT 'of ' || kind, external_id, '', '', '' FROM imported_rows "
         "UNION ALL SELECT action, CAST(COUNT(*) AS TEXT), '', '', '' FROM audit_entries GROUP BY action "
         "UNION ALL SELECT 'people', email, '', '', '' FROM users "
         "UNION ALL SELECT 'roles', CAST(COUNT(*) AS TEXT), '', '', '' FROM roles")


class Killed(unittest.TestCase):
    KILLS = 12

    def sqlite_state(self, url):
        path = url.removeprefix("sqlite:")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
            connection.create_collation("C", lambda one, other: (one > other) - (one < other))
            return sorted(connection.execute(STATE).fetchall())

    def postgresql_state(self, url):
        return sorted(tuple(row) for row in psql(STATE, url))

    def import_into(self, url, directory, source):
        return program.run("import", "original", source, "--dev", "--json", directory=directory,
                           settings=CHEAP_HASHES | {"GATEHOUSE_DATABASE_URL": url})

    def kill_and_continue(self, url, directory, source, state):
        """Kills runs at random moments until all is there; the states that the kills left behind."""
        chance = random.Random()
        states = []
        for kill in range(self.KILLS):
            process = subprocess.Popen([program.PROGRAM, "import", "original", source, "--dev", "--json"], cwd=directory,
                                       env=program.environment(CHEAP_HASHES | {"GATEHOUSE_DATABASE_URL": url}),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       preexec_fn=program.end_with_parent)
            time.sleep(chance.uniform(0.02, 0.02 + self.seconds / 3))
            process.kill()
            process.wait()
            with contextlib.suppress(sqlite3.OperationalError, AssertionError):
                states.append(len(state(url)))  # the schema may not be there yet
        done = self.import_into(url, directory, source)
        self.assertEqual(done.returncode, 0, done.stderr)
        return states

    def torment(self, whole_url, killed_url, state):
        with program.temporary_directory() as directory:
            source = sqlite_service(directory / "original.db", rows_of_a_large_service())
            program.run("migrate", "up", "--dev", directory=directory,
                        settings=CHEAP_HASHES | {"GATEHOUSE_DATABASE_URL": killed_url(directory)})
            begin = time.monotonic()
            whole = self.import_into(whole_url(directory), directory, source)
            self.seconds = time.monotonic() - begin
            self.assertEqual(whole.returncode, 0, whole.stderr)
            expected = state(whole_url(directory))
            self.assertGreater(json.loads(whole.stdout)["members"]["created"], 1000)
            left_behind = self.kill_and_continue(killed_url(directory), directory, source, state)
            self.assertEqual(state(killed_url(directory)), expected)
            partly = [size for size in left_behind if 0 < size < len(expected)]
            print(f"kills: {self.KILLS}, of which {len(set(partly))} left different parts behind", flush=True)
            self.assertGreater(len(partly), 0, left_behind)

    def test_on_sqlite(self):
        self.torment(lambda directory: f"sqlite:{directory}/whole.db", lambda directory: f"sqlite:{directory}/killed.db",
                     self.sqlite_state)

    def test_on_postgresql(self):
        with postgresql_schema() as whole, postgresql_schema() as killed:
            self.torment(lambda directory: whole, lambda directory: killed, self.postgresql_state)


if __name__ == "__main__":
    unittest.main(verbosity=2)
