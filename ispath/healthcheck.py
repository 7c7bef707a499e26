"""Asked by the container engine whether its process works: python -m ispath.healthcheck web|beat|mails."""

from __future__ import annotations

import os
import socket
import sys
import urllib.request
from collections.abc import Callable

from ispath.beat import has_pulse

PATIENCE = 4


def web_answers() -> bool:
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return bool(answer.status == 200)  # noqa: PLR2004


def mails_greets() -> bool:
    port = int(os.environ.get("PORT", "1025"))
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        return line.recv(4) == b"220 "


QUESTIONS: dict[str, Callable[[], bool]] = {"web": web_answers, "beat": has_pulse, "mails": mails_greets}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in QUESTIONS:  # noqa: PLR2004
        print(f"Type one of: {', '.join(QUESTIONS)}", file=sys.stderr)  # noqa: T201
        return 2
    try:
        return 0 if QUESTIONS[sys.argv[1]]() else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
