#!/usr/bin/env python3
"""How fast a session is checked: GET /v1/session by many bearer tokens, of which one in twenty is seen for the first
time, while ten sessions a second end, beside nginx that serves a file of the same length to the same requests, in turns
in the same run. And how long it takes until another node refuses a session that has ended. Run it by ./dev bench
session, which builds what it needs, fetches nginx and starts a PostgreSQL.

The load is closed: as many requests as connections wait at any time. So the times of single requests that it prints are
those at full load, and compare with nothing but each other.
"""

import argparse
import contextlib
import datetime
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/program"))
sys.path.insert(0, str(ROOT / "bench"))

import program  # noqa: E402
from load import Load, resident_mib, run_checked  # noqa: E402

# Raised, and not switched off: what a limit costs is part of the answer.
SETTINGS = {"GATEHOUSE_LIMITS__REQUESTS_PER_MINUTE": "10000000", "GATEHOUSE_PUBLIC_URL": "http://127.0.0.1:5000"}


class House:
    """The service on made-up people."""

    def __init__(self, directory, url):
        self.directory = Path(directory)
        self.settings = SETTINGS | {"GATEHOUSE_DATABASE_URL": url}
        self.command("dev", "generate", "--organizations", "100", "--members", "10000", "--days", "30", "--seed", "1")

    def command(self, *words):
        return run_checked(program.PROGRAM, *words, "--dev", env=program.environment(self.settings),
                           cwd=self.directory)

    def start(self):
        server = program.Server(self.directory, self.settings)
        server.start()
        return server

    def tokens(self, server, count, name):
        """The path of a file of requests with as many access tokens, which this server made when sessions were refreshed,
        and the tokens."""
        refresh_tokens = [line.split()[1] for line in self.command("dev", "sessions", "--count", str(count)).splitlines()]
        path, answers = self.directory / name, self.directory / "answers.txt"
        Load.file(path, [("POST", "/v1/token/refresh", None, None, {"refresh_token": each}) for each in refresh_tokens])
        Load(server.port).ask(path, 600, once=True, answers=answers)
        tokens = [json.loads(line)["access_token"] for line in answers.read_text().splitlines()]
        return Load.file(path, [("GET", "/v1/session", token, None, None) for token in tokens]), tokens


