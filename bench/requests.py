#!/usr/bin/env python3
"""What requests cost beside their limits: the same work by the libraries alone, in a loop without a server, in the same
run on the same machine. Sign-in and sign-up beside the bare Argon2id loop, refresh beside the bare rotation with its
signature on both databases; the session check while sign-ins saturate the hashers; sign-in at three times what the
machine can do; start and memory. Run it by ./dev bench requests, which builds what it needs and starts a PostgreSQL.

The load shares the cores with what it measures, and so do the limits. Limits of requests, audit, letters and the access
log are on.
"""

import argparse
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
from load import BARE_BENCH, Load, resident_mib, run_checked  # noqa: E402

PEOPLE_OF_ONE = 100  # organization
MOST_WHO_SIGN_IN = 10_000
SESSIONS_OF_ONE = 500  # of each connection of bare_bench
# As an operator behind a proxy has it: the proxy says who asks. The limit is raised, and not switched off.
SETTINGS = {"GATEHOUSE_LIMITS__REQUESTS_PER_MINUTE": "10000000", "GATEHOUSE_PUBLIC_URL": "http://127.0.0.1:5000",
            "GATEHOUSE_TRUSTED_PROXIES": "127.0.0.1/32"}


def network_of(number):
    return f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class House:
    """The service on a database with people of whom each can sign in."""

    def __init__(self, directory, url, people):
        self.directory = Path(directory)
        self.url = url
        self.settings = SETTINGS | {"GATEHOUSE_DATABASE_URL": url}
        self.command("dev", "generate", "--organizations", str(max(1, people // PEOPLE_OF_ONE)), "--members", str(people),
                     "--days", "365", "--seed", "1", "--password", program.PASSWORD)
        # Of many people those in the oldest organizations sign in.
        emails = {email: None for _, _, email in self.tokens(min(people, MOST_WHO_SIGN_IN))}
        self.people = [(email, number) for number, email in enumerate(emails)]

    def command(self, *words):
        return run_checked(program.PROGRAM, *words, "--dev", env=program.environment(self.settings), cwd=self.directory)

    def start(self):
        server = program.Server(self.directory, self.settings)
        self.start_seconds = server.start()
        return server

    def sign_ins(self, name, count=MOST_WHO_SIGN_IN):
        requests = [("POST", "/signin", None, network_of(number), {"email": email, "password": program.PASSWORD})
                    for email, number in self.people]
        random.Random(7).shuffle(requests)
        return Load.file(self.directory / name, requests[:count])

    def sign_ups(self, name, count, first):
        return Load.file(self.directory / name, [
            ("POST", "/signup", None, network_of(number),
             {"email": f"new{number}@new.example", "password": program.PASSWORD, "organization_name": f"New {number}"})
            for number in range(first, first + count)])

    def tokens(self, count):
        """The access token, the refresh token and the address of as many fresh sessions."""
        return [line.split() for line in self.command("dev", "sessions", "--count", str(count)).splitlines()]


def bare(*words):
    return json.loads(run_checked(BARE_BENCH, *words))["per_second"]


def show(name, ours, limit, goal, unit="/s"):
    """A row: medians, and the ratio of the pairs."""
    ratios = [one / other for one, other in zip(ours, limit)]
    print(f"{name:<50} {statistics.median(ours):10,.1f}{unit} {statistics.median(limit):10,.1f}{unit} "
          f"ratio {statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})  goal {goal}", flush=True)


def expect_only(found, *statuses):
    strange = {status: count for status, count in found["statuses"].items() if int(status) not in statuses}
    if strange:
        sys.exit(f"unexpected answers: {found['statuses']}")
    return found


def measure_hashing(name, house, options):
    cores = os.cpu_count()
    server = house.start()
    idle = resident_mib(server.process)
    load = Load(server.port)
    sign_ins = house.sign_ins("sign_ins.tsv")
    loops, kept, ins, ups, made = [], [], [], [], 0
    for _ in range(options.rounds):
        loops.append(bare("argon2", options.seconds, cores))
        kept.append(bare("argon2_kept", options.seconds, cores))
        found = expect_only(load.ask(sign_ins, options.seconds, connections=16), 200)
        ins.append(found["requests"] / found["seconds"])
        count = int(options.seconds * kept[-1] * 2)
        found = expect_only(load.ask(house.sign_ups("sign_ups.tsv", count, made), options.seconds, connections=16,
                                     once=True), 201, 202)
        made += count
        ups.append(found["requests"] / found["seconds"])
    show(f"sign-in, {name}, beside bare Argon2id", ins, loops, ">= 0.97")
    show(f"sign-up, {name}, beside bare Argon2id", ups, loops, ">= 0.95")
    show(f"sign-in, {name}, beside Argon2id in kept memory", ins, kept, "none")
    show(f"sign-up, {name}, beside Argon2id in kept memory", ups, kept, "none")
    measure_priority(name, house, server, options)
    measure_overload(name, house, server, statistics.median(ins), options)
    print(f"resident memory, {name}: idle {idle:.0f} MiB, at most {resident_mib(server.process, 'VmHWM'):.0f} MiB under this load "
          f"(each of {cores} hashers takes 19)", flush=True)
    server.stop()


def measure_priority(name, house, server, options):
    """The session check at a steady rate alone, and while sign-ins saturate the hashers."""
    checks = Load.file(house.directory / "checks.tsv",
                       [("GET", "/v1/session", access, None, None) for access, _, _ in house.tokens(2_000)])
    load = Load(server.port)
    load.ask(checks, 2, once=True)
    rate, ours, limit = 1_000, [], []
    for _ in range(options.rounds):
        limit.append(load.ask(checks, options.seconds, rate=rate)["p99_us"] / 1000)
        with load.beside(house.sign_ins("beside.tsv"), options.seconds + 1, connections=16):
            time.sleep(0.5)
            ours.append(load.ask(checks, options.seconds, rate=rate)["p99_us"] / 1000)
    show(f"p99 of session checks at {rate}/s, {name}: beside sign-ins, alone", ours, limit, "<= 2", " ms")


def measure_overload(name, house, server, most, options):
    load = Load(server.port)
    found = load.ask(house.sign_ins("flood.tsv"), options.seconds * 2, rate=3 * most, connections=1_500)
    good = found["statuses"].get("200", 0) / found["seconds"]
    expect_only(found, 200, 503)
    show(f"sign-ins at 3 times the maximum, {name}: goodput", [good], [most], ">= 0.9")
    print(f"  the rest: {found['statuses'].get('503', 0) / found['seconds']:.0f}/s refused with 503", flush=True)


def measure_fairness(name, house, options):
    """Somebody who signs in now and then, beside many networks at their shares, and while one of these sends 50 times
    its share. Within the hash lane the network is who a stranger is."""
    server = house.start()
    load = Load(server.port)
    networks = 50
    found = expect_only(load.ask(house.sign_ins("most.tsv"), options.seconds, connections=16), 200)
    most = found["requests"] / found["seconds"]
    share = 0.35 * most / networks
    people = house.people

    def file(name, number_of):
        return Load.file(house.directory / name,
                         [("POST", "/signin", None, network_of(number_of(number)), {"email": email, "password": program.PASSWORD})
                          for email, number in people])

    crowd = file("crowd.tsv", lambda number: number % networks << 8)
    greedy = file("greedy.tsv", lambda number: 200 << 8)
    steady = file("steady.tsv", lambda number: 300 + number % 7 << 8)
    ours, limit = [], []
    for _ in range(options.rounds):
        for flood, into in ((share, limit), (50 * share, ours)):
            seconds = 4 * options.seconds
            with load.beside(crowd, seconds + 1, connections=64, rate=share * networks), \
                    load.beside(greedy, seconds + 1, connections=128, rate=flood):
                time.sleep(0.5)
                found = expect_only(load.ask(steady, seconds, connections=64, rate=0.25 * most), 200)
            into.append(found["p99_us"] / 1000)
    show(f"p99 of sign-ins, {name}: one network at 50 shares, at 1", ours, limit, "<= 1.1", " ms")
    server.stop()


def measure_refresh(name, house, options):
    server = house.start()
    load = Load(server.port)
    connections, ours, limit, step = 16, [], [], []
    house.tokens(connections * SESSIONS_OF_ONE)
    for _ in range(options.rounds):
        step.append(bare("rotate", house.url, options.seconds, connections))
        limit.append(bare("refresh", house.url, options.seconds, connections))
        tokens = house.tokens(int(options.seconds * limit[-1] * 1.2) + 1_000)
        requests = Load.file(house.directory / "refresh.tsv",
                             [("POST", "/v1/token/refresh", None, None, {"refresh_token": refresh}) for _, refresh, _ in tokens])
        found = expect_only(load.ask(requests, options.seconds, connections=connections, once=True), 200)
        ours.append(found["requests"] / found["seconds"])
    show(f"refresh, {name}, beside its bare statements", ours, limit, ">= 0.8")
    show(f"refresh, {name}, beside the bare step alone", ours, step, "none")
    server.stop()
    starts = []
    for _ in range(options.rounds):
        server = house.start()
        starts.append(house.start_seconds * 1000)
        server.stop()
    print(f"ready after start, {name}, {options.people:,} people: median {statistics.median(starts):.0f} ms  goal <= 100 ms",
          flush=True)


PARTS = {"hashing": measure_hashing, "fairness": measure_fairness, "refresh": measure_refresh}


def main():
    parser = argparse.ArgumentParser(prog="./dev bench requests", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="for each part of a round")
    parser.add_argument("--people", type=int, default=10_000, help="who can sign in, 100 to an organization")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--databases", default="sqlite,postgresql")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {datetime.date.today()}; medians of {options.rounds}")
    for name in options.databases.split(","):
        with program.temporary_directory() as directory, program.database(name, directory) as url:
            house = House(directory, url, options.people)
            for part in options.parts.split(","):
                PARTS[part](name, house, options)


if __name__ == "__main__":
    main()
