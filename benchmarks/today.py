"""What the front page costs: Today for a nurse, by how many rows it shows.

    python -m benchmarks.today [--children 40 400] [--times 20]

Each page is asked for through the whole stack of middleware, logged in, and rendered to its last byte. The
goal was 1,000 rows in under 300 ms on two cores. Starts servers of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import TYPE_CHECKING

from devstack import testing

if TYPE_CHECKING:
    from django.test import Client


def nurse() -> Client:
    """A browser with the demo clinic's nurse logged in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    browser = Client()
    browser.force_login(
        get_user_model().objects.get(username="nurse@demo.example"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return browser


def measure(browser: Client, times: int) -> str:
    rows = len(browser.get("/admin/today.csv", secure=True).content.splitlines()) - 1
    answer = browser.get("/admin/", secure=True)
    assert answer.status_code == 200, answer.status_code
    took, busy = [], []
    for _ in range(times):
        began, processor = time.perf_counter(), time.process_time()
        browser.get("/admin/", secure=True)
        took.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - processor) * 1000)
    size, middle, processor = len(answer.content) // 1024, statistics.median(took), statistics.median(busy)
    return (
        f"{rows:,} rows, {size:,} kB: median {middle:.0f} ms ({processor:.0f} of processor),"
        f" slowest {max(took):.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--children", type=int, nargs="+", default=[40, 400])
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    testing.start()
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DATABASE_ROLE": "owner",
            "ALLOWED_HOSTS": "testserver",
        }
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_library", verbosity=0)
    for children in sorted(given.children):
        call_command("seed_clinic", children=children, verbosity=0)
        print(f"  {children:,} children: {measure(nurse(), given.times)}", flush=True)


if __name__ == "__main__":
    main()
