"""Lines that a user typed, one file a user. Several sessions and processes may append at once.

    history = FileHistory(home / "history", "ada")
    history.append("search is(volume) | count")
    history.entries()                               # oldest first, each line once: where it was typed last

Each entry is one JSON value on a line, so that input over several lines stays one entry: `[seconds, text]`; in older
files it is the text alone.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from resh.clock import Clock, SystemClock
from resh.commands.desk import Typed
from resh.state.files import file_name

KEPT = 10_000
_SECRET = re.compile(
    r"password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|routing[_-]?key|credential|authorization|bearer\s|webhook|hooks\.slack|//[^/\s]*@|\bAKIA[0-9A-Z]{12,}|--auth\b",
    re.IGNORECASE,
)
_ADDRESS = r"(?!--|(?:get|put|post|delete|patch)\s)[^\s|;]+"
_NAME = r"(?!(?:accept|content-type|user-agent):)[!#$%&*+.^_`~0-9a-z-]+"
_HEADERS = re.compile(rf"\bhttps?\s(?:[^|;]*\s)?{_ADDRESS}\s(?:[^|;]*\s)?['\"]?{_NAME}:(?!//)", re.IGNORECASE)
"""A request with headers, any of which may hold one."""
_SENT = re.compile(r"\|\s*(?:https?|notify|slack|discord|jira|pagerduty|alertmanager)\s.*", re.DOTALL)
"""What is sent somewhere."""
_SEARCHES = re.compile(r"\s*(search|query|match|kinds?|help|man)\b")


class FileHistory:
    def __init__(self, folder: Path, user: str, clock: Clock | None = None) -> None:
        self._path = folder / file_name(user)
        self._clock = clock or SystemClock()

    def entries(self) -> list[str]:
        """Oldest first, each text once; what can not be read is left out."""
        return [entry.text for entry in self.typed()]

    def typed(self) -> list[Typed]:
        """The same, with the times."""
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        found: dict[str, Typed] = {}
        for line in text.splitlines():
            entry = _entry(line)
            if entry is not None:
                found.pop(entry.text, None)
                found[entry.text] = entry
        return list(found.values())[-KEPT:]

    def append(self, text: str) -> None:
        """Keep the line, unless it is empty, starts with a space, or may hold a secret."""
        if not text.strip() or text[0] == " " or is_secret(text):
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError:
            return  # a history that can not be written is no reason to stop typing
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps([round(self._clock.now()), text]) + "\n")


def is_secret(text: str) -> bool:
    """Whether it may hold one. A search that merely names such a property (is(access_key)) does not."""
    sent = _SENT.search(text)
    looked_at = text if not _SEARCHES.match(text) else sent[0] if sent else ""
    return bool(_SECRET.search(looked_at) or _HEADERS.search(text))


def _entry(line: str) -> Typed | None:
    try:
        entry = json.loads(line)
    except ValueError:  # a torn last line
        return None
    match entry:
        case str():
            return Typed(entry)
        case [int() | float() as at, str() as text]:
            return Typed(text, float(at))
    return None
