"""The load of the benchmarks, made by bench/load.cc."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build/release"
BARE_BENCH = BUILD / "bare_bench"


def run_checked(*command, **more):
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(word) for word in command[:3])}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


def written(path, lines):
    path.write_text("".join(line + "\n" for line in lines))
    return path


def resident_mib(process, name="VmRSS"):
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no " + name)


class Load:
    def __init__(self, port):
        self.port = port

    @staticmethod
    def file(path, requests):
        """A file of requests: (method, path, bearer token, header field, body); None for none."""
        return written(path, ("\t".join([method, target, token or "-", field or "-", json.dumps(body) if body else "-"])
                              for method, target, token, field, body in requests))

    def words(self, requests, seconds, connections=32, rate=0, fresh=None, once=False, answers=None):
        words = [BUILD / "load", "--port", self.port, "--requests", requests, "--seconds", seconds, "--connections",
                 connections, "--rate", rate]
        if fresh:
            words += ["--fresh", fresh]
        if once:
            words.append("--once")
        if answers:
            words += ["--answers", answers]
        return [str(word) for word in words]

    def ask(self, requests, seconds, **more):
        """What was found: requests, seconds, statuses, p50_us and so on."""
        return json.loads(run_checked(*self.words(requests, seconds, **more)))

    @contextlib.contextmanager
    def beside(self, requests, seconds, **more):
        process = subprocess.Popen(self.words(requests, seconds, **more), stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            if process.wait() != 0:
                sys.exit("the load beside it failed")
