"""Takes the screens of docs/terminal.md from resh in a real pty, on the account that the documentation shows. `scripts/screens`

Between `<!-- screen: NAME -->` and `<!-- end -->` stands what the screen showed after the keys of NAME.
No test holds them against it: ages and times are those of the day on which they were taken.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "documentation")]

import world  # noqa: E402

from tests.e2e.screen import Screen  # noqa: E402

DOCUMENT = ROOT / "docs" / "terminal.md"
PROMPT = r"^> *$"
DOWN, F1, ENTER, CTRL_C = "\x1b[B", "\x1bOP", "\r", "\x03"
SCREENS: dict[str, tuple[str, ...]] = {
    "completion": ("search is(aws_ec2_volume) and volume_st",),
    "chosen": ("search is(aws_ec2_vol", DOWN),
    "values": ("search is(aws_ec2_volume) and volume_status = ", "~"),
    "count": ("search is(aws_ec2_volume) and volume_size > 10", "~"),
    "mistake": ("search is(volumee) and name = x", "~"),
    "help": ("search is(aws_ec2_volume) and volume_size", F1),
    "result": ("search is(aws_ec2_volume) | list id, name, volume_size", ENTER, "why $1", ENTER),
    "watch": ("watch 1 search is(volume) | count volume_status", ENTER, "~"),
    "timing": ("timing on", ENTER, "search is(volume) | list id, volume_status", ENTER),
}
_REGION = re.compile(r"(<!-- screen: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="resh-screens-") as folder:
        home = Path(folder) / "home"
        world.world(home)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment = {**kept, "HOME": folder, "USER": "ada", "RESH_HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}
        text = DOCUMENT.read_text()
        DOCUMENT.write_text(
            _REGION.sub(lambda found: f"{found[1]}\n```text\n{taken(environment, SCREENS[found[2]])}\n```\n\n{found[3]}", text)
        )
    return 0


def wait(screen: Screen, seconds: float) -> None:
    """Not until nothing comes: some screens never rest."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        screen._read()


def taken(environment: dict[str, str], keys: tuple[str, ...]) -> str:
    """What the screen shows from the first prompt on, without the room that is left empty. `~` waits for what comes by itself."""
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.until(r"role admin")
        for key in keys:
            if key != "~":
                screen.type(key)
            wait(screen, 3.0 if key == "~" else 1.5)
        lines = screen.text.splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("> "))
        return re.sub(r"\n\n+", "\n\n", "\n".join(lines[first:])).rstrip()


if __name__ == "__main__":
    sys.exit(main())
