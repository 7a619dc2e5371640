#!/usr/bin/env python3
"""The documentation says what the program does: tables against the sources and the running program, commands by running
them, and docs/openapi.json against the document that is served (GATEHOUSE_GOLDEN=write rewrites it).
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/program"))

import import_test  # noqa: E402
import program  # noqa: E402
from program import Server, run  # noqa: E402

# The parts of the documentation that tools/tour.sh runs, and what they need beside an empty folder.
A_SERVER, SOMETHING_TO_IMPORT, A_CONFIGURATION = range(3)
TOURS = {
    "README.md": (A_SERVER, ["## Five-minute tour"]),
    "docs/api.md": (A_SERVER, ["## A tour of /v1"]),
    "docs/errors.md": (A_SERVER, ["# Errors"]),
    "docs/import.md": (SOMETHING_TO_IMPORT, ["## Running it"]),
    "docs/operations.md": (A_CONFIGURATION, ["### On the command line", "## Backups"]),
}
# How the other blocks of commands begin, and why they are not run here.
NOT_RUN = {
    "$ ./dev run": "builds the program; its tests start it by themselves",
    "$ ./dev test": "runs this test",
    "sudo -u postgres createuser": "needs root, and asks for a password",
    "useradd --system": "needs root, and makes a user and folders of the machine",
    "curl -i http://127.0.0.1:3000/invoices": "tests/snippets runs it against each of the applications",
}

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


def documents():
    return ["README.md", "CONTRIBUTING.md", "SECURITY.md", *sorted(path.relative_to(ROOT).as_posix() for path in [
        *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")])]


def blocks_of(path):
    """(the headings above it, its language, its text) of each fenced block."""
    headings, language, lines = {}, None, []
    for line in text_of(path).splitlines():
        if line.startswith("```") and language is None:
            language, lines = line[3:], []
        elif line.startswith("```"):
            yield set(headings.values()), language, "\n".join(lines)
            language = None
        elif language is not None:
            lines.append(line)
        elif match := re.match(r"#+(?= )", line):
            level = len(match.group())
            headings = {above: text for above, text in headings.items() if above < level} | {level: line}


class CommandsTest(unittest.TestCase):
    def test_every_block_of_commands_is_run_or_says_why_not(self):
        left = []
        for path in documents():
            parts = set(TOURS[path][1]) if path in TOURS else set()
            left += [text for headings, language, text in blocks_of(path)
                     if language in ("sh", "bash", "shell", "console") and not headings & parts]
        reasons = [[start for start in NOT_RUN if text.startswith(start)] for text in left]
        self.assertEqual(sorted(reasons), sorted([start] for start in NOT_RUN), left)

    def test_every_command_that_prose_names_is_one(self):
        spans = [span for path in documents() for span in re.findall(r"`(?:[^`\n]*-- )?gatehouse ([a-z][^`]*)`", text_of(path))]
        table = [cell for row in re.findall(r"^## Commands\n(.*?)^## ", text_of("docs/operations.md"), re.M | re.S)
                 for cell in re.findall(r"^\| (.*?) \| ", row, re.M) for cell in re.findall(r"`(.*?)`", cell)]
        self.assertGreater(len(table), 20)
        for words in map(str.split, sorted({*spans, *table})):
            count = next((at for at, word in enumerate(words) if not re.fullmatch(r"[a-z][a-z\\|-]*", word)), len(words))
            for last in words[count - 1].split("\\|"):
                command = [*words[:count - 1], last]
                with self.subTest(" ".join(command)):
                    done = run(*command, "--help")
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertIn(f"Usage: gatehouse {' '.join(command)} [", done.stdout.splitlines()[1])
                    for flag in (word for word in words[count:] if word.startswith("--")):
                        self.assertIn(f" {flag} ", done.stdout)


    def test_the_configuration_that_operations_shows_is_good(self):
        [text] = [text for _, language, text in blocks_of("docs/operations.md") if language == "toml"]
        with program.temporary_directory() as folder:
            (folder / "gatehouse.toml").write_text(text.replace("/etc/gatehouse", str(folder)), encoding="utf-8")
            (folder / "smtp-url").write_text("smtps://user:password@mail.example.com:465\n", encoding="utf-8")
            (folder / "encryption.key").write_text(run("keys", "generate").stdout, encoding="utf-8")
            for name in ("smtp-url", "encryption.key"):
                (folder / name).chmod(0o600)
            done = run("config", "validate", "--config", str(folder / "gatehouse.toml"))
            self.assertEqual((done.returncode, done.stdout), (0, "the configuration is good\n"), done.stderr)


class TablesTest(unittest.TestCase):
    maxDiff = None

    def test_every_error_code_is_listed_with_its_status(self):
        table = re.findall(r'ErrorCode k\w+\{\s*"(\w+)", (\d+),', text_of("src/base/errors.h"))
        self.assertGreater(len(table), 20)
        listed = {row[0]: row[1] for row in rows_of("docs/errors.md", 3)}
        self.assertEqual(listed, dict(table))
        for code, _ in table:
            self.assertIn(f'<a id="{code}"></a>', text_of("docs/errors.md"))

    def test_every_action_of_the_audit_log_is_listed_once(self):
        actions = re.findall(r'std::string_view k\w+ = "(\w+\.\w+)";', text_of("src/domain/audit.h"))
        self.assertGreater(len(actions), 50)
        listed = [action for row in rows_of("docs/api.md", 2) for action in re.findall(r"\w+\.\w+", row[0])]
        self.assertEqual(sorted(listed), sorted(actions))

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
        per_minute = re.search(r'"limits.requests_per_minute", kNumber, kOpen, "(\d+)"', text_of("src/app/config_settings.cc"))
        limits["api"] = (int(per_minute.group(1)), 60)
        listed = {}
        for cells in (4, 5):
            for row in rows_of("docs/guide.md", cells):
                if match := re.fullmatch(r"(\d+) (\w+)", row[2]):
                    listed[row[0]] = (int(row[1]), int(match.group(1)) * SECONDS[match.group(2).rstrip("s")])
        self.assertEqual(listed, limits)


class ToursTest(unittest.TestCase):
    """Each file has a folder of its own, and all are read at once, since one of them waits for 15 seconds."""

    def folder(self):
        folder = Path(self.enterContext(program.temporary_directory()))
        (folder / "bin").mkdir()
        (folder / "bin/gatehouse").symlink_to(program.PROGRAM)
        return folder

    def start(self, path, folder, settings, parts, url=()):
        """tools/tour.sh over these parts of the file, one after the other."""
        lines = [f'"$0" {ROOT / path} {shlex.quote(heading)} {" ".join(url)}' for heading in parts]
        environment = program.environment(settings) | {"PATH": f"{folder}/bin:{os.environ['PATH']}"}
        return subprocess.Popen(["bash", "-ec", "\n".join(lines), ROOT / "tools/tour.sh"], cwd=folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                preexec_fn=program.end_with_parent)

    def start_with_server(self, path, parts):
        server = Server(self.folder(), program.CHEAP_HASHES)
        self.addCleanup(server.end)
        server.start()
        return self.start(path, server.directory, program.CHEAP_HASHES, parts, [server.url()])

    def production(self):
        return {"GATEHOUSE_PUBLIC_URL": "https://auth.example.com", "GATEHOUSE_DATABASE_URL": "sqlite:gatehouse.db",
                "GATEHOUSE_ENCRYPTION_KEY": run("keys", "generate").stdout.strip(), "GATEHOUSE_MAIL__ENABLED": "false"}

    def start_import(self, path, parts):
        folder = self.folder()
        import_test.sqlite_service(folder / "app.db", [
            ("organization", 1, "Umbra", 1, None, None, "2023-04-05 06:07:08", None),
            ("user", 1, "eve@umbra.example", import_test.werkzeug("scrypt:1024:8:1"), None, 1, None, None, None),
            ("role", 1, "owner", None, 1), ("member", 1, 1, 1, 1, 1, None, None, None)])
        [people] = [text for _, _, text in blocks_of(path) if text.startswith('{"kind":')]
        (folder / "people.ndjson").write_text(people, encoding="utf-8")
        return self.start(path, folder, self.production(), parts)

    def test_what_is_shown_is_what_happens(self):
        tours = {}
        for path, (needed, parts) in TOURS.items():
            if needed == A_SERVER:
                tours[path] = self.start_with_server(path, parts)
            elif needed == SOMETHING_TO_IMPORT:
                tours[path] = self.start_import(path, parts)
            else:
                tours[path] = self.start(path, self.folder(), self.production(), parts)
        for path, tour in tours.items():
            with self.subTest(path):
                out, err = tour.communicate(timeout=120)
                self.assertEqual(tour.returncode, 0, err)
                self.assertEqual(len(re.findall(r"^tour: \d+ steps do what", out, re.M)), len(TOURS[path][1]), out)


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

    def test_every_permission_is_listed_with_its_roles(self):
        self.server.sign_up("ada@example.com")
        token = self.server.sign_in("ada@example.com").json["access_token"]
        served = {row["key"]: [row["description"], *row["roles"]]
                  for row in self.server.ask("GET", "/v1/permissions", token=token).json["data"]}
        listed = {}
        for key, *cells, meaning in rows_of("docs/guide.md", 5):
            if ":" in key:
                listed[key] = [meaning, *(role for role, cell in zip(("owner", "admin", "member"), cells) if cell == "yes")]
        self.assertEqual(listed, served)

    def test_every_metric_is_listed(self):
        self.server.ask("GET", "/healthz")
        client = Server(self.directory.name)
        client.port = self.server.management_port
        served = set(re.findall(r"^# TYPE (\w+)", client.ask("GET", "/metrics").body, re.M))
        listed = {row[0] for row in rows_of("docs/operations.md", 3) if row[0].startswith("gatehouse_")}
        self.assertEqual(listed, served)


if __name__ == "__main__":
    unittest.main()
