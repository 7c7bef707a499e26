"""make run: everything ispath consists of, in the foreground of one terminal, until Ctrl-C.

The servers start first, then the database is brought up to date, then web, worker, beat and mail catcher.
If one ends, all end. See docs/adr for why this is our own and not a process-runner from elsewhere.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from devstack import ports, processes, surroundings
from devstack.servers import Postgres, Trouble, Valkey

WIDTH = 8
PATIENCE = 60.0
PYTHON = sys.executable


def say(line: str, who: str = "ispath") -> None:
    """Print one prefixed line; a closed terminal must not keep us from stopping the children."""
    with suppress(OSError, ValueError):
        print(f"{who:<{WIDTH}}| {line}", flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    name: str
    child: subprocess.Popen[bytes]
    stop_signal: signal.Signals


class Supervisor:
    """Starts children in order, and stops them in the opposite one."""

    def __init__(self) -> None:
        self.running: list[Running] = []
        self.asked_to_stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.asked_to_stop.set())

    def add(self, name: str, child: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
        self.running.append(Running(name=name, child=child, stop_signal=stop_signal))

    def start(self, name: str, command: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        child = processes.start(command, env=env, output=subprocess.PIPE, folder=surroundings.ROOT)
        threading.Thread(target=self.repeat_lines, args=(name, child), daemon=True).start()
        self.add(name, child, signal.SIGTERM)
        return child

    @staticmethod
    def repeat_lines(name: str, child: subprocess.Popen[bytes]) -> None:
        for line in child.stdout or ():
            say(line.decode(errors="replace").rstrip(), name)

    def wait_for(self, name: str) -> None:
        """Wait until a child that does one thing has done it."""
        child = self.running[-1].child
        while child.poll() is None and not self.asked_to_stop.wait(0.05):
            pass
        if self.asked_to_stop.is_set():
            raise KeyboardInterrupt
        self.running.pop()
        if child.returncode:
            raise Trouble(f"{name} did not work; the lines above say why.")

    def wait_until(self, ready: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not ready():
            self.refuse_the_dead()
            if time.monotonic() > end:
                raise Trouble(f"{what} did not answer within {PATIENCE:.0f} seconds.")
            if self.asked_to_stop.wait(0.1):
                raise KeyboardInterrupt

    def refuse_the_dead(self) -> None:
        for one in self.running:
            if one.child.poll() is not None:
                raise Trouble(
                    f"{one.name} has ended by itself (code {one.child.returncode}); stopping the rest."
                )

    def watch(self) -> None:
        while not self.asked_to_stop.wait(0.2):
            self.refuse_the_dead()

    def stop_all(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave the stopping half done
        for one in reversed(self.running):
            if one.name not in {"postgres", "valkey"}:  # all at once; the servers after those who use them
                with suppress(ProcessLookupError):
                    one.child.send_signal(one.stop_signal)
        for one in reversed(self.running):
            processes.stop(one.child, one.stop_signal)
        say("everything has stopped; the data are kept in var/.")


def only_one() -> int:
    """Take this checkout's lock, or say who has it. The lock goes when the process goes, however it goes."""
    surroundings.VAR.mkdir(exist_ok=True)
    handle = os.open(surroundings.VAR / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 200).decode().strip()
        raise Trouble(
            f"ispath runs already from this checkout ({holder}). Stop it with Ctrl-C there."
        ) from None
    return handle


def environment() -> dict[str, str]:
    """The caller's environment, its gaps filled, on ports that are free."""
    given = dict(os.environ)
    port = ports.web(given.get("PORT", "8000"))
    added = surroundings.missing_from(given, port)
    if "EMAIL_URL" in added:
        added["EMAIL_URL"] = f"smtp://127.0.0.1:{ports.free_from(1025)}"
    return {**given, **added, "PYTHONUNBUFFERED": "1"}


def start_servers(supervisor: Supervisor, added: Mapping[str, str]) -> None:
    sockets, var = surroundings.short_folder(), surroundings.VAR
    if added["DATABASE_URL"] == surroundings.development()["DATABASE_URL"]:
        postgres = Postgres(var / "postgres", sockets, var / "postgres.log")
        supervisor.add("postgres", postgres.start(), postgres.stop_signal)
    if added["REDIS_URL"] == surroundings.development()["REDIS_URL"]:
        valkey = Valkey(var / "valkey", sockets, var / "valkey.log")
        supervisor.add("valkey", valkey.start(), valkey.stop_signal)


def start_ispath(supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """The same commands as in production, but for the worker's threads, which need less memory."""
    celery = [PYTHON, "-W", "ignore:You're running the worker", "-m", "celery", "-q", "-A", "ispath"]
    if env.get("MAIL_CATCHER_FOLDER"):
        where = env["EMAIL_URL"].removeprefix("smtp://")
        supervisor.start("mails", [PYTHON, "-m", "ispath.mailcatcher.server", where], env)
    supervisor.start("prepare", [PYTHON, "-m", "devstack.prepare"], {**env, "DATABASE_ROLE": "owner"})
    supervisor.wait_for("Preparing the database")
    web = ["gunicorn", "ispath.wsgi", "--bind", f"127.0.0.1:{env['PORT']}", "--worker-class", "gthread"]
    web += ["--threads", "4", "--no-control-socket", "--reload", "--log-level", "warning"]
    web += ["--limit-request-line", "8190"]  # the interfaces refuse long queries in their own words
    supervisor.start("web", [PYTHON, "-m", *web], env)
    supervisor.start("worker", [*celery, "worker", "-P", "threads", "-c", "4", "-l", "warning"], env)
    schedule = str(surroundings.VAR / "beat-schedule")
    beat = ["beat", "--scheduler", "ispath.beat.PulsingScheduler", "-s", schedule, "--pidfile="]
    supervisor.start("beat", [*celery, *beat, "-l", "warning"], env)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)  # noqa: PLR2004
    except OSError:
        return False


def where_to_look(env: Mapping[str, str], seconds: float) -> None:
    base = f"http://127.0.0.1:{env['PORT']}"
    say("")
    say(f"ispath is up after {seconds:.0f} seconds. Look here:")
    say(f"    {base}/                the dashboard")
    if env.get("MAIL_CATCHER_FOLDER"):
        say(f"    {base}/mail-catcher/   the letters it has sent")
    if env["DATABASE_URL"] == surroundings.development()["DATABASE_URL"]:
        say("    log in as nurse@demo.example, neurologist@demo.example, lead@demo.example,")
        say(
            "    pathway@demo.example, pharmacist@demo.example or operator@demo.example; password demo-ispath"
        )
        say("    Everything in it is invented. Ctrl-C stops it; the data stay for the next time.")
    else:
        say("    The database is your own, and nobody is invented in it. For a first account type, with the")
        say("    same settings, .venv/bin/python manage.py createsuperuser; for a synthetic clinic with its")
        say("    log-ins, only for a trial, .venv/bin/python manage.py seed_clinic. Ctrl-C stops everything.")
    say("")


def main() -> int:
    began = time.monotonic()
    supervisor = Supervisor()
    try:
        lock = only_one()
        env = environment()
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"process {os.getpid()}, http://127.0.0.1:{env['PORT']}/".encode(), 0)
        start_servers(supervisor, env)
        start_ispath(supervisor, env)
        supervisor.wait_until(lambda: answers(f"http://127.0.0.1:{env['PORT']}/healthz"), "The web process")
        where_to_look(env, time.monotonic() - began)
        supervisor.watch()
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        if supervisor.running:
            say("stopping …")
            supervisor.stop_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
