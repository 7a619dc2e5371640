#!/usr/bin/env python3
"""The command line and the configuration of the built program: words, exit codes (0 done, 1 failed, 2 no sense), what
is refused and how clearly, and that secrets stay out of arguments and of what is printed."""

import base64
import json
import os
import secrets
import stat
import subprocess
import tomllib
import unittest

import program
from program import ROOT, Server, run

COMMANDS = ["serve", "migrate", "migrate status", "migrate up", "operator", "operator create", "operator setup-link",
            "operator reset-password", "import", "import original", "import users", "keys", "keys generate", "keys rotate",
            "keys reseal", "mail", "mail test", "config", "config validate", "config show", "config template", "version", "healthcheck",
            "stats", "stats verify", "stats rebuild"]
PLANTED = "porcelain-" + secrets.token_hex(8)


def new_key(name="1"):
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def production(**more):
    return {"GATEHOUSE_PUBLIC_URL": "https://auth.example.com", "GATEHOUSE_ENCRYPTION_KEY": new_key(),
            "GATEHOUSE_MAIL__SMTP_URL": f"smtps://mailer:{PLANTED}@mail.example.com:465",
            "GATEHOUSE_MAIL__FROM": "Example <no-reply@example.com>"} | more


class InDirectory(unittest.TestCase):
    def setUp(self):
        self.directory = self.enterContext(program.temporary_directory())

    def write(self, name, text, mode=0o600):
        path = self.directory / name
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def run_here(self, *words, settings=None, stdin=""):
        return run(*words, settings=settings, stdin=stdin, directory=self.directory)

    def assert_fails(self, done, *texts):
        """With 1, and all of these texts on standard error."""
        self.assertEqual(done.returncode, 1, done)
        for text in texts:
            self.assertIn(text, done.stderr)
        self.assertNotIn(PLANTED, done.stdout + done.stderr)


