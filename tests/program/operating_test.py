#!/usr/bin/env python3
"""Running it: starting fast, stopping cleanly, a second instance, foreign hosts, and logs that tell enough and never a
secret."""

import json
import secrets
import socket
import threading
import time
import unittest
import urllib.parse

import program
from program import CHEAP_HASHES, PASSWORD, Server


class Stopping(unittest.TestCase):
    def setUp(self):
        self.directory = self.enterContext(program.temporary_directory())

    def start(self, settings=None):
        server = Server(self.directory, settings)
        self.addCleanup(server.end)
        server.start()
        return server

    def test_a_request_in_flight_is_answered_and_the_database_file_is_whole(self):
        # A hash that takes a good part of a second, so that the signal meets it.
        server = self.start({"GATEHOUSE_PASSWORD__MEMORY_KIB": "131072", "GATEHOUSE_PASSWORD__PASSES": "6"})
        idle = server.client()
        idle.ask("GET", "/healthz")
        answers = []
        begin = time.monotonic()

        def sign_up():
            answers.append((server.sign_up("someone@example.com"), time.monotonic()))

        asking = threading.Thread(target=sign_up)
        asking.start()
        time.sleep(0.1)
        signalled = time.monotonic()
        code, seconds = server.stop()
        asking.join()
        idle.close()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10)
        answer, answered = answers[0]
        self.assertEqual(answer.status, 201, answer)
        self.assertGreater(answered, signalled, f"the sign-up took only {answered - begin:.3f} s: no request was in flight")
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", server.port), timeout=1)
        left = {path.name for path in (self.directory / "var").iterdir()}
        self.assertEqual(left, {"gatehouse.db", "encryption.key"}, "the log of SQLite is checkpointed and gone")
        self.assertLess(server.start(), 10)
        self.assertEqual(server.sign_in("someone@example.com").status, 200)

    def test_a_mail_server_that_hangs_does_not_delay_the_stop(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            server = self.start({"GATEHOUSE_MAIL__SMTP_URL": f"smtp://127.0.0.1:{silent.getsockname()[1]}"})
            for number in range(5):
                self.assertEqual(server.sign_up(f"someone{number}@example.com").status, 201)
            silent.settimeout(10)
            connection, _ = silent.accept()
            with connection:
                code, seconds = server.stop()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 8, "a letter that can't be sent is left in the outbox")

    def test_idle_and_slow_connections_do_not_delay_the_stop(self):
        server = self.start({"GATEHOUSE_HTTP__HEADER_TIMEOUT_SECONDS": "1"})
        idle = [server.client() for _ in range(20)]
        for client in idle:
            client.ask("GET", "/healthz")
        half_sent = socket.create_connection(("127.0.0.1", server.port))
        half_sent.sendall(b"POST /signup HTTP/1.1\r\nHost: localhost\r\nContent-Le")
        code, seconds = server.stop()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 5)
        half_sent.close()
        for client in idle:
            client.close()

    def test_more_connections_than_files_a_shell_allows_are_served(self):
        server = Server(self.directory, wrapper=("prlimit", "--nofile=128:4096"))
        self.addCleanup(server.end)
        server.start()
        connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
        self.assertEqual(server.sign_up("someone@example.com").status, 201)
        for connection in connections:
            connection.close()
        self.assertIn("fewer files may be open than http.connections takes", server.log_text())

    def test_a_second_start_takes_less_than_two_seconds(self):
        server = self.start()
        server.stop()
        seconds = server.start()
        print(f"second start: {seconds:.3f} s")
        self.assertLess(seconds, 2)

    def test_a_second_instance_on_the_same_port_is_refused_and_the_first_goes_on(self):
        server = self.start()
        link = server.setup_code()
        done = server.run("serve", "--dev")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"^gatehouse: can't listen on 127\.0\.0\.1 port ({server.port}|"
                         rf"{server.management_port}): Address already in use\n$")
        self.assertEqual(server.sign_up("someone@example.com").status, 201)
        made = server.ask("POST", "/setup", form={"token": link, "email": "op@example.com", "password": PASSWORD})
        self.assertEqual(made.status, 200, "the refused one has not replaced the setup link of the first")

    def test_a_database_that_is_none_is_refused(self):
        (self.directory / "notes.txt").write_text("This is no database. " * 500)
        done = program.run("serve", "--dev", directory=self.directory, settings={
            "GATEHOUSE_DATABASE_URL": f"sqlite:{self.directory}/notes.txt", "GATEHOUSE_LISTEN": "127.0.0.1:0"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("not a database", done.stderr)


class Hosts(unittest.TestCase):
    def test_dev_answers_loopback_hosts_only(self):
        server = Server(self.enterContext(program.temporary_directory()))
        self.addCleanup(server.end)
        server.start()
        for host in ("evil.example", "evil.example:5000", f"127.0.0.1.evil.example:{server.port}", "192.0.2.1"):
            self.assertEqual(server.ask("GET", "/healthz", headers={"Host": host}).status, 421, host)
            self.assertEqual(server.ask("GET", "/dev/mail", headers={"Host": host}).status, 421, host)
        for host in (f"127.0.0.1:{server.port}", f"localhost:{server.port}", "localhost", f"[::1]:{server.port}"):
            self.assertEqual(server.ask("GET", "/healthz", headers={"Host": host}).status, 204, host)


class Logs(unittest.TestCase):
    """Secrets with a mark in them go through every door that takes one, rightly and wrongly used."""

    def setUp(self):
        self.mark = "canary" + secrets.token_hex(6)
        self.server = Server(self.enterContext(program.temporary_directory()), CHEAP_HASHES | {
            "GATEHOUSE_LOG__LEVEL": "debug", "GATEHOUSE_LOG__FORMAT": "json", "GATEHOUSE_LIMITS__ENABLED": "false"})
        self.addCleanup(self.server.end)
        self.server.start()
        self.planted = []

    def plant(self, *texts):
        self.planted += texts
        return texts[0]

    def password(self, name):
        return self.plant(f"{name} lanterns {self.mark} harbour")

    def mailed_token(self, email, path):
        return self.plant(self.server.mailed_token(email, path))

    def use_every_door(self):
        """Returns the ids of the requests that it made."""
        ids, email = [], "founder@example.com"

        def ask(*words, **more):
            answer = self.server.ask(*words, **more)
            ids.append(answer.headers["x-request-id"])
            return answer

        first, second, third = map(self.password, ("seven", "eight", "nine"))
        organization = self.server.sign_up(email, first).json
        self.server.sign_up(email, second)
        ask("POST", "/v1/email/verify", body={"token": self.mailed_token(email, "/verify-email")})
        self.server.sign_in(email, second)
        signed_in = self.server.sign_in(email, first).json
        token = self.plant(signed_in["access_token"])
        refresh = self.plant(signed_in["refresh_token"])
        ask("GET", "/v1/session", token=token)
        ask("GET", "/v1/session", token=token + "x")
        ask("GET", "/v1/session?access_token=" + token)
        renewed = ask("POST", "/v1/token/refresh", body={"refresh_token": refresh}).json
        self.plant(renewed["refresh_token"], renewed["access_token"])
        ask("POST", "/reset-password", body={"email": email})
        reset = self.mailed_token(email, "/reset-password")
        ask("GET", "/reset-password?token=" + reset)
        ask("GET", "/verify-email?token=" + reset)
        ask("POST", "/reset-password", body={"token": reset, "new_password": third})
        ask("POST", "/reset-password", body={"token": reset, "new_password": third, "extra": third})
        token = self.plant(self.server.sign_in(email, third).json["access_token"])
        ask("POST", "/invite-member", token=token, body={
            "recipient": "colleague@example.com", "organization_id": organization["organization"]["id"], "role": "member"})
        invitation = self.mailed_token("colleague@example.com", "/accept-invite")
        ask("GET", "/accept-invite?token=" + invitation)
        ask("GET", f"/accept-invite?token={invitation}&password={urllib.parse.quote(first)}")
        ask("POST", "/accept-invite", form={"token": invitation, "email": "colleague@example.com", "password": first})
        ask("POST", "/signin", body=[email, first])
        ask("GET", "/nowhere?password=" + urllib.parse.quote(first))
        ask("GET", "/reset-password/" + reset)
        ask("GET", "/v1/session/" + token)
        self.server.ask("GET", "/healthz", headers={"Cookie": "session=" + self.mark})
        setup = self.plant(self.server.setup_code())
        ask("POST", "/setup", form={"token": setup, "email": "op@example.com", "password": second})
        ask("GET", "/setup?token=" + setup)
        return ids

    def test_no_secret_is_logged_and_every_request_line_has_its_id(self):
        asked = self.use_every_door()
        answer = self.server.ask("GET", "/v1/session")
        asked.append(answer.headers["x-request-id"])
        self.assertEqual(self.server.stop()[0], 0)
        text = self.server.log_text()
        key = (self.server.directory / "var/encryption.key").read_text().strip().partition(":")[2]
        # What a token is made of counts as well: its last 30 characters are secret, whatever the log masks before them.
        traces = {self.mark, key} | {secret[-30:] for secret in self.planted}
        hits = [trace for trace in traces for form in (trace, urllib.parse.quote(trace)) if form in text]
        self.assertEqual(hits, [], f"{len(hits)} secrets of {len(self.planted)} in the log")
        lines = [json.loads(line) for line in text.splitlines()]
        requests = [line for line in lines if line["msg"] == "request"]
        for line in requests:
            self.assertRegex(line["request_id"], r"^req_[0-9a-z]{26}$")
            self.assertLessEqual({"ts", "level", "method", "route", "path", "status", "duration_ms", "client"}, line.keys())
        ids = [line["request_id"] for line in requests]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertLessEqual(set(asked), set(ids))
        self.assertEqual(answer.json["request_id"], answer.headers["x-request-id"])
        print(f"planted: {len(self.planted)}, in {len(lines)} lines of log: {len(hits)}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
