"""A terminal for tests: a real pty under resh, and a screen that shows what a person would see."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Callable, Sequence

import pexpect
import pyte

COLUMNS, LINES = 110, 30


class _Display(pyte.HistoryScreen):
    """A screen that answers what programs ask a terminal, such as where the cursor is."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__(COLUMNS, LINES, history=2000)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        self._answer(data)


class Screen:
    """`with Screen(environment, "--home", "…") as screen: screen.type("help\\r"); screen.until("search")`"""

    def __init__(self, environment: dict[str, str], *arguments: str, command: Sequence[str] = ()) -> None:
        words = [*(command or (sys.executable, "-m", "resh")), *arguments]
        self._display = _Display(self.type)
        self._stream = pyte.ByteStream(self._display)
        environment = {"TERM": "xterm-256color", **environment}
        self.raw = b""
        self.process = pexpect.spawn(words[0], words[1:], env=environment, dimensions=(LINES, COLUMNS), timeout=30)

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *exc: object) -> None:
        """pexpect gives a process that it kills a tenth of a second to go; a busy machine takes longer."""
        if self.process.isalive():
            self.process.kill(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while self.process.isalive() and time.monotonic() < deadline:
            self._read()
        self.process.close(force=True)

    def type(self, keys: str | bytes) -> None:
        self.process.send(keys)

    def resize(self, columns: int, lines: int) -> None:
        self.process.setwinsize(lines, columns)
        self._display.resize(lines, columns)

    @property
    def text(self) -> str:
        gone = ["".join(line[column].data for column in range(COLUMNS)).rstrip() for line in self._display.history.top]
        return "\n".join([*gone, *(line.rstrip() for line in self._display.display)])

    @property
    def prompt(self) -> str:
        """The line the cursor is in."""
        return self._display.display[self._display.cursor.y].rstrip()

    def until(self, pattern: str, seconds: float = 60) -> str:
        """Wait until the screen shows it; the screen's text. Fails with the screen when it does not."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text, re.MULTILINE):
            assert time.monotonic() < deadline, f"waited for {pattern!r}; the screen shows\n{self.text}"
            self._read()
        return self.text

    def until_prompt(self, begins: str, seconds: float = 60) -> None:
        """Wait until the line that the cursor is in begins so; a busy machine may take its time to draw it."""
        deadline = time.monotonic() + seconds
        while not self.prompt.startswith(begins):
            assert time.monotonic() < deadline, f"waited for {begins!r} at the cursor; the screen shows\n{self.text}"
            self._read()

    def settle(self, seconds: float = 0.3) -> str:
        """Read until nothing comes for a while."""
        quiet_at = time.monotonic() + seconds
        while time.monotonic() < quiet_at:
            if self._read():
                quiet_at = time.monotonic() + seconds
        return self.text

    def _read(self) -> bool:
        try:
            read: bytes = self.process.read_nonblocking(65536, timeout=0.1)
            self.raw += read
            self._stream.feed(read)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return False
        return True

    def exit_status(self) -> int:
        self.process.expect(pexpect.EOF)
        self.process.close()
        return int(self.process.exitstatus)