@contextlib.contextmanager
def nginx(binary, directory, body):
    """A port at which nginx serves the body, with an access log as it has one by default."""
    directory = Path(directory)
    (port,) = program.free_ports(1)
    (directory / "session.json").write_text(body)
    (directory / "nginx.conf").write_text(f"""
daemon off; master_process on; worker_processes auto; pid {directory}/nginx.pid; error_log {directory}/error.log;
user root; events {{ worker_connections 1024; }}
http {{
  access_log {directory}/access.log; default_type application/json; keepalive_requests 1000000000;
  client_body_temp_path {directory}; proxy_temp_path {directory}; fastcgi_temp_path {directory};
  uwsgi_temp_path {directory}; scgi_temp_path {directory};
  server {{ listen 127.0.0.1:{port} reuseport; location = /v1/session {{ root {directory}; try_files /session.json =404; }} }}
}}
""")
    process = subprocess.Popen([binary, "-p", str(directory), "-c", str(directory / "nginx.conf"), "-e",
                                str(directory / "error.log")], preexec_fn=program.end_with_parent)
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                if program.Client(port).ask("GET", "/v1/session").body == body:
                    break
            except OSError:
                pass
            if time.monotonic() > deadline:
                sys.exit("nginx does not answer: " + (directory / "error.log").read_text()[-1000:])
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def ending_sessions(port, tokens, per_second=10):
    """Somebody signs out that many times a second."""
    stop = threading.Event()

    def sign_out():
        client = program.Client(port)
        for token in tokens:
            if stop.wait(1 / per_second):
                return
            answer = client.ask("POST", "/v1/sign-out", headers={"Authorization": "Bearer " + token})
            if answer.status != 200:
                print(f"signing out: {answer}", file=sys.stderr)
                os._exit(1)

    thread = threading.Thread(target=sign_out, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def measure_checks(options):
    with program.temporary_directory() as directory:
        house = House(directory, f"sqlite:{directory}/gatehouse.db")
        server = house.start()
        idle = resident_mib(server.process)
        known, tokens = house.tokens(server, options.tokens, "known.txt")
        ending, ending_tokens = house.tokens(server, 1000, "ending.txt")
        answer = server.ask("GET", "/v1/session", token=tokens[0])
        assert answer.status == 200, answer
        body = answer.body
        check = Load(server.port)
        check.ask(known, 600, once=True)
        ratios, ours, theirs = [], [], []
        with program.temporary_directory() as web, nginx(os.environ["GATEHOUSE_BENCH_NGINX"], web, body) as port:
            static = Load(port)
            for number in range(options.rounds):
                fresh, _ = house.tokens(server, int(options.seconds * 4_000), "fresh.txt")
                theirs.append(static.ask(known, options.seconds, connections=options.connections, fresh=fresh))
                part = len(ending_tokens) // options.rounds
                with ending_sessions(server.port, ending_tokens[part * number:part * (number + 1)]):
                    ours.append(check.ask(known, options.seconds, connections=options.connections, fresh=fresh))
                if refused := ours[-1]["statuses"].get("401"):
                    sys.exit(f"{refused} requests were refused: the run took longer than the tokens live")
                rates = [found["requests"] / found["seconds"] for found in (theirs[-1], ours[-1])]
                ratios.append(rates[1] / rates[0])
                print(f"round {number + 1}: nginx {rates[0]:9,.0f}/s p99 {theirs[-1]['p99_us'] / 1000:6.2f} ms; "
                      f"session check {rates[1]:9,.0f}/s p99 {ours[-1]['p99_us'] / 1000:6.2f} ms; "
                      f"ratio {ratios[-1]:.2f}", flush=True)
        print(f"session check of {options.tokens:,} tokens, {len(body)} bytes: median ratio to nginx's static body "
              f"{statistics.median(ratios):.2f}; resident memory idle {idle:.0f} MiB, then "
              f"{resident_mib(server.process):.0f} MiB")
        server.stop()


def measure_delays(options):
    """Signs out on one node and asks another one until it refuses."""
    with program.temporary_directory() as directory, program.temporary_directory() as elsewhere, \
            program.postgresql_schema() as url:
        house = House(directory, url)
        first = house.start()
        # The same keys: both nodes are of one cluster.
        (Path(elsewhere) / "var").mkdir()
        (Path(elsewhere) / "var/encryption.key").write_bytes((Path(directory) / "var/encryption.key").read_bytes())
        second = program.Server(elsewhere, house.settings)
        second.start()
        _, tokens = house.tokens(first, options.delays, "tokens.txt")
        here, there = first.client(), second.client()
        delays = []
        for token in tokens:
            headers = {"Authorization": "Bearer " + token}
            time.sleep(random.random() / 4)
            for _ in range(2):
                assert there.ask("GET", "/v1/session", headers=headers).status == 200
            assert here.ask("POST", "/v1/sign-out", headers=headers).status == 200
            begin = time.perf_counter()
            while there.ask("GET", "/v1/session", headers=headers).status == 200:
                time.sleep(0.001)
            delays.append((time.perf_counter() - begin) * 1000)
        edges = [0, 50, 100, 150, 200, 250, 300, 500, 1000, float("inf")]
        print(f"from signing out on one node to the refusal on another one, {len(delays)} times: "
              f"median {statistics.median(delays):.0f} ms, most {max(delays):.0f} ms")
        for low, high in zip(edges, edges[1:]):
            count = sum(low <= delay < high for delay in delays)
            print(f"  {low:>5} to {high:>5} ms {count:5d} {'#' * round(60 * count / len(delays))}")
        first.stop()
        second.stop()


def main():
    parser = argparse.ArgumentParser(prog="./dev bench session", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=100_000, help="that were seen before")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="for each round")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--delays", type=int, default=200, help="sessions that end on another node")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {datetime.date.today()}")
    measure_checks(options)
    measure_delays(options)


if __name__ == "__main__":
    main()
