"""Writes what the documentation says about commands, settings, kinds and events, and the completion scripts. `scripts/docs [--check]`

With `--check` nothing is written: it names what is not current, and exits 1 when there is anything.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from content import Content
from examples import Examples
from regions import rewritten

from resh.cli import parser
from resh.frontends.completion import script

ROOT = Path(__file__).resolve().parents[2]
COMPLETIONS = {"bash": "resh.bash", "zsh": "_resh", "fish": "resh.fish"}


def main() -> int:
    arguments = argparse.ArgumentParser(prog="scripts/docs", description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing, name what is not current")
    check = arguments.parse_args().check
    os.environ["TZ"] = "UTC"  # events are shown in local time
    time.tzset()
    stale = [(file, text) for file, text in current() if not file.exists() or file.read_text() != text]
    for file, text in stale:
        print(f"{file.relative_to(ROOT)} {'is not current: run scripts/docs' if check else 'written'}")
        if not check:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
    return 1 if stale and check else 0


def current() -> Iterator[tuple[Path, str]]:
    """Every file that has generated parts, as it should be."""
    with Examples() as examples:
        content = Content(examples)
        for document in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
            yield document, rewritten(document.read_text(), content)
    for shell, name in COMPLETIONS.items():
        yield ROOT / "completions" / name, script(shell, parser())


if __name__ == "__main__":
    sys.exit(main())
