#!/usr/bin/env python3
"""kill -9 at random instants during sign-ups, on both databases: what was acknowledged is there afterwards and whole,
and nothing is half there.

GATEHOUSE_TEST_SEED repeats the random choices of an earlier run (not the timing of the machine).
"""

import contextlib
import http.client
import os
import random
import sqlite3
import sys
import threading
import time

from program import CHEAP_HASHES, PASSWORD, Server, postgresql_schema, psql, temporary_directory

KILLS_PER_DATABASE = 55
CLIENTS = 4


def not_exactly(count, owners, key, things):
    """How many owners have not so many things; `things` selects the key of each one's owner."""
    return (f"SELECT COUNT(*) FROM {owners} o LEFT JOIN (SELECT t.owner AS owner, COUNT(*) AS number FROM ({things}) t "
            f"GROUP BY t.owner) n ON n.owner = o.{key} WHERE COALESCE(n.number, 0) <> {count}")


# What a torn sign-up would leave behind, whichever of its rows were missing; each query counts it.
HALF_DONE = {
    "users without exactly one membership":
        not_exactly(1, "users", "id", "SELECT user_id AS owner FROM members"),
    "users without exactly one link that verifies them":
        not_exactly(1, "users", "id", "SELECT user_id AS owner FROM one_time_tokens WHERE purpose = 'verify_email'"),
    "users without exactly one welcome":
        not_exactly(1, "users", "email", "SELECT recipient AS owner FROM letters WHERE template = 'welcome'"),
    "users without exactly one audit entry of the sign-up":
        not_exactly(1, "users", "id", "SELECT actor_id AS owner FROM audit_entries WHERE action = 'user.signed_up'"),
    "organizations without exactly one member":
        not_exactly(1, "organizations", "id", "SELECT organization_id AS owner FROM members"),
    "organizations without exactly one active owner":
        not_exactly(1, "organizations", "id",
                    "SELECT m.organization_id AS owner FROM members m JOIN roles r ON r.id = m.role_id AND "
                    "r.organization_id = m.organization_id WHERE m.status = 'active' AND r.key = 'owner'"),
    "organizations without their three roles":
        not_exactly(3, "organizations", "id",
                    "SELECT organization_id AS owner FROM roles WHERE key IN ('owner', 'admin', 'member')"),
    "organizations and users that are not as many":
        "SELECT ABS((SELECT COUNT(*) FROM organizations) - (SELECT COUNT(*) FROM users))",
    "welcomes that are not as many as users":
        "SELECT ABS((SELECT COUNT(*) FROM letters WHERE template = 'welcome') - (SELECT COUNT(*) FROM users))",
}


class Sqlite:
    name = "SQLite"

    def __init__(self, directory):
        self.path = directory / "gatehouse.db"
        self.url = f"sqlite:{self.path}"

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)) as connection:
            connection.create_collation("C", lambda one, other: (one > other) - (one < other))
            return connection.execute(sql).fetchall()

    def prove_that_halves_are_seen(self):
        """Takes the rows of one sign-up away, table by table, and looks whether the queries notice each."""
        for table, of_a_sign_up in {"members": "1 = 1", "one_time_tokens": "purpose = 'verify_email'",
                                    "letters": "template = 'welcome'", "audit_entries": "action = 'user.signed_up'",
                                    "roles": "1 = 1", "users": "1 = 1"}.items():
            before = sum(half_done(self).values())
            with contextlib.closing(sqlite3.connect(self.path)) as connection:
                connection.create_collation("C", lambda one, other: (one > other) - (one < other))
                connection.execute(
                    f"DELETE FROM {table} WHERE rowid = (SELECT MIN(rowid) FROM {table} WHERE {of_a_sign_up})")
                connection.commit()
            if sum(half_done(self).values()) == before:
                raise AssertionError(f"a row of {table} is missing and no query noticed")


class Postgresql:
    name = "PostgreSQL"

    def __init__(self, url):
        self.url = url

    def rows(self, sql):
        return psql(sql, self.url)


def half_done(database):
    """{what: how many of it}, of what is there."""
    rows = database.rows(" UNION ALL ".join(f"SELECT '{what}', ({sql})" for what, sql in HALF_DONE.items()))
    return {what: int(count) for what, count in rows if int(count) > 0}


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.first_answer = threading.Event()
        self.sent = set()
        self.acknowledged = {}
        self.refused = []

    def take(self, email, answer):
        with self.lock:
            if answer.status == 201:
                self.acknowledged[email] = answer.json
            else:
                self.refused.append(f"{email}: {answer}")
        self.first_answer.set()


