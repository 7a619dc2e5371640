#!/usr/bin/env python3
"""How long the statistics take, and some pages and single rows, by the number of members: over HTTP against the built
program on made-up data, beside a request without statistics and the plain GROUP BY over memberships, in the same run; and what the ledger
adds to a change of a membership. Run it by ./dev bench stats, which builds what it needs and starts a PostgreSQL.

Times are milliseconds. A machine that does other things at the same time makes all of them longer, so compare by the
ratios: "/base" is a route's median over that of the request beside it, taken in turns with it; "growth" is how that
ratio has grown since the fewest members.
"""

import argparse
import contextlib
import datetime
import json
import os
import socket
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/program"))

import program  # noqa: E402
from load import resident_mib, run_checked  # noqa: E402

STORE_BENCH = ROOT / "build/release/store_bench"
OPERATOR = "operator@example.com"
TOKEN_SECONDS = 200
PER_ORGANIZATION = 1_000
LARGEST = 1_000_000
DAYS = 365
# Raised, and not switched off: what a limit costs is part of the answer.
SETTINGS = {"GATEHOUSE_LIMITS__REQUESTS_PER_MINUTE": "10000000", "GATEHOUSE_MAIL__ENABLED": "false",
            "GATEHOUSE_LOG__LEVEL": "warning"} | program.CHEAP_HASHES

KEY_PERMISSIONS = ["stats:read", "organization:read", "members:read", "audit:read"]
BASE = "/v1/organizations/{organization}"
DAYS_BACK = "from={day30}&to={day}"
SERIES = "from={day365}&to={day}&granularity={granularity}&time_zone=Europe/Berlin"
# name, who asks ("key" of the organization, "operator"), path; what stands below /v1/operator or names no organization
# is of all of them. A route that this program does not have is left out.
ROUTES = [
    ("a page of 50 members", "key", BASE + "/members?limit=50"),
    ("members that match a search", "key", BASE + "/members?limit=50&q=an"),
    ("one member", "key", BASE + "/members/{member}"),
    ("the last 50 of the audit log", "key", BASE + "/audit?limit=50"),
    ("the caller's account", "operator", "/v1/me"),
    ("role-wise-users, one", "operator", "/stats/role-wise-users?organization_id={organization}"),
    ("org-role-wise, joined, one", "operator",
     "/stats/org-role-wise-users-filtered?organization_id={organization}&from={second365}&to={second30}"),
    ("members", "key", BASE + "/stats/members"),
    ("members as of", "key", BASE + "/stats/members?as_of={second30}"),
    ("growth by day", "key", BASE + "/stats/growth?" + SERIES.replace("{granularity}", "day")),
    ("growth by month", "key", BASE + "/stats/growth?" + SERIES.replace("{granularity}", "month")),
    ("active-members", "key", BASE + "/stats/active-members?" + DAYS_BACK),
    ("sign-ins by week", "key", BASE + "/stats/sign-ins?" + SERIES.replace("{granularity}", "week")),
    ("invitations by week", "key", BASE + "/stats/invitations?" + SERIES.replace("{granularity}", "week")),
    ("operator members", "operator", "/v1/operator/stats/members"),
    ("operator members as of", "operator", "/v1/operator/stats/members?as_of={second30}"),
    ("operator growth by day", "operator", "/v1/operator/stats/growth?" + SERIES.replace("{granularity}", "day")),
    ("operator active-members", "operator", "/v1/operator/stats/active-members?" + DAYS_BACK),
    ("operator sign-ins by week", "operator",
     "/v1/operator/stats/sign-ins?" + SERIES.replace("{granularity}", "week")),
    ("operator invitations by week", "operator",
     "/v1/operator/stats/invitations?" + SERIES.replace("{granularity}", "week")),
    ("operator organizations by week", "operator",
     "/v1/operator/stats/organizations?" + SERIES.replace("{granularity}", "week")),
    ("role-wise-users, all", "operator", "/stats/role-wise-users"),
    ("org-wise-members, all", "operator", "/stats/org-wise-members"),
    ("org-role-wise-users, all", "operator", "/stats/org-role-wise-users"),
    ("org-role-wise, joined, all", "operator", "/stats/org-role-wise-users-filtered?from={second365}&to={second30}"),
]


