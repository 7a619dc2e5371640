#!/usr/bin/env python3
"""Puts mistakes into the built tests, one at a time and without building again, and asks that some test notices each.

A mutant is a SQL statement without one of its tenant predicates, a route that asks for another permission, or a check
of admission that is left out. They are found by running the tests with GATEHOUSE_MUTANT_LOG (see
tests/support/mutation.cc), so that nothing that runs is forgotten.
"""

import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Mutants that change nothing, "MUTANT  # why".
EQUIVALENT = ROOT / "tools/equivalent_mutants.txt"
SECONDS = 300
# What the tests write need not survive anything, and a disk makes them wait.
FAST_DISK = next((folder for folder in ("/dev/shm",) if os.access(folder, os.W_OK)), None)

WEAKER = "organization:read"
STRONGER = "owners:manage"
PLATFORM = ["platform:read", "platform:manage", "platform:own"]

# Most statements fail in the first of these, which takes a quarter of the time.
TENANCY = ("store_test", "*TenancyTest*/sqlite")
STORE = ("store_test", "*/sqlite")
ADMISSION = ("domain_test", "AdmitTest.*:BrowserSessionTest.*")
MATRIX = ("attacks_test", "*TenantsMatrix*/sqlite")
ATTACKS = ("attacks_test", "*/sqlite")
FLOWS = ("flows_test", "*/sqlite")


def run(build, stage, environment):
    """True when the tests pass."""
    program, tests = stage
    command = [str(build / program), f"--gtest_filter={tests}", "--gtest_fail_fast", "--gtest_brief=1"]
    with tempfile.TemporaryDirectory(prefix="gatehouse-mutant.", dir=FAST_DISK) as folder:
        try:
            done = subprocess.run(command, env=os.environ | environment | {"TMPDIR": folder}, timeout=SECONDS,
                                  stdin=subprocess.DEVNULL, capture_output=True)
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0


def record(build):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "mutants"
        for stage in (STORE, ADMISSION, ATTACKS, FLOWS):
            if not run(build, stage, {"GATEHOUSE_MUTANT_LOG": str(log)}):
                sys.exit(f"mutate: {stage[0]} fails without any mutant")
        return sorted(set(log.read_text().splitlines()))


def other_permissions(permission):
    if permission in PLATFORM:
        return [other for other in PLATFORM if other != permission]
    return [other for other in (WEAKER, STRONGER) if other != permission]


def mutants_of(recorded):
    for line in recorded:
        kind, rest = line.split(":", 1)
        if kind != "permission":
            yield line
            continue
        row, permission = rest.split(":", 1)
        for other in other_permissions(permission):
            yield f"permission:{row}:{other}"


def stages_of(mutant):
    first = {"sql": [TENANCY, STORE], "check": [ADMISSION], "permission": [MATRIX]}[mutant.split(":", 1)[0]]
    return list(dict.fromkeys([*first, MATRIX, ATTACKS, FLOWS]))


def killer_of(build, mutant):
    """The first stage whose tests fail with the mutant; nothing when all pass."""
    environment = {"GATEHOUSE_MUTANT": mutant}
    for stage in stages_of(mutant):
        only = {}
        if stage == MATRIX and mutant.startswith("permission:"):
            only = {"GATEHOUSE_MATRIX_ROW": mutant.split(":")[1]}
        if not run(build, stage, environment | only):
            return stage[0]
    return None


def equivalent():
    lines = EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else []
    return {line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    parser.add_argument("--only", default="", help="mutants that begin with this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()

    known = equivalent()
    mutants = [one for one in mutants_of(record(arguments.build)) if one.startswith(arguments.only)]
    for stale in sorted(known - set(mutants)) if not arguments.only else []:
        print(f"mutate: {stale} is listed as equivalent and does not exist", file=sys.stderr)
    mutants = [one for one in mutants if one not in known]
    killers, survivors = {}, []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for mutant, killer in zip(mutants, pool.map(lambda one: killer_of(arguments.build, one), mutants)):
            if killer is None:
                survivors.append(mutant)
                print(f"mutate: {mutant} survives", flush=True)
            else:
                killers[killer] = killers.get(killer, 0) + 1
    by_test = ", ".join(f"{name} {count}" for name, count in sorted(killers.items()))
    print(f"mutate: {len(mutants)} mutants, {len(mutants) - len(survivors)} killed ({by_test}), "
          f"{len(survivors)} survived, {len(known)} known to change nothing")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
