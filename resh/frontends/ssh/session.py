"""One SSH channel: a prompt on a pty, one command line (`ssh host 'search …'`), or a script on standard input (`ssh -T host < script`).

prompt_toolkit's own SSH session is not used: it blocks the loop on a large paste, leaks the tasks of killed clients, and knows neither
commands nor exit statuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import asyncssh
from prompt_toolkit.application.current import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from resh.cancel import Cancel
from resh.commands.base import Role, Sink
from resh.errors import ReshError
from resh.frontends.interactive.loop import Terminal, interact
from resh.frontends.interactive.sink import NO_LINKS, TerminalSink
from resh.frontends.script import StreamSink, run_script
from resh.frontends.ssh.channel import CTRL_C, ChannelInput, ChannelStream, ChannelWriter, RawOutput
from resh.frontends.ssh.stdin import ScriptLines
from resh.shell.session import Session

if TYPE_CHECKING:
    from typing import TextIO

    from resh.frontends.ssh.server import Service

Channel = asyncssh.SSHServerChannel[str]


class ShellSession(asyncssh.SSHServerSession[str]):
    """Callbacks come on the loop; the work is one task, ended when the client goes."""

    def __init__(self, service: Service, user: str, role: Role) -> None:
        self._service = service
        self._user = user
        self._role = role
        self._command: str | None = None
        self._terminal = ""
        self._cancels: list[Cancel] = []
        self._task: asyncio.Task[None] | None = None
        self._resized: Callable[[], None] = lambda: None
        self._input = ChannelInput(self._interrupt)

    def connection_made(self, chan: Channel) -> None:
        self._channel = chan
        self._writer = ChannelWriter(chan)
        self._lines = ScriptLines(self._flow)
        self._loop = asyncio.get_running_loop()

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]) -> bool:
        self._terminal = term_type or "dumb"
        self._writer.newline = "\r\n"
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def session_started(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._serve())

    def data_received(self, data: str, datatype: int | None) -> None:
        if self._prompts:
            self._input.feed(data)
        elif self._terminal and CTRL_C in data:
            self._interrupt()
        else:
            self._lines.feed(data)

    def eof_received(self) -> bool:
        self._lines.end()
        if self._prompts:
            self._input.close()
        return True

    def signal_received(self, signal: str) -> None:
        if signal in ("INT", "TERM"):
            self._interrupt()

    def break_received(self, msec: int) -> bool:
        self._interrupt()
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        self._resized()

    def pause_writing(self) -> None:
        self._writer.pause(True)

    def resume_writing(self) -> None:
        self._writer.pause(False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._writer.close()
        self._lines.end()
        self._input.close()
        self._interrupt("the client has gone")
        if self._task:
            self._task.cancel()

    def end(self, words: str) -> None:
        """The server stops: say so and leave."""
        if self._terminal:
            self._writer.write(f"\n{words}\n")
        self._interrupt(words)
        if self._task:
            self._task.cancel()

    @property
    def _prompts(self) -> bool:
        return bool(self._terminal) and self._command is None

    def _flow(self, pause: bool) -> None:
        self._loop.call_soon_threadsafe(self._channel.pause_reading if pause else self._channel.resume_reading)

    def _interrupt(self, reason: str = "cancelled") -> None:
        for cancel in list(self._cancels):
            cancel.set(reason)

    @contextmanager
    def _interruptible(self, cancel: Cancel) -> Iterator[None]:
        self._cancels.append(cancel)
        try:
            yield
        finally:
            self._cancels.remove(cancel)

    async def _serve(self) -> None:
        """Whatever happens, the client gets an exit status, and the other channels of its connection live on."""
        status = 1
        try:
            with self._service.holding(self):
                status = await (self._prompt() if self._prompts else self._script())
        except ReshError as error:
            self._complain(error.message)
            status = error.exit_code
        except BrokenPipeError:
            status = 0
        except Exception as error:
            self._service.report(self._user, error)
            self._complain("this session failed; the server's log has the reason")
        finally:
            if not self._channel.is_closing():
                self._channel.exit(status)

    def _complain(self, words: str) -> None:
        self._writer.write(f"resh: {words}\n", stderr=not self._terminal)

    async def _prompt(self) -> int:
        environment = self._channel.get_environment()
        colour = not environment.get("NO_COLOR") and self._terminal != "dumb"
        raw = cast("TextIO", RawOutput(self._channel))
        output = Vt100_Output(raw, self._size, term=self._terminal, default_color_depth=_depth(environment, colour), enable_cpr=False)
        terminal = Terminal(self._input, output, self._interruptible, self._service.idle_seconds, colour, self._on_resize)
        with create_app_session(input=self._input, output=output):
            return await interact(self._session(self._terminal_sink(colour)), terminal)

    async def _script(self) -> int:
        sink: Sink = self._terminal_sink(colour=self._terminal != "dumb") if self._terminal else self._stream_sink()
        lines: Iterable[str] = self._lines if self._command is None else [self._command]
        cancel = Cancel()
        with self._interruptible(cancel):
            return await asyncio.to_thread(run_script, self._session(sink), lines, cancel=cancel)

    def _session(self, sink: Sink) -> Session:
        return Session(self._service.app, user=self._user, role=self._role, sink=sink, local=False, interactive=self._prompts)

    def _stream_sink(self) -> StreamSink:
        out, err = ChannelStream(self._writer), ChannelStream(self._writer, stderr=True)
        return StreamSink(cast("TextIO", out), cast("TextIO", err))

    def _terminal_sink(self, colour: bool) -> TerminalSink:
        return TerminalSink(self._writer.write, lambda: self._size().columns, colour=colour, links=self._terminal not in NO_LINKS)

    def _size(self) -> Size:
        columns, rows, _, _ = self._channel.get_terminal_size()
        return Size(rows=rows or 24, columns=columns or 80)

    def _on_resize(self, resized: Callable[[], None]) -> None:
        self._resized = resized


def _depth(environment: Mapping[str, str], colour: bool) -> ColorDepth:
    """As the client's terminal says; it may say so only through the environment that it sends."""
    if not colour:
        return ColorDepth.DEPTH_1_BIT
    return ColorDepth.DEPTH_24_BIT if environment.get("COLORTERM") in ("truecolor", "24bit") else ColorDepth.DEPTH_4_BIT
