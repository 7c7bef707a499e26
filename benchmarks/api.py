"""How fast the interfaces answer, beside a bare DRF view that returns the same bytes, in one run.

    python -m benchmarks.api [--seconds 3] [--children 60]

Starts servers of its own. Prints requests a second and the slowest hundredth (p99, milliseconds) at 1, 4
and 16 connections; the same while somebody else writes without a pause, so that no answer may be given again
unasked; what the first search about each child costs; and a poll of the change feed at growing sizes of its
table.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from devstack import testing

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = (1, 4, 16)
PORT = 8990
TURNS = 4
SIZES = (1_000, 20_000, 100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one stretch of asking gave."""

    per_second: float
    p99_ms: float


def command(*words: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


def environment(folder: Path) -> dict[str, str]:
    testing.start()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.api_settings",
        "BENCHMARK_BYTES": str(folder),
        "API_REQUESTS_PER_MINUTE": "1000000000",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "false",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BASE_URL": f"http://127.0.0.1:{PORT}",
    }


def prepare(env: dict[str, str], children: int) -> str:
    """A clinic and a token; returns the token."""
    command("migrate", "--no-input", env=env)
    running = {**env, "DATABASE_ROLE": "app"}
    command("load_library", env=running)
    command("seed_clinic", "--children", str(children), env=running)
    command("seed_sandbox", "--folder", env["BENCHMARK_BYTES"] + "/sandbox", env=running)
    return command("api_client", "token", "demo EHR", env=running).strip()


def web(env: dict[str, str]) -> subprocess.Popen[bytes]:
    words = ["gunicorn", "ispath.wsgi", "--bind", f"127.0.0.1:{PORT}", "--worker-class", "gthread"]
    words += ["--workers", "2", "--threads", "8", "--no-control-socket", "--log-level", "error"]
    child = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env={**env, "DATABASE_ROLE": "app"})
    for _ in range(300):
        try:
            fetch("/healthz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return child
    raise RuntimeError("the web process does not answer")


def fetch(path: str, token: str, line: http.client.HTTPConnection | None = None) -> bytes:
    line = line or http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    line.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = line.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:300])
    return body


def ask_again_and_again(path: str, token: str, *, connections: int, seconds: float) -> list[float]:
    """How long each answer took: from several connections at once, each asking as soon as it was answered."""
    times: list[float] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        while time.perf_counter() < until:
            before = time.perf_counter()
            fetch(path, token, line)
            times.append(time.perf_counter() - before)
        line.close()

    askers = [threading.Thread(target=ask) for _ in range(connections)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    return times


def measure(*paths: str, token: str, connections: int, seconds: float) -> list[Measured]:
    """Each path by turns, so that what else the machine does meets all alike, and new lines fall anew."""
    times: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(TURNS):
        for path in paths:
            times[path] += ask_again_and_again(path, token, connections=connections, seconds=seconds / TURNS)
    return [
        Measured(per_second=len(taken) / seconds, p99_ms=sorted(taken)[int(len(taken) * 0.99)] * 1000)
        for taken in times.values()
    ]


@contextmanager
def somebody_writing(env: dict[str, str]) -> Iterator[None]:
    """Transactions end without a pause meanwhile, of rows that no answer shows."""
    done = threading.Event()

    def write() -> None:
        with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
            while not done.wait(0.002):
                connection.execute("SELECT pg_current_xact_id()")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def ask_each_once(token: str) -> None:
    """The first search about each child: nothing about it was answered before."""
    found = json.loads(fetch("/fhir/Patient?_count=200&active=true", token))
    children = [one["resource"]["id"] for one in found["entry"]]
    times = []
    for child in children[1:]:  # the first one translates the question
        before = time.perf_counter()
        fetch(f"/fhir/Task?patient={child}&_count=20", token)
        times.append(time.perf_counter() - before)
    times.sort()
    print(f"\nfirst search about each of {len(times)} children: {len(times) / sum(times):.0f} a second,")
    print(f"median {times[len(times) // 2] * 1000:.1f} ms, slowest {times[-1] * 1000:.1f} ms")


def compare(places: dict[str, str], token: str, seconds: float) -> None:
    print(f"{'':24}{'connections':>12}{'per second':>12}{'p99 ms':>9}{'bare':>9}{'share':>8}")
    for name, path in places.items():
        for connections in CONNECTIONS:
            # Each process reads its editions once, each of its threads plans a query.
            ask_again_and_again(path, token, connections=connections, seconds=1)
            real, bare = measure(path, f"/bare/{name}", token=token, connections=connections, seconds=seconds)
            share = real.per_second / bare.per_second
            print(
                f"{name:24}{connections:>12}{real.per_second:>12.0f}{real.p99_ms:>9.1f}"
                f"{bare.per_second:>9.0f}{share:>8.0%}",
                flush=True,
            )


GROW = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO clinic_timelineentry (uid, patient_id, enrolment_id, clinic_id, kind, at, by_id,"
        " subject_kind, subject_uid, data)"
        " SELECT gen_random_uuid(), t.patient_id, t.enrolment_id, t.clinic_id, t.kind, t.at, t.by_id,"
        " t.subject_kind, t.subject_uid, t.data"
        " FROM generate_series(1, {rows}), (SELECT * FROM clinic_timelineentry LIMIT 1) AS t"
    )
"""


def grow_feed(env: dict[str, str], rows: int) -> None:
    command("shell", "--no-imports", "-c", GROW.replace("{rows}", str(rows)), env=env)


def poll_feed(env: dict[str, str], token: str, seconds: float) -> None:
    """A poll at the end of the feed, at growing sizes of the table."""
    print(f"\n{'rows added':>12}{'polls per second':>18}{'p99 ms':>9}")
    for size in SIZES:
        grow_feed(env, size)
        cursor = json.loads(fetch("/api/v1/changes?start=now", token))["next_cursor"]
        address = f"/api/v1/changes?cursor={cursor}"
        (polled,) = measure(address, token=token, connections=1, seconds=seconds)
        print(f"{size:>12}{polled.per_second:>18.0f}{polled.p99_ms:>9.1f}", flush=True)


def places(token: str) -> dict[str, str]:
    """What is measured: the status, a FHIR read, a page of a FHIR search."""
    number = "mrn_system=urn:oid:2.999.10&mrn=900003"
    child = json.loads(fetch(f"/api/v1/status?{number}", token))["child"]["id"]
    task = json.loads(fetch("/fhir/Task?_count=1", token))["entry"][0]["resource"]["id"]
    return {
        "status": f"/api/v1/status?{number}",
        "fhir-read-patient": f"/fhir/Patient/{child}",
        "fhir-read-task": f"/fhir/Task/{task}",
        "fhir-search-tasks": f"/fhir/Task?patient={child}&_count=20",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--children", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = environment(folder)
        token = prepare(env, given.children)
        first = web(env)
        found = places(token)
        for place, path in found.items():
            (folder / f"{place}.json").write_bytes(fetch(path, token))
        first.terminate()
        first.wait()
        second = web(env)  # which has the bytes
        try:
            ask_each_once(token)
            compare(found, token, given.seconds)
            print("\nwhile somebody writes")
            with somebody_writing(env):
                compare(found, token, given.seconds)
            poll_feed({**env, "DATABASE_ROLE": "app"}, command_token(env), given.seconds)
        finally:
            second.terminate()
            second.wait()


def command_token(env: dict[str, str]) -> str:
    """A fresh token: the first may have ended meanwhile."""
    return command("api_client", "token", "demo EHR", env={**env, "DATABASE_ROLE": "app"}).strip()


if __name__ == "__main__":
    main()
