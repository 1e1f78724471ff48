"""What was typed at a terminal behind SSH and is not read yet, in pieces that keep nobody else waiting: a few keys, or one paste.

    typed.add("echo one\\recho two\\r")
    typed.take()                                    # the first KEYS of them; "" when nothing waits

All prompts of a server share one loop, and a prompt takes time for each key, and more for a longer line. Knows nothing of SSH.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

KEYS = 32
"""Keys that a prompt reads at once."""
LONGEST = 10_000
"""Characters of a line, and of a paste; drawing a longer one takes longer than others should wait for."""
MOST_AHEAD = 64 * 1024
"""Characters that may wait."""
BEGIN, END = "\x1b[200~", "\x1b[201~"
_BEGUN = re.compile(r"\x1b(?:\[(?:2(?:00?)?)?)?\Z")


class Typed:
    """A paste comes as a whole or not at all: half of it might mean something else. `refuse` is called for one that is too long."""

    def __init__(self, refuse: Callable[[], None] = lambda: None) -> None:
        self._refuse = refuse
        self._runs: deque[str] = deque()
        self._held = ""
        """What may be the beginning of a paste, or the end of one."""
        self._paste: str | None = None
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, text: str) -> None:
        """Of keys that are too many, the last are dropped."""
        text, self._held = self._held + text, ""
        while text:
            text = self._pasted(text) if self._paste is not None else self._pressed(text)

    def take(self) -> str:
        if not self._runs:
            return ""
        piece = self._runs.popleft()
        if not piece.startswith(BEGIN) and len(piece) > KEYS:
            self._runs.appendleft(piece[KEYS:])
            piece = piece[:KEYS]
        self._length -= len(piece)
        return piece

    def flush(self) -> str:
        """What was held back and begins no paste after all, such as the Escape key."""
        if self._paste is not None:
            return ""
        held, self._held = self._held, ""
        return held

    def clear(self) -> None:
        self._runs.clear()
        self._held, self._paste, self._length = "", None, 0

    def _pressed(self, text: str) -> str:
        keys, begin, rest = text.partition(BEGIN)
        if begin:
            self._paste = ""
        elif held := _BEGUN.search(keys):
            self._held, keys = held[0], keys[: held.start()]
        self._put(keys.replace(END, "")[: max(0, MOST_AHEAD - self._length)])
        return rest

    def _pasted(self, text: str) -> str:
        """Until it ends, however much of it comes."""
        assert self._paste is not None
        body, end, rest = text.partition(END)
        if not end:
            keep = len(END) - 1
            self._held, body = body[-keep:], body[:-keep]
        self._paste += body[: LONGEST + 1 - len(self._paste)]
        if end:
            pasted, self._paste = self._paste, None
            if len(pasted) > LONGEST or self._length > MOST_AHEAD:
                self._refuse()
            else:
                self._put(f"{BEGIN}{pasted}{END}")
        return rest

    def _put(self, text: str) -> None:
        if text:
            self._runs.append(text)
            self._length += len(text)
