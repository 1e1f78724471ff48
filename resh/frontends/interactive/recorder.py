"""What a terminal shows, as an asciicast (version 2): a head, then a line for each piece of output with the seconds since the start.

screen = Screen(sys.stdout, size)           # everything that writes to the terminal writes to it
screen.start(Path("session.cast")); …; screen.stop()
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from resh.errors import ReshError

_LONE = re.compile(r"(?<!\r)\n")
"""The terminal itself puts a carriage return before it; who plays the record does not."""


class Screen:
    """A terminal's output, which can be recorded. What it does not know the terminal's own file answers."""

    def __init__(self, out: TextIO, size: Callable[[], tuple[int, int]], now: Callable[[], float] = time.time) -> None:
        self._out = out
        self._size = size
        self._now = now
        self._lock = threading.Lock()
        self._file: TextIO | None = None
        self._path = Path()
        self._began = 0.0

    def write(self, text: str) -> int:
        written = self._out.write(text)
        with self._lock:
            if self._file is not None and text:
                self._line([round(self._now() - self._began, 6), "o", _LONE.sub("\r\n", text)])
        return written

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # who writes bytes would pass by the record
            raise AttributeError(name)
        return getattr(self._out, name)

    def start(self, file: Path) -> None:
        with self._lock:
            if self._file is not None:
                raise ReshError(f"{self._path} is being recorded", "record --stop ends it")
            try:
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except OSError as error:
                raise ReshError(f"{file}: {error.strerror}", "name a file that is not there yet, in a folder that is yours") from None
            self._file, self._path = os.fdopen(descriptor, "w", encoding="utf-8", errors="replace"), file
            columns, rows = self._size()
            self._began = self._now()
            self._line({"version": 2, "width": columns, "height": rows, "timestamp": int(self._began), "title": "resh"})

    def stop(self) -> Path:
        with self._lock:
            if self._file is None:
                raise ReshError("nothing is being recorded", "record FILE begins")
            self._close()
            return self._path

    def close(self) -> None:
        """The session ends, and so does a record."""
        with self._lock:
            if self._file is not None:
                self._close()

    def _line(self, value: object) -> None:
        import json

        assert self._file is not None
        try:
            self._file.write(json.dumps(value, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError:  # a full disk ends the record, not the session
            self._file = None

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()