class Connection:
    """HTTP/1.1 with as little of Python as possible between the clock and the socket."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = port

    def get(self, path, token):
        """(status, bytes of the body, seconds)"""
        request = (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {token}\r\n"
                   "Accept: application/json\r\n\r\n").encode()
        begin = time.perf_counter()
        self.socket.sendall(request)
        answer = self.socket.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += self.read()
        head, _, body = answer.partition(b"\r\n\r\n")
        lower = head.lower()
        if b"\r\ncontent-length:" in lower:
            length = int(lower.partition(b"\r\ncontent-length:")[2].split(b"\r\n")[0])
            pieces, have = [body], len(body)
            while have < length:
                pieces.append(self.read())
                have += len(pieces[-1])
        else:
            have = len(body)
            while not body.endswith(b"0\r\n\r\n"):
                body = body[-16:] + (piece := self.read())
                have += len(piece)
        return int(head[9:12]), have, time.perf_counter() - begin

    def read(self):
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece


def quantile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


class Bench:
    """One database with made-up data, and the server on it."""

    def __init__(self, directory, url, organizations, largest):
        self.directory = directory
        self.url = url
        self.settings = SETTINGS | {"GATEHOUSE_DATABASE_URL": url}
        members = organizations * PER_ORGANIZATION + largest
        words = ["--organizations", str(organizations + (1 if largest else 0)), "--members", str(members),
                 "--days", str(DAYS), "--seed", "1", "--events"]
        if largest:
            words += ["--largest", str(largest)]
        begin = time.monotonic()
        self.made = self.command("dev", "generate", *words).strip()
        self.generate_seconds = time.monotonic() - begin
        self.members = members
        self.targets = {}
        slugs = {"1000": "made-up-2"} if largest else {"1000": "made-up-1"}
        if largest:
            slugs["10^6"] = "made-up-1"
        self.slugs = slugs

    def command(self, *words, stdin=""):
        return run_checked(program.PROGRAM, *words, "--dev", env=program.environment(self.settings), input=stdin,
                           cwd=self.directory)

    def start(self):
        self.server = program.Server(self.directory, self.settings)
        self.server.start()
        self.command("operator", "create", OPERATOR, stdin=program.PASSWORD + "\n")
        for name, slug in self.slugs.items():
            found = json.loads(self.command("organization", "list", "--q", slug, "--json").splitlines()[0])
            permissions = [word for one in KEY_PERMISSIONS for word in ("--permission", one)]
            key = json.loads(self.command("key", "create", "--organization", found["id"], "--name", "bench", *permissions,
                                          "--json"))
            members = self.server.ask("GET", f"/v1/organizations/{found['id']}/members?limit=1", key["secret"]).json
            self.targets[name] = (found["id"], key["secret"], members["data"][0]["id"])
        self.signed_in_at = 0
        return self

    def operator_token(self):
        if time.monotonic() - self.signed_in_at > TOKEN_SECONDS:
            answer = self.server.sign_in(OPERATOR)
            if answer.status != 200:
                sys.exit(f"the operator can't sign in: {answer}")
            self.token = answer.json["access_token"]
            self.signed_in_at = time.monotonic()
        return self.token

    def measure(self, caller, path, target, requests, seconds):
        """Times of the route and of the request beside it, in turns; nothing when there is no such route."""
        organization, key, member = self.targets[target]
        now = datetime.datetime.now(datetime.timezone.utc)
        words = {"organization": organization, "member": member, "day": now.strftime("%Y-%m-%d")}
        for days in (30, 365):
            then = now - datetime.timedelta(days=days)
            words[f"day{days}"] = then.strftime("%Y-%m-%d")
            words[f"second{days}"] = then.strftime("%Y-%m-%dT%H:%M:%SZ")
        path = path.format(**words)
        # A fresh one: the server closes what is idle, and the GROUP BY of many members takes its time.
        self.connection = Connection(self.server.port)
        token = key if caller == "key" else self.operator_token()
        status, length, _ = self.connection.get(path, token)
        if status == 404:
            return None
        if status != 200:
            sys.exit(f"{path} answers {status}")
        base = f"/v1/organizations/{organization}"
        times, base_times = [], []
        give_up = time.monotonic() + seconds
        while len(times) < requests and (len(times) < 5 or time.monotonic() < give_up):
            for where, who, into in ((base, key, base_times), (path, token, times)):
                status, _, took = self.connection.get(where, who)
                if status != 200:
                    sys.exit(f"{where} answers {status}")
                into.append(took)
        return times, base_times, length

    def plain(self, target):
        """Times of the plain GROUP BY, in seconds."""
        out = run_checked(STORE_BENCH, "counts", self.url, self.targets[target][0], "20" if self.members < 5_000_000 else "3")
        return {name: [each / 1e6 for each in times] for name, times in json.loads(out).items()}

    def stop(self):
        self.server.stop()


def plain_of(name, plain):
    """The GROUP BY that answered the same before there was a ledger."""
    if "joined" in name:
        return plain["joined"] if "one" in name else plain["all"]
    if name.endswith("one") or name in ("members",):
        return plain["one"]
    if name.endswith("all") or name == "operator members":
        return plain["all"]
    return None


def measure_size(bench, size, first, options):
    """Prints the rows of one size. `first` keeps the ratios of the fewest members."""
    for target in bench.targets:
        plain = bench.plain(target)
        for name, caller, path in ROUTES:
            is_of_one = "{organization}" in path
            if not is_of_one and target != "1000":
                continue
            found = bench.measure(caller, path, target, options.requests, options.seconds)
            if found is None:
                continue
            times, base_times, length = found
            p50, p99 = quantile(times, 0.5), quantile(times, 0.99)
            ratio = p50 / quantile(base_times, 0.5)
            growth = ratio / first.setdefault(name, ratio)
            beside = plain_of(name, plain)
            beside = f"{quantile(beside, 0.5):9.2f} {quantile(beside, 0.5) / p50:7.1f}" if beside else " " * 17
            shown = f"{size}" if not is_of_one else f"{size}, of {target}"
            print(f"{shown:>18} {name:<31} {p50:8.2f} {p99:8.2f} {quantile(base_times, 0.5):7.2f} "
                  f"{quantile(base_times, 0.99):7.2f} {ratio:6.2f} {growth:6.2f} {beside} {length:9d} {len(times):5d}",
                  flush=True)


def size_on_disk(url, directory):
    if url.startswith("sqlite:"):
        return sum(path.stat().st_size for path in directory.glob("gatehouse.db*")) / 1e6
    schema = url.rpartition("%3D")[2]
    return int(program.psql("SELECT SUM(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n ON "
                            f"n.oid = c.relnamespace WHERE n.nspname = '{schema}' AND c.relkind = 'r'")[0][0]) / 1e6


def measure_writes(label, url, rounds, first):
    """Prints ratios of medians, and of the fastest quarter, which a busy machine disturbs least. `first` keeps the
    medians among the fewest members."""
    times = json.loads(run_checked(STORE_BENCH, "writes", url, str(rounds)))
    for name, sides in times.items():
        row = f"{label:>18} {name:<12}"
        for share_name, share in (("median", 0.5), ("fastest quarter", 0.25)):
            without, with_ledger = (quantile([each / 1e6 for each in sides[side]], share) for side in ("without", "with"))
            if share == 0.5:
                growth = with_ledger / first.setdefault(name, with_ledger)
            row += f" {share_name}: {without:7.3f} ms, with the ledger {with_ledger:7.3f} ms, ratio {with_ledger / without:5.3f};"
        print(row + f" growth {growth:5.2f}; {len(sides['with'])} pairs", flush=True)


@contextlib.contextmanager
def new_database(name):
    """A directory and the URL of a database."""
    with program.temporary_directory() as directory, program.database(name, directory) as url:
        yield directory, url


def main():
    parser = argparse.ArgumentParser(prog="./dev bench stats", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", default="1000,100000,1000000",
                        help="how many, in organizations of 1,000; from 1,000,000 on one of 1,000,000 comes on top")
    parser.add_argument("--full", action="store_true", help="also 10,000,000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--requests", type=int, default=300, help="for each route at most")
    parser.add_argument("--seconds", type=float, default=10, help="for each route at most")
    parser.add_argument("--write-rounds", type=int, default=1000)
    options = parser.parse_args()
    sizes = [int(size) for size in options.members.split(",") if size]
    if options.full:
        sizes.append(10_000_000)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {datetime.date.today()}")
    for name in options.databases.split(","):
        print(f"\n{name}: a change of a membership, as its transaction does it, with and without the ledger")
        writes = {}
        with new_database(name) as (directory, url):
            measure_writes("no members", url, options.write_rounds, writes)
        print(f"\n{name}: routes in ms\n{'members':>18} {'route':<31} {'p50':>8} {'p99':>8} {'base50':>7} {'base99':>7} "
              f"{'/base':>6} {'growth':>6} {'GROUP BY':>9} {'/route':>7} {'bytes':>9} {'times':>5}")
        first = {}
        for size in sizes:
            with new_database(name) as (directory, url):
                largest = LARGEST if size >= LARGEST else 0
                bench = Bench(directory, url, max(1, size // PER_ORGANIZATION), largest)
                print(f"{size:>18} {bench.made}; {bench.members / bench.generate_seconds * 60:,.0f} members a minute, "
                      f"{size_on_disk(url, directory):,.0f} MB", flush=True)
                measure_writes(str(size), url, options.write_rounds, writes)
                bench.start()
                try:
                    measure_size(bench, size, first, options)
                    print(f"{size:>18} resident memory: {resident_mib(bench.server.process):.0f} MiB")
                finally:
                    bench.stop()


if __name__ == "__main__":
    main()
