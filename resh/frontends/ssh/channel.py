"""Both directions of an SSH channel, as the prompt and the commands want them."""

from __future__ import annotations

import asyncio
import io
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import asyncssh
from prompt_toolkit.input import Input
from prompt_toolkit.input.vt100_parser import Vt100Parser
from prompt_toolkit.key_binding import KeyPress

from resh.frontends.ssh.typed import MOST_AHEAD, Typed

MOST_PENDING = 256 * 1024
"""Characters of output that may wait for a slow client before the command that makes them waits too."""
PACKET = 32 * 1024
"""Characters that are sent in a turn of the loop, or what a single write wrote."""
CTRL_C = "\x03"


class ChannelInput(Input):
    """Keys of a terminal behind SSH. No pipe and no descriptor: `feed` parses what came and calls whoever is attached.

    Many keys at once go to the prompt a few a turn of the loop; `flow(pause)` asks the client to pause (True) or to go on, `refuse` is for
    a paste that is too long. While no prompt is attached, Ctrl-C calls `interrupt` and drops what was typed ahead of it.
    """

    def __init__(
        self, interrupt: Callable[[], None], flow: Callable[[bool], None] = lambda pause: None, refuse: Callable[[], None] = lambda: None
    ) -> None:
        self._interrupt = interrupt
        self._flow = flow
        self._keys: list[KeyPress] = []
        self._parser = Vt100Parser(self._keys.append)
        self._ready: Callable[[], None] | None = None
        self._typed = Typed(refuse)
        self._turning = self._paused = self._away = self._closed = False
        self.interrupted = False
        """Whether Ctrl-C came since the last prompt: the command that it meant may not have begun then."""

    def feed(self, text: str) -> None:
        if self._ready is None and not self._away and CTRL_C in text:
            self._typed.clear()
            self.interrupted, text = True, text.rpartition(CTRL_C)[2]
            self._interrupt()
        self._typed.add(text)
        if self._ready is not None and not self._turning:
            self._turn()

    def read_keys(self) -> list[KeyPress]:
        keys = list(self._keys)
        self._keys.clear()
        return keys

    def flush_keys(self) -> list[KeyPress]:
        if not self._typed:
            self._parser.feed(self._typed.flush())
            self._parser.flush()
        return self.read_keys()

    @contextmanager
    def attach(self, input_ready_callback: Callable[[], None]) -> Iterator[None]:
        before, self._ready = self._ready, input_ready_callback
        self.interrupted = False
        self._turn_soon()
        try:
            yield
        finally:
            self._ready = before
            self._pause(False)

    @contextmanager
    def detach(self) -> Iterator[None]:
        """For a moment, while something is printed above the prompt: keys wait for it."""
        before, self._ready, self._away = self._ready, None, self._ready is not None
        try:
            yield
        finally:
            self._ready, self._away = before, False
            self._turn_soon()

    def _turn_soon(self) -> None:
        if (self._typed or self._closed) and not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """One piece to whoever is attached; what is left has to wait until others had their turn."""
        self._turning = False
        if self._ready is None:
            return
        self._parser.feed(self._typed.take())
        self._ready()
        self._pause(len(self._typed) > (0 if self._paused else MOST_AHEAD // 2))
        if self._typed:
            self._turn_soon()

    def _pause(self, pause: bool) -> None:
        if pause is not self._paused:
            self._paused = pause
            self._flow(pause)

    def raw_mode(self) -> AbstractContextManager[None]:
        return _nothing()

    def cooked_mode(self) -> AbstractContextManager[None]:
        return _nothing()

    def close(self, *, at_once: bool = False) -> None:
        """Nothing more comes. What was typed before is still read, or not."""
        self._closed = True
        if at_once:
            self._typed.clear()
        if self._ready and not self._typed:
            self._ready()

    @property
    def closed(self) -> bool:
        return self._closed and not self._typed

    def fileno(self) -> int:
        raise io.UnsupportedOperation("a channel has no descriptor")

    def typeahead_hash(self) -> str:
        return f"channel-{id(self)}"


@contextmanager
def _nothing() -> Iterator[None]:
    yield


class ChannelWriter:
    """Text to a channel. On the loop it goes at once; on another thread it waits while the client is slow.

    BrokenPipeError when the client has gone. `newline` is what a line feed becomes: a terminal wants a carriage return too.
    """

    def __init__(self, channel: asyncssh.SSHServerChannel[str]) -> None:
        self._channel = channel
        self.newline = "\n"
        self.count = 0
        """Characters, or bytes of files, that were sent."""
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._room = threading.Condition()
        self._waiting: deque[tuple[str, bool]] = deque()
        self._pending = 0
        self._delivering = False
        self._paused = False
        self._gone = False

    def write(self, text: str, *, stderr: bool = False) -> int:
        if threading.get_ident() == self._loop_thread:
            self.flush()
            self._write_now(text, stderr)
            return len(text)
        with self._room:
            self._room.wait_for(lambda: self._gone or (self._pending < MOST_PENDING and not self._paused))
            if self._gone:
                raise BrokenPipeError
            self._pending += len(text)
            self._waiting.append((text, stderr))
            first, self._delivering = not self._delivering, True
        if first:
            self._loop.call_soon_threadsafe(self._deliver)
        return len(text)

    def flush(self) -> None:
        """On the loop: what waits goes before what comes now."""
        while self._waiting:
            self._write_now(*self._taken())

    def sent(self, count: int) -> None:
        self.count += count

    def pause(self, paused: bool) -> None:
        with self._room:
            self._paused = paused
            self._room.notify_all()

    def close(self) -> None:
        with self._room:
            self._gone = True
            self._room.notify_all()

    def _deliver(self) -> None:
        """A command writes thousands of lines a second: they go together, a packet at a time, and others have their turn in between."""
        if self._waiting:
            self._write_now(*self._taken())
        with self._room:
            self._delivering = bool(self._waiting)
        if self._delivering:
            self._loop.call_soon(self._deliver)

    def _taken(self) -> tuple[str, bool]:
        """As much as goes to the same stream and into a packet."""
        with self._room:
            stderr, pieces, length = self._waiting[0][1], [], 0
            while self._waiting and self._waiting[0][1] is stderr and length < PACKET:
                pieces.append(self._waiting.popleft()[0])
                length += len(pieces[-1])
            self._pending -= length
            self._room.notify_all()
        return "".join(pieces), stderr

    def _write_now(self, text: str, stderr: bool) -> None:
        if self._gone or self._channel.is_closing():
            return
        if self.newline != "\n":
            text = text.replace("\n", self.newline)
        self.sent(len(text))
        if stderr:
            self._channel.write_stderr(text)
        else:
            self._channel.write(text)


class ChannelStream:
    """One of the two output streams of a script's channel, as a text file."""

    def __init__(self, writer: ChannelWriter, *, stderr: bool = False) -> None:
        self._writer = writer
        self._stderr = stderr

    def write(self, text: str) -> int:
        return self._writer.write(text, stderr=self._stderr)

    def flush(self) -> None:
        """The channel sends by itself."""

    def isatty(self) -> bool:
        return False


class RawOutput:
    """The file that prompt_toolkit writes its control sequences to, on the loop and with line ends of its own."""

    encoding = "utf-8"

    def __init__(self, writer: ChannelWriter, channel: asyncssh.SSHServerChannel[str]) -> None:
        self._writer = writer
        self._channel = channel

    def write(self, text: str) -> int:
        self._writer.flush()
        if not self._channel.is_closing():
            self._writer.sent(len(text))
            self._channel.write(text)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back here."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise io.UnsupportedOperation("a channel has no descriptor")
