#!/usr/bin/env python3
"""Acknowledged means synced. A kill proves no durability, since the kernel keeps what a dead program wrote; so strace
watches what SQLite asks of the disk between a request and its answer. PostgreSQL does this itself, unless it is told
not to, and then the program refuses to start."""

import re
import secrets
import time
import unittest
import urllib.parse

import program
from program import CHEAP_HASHES, Server, psql

SIGN_UPS = 40


class Calls:
    """What strace wrote about one file: when data was written to it, and when a sync of it was over."""

    LINE = re.compile(r"^(?P<thread>\d+) +(?P<time>\d+\.\d+) (?P<rest>.*)$")

    def __init__(self, text, path):
        self.writes = []
        self.syncs = []
        waiting = {}
        for line in text.splitlines():
            match = self.LINE.match(line)
            if not match:
                continue
            thread, at, rest = match["thread"], float(match["time"]), match["rest"]
            if f"<{path}>" in rest and re.match(r"p?write", rest):
                self.writes.append(at)
            elif f"<{path}>" in rest and re.match(r"(fsync|fdatasync)\(", rest):
                if "<unfinished" in rest:
                    waiting[thread] = at
                elif rest.endswith("= 0"):
                    self.syncs.append((at, at))
            elif re.match(r"<\.\.\. (fsync|fdatasync) resumed>", rest) and thread in waiting and rest.endswith("= 0"):
                self.syncs.append((waiting.pop(thread), at))

    def is_synced(self, asked_at, answered_at):
        """All that was written between the two, and there was something, was synced before the answer."""
        writes = [at for at in self.writes if asked_at <= at <= answered_at]
        return bool(writes) and any(writes[-1] <= begin and end <= answered_at for begin, end in self.syncs)


class SqliteSyncs(unittest.TestCase):
    def test_every_acknowledged_sign_up_was_synced_before_its_answer(self):
        with program.temporary_directory() as directory:
            trace = directory / "trace"
            # With --daemonize the child that we know is the program, not strace. Nothing else writes: no mail.
            server = Server(directory, CHEAP_HASHES | {"GATEHOUSE_DATABASE_URL": f"sqlite:{directory}/gatehouse.db",
                                                       "GATEHOUSE_LIMITS__ENABLED": "false",
                                                       "GATEHOUSE_MAIL__ENABLED": "false"},
                            wrapper=("strace", "--daemonize", "--follow-forks", "--quiet=all", "-ttt", "--decode-fds=path",
                                     "--string-limit=0", "--trace=write,pwrite64,writev,pwritev,fsync,fdatasync",
                                     f"--output={trace}"))
            self.addCleanup(server.end)
            server.start()
            client = server.client()
            windows = []
            for number in range(SIGN_UPS):
                asked_at = time.time()
                answer = client.sign_up(f"person{number}@example.com")
                windows.append((asked_at, time.time()))
                self.assertEqual(answer.status, 201, answer)
            client.close()
            self.assertEqual(server.stop()[0], 0)
            calls = Calls(trace.read_text(), f"{directory}/gatehouse.db-wal")
            synced = sum(calls.is_synced(*window) for window in windows)
            print(f"acknowledged: {SIGN_UPS}, synced before the answer: {synced}, "
                  f"syncs of the log in all: {len(calls.syncs)}")
            self.assertEqual(synced, SIGN_UPS)

    def test_the_reading_of_the_trace_sees_a_missing_a_late_and_an_early_sync(self):
        wal = "/tmp/a.db-wal"
        write = f"7 100.2 pwrite64(9<{wal}>, \"\"..., 4096, 32) = 4096\n"
        sync = "8 100.{at} fdatasync(9<" + wal + ">) = 0\n"
        self.assertTrue(Calls(write + sync.format(at=3), wal).is_synced(100.1, 100.4))
        self.assertFalse(Calls(write, wal).is_synced(100.1, 100.4))
        self.assertFalse(Calls(write + sync.format(at=5), wal).is_synced(100.1, 100.4))
        self.assertFalse(Calls(sync.format(at=15) + write, wal).is_synced(100.1, 100.4))
        self.assertFalse(Calls(write + sync.format(at=3).replace("= 0", "= -1 EIO"), wal).is_synced(100.1, 100.4))
        self.assertFalse(Calls(sync.format(at=3), wal).is_synced(100.1, 100.4))
        halves = f"8 100.3 fdatasync(9<{wal}> <unfinished ...>\n8 100.5 <... fdatasync resumed>) = 0\n"
        self.assertFalse(Calls(write + halves, wal).is_synced(100.1, 100.4))
        self.assertTrue(Calls(write + halves, wal).is_synced(100.1, 100.6))


class PostgresqlSyncs(unittest.TestCase):
    PLANTED = "porcelain-" + secrets.token_hex(8)

    def refused(self, url):
        with program.temporary_directory() as directory:
            done = program.run("serve", "--dev", directory=directory, settings={
                "GATEHOUSE_LISTEN": "127.0.0.1:0", "GATEHOUSE_MANAGEMENT_LISTEN": "off", "GATEHOUSE_DATABASE_URL": url})
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("synchronous_commit = off", done.stderr)
        self.assertIn("would not survive a crash", done.stderr)
        self.assertNotIn(self.PLANTED, done.stderr + done.stdout)

    def test_synchronous_commit_switched_off_in_the_url_is_refused(self):
        with program.postgresql_schema() as url:
            self.refused(url + urllib.parse.quote(" -csynchronous_commit=off"))

    def test_synchronous_commit_switched_off_for_the_role_is_refused(self):
        role = "gatehouse_program_" + secrets.token_hex(8)
        parts = urllib.parse.urlsplit(program.cluster_url())
        psql(f"CREATE ROLE {role} LOGIN PASSWORD '{self.PLANTED}'; ALTER ROLE {role} SET synchronous_commit = off")
        try:
            self.refused(parts._replace(netloc=f"{role}:{self.PLANTED}@{parts.netloc.rpartition('@')[2]}").geturl())
        finally:
            psql(f"DROP ROLE {role}")

    def test_a_schema_with_synchronous_commit_on_is_served(self):
        with program.postgresql_schema() as url, program.temporary_directory() as directory:
            server = Server(directory, CHEAP_HASHES | {"GATEHOUSE_DATABASE_URL": url})
            self.addCleanup(server.end)
            server.start()
            self.assertEqual(server.sign_up("someone@example.com").status, 201)
            self.assertEqual(server.stop()[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