class Words(InDirectory):
    def test_every_command_has_help(self):
        for command in COMMANDS:
            done = self.run_here(*command.split(), "--help")
            self.assertEqual(done.returncode, 0, command)
            self.assertIn("Usage: gatehouse " + command, done.stdout)
            self.assertEqual(done.stderr, "", command)
        listed = self.run_here("--help").stdout
        for command in COMMANDS:
            self.assertIn(command.split()[0], listed)

    def test_every_setting_is_in_the_help_with_its_variable(self):
        text = self.run_here("serve", "--help").stdout
        for variable in ("GATEHOUSE_LISTEN", "GATEHOUSE_MANAGEMENT_LISTEN", "GATEHOUSE_PUBLIC_URL", "GATEHOUSE_DATABASE_URL",
                         "GATEHOUSE_MAIL__SMTP_URL", "GATEHOUSE_MAIL__FROM", "GATEHOUSE_TRUSTED_PROXIES",
                         "GATEHOUSE_CORS_ORIGINS", "GATEHOUSE_APP_URL", "GATEHOUSE_LIMITS__ENABLED"):
            self.assertIn(variable, text)

    def test_words_that_make_no_sense_exit_with_2(self):
        for words in ([], ["frobnicate"], ["serve", "--frobnicate"], ["keys"], ["keys", "frobnicate"], ["operator", "create"],
                      ["mail", "test"], ["version", "extra"]):
            done = self.run_here(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("--help", done.stderr)

    def test_version(self):
        done = self.run_here("version")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^gatehouse \d+\.\d+\.\d+\n$")

    def test_secrets_are_never_taken_as_arguments(self):
        self.assertEqual(self.run_here("operator", "create", "op@example.com", "--dev", PLANTED).returncode, 2)
        self.assertEqual(self.run_here("operator", "create", "op@example.com", "--dev", "--password", PLANTED).returncode, 2)
        self.assertEqual(self.run_here("serve", "--encryption-key", new_key()).returncode, 2)
        for words in (["--database-url", f"postgresql://u:{PLANTED}@127.0.0.1/d"],
                      ["--mail-smtp-url", f"smtps://u:{PLANTED}@127.0.0.1:465"]):
            self.assert_fails(self.run_here("config", "validate", "--dev", *words), "every user can read arguments",
                              words[0] + "-file")


class Configuration(InDirectory):
    def test_production_says_all_that_is_missing_at_once(self):
        for command in (["serve"], ["config", "validate"]):
            self.assert_fails(self.run_here(*command), "public_url", "encryption_key", "mail.smtp_url", "mail.from")
        self.assertEqual(list(self.directory.iterdir()), [], "a refused start leaves nothing behind")

    def test_what_validate_calls_good_is_good(self):
        done = self.run_here("config", "validate", settings=production())
        self.assertEqual((done.returncode, done.stdout), (0, "the configuration is good\n"), done.stderr)

    def test_unknown_keys_stop_the_start_with_a_suggestion(self):
        self.assert_fails(self.run_here("serve", settings=production(GATEHOUSE_PUBLIC_URI="https://a.example")),
                          "GATEHOUSE_PUBLIC_URI is no setting; did you mean GATEHOUSE_PUBLIC_URL?")
        path = self.write("gatehouse.toml", "[mail]\nsmpt_url = \"smtp://localhost\"\n")
        self.assert_fails(self.run_here("serve", "--config", path, settings=production()),
                          "mail.smpt_url is no setting", "gatehouse.toml:2", "did you mean mail.smtp_url?")

    def test_flags_are_stronger_than_the_environment_and_that_than_the_file(self):
        path = self.write("gatehouse.toml", 'app_url = "https://file.example"\naudience = "file"\nsignup = "closed"\n')
        settings = {"GATEHOUSE_CONFIG": path, "GATEHOUSE_AUDIENCE": "environment",
                    "GATEHOUSE_APP_URL": "https://environment.example"}
        shown = tomllib.loads(self.run_here("config", "show", "--app-url", "https://flag.example", settings=settings).stdout)
        self.assertEqual((shown["app_url"], shown["audience"], shown["signup"]),
                         ("https://flag.example", "environment", "closed"))

    def test_show_masks_secrets(self):
        settings = production(GATEHOUSE_DATABASE_URL=f"postgresql://u:{PLANTED}@db.example/d")
        done = self.run_here("config", "show", "--origin", settings=settings)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(PLANTED, done.stdout)
        self.assertNotIn(settings["GATEHOUSE_ENCRYPTION_KEY"].partition(":")[2], done.stdout)
        shown = tomllib.loads(done.stdout)
        self.assertEqual(shown["encryption_key"], "***")
        self.assertEqual(shown["database_url"], "postgresql://u:***@db.example/d")
        self.assertEqual(shown["mail"]["smtp_url"], "smtps://mailer:***@mail.example.com:465")
        self.assertIn("# GATEHOUSE_PUBLIC_URL", done.stdout)

    def test_the_template_is_toml_and_holds_the_defaults(self):
        template = self.run_here("config", "template").stdout
        self.assertEqual(tomllib.loads(template).keys() - {"mail", "limits", "operator", "signing", "log", "password", "http",
                                                           "database", "policy"}, set())
        filled = "".join(line[1:] if line.startswith("#") and not line.startswith("# ") else line
                         for line in template.splitlines(keepends=True))
        path = self.write("gatehouse.toml", filled)
        self.assertEqual(tomllib.loads(filled)["http"]["header_bytes"], 16384)
        self.assertEqual(self.run_here("config", "show", "--config", path).stdout, self.run_here("config", "show").stdout)

    def test_the_key_from_a_private_file_serves_and_from_an_open_one_does_not(self):
        settings = production(GATEHOUSE_PUBLIC_URL="http://127.0.0.1:9", GATEHOUSE_MAIL__ENABLED="false")
        del settings["GATEHOUSE_ENCRYPTION_KEY"]
        path = self.write("key", new_key() + "\n")
        server = Server(self.directory, settings | {"GATEHOUSE_ENCRYPTION_KEY_FILE": path,
                                                    "GATEHOUSE_DATABASE_URL": f"sqlite:{self.directory}/new/gatehouse.db"},
                        words=())
        self.addCleanup(server.end)
        (self.directory / "new").mkdir()
        server.start()
        self.assertEqual(server.sign_up("someone@example.com").status, 201)
        self.assertEqual(server.ask("GET", "/dev/mail").status, 404, "the mailbox is for --dev only")
        self.assertEqual(server.stop()[0], 0)
        os.chmod(path, 0o644)
        self.assert_fails(server.run("serve"), "encryption_key", "chmod 600")

    def test_another_key_than_the_database_was_made_with_is_refused(self):
        settings = {"GATEHOUSE_DATABASE_URL": f"sqlite:{self.directory}/gatehouse.db", "GATEHOUSE_MANAGEMENT_LISTEN": "off"}
        server = Server(self.directory, settings)
        self.addCleanup(server.end)
        server.start()
        server.stop()
        self.assert_fails(self.run_here("keys", "rotate", settings=production(**settings)), "encryption key")

    def test_dev_listens_on_loopback_only(self):
        for name in ("GATEHOUSE_LISTEN", "GATEHOUSE_MANAGEMENT_LISTEN"):
            for address in ("0.0.0.0:5999", "[::]:5999", "192.0.2.1:5999"):
                self.assert_fails(self.run_here("serve", "--dev", settings={name: address}),
                                  name.removeprefix("GATEHOUSE_").lower(), "must be a loopback address under --dev")
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_limits_can_be_switched_off_on_loopback_only(self):
        self.assert_fails(self.run_here("serve", settings=production(GATEHOUSE_LIMITS__ENABLED="false",
                                                                     GATEHOUSE_LISTEN="0.0.0.0:5999")),
                          "limits.enabled may be false only when listen and public_url are loopback addresses")

    def test_what_dev_makes_is_private(self):
        server = Server(self.directory)
        self.addCleanup(server.end)
        server.start()
        server.stop()
        found = {str(path.relative_to(self.directory)): stat.S_IMODE(path.stat().st_mode)
                 for path in self.directory.rglob("*") if path.name not in ("out.txt", "log.txt")}
        self.assertEqual(found, {"var": 0o700, "var/encryption.key": 0o600, "var/gatehouse.db": 0o600})


class SmallCommands(InDirectory):
    def test_migrate_status_and_up(self):
        settings = {"GATEHOUSE_DATABASE_URL": f"sqlite:{self.directory}/gatehouse.db"}
        before = self.run_here("migrate", "status", settings=settings)
        self.assert_fails(before, "gatehouse migrate up")
        self.assertRegex(before.stdout, r"^applied 0 of [1-9]\d*\n$")
        up = self.run_here("migrate", "up", settings=settings)
        self.assertEqual(up.returncode, 0, up.stderr)
        after = self.run_here("migrate", "status", settings=settings)
        self.assertEqual(after.returncode, 0, after.stderr)
        self.assertRegex(after.stdout, r"^applied (\d+) of \1\n$")
        self.assertEqual(self.run_here("migrate", "up", settings=settings).stdout, "applied 0\n")

    def test_healthcheck(self):
        server = Server(self.directory)
        self.addCleanup(server.end)
        self.assert_fails(server.run("healthcheck"), f"no healthy answer from 127.0.0.1:{server.port}")
        server.start()
        self.assertEqual(server.run("healthcheck").returncode, 0)
        server.stop()
        self.assertEqual(server.run("healthcheck").returncode, 1)

    def test_mail_test_sends_a_letter_and_says_what_the_server_answered(self):
        events = self.directory / "events"
        smtp = subprocess.Popen(["/usr/bin/python3", str(ROOT / "tests/support/smtp_server.py"), "--output", str(events)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            port = int(smtp.stdout.readline().split()[1])
            settings = {"GATEHOUSE_MAIL__SMTP_URL": f"smtp://127.0.0.1:{port}",
                        "GATEHOUSE_MAIL__FROM": "Example <no-reply@example.com>"}
            done = self.run_here("mail", "test", "--to", "someone@example.org", settings=settings)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("250", done.stdout)
            arrived = [event for event in map(json.loads, events.read_text().splitlines()) if event["event"] == "message"]
            self.assertEqual([letter["rcpt_tos"] for letter in arrived], [["someone@example.org"]])
            self.assertEqual(arrived[0]["from"], "no-reply@example.com")
            self.assert_fails(self.run_here("mail", "test", "--to", "no address", settings=settings), "--to")
            self.assert_fails(self.run_here("mail", "test", "--to", "a@example.org"), "mail.smtp_url", "mail.from")
        finally:
            smtp.stdin.close()
            smtp.wait(10)
            smtp.stdout.close()
        self.assert_fails(self.run_here("mail", "test", "--to", "someone@example.org", settings=settings),
                          "the letter was not sent")


if __name__ == "__main__":
    unittest.main(verbosity=2)
