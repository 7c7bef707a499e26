"""Pin requirements*.in into requirements*.txt with hashes, and repeat above each the reason for it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


def reasons(*sources: Path) -> dict[str, str]:
    """Package name -> the words after '#' in the .in file; a line without them is refused."""
    found: dict[str, str] = {}
    for source in sources:
        for number, line in enumerate(source.read_text().splitlines(), 1):
            match = NAME.match(line)
            if match is None:
                continue
            _, mark, why = line.partition("#")
            if not mark or not why.strip():
                sys.exit(f"lock: {source.name} line {number}: say after a # why {match[1]} is needed.")
            found[re.sub(r"[-_.]+", "-", match[1]).lower()] = why.strip()
    return found


def compile_pins(source: Path, target: Path, *extra: str) -> str:
    command = [
        *(
            "uv",
            "pip",
            "compile",
            "-q",
            "--universal",
            "--python-version",
            "3.11",
            "--fork-strategy",
            "fewest",
        ),
        *("--generate-hashes", "--no-header", *extra, source.name, "-o", target.name),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return target.read_text()


def with_reasons(text: str, why: dict[str, str]) -> str:
    lines = ["# Pinned by: python3 dev.py lock. Do not edit; edit the .in file."]
    for line in text.splitlines():
        match = NAME.match(line)
        if match and match[1] in why:
            lines.append(f"# {match[1]}: {why[match[1]]}")
        lines.append(line)
    return "\n".join(lines) + "\n"


def main() -> None:
    runtime_in, dev_in = ROOT / "requirements.in", ROOT / "requirements-dev.in"
    runtime, dev = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    why_runtime, why_all = reasons(runtime_in), reasons(runtime_in, dev_in)
    runtime.write_text(with_reasons(compile_pins(runtime_in, runtime), why_runtime))
    dev.write_text(with_reasons(compile_pins(dev_in, dev, "-c", runtime.name), why_all))
    print("requirements.txt and requirements-dev.txt are pinned.")


if __name__ == "__main__":
    main()
