"""Pages that are printed from the code: make docs writes them, make check compares them.

To add one: a command of manage.py that writes its files, and with --check only compares them and ends with 1
if they differ.
"""

from __future__ import annotations

import subprocess
import sys

from devstack import env_example, surroundings

# name -> the arguments of manage.py; --check is added when comparing
GENERATORS: dict[str, list[str]] = {
    "docs/protocols": ["describe_protocol", "--write"],
    "docs/editions.md": ["describe_editions", "--write"],
    "docs/ehr/openapi.json": ["openapi"],
    "docs/letters.md": ["show_letters", "--write"],
}


def environment_page(*, check: bool) -> bool:
    wanted = env_example.text()
    if check:
        return env_example.TARGET.exists() and env_example.TARGET.read_text() == wanted
    env_example.TARGET.write_text(wanted)
    return True


def generate(arguments: list[str], *, check: bool) -> bool:
    command = [sys.executable, "manage.py", *arguments, *(["--check"] if check else [])]
    return subprocess.run(command, cwd=surroundings.ROOT, check=False).returncode == 0


def main() -> int:
    check = "--check" in sys.argv
    results = {".env.example": environment_page(check=check)}
    results |= {name: generate(arguments, check=check) for name, arguments in GENERATORS.items()}
    stale = [name for name, fine in results.items() if not fine]
    for name in stale:
        print(f"{name} does not match the code. Type python3 dev.py docs and look at the difference.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