def sign_up_until_dead(server, tally, prefix):
    client = server.client()
    number = 0
    with contextlib.suppress(OSError, http.client.HTTPException):
        while True:
            number += 1
            email = f"{prefix}.{number}@example.com"
            with tally.lock:
                tally.sent.add(email)
            tally.take(email, client.sign_up(email, organization=f"Works {prefix} {number}"))
    client.close()


def flood_and_kill(server, chance, prefix):
    """Sign-ups by several clients at once, and a kill at a random moment after the first answer."""
    tally = Tally()
    threads = [threading.Thread(target=sign_up_until_dead, args=(server, tally, f"{prefix}.{client}"))
               for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    if not tally.first_answer.wait(30):
        raise AssertionError("no sign-up was answered")
    time.sleep(chance.uniform(0.010, 0.150))
    server.kill()
    for thread in threads:
        thread.join()
    if tally.refused:
        raise AssertionError("refused: " + tally.refused[0])
    return tally


def is_whole(client, email, signed_up):
    """The person signs in, and is the owner of the organization that the sign-up answered with."""
    answer = client.sign_in(email, PASSWORD)
    if answer.status != 200:
        return False
    signed_in = answer.json
    return (signed_in["user"]["id"] == signed_up["user"]["id"]
            and signed_in["organization"]["id"] == signed_up["organization"]["id"]
            and signed_in["organization"]["member_id"] == signed_up["member"]["id"]
            and signed_in["organization"]["role"]["key"] == "owner"
            and len(signed_up["roles"]) == 3)


def lost_of(server, acknowledged):
    lost = []
    people = list(acknowledged.items())

    def check(part):
        client = server.client()
        for email, signed_up in part:
            if not is_whole(client, email, signed_up):
                lost.append(email)
        client.close()

    threads = [threading.Thread(target=check, args=(people[start::CLIENTS],)) for start in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lost


def torment(database, directory, chance):
    settings = CHEAP_HASHES | {"GATEHOUSE_DATABASE_URL": database.url, "GATEHOUSE_LIMITS__ENABLED": "false",
                               "GATEHOUSE_MANAGEMENT_LISTEN": "off", "GATEHOUSE_LOG__LEVEL": "warning"}
    server = Server(directory, settings)
    acknowledged, unanswered_but_there, lost, halves = 0, 0, [], []
    try:
        server.start()
        for kill in range(KILLS_PER_DATABASE):
            tally = flood_and_kill(server, chance, f"kill{kill}")
            server.start()
            lost += lost_of(server, tally.acknowledged)
            acknowledged += len(tally.acknowledged)
            there = {row[0] for row in database.rows(f"SELECT email FROM users WHERE email LIKE 'kill{kill}.%'")}
            if there - tally.sent:
                raise AssertionError(f"users whom nobody signed up: {there - tally.sent}")
            unanswered_but_there += len(there - tally.acknowledged.keys())
            halves += [f"after kill {kill}: {count} {what}" for what, count in half_done(database).items()]
        everybody = int(database.rows("SELECT COUNT(*) FROM users")[0][0])
        code, _ = server.stop()
        if code != 0:
            raise AssertionError(f"the last server ended with {code}")
    finally:
        server.end()
    if everybody != acknowledged + unanswered_but_there - len(lost):
        raise AssertionError(f"{everybody} users, not {acknowledged} + {unanswered_but_there} - {len(lost)}")
    print(f"{database.name}: kills: {KILLS_PER_DATABASE}, acknowledged: {acknowledged}, lost: {len(lost)}, "
          f"half done: {len(halves)}, unanswered but there: {unanswered_but_there}", flush=True)
    for trouble in halves[:10] + lost[:10]:
        print("  " + trouble)
    return KILLS_PER_DATABASE, acknowledged, len(lost), len(halves)


def main():
    seed = os.environ.get("GATEHOUSE_TEST_SEED") or str(random.randrange(2**32))
    print("seed", seed, flush=True)
    chance = random.Random(seed)
    begin = time.monotonic()
    with temporary_directory() as directory:
        database = Sqlite(directory)
        totals = torment(database, directory, chance)
        database.prove_that_halves_are_seen()
    with postgresql_schema() as url, temporary_directory() as directory:
        totals = tuple(map(sum, zip(totals, torment(Postgresql(url), directory, chance))))
    kills, acknowledged, lost, halves = totals
    print(f"kills: {kills}, acknowledged: {acknowledged}, lost: {lost}, half done: {halves} "
          f"({time.monotonic() - begin:.0f} s)")
    return 0 if acknowledged >= kills and not lost and not halves else 1


if __name__ == "__main__":
    sys.exit(main())
