"""A run and the other processes of its state folder: they see how far it is, and ask for its end or that of a part of it.

outside = Outside(home / "locks", "01a7")
outside.tell(standing)                      # the process of the run, twice a second
outside.asked()                             # [("", "stopped by ada")], or of a part: [("aws/123456789012", "stopped by ada")]

outside.standing()                          # the others; None when nothing is known yet
outside.ask("stopped by ada")
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from resh.errors import StateError
from resh.lock import open_private
from resh.workflows.standing import Standing


class Outside:
    def __init__(self, folder: Path, run: str) -> None:
        self._asked = folder / f"{run}.stop"
        self._standing = folder / f"{run}.progress"
        self._told = ""

    def ask(self, reason: str, scope: str = "") -> None:
        """Several may ask: each adds a line."""
        fd = open_private(self._asked, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(fd, f"{json.dumps([scope, reason])}\n".encode())
        except OSError as error:
            raise StateError(f"{self._asked} cannot be written: {error.strerror}", "the run does not hear of it") from None
        finally:
            os.close(fd)

    def asked(self) -> list[tuple[str, str]]:
        """Scopes and reasons; an empty scope is the whole run."""
        try:
            lines = self._asked.read_text().splitlines()
        except OSError:
            return []
        return [wish for line in lines if (wish := _wish(line))]

    def tell(self, standing: Standing) -> None:
        """Only what has changed is written. A disk that takes nothing costs the others their view, and the run nothing."""
        text = standing.text()
        if text == self._told:
            return
        beside = self._standing.with_suffix(".new")
        with suppress(OSError):
            beside.write_text(text)
            beside.replace(self._standing)
            self._told = text

    def standing(self) -> Standing | None:
        try:
            return Standing.parse(self._standing.read_text())
        except (OSError, ValueError):
            return None

    def clear(self) -> None:
        for path in (self._asked, self._standing):
            path.unlink(missing_ok=True)


def _wish(line: str) -> tuple[str, str] | None:
    """None for a line that was cut off when the disk was full: the run goes on."""
    try:
        scope, reason = json.loads(line)
    except (ValueError, TypeError):
        return None
    return str(scope), str(reason)
