#!/usr/bin/env python3
"""The documentation says what the program does: tables against the sources and the running program, the tour of the
README by running it, and docs/openapi.json against the document that is served (GATEHOUSE_GOLDEN=write rewrites it).
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/program"))

from program import Server, run  # noqa: E402

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "second": 1, "minute": 60, "hour": 3600, "day": 86400, "days": 86400}


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def rows_of(path, cells):
    """The rows of all tables with so many cells, as lists of plain text; not the heads."""
    for line in text_of(path).splitlines():
        if line.startswith("| ") and line.count(" |") == cells:
            row = [cell.strip() for cell in line.strip("|").split(" |")]
            if "`" in row[0]:
                yield [re.sub(r"</?a\b[^>]*>|`", "", cell) for cell in row]


class TablesTest(unittest.TestCase):
    maxDiff = None

    def test_every_error_code_is_listed_with_its_status(self):
        table = re.findall(r'ErrorCode k\w+\{\s*"(\w+)", (\d+),', text_of("src/base/errors.h"))
        self.assertGreater(len(table), 20)
        listed = {row[0]: row[1] for row in rows_of("docs/errors.md", 3)}
        self.assertEqual(listed, dict(table))
        for code, _ in table:
            self.assertIn(f'<a id="{code}"></a>', text_of("docs/errors.md"))

    def settings(self):
        """{name: (variable, default, meaning)} by the program's own template."""
        found, section, comments = {}, "", []
        for line in run("config", "template").stdout.splitlines():
            if match := re.fullmatch(r"\[(\w+)\]", line):
                section = match.group(1) + "."
            elif match := re.fullmatch(r"#(\w+) = (.*)", line):
                default = re.sub(r'^\[|\]$|"', "", match.group(2)).replace(", ", ",") or "none"
                meaning, variable = comments[-2:]
                found[section + match.group(1)] = (variable, default, meaning)
            elif line.startswith("# "):
                comments.append(line[2:])
        return found

    def test_every_setting_is_listed_as_the_program_has_it(self):
        settings = self.settings()
        self.assertGreater(len(settings), 20)
        for path, is_complete in (("docs/operations.md", True), ("README.md", False)):
            listed = {row[0]: tuple(row[1:]) for row in rows_of(path, 4) if row[1].startswith("GATEHOUSE_")}
            wanted = settings if is_complete else {name: settings.get(name) for name in listed}
            self.assertEqual(listed, wanted, path)
            self.assertTrue(listed, path)

    def test_every_limit_is_listed_with_its_numbers(self):
        limits = {}
        for path in (ROOT / "src/domain").glob("*.[ch]*"):
            if path.name.endswith("_test.cc"):
                continue
            for name, quota, unit, count in re.findall(
                    r'\bLimit k\w+\{"([\w-]+)", ([\d\']+), std::chrono::(\w+)\(([\d *]+)\)', path.read_text(encoding="utf-8")):
                factors = [int(number) for number in count.split("*")]
                window = SECONDS[unit]
                for factor in factors:
                    window *= factor
                limits[name] = (int(quota), window)
        # Only counts, refuses nothing.
        del limits["sign-in-failures"]
        listed = {}
        for cells in (4, 5):
            for row in rows_of("docs/guide.md", cells):
                if match := re.fullmatch(r"(\d+) (\w+)", row[2]):
                    listed[row[0]] = (int(row[1]), int(match.group(1)) * SECONDS[match.group(2).rstrip("s")])
        self.assertEqual(listed, limits)


class RunningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="gatehouse-docs.")
        cls.server = Server(cls.directory.name)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.end()
        cls.directory.cleanup()

    def test_the_readme_is_true_step_by_step(self):
        tour = subprocess.run([str(ROOT / "tools/tour.sh"), self.server.url()], text=True, capture_output=True, timeout=120)
        self.assertEqual(tour.returncode, 0, tour.stderr)
        self.assertRegex(tour.stdout, r"tour: \d\d steps do what README\.md says")

    def test_the_openapi_document_is_kept(self):
        served = self.server.ask("GET", "/openapi.json").body
        path = ROOT / "docs/openapi.json"
        if os.environ.get("GATEHOUSE_GOLDEN") == "write":
            path.write_text(served, encoding="utf-8")
        self.assertEqual(path.read_text(encoding="utf-8"), served, "run ./dev golden and review the diff")

    def test_every_route_is_mentioned(self):
        prose = text_of("README.md") + text_of("docs/guide.md") + text_of("docs/api.md")
        for path, methods in self.server.ask("GET", "/openapi.json").json["paths"].items():
            self.assertIn(path, prose)
            if path.startswith("/v1/"):
                for method in methods:
                    self.assertIn(f"{method.upper()} {path}", prose)

    def test_every_metric_is_listed(self):
        self.server.ask("GET", "/healthz")
        client = Server(self.directory.name)
        client.port = self.server.management_port
        served = set(re.findall(r"^# TYPE (\w+)", client.ask("GET", "/metrics").body, re.M))
        listed = {row[0] for row in rows_of("docs/operations.md", 3) if row[0].startswith("gatehouse_")}
        self.assertEqual(listed, served)


if __name__ == "__main__":
    unittest.main()
