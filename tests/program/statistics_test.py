#!/usr/bin/env python3
"""Made-up data and the check of the statistics, on the command line of the built program and both databases."""

import contextlib
import json
import sqlite3
import unittest

import program
from program import run

END = "2026-01-01T00:00:00Z"


class Statistics(unittest.TestCase):
    def setUp(self):
        self.directory = self.enterContext(program.temporary_directory())
        postgresql = self.enterContext(program.postgresql_schema())
        self.urls = {"sqlite": f"sqlite:{self.directory}/gatehouse.db", "postgresql": postgresql}

    def run_on(self, name, *words):
        return run(*words, "--dev", settings={"GATEHOUSE_DATABASE_URL": self.urls[name]}, directory=self.directory)

    def generate(self, name, *more):
        return self.run_on(name, "dev", "generate", "--organizations", "3", "--members", "80", "--days", "40", "--seed", "7",
                           "--end", END, *more)

    def sql(self, name, text):
        """Rows of texts, past the program."""
        if name == "postgresql":
            return program.psql(text, self.urls[name])
        with contextlib.closing(sqlite3.connect(self.directory / "gatehouse.db")) as connection, connection:
            connection.create_collation("C", lambda a, b: (a > b) - (a < b))
            return [[str(value) for value in row] for row in connection.execute(text).fetchall()]

    def test_made_up_data_is_as_asked_the_same_for_a_seed_and_right(self):
        counts = {}
        for name in self.urls:
            done = self.generate(name, "--largest", "60", "--events")
            self.assertEqual(done.returncode, 0, done)
            self.assertRegex(done.stdout, r"^3 organizations, 80 members, 8 who left, \d+ changes, in \d+ s\n$")
            counts[name] = [self.sql(name, text) for text in (
                "SELECT COUNT(*) FROM members", "SELECT COUNT(*) FROM users", "SELECT COUNT(*) FROM audit_entries",
                "SELECT series, level, COUNT(*), SUM(n), SUM(n * bucket) FROM stats_counts GROUP BY series, level "
                "ORDER BY series, level",
                "SELECT o.slug, COUNT(*) FROM organizations o JOIN members m ON m.organization_id = o.id GROUP BY o.slug "
                "ORDER BY o.slug")]
            self.assertEqual(counts[name][0], [["80"]])
            self.assertEqual(counts[name][4], [["made-up-1", "60"], ["made-up-2", "10"], ["made-up-3", "10"]])
            verified = self.run_on(name, "stats", "verify", "--json")
            self.assertEqual((verified.returncode, json.loads(verified.stdout)),
                             (0, {"organizations": 3, "differences": 0, "organizations_untold": 0}), verified)
            again = self.generate(name)
            self.assertEqual(again.returncode, 1)
            self.assertIn("a database of their own", again.stderr)
        self.assertEqual(counts["sqlite"], counts["postgresql"])

    def test_the_demo_is_made_once(self):
        for name in self.urls:
            done = self.run_on(name, "dev", "demo")
            self.assertEqual(done.returncode, 0, done)
            self.assertIn("  member0@harbour-works.example  (owner of Harbour Works)\n", done.stdout)
            self.assertEqual(self.sql(name, "SELECT o.slug, COUNT(*) FROM organizations o JOIN members m ON m.organization_id = o.id "
                                            "GROUP BY o.slug ORDER BY o.slug"),
                             [["harbour-works", "36"], ["northwind-bakery", "12"], ["polar-maps", "12"]])
            verified = self.run_on(name, "stats", "verify", "--json")
            self.assertEqual(json.loads(verified.stdout)["differences"], 0, verified)
            again = self.run_on(name, "dev", "demo")
            self.assertEqual((again.returncode, again.stdout), (0, done.stdout))
            self.assertEqual(self.sql(name, "SELECT COUNT(*) FROM members"), [["60"]])

    def test_the_demo_does_not_touch_other_data(self):
        self.assertEqual(self.generate("sqlite").returncode, 0)
        done = self.run_on("sqlite", "dev", "demo")
        self.assertEqual(done.returncode, 1)
        self.assertIn("a database of their own", done.stderr)
        self.assertEqual(self.sql("sqlite", "SELECT COUNT(*) FROM members"), [["80"]])

    def test_nonsense_is_refused(self):
        done = self.run_on("sqlite", "dev", "generate", "--organizations", "3", "--members", "2", "--days", "4", "--seed", "7")
        self.assertEqual(done.returncode, 1)
        self.assertIn("every organization needs a member", done.stderr)

    def test_what_differs_is_told_by_key_and_put_right(self):
        for name in self.urls:
            self.generate(name)
            self.sql(name, "UPDATE stats_counts SET n = n + 1 WHERE level = 2 AND series = 0 AND kind = 'member' AND "
                           "organization_id = (SELECT id FROM organizations WHERE slug = 'made-up-2')")
            wrong = self.run_on(name, "stats", "verify", "--json")
            self.assertEqual(wrong.returncode, 1, wrong)
            lines = [json.loads(line) for line in wrong.stdout.splitlines()]
            summary = lines.pop()
            self.assertEqual(summary["differences"], len(lines))
            self.assertGreater(len(lines), 5)
            for line in lines:
                self.assertEqual((line["series"], line["level"], line["kind"]), ("cohort", "hour", "member"))
                self.assertEqual(line["actual"], line["expected"] + 1)
            self.assertEqual(self.run_on(name, "stats", "verify", "--organization", "made-up-1").returncode, 0)
            text = self.run_on(name, "stats", "verify", "--organization", "made-up-2").stdout
            self.assertIn("\tcohort\thour\t", text)
            rebuilt = self.run_on(name, "stats", "rebuild", "--organization", "made-up-2")
            self.assertEqual(rebuilt.returncode, 0, rebuilt)
            self.assertIn(f"differences: {len(lines)}\n", rebuilt.stdout)
            self.assertEqual(self.run_on(name, "stats", "verify").returncode, 0)
            audit = self.run_on(name, "audit", "list", "--organization", "made-up-2", "--limit", "1")
            self.assertIn("statistics.rebuilt", audit.stdout)


if __name__ == "__main__":
    unittest.main()
