"""One SSH channel: a prompt on a pty, one command line (`ssh host 'search …'`), a script on standard input (`ssh -T host < script`),
or files to read (`sftp host`).

prompt_toolkit's own SSH session is not used: it blocks the loop on a large paste, leaks the tasks of killed clients, and knows neither
commands nor exit statuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import asyncssh
from asyncssh.stream import SSHServerStreamSession
from prompt_toolkit.application.current import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from resh.cancel import Cancel
from resh.commands.base import Role, Sink
from resh.errors import Cancelled, ReshError, TimedOut, UnknownCommand
from resh.frontends.interactive.loop import Terminal, interact
from resh.frontends.interactive.sink import NO_LINKS, TerminalSink
from resh.frontends.script import StreamSink, run_script
from resh.frontends.ssh.audit import masked
from resh.frontends.ssh.channel import CTRL_C, ChannelInput, ChannelStream, ChannelWriter, RawOutput
from resh.frontends.ssh.sftp import SFTP_VERSION, Exports
from resh.frontends.ssh.stdin import ScriptLines
from resh.frontends.ssh.typed import LONGEST
from resh.shell.session import Session
from resh.state.files import FOLDER, file_name

if TYPE_CHECKING:
    from typing import TextIO

    from resh.frontends.ssh.service import Service

Channel = asyncssh.SSHServerChannel[str]
MOST_COLUMNS, MOST_ROWS = 1000, 300
"""Of a terminal; no screen shows more."""


class ShellSession(asyncssh.SSHServerSession[str]):
    """Callbacks come on the loop; the work is one task, ended when the client goes."""

    def __init__(self, service: Service, user: str, key: str, role: Role, address: str, closed: Callable[[ShellSession], None]) -> None:
        """`key` is the fingerprint of the one that opened."""
        self._service = service
        self._user = user
        self._key = key
        self._role = role
        self._address = address
        self._closed = closed
        self._shell: Session | None = None
        self._files: SSHServerStreamSession[bytes] | None = None
        self._exports: Exports | None = None
        self._tell: Callable[[str], Awaitable[None]] | None = None
        self._since = service.app.clock.now()
        self._received = self._status = 0
        self._command: str | None = None
        self._terminal = ""
        self._cancels: list[Cancel] = []
        self._task: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._resized: Callable[[], None] = lambda: None
        self._input = ChannelInput(self._interrupt, self._flow, self._refuse)

    def connection_made(self, chan: Channel) -> None:
        self._channel = chan
        self._writer = ChannelWriter(chan)
        self._lines = ScriptLines(self._flow, self._service.idle_seconds)
        self._loop = asyncio.get_running_loop()
        self._wait_for_requests()

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]) -> bool:
        self._terminal = term_type or "dumb"
        self._writer.newline = "\r\n"
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp"

    def session_started(self) -> None:
        forced = self._command is not None and self._channel.get_command() is None  # by the option command= of the key
        files = self._channel.get_subsystem() == "sftp"
        kind = "sftp" if files else "shell" if self._prompts else "script" if self._command is None else "exec"
        self._record("session", kind=kind, terminal=self._terminal, forced=forced or None)
        if files:
            self._serve_files()
        else:
            self._stop_waiting()
            self._task = self._loop.create_task(self._serve())

    def _serve_files(self) -> None:
        root = self._service.app.home / FOLDER / file_name(self._user)

        def exports(channel: asyncssh.SSHServerChannel[bytes]) -> Exports:
            self._exports = Exports(channel, root, self._writer.sent)
            return self._exports

        self._files = SSHServerStreamSession(None, cast(Any, exports), SFTP_VERSION)
        self._files.connection_made(cast("asyncssh.SSHServerChannel[bytes]", self._channel))
        self._files.session_started()
        self._wait_for_requests()

    def _wait_for_requests(self) -> None:
        """Of a client that reads files, or has not said what it wants; prompts and scripts know by themselves how long nothing has come."""
        self._stop_waiting()
        self._idle = self._loop.call_later(self._service.idle_seconds, self._end_idle)

    def _stop_waiting(self) -> None:
        if self._idle:
            self._idle.cancel()

    def _end_idle(self) -> None:
        if not self._channel.is_closing():
            self._status = TimedOut.exit_code
            self._channel.exit(self._status)

    def data_received(self, data: str, datatype: int | None) -> None:
        self._received += len(data)
        if self._files:
            self._files.data_received(cast(bytes, data), datatype)
            self._wait_for_requests()
        elif self._prompts:
            self._input.feed(data)
        elif self._terminal and CTRL_C in data:
            self._interrupt()
        else:
            self._lines.feed(data)

    def eof_received(self) -> bool:
        if self._files:
            return bool(self._files.eof_received())
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
        if self._files and self._exports:
            self._files.pause_writing()
            self._exports.pause(True)
        self._writer.pause(True)

    def resume_writing(self) -> None:
        if self._files and self._exports:
            self._files.resume_writing()
            self._exports.pause(False)
        self._writer.pause(False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._files and self._exports:
            self._exports.pause(False)
            self._files.connection_lost(exc)
        self._writer.close()
        self._lines.end()
        self._input.close(at_once=True)
        self._interrupt("the client has gone")
        if self._task:
            self._task.cancel()
        seconds = round(self._service.app.clock.now() - self._since, 1)
        self._record("exit", status=self._status, received=self._received, sent=self._writer.count, seconds=seconds)
        self._closed(self)

    def finish(self, words: str) -> asyncio.Task[None] | None:
        """The server stops: say so, let what runs come to its end, take no further line. What ends then."""
        if self._shell:
            self._shell.ended = True
        self._lines.stop()
        if self._task and self._prompts:
            self._parting = self._loop.create_task(self._part(words))
        elif self._terminal:
            self._writer.write(f"\n{words}\n")
        if self._files and not self._channel.is_closing():
            self._channel.exit(0)
        return self._task

    async def _part(self, words: str) -> None:
        """Above the prompt; a prompt without a command ends with it."""
        if self._tell:
            await self._tell(words)
        self._input.close(at_once=True)

    def end(self, words: str) -> None:
        """It has taken too long."""
        self._interrupt(words)
        if self._task:
            self._task.cancel()

    @property
    def _prompts(self) -> bool:
        return bool(self._terminal) and self._command is None

    def _flow(self, pause: bool) -> None:
        self._loop.call_soon_threadsafe(self._channel.pause_reading if pause else self._channel.resume_reading)

    def _refuse(self) -> None:
        """A paste."""
        if self._tell:
            words = f"that paste has more than {LONGEST:,} characters: ssh -T … < file runs a script"
            self._telling = self._tell(words)

    def _interrupt(self, reason: str = "cancelled") -> None:
        for cancel in list(self._cancels):
            cancel.set(reason)

    @contextmanager
    def _interruptible(self, cancel: Cancel) -> Iterator[None]:
        self._cancels.append(cancel)
        if self._input.interrupted:
            cancel.set("cancelled")
        try:
            yield
        finally:
            self._cancels.remove(cancel)

    async def _serve(self) -> None:
        """Whatever happens, the client gets an exit status, and the other channels of its connection live on."""
        status = 1
        try:
            status = await (self._prompt() if self._prompts else self._script())
        except ReshError as error:
            self._complain(error.message)
            status = error.exit_code
        except BrokenPipeError:
            status = 0
        except asyncio.CancelledError:
            status = Cancelled.exit_code
            raise
        except Exception as error:
            self._service.report(self._user, error)
            self._complain("this session failed; the server's log has the reason")
        finally:
            self._status = status
            self._writer.flush()
            if not self._channel.is_closing():
                self._channel.exit(status)

    def _complain(self, words: str) -> None:
        self._writer.write(f"resh: {words}\n", stderr=not self._terminal)

    async def _prompt(self) -> int:
        environment = self._channel.get_environment()
        colour = not environment.get("NO_COLOR") and self._terminal != "dumb"
        raw = cast("TextIO", RawOutput(self._writer, self._channel))
        output = Vt100_Output(raw, self._size, term=self._terminal, default_color_depth=_depth(environment, colour), enable_cpr=False)
        terminal = Terminal(
            self._input, output, self._interruptible, self._service.idle_seconds, colour, self._on_resize, self._on_tell, longest=LONGEST
        )
        with create_app_session(input=self._input, output=output):
            return await interact(self._session(self._terminal_sink(colour)), terminal)

    async def _script(self) -> int:
        sink: Sink = self._terminal_sink(colour=self._terminal != "dumb") if self._terminal else self._stream_sink()
        if self._command and self._command.startswith("scp -"):
            raise UnknownCommand("there is no scp program here: scp without -O fetches files, or sftp", "over SSH they can only be read")
        lines: Iterable[str] = self._lines if self._command is None else [self._command]
        cancel = Cancel()
        with self._interruptible(cancel):
            return await asyncio.to_thread(run_script, self._session(sink), lines, cancel=cancel)

    def _session(self, sink: Sink) -> Session:
        self._shell = Session(
            self._service.app, user=self._user, role=self._role, sink=sink, local=False, interactive=self._prompts, key=self._key
        )
        self._shell.heard = self._heard
        self._shell.may_detach = True
        return self._shell

    def _heard(self, text: str) -> Callable[[int], None]:
        """Each line is recorded before it runs, and how it ended."""
        began = self._service.app.clock.now()
        self._record("command", line=masked(text))
        return lambda status: self._record("ended", status=status, seconds=round(self._service.app.clock.now() - began, 3))

    def _record(self, what: str, **facts: object) -> None:
        self._service.audit.tell(what, user=self._user, address=self._address, session=self._number, **facts)

    @property
    def _number(self) -> str:
        """Tells sessions of one address apart in the record."""
        return f"{id(self):x}"[-8:]

    def _stream_sink(self) -> StreamSink:
        out, err = ChannelStream(self._writer), ChannelStream(self._writer, stderr=True)
        return StreamSink(cast("TextIO", out), cast("TextIO", err))

    def _terminal_sink(self, colour: bool) -> TerminalSink:
        return TerminalSink(self._writer.write, lambda: self._size().columns, colour=colour, links=self._terminal not in NO_LINKS)

    def _size(self) -> Size:
        """As far as a client's word is to be taken: what is drawn for a screen takes memory, and time that others wait."""
        columns, rows, _, _ = self._channel.get_terminal_size()
        return Size(rows=min(rows or 24, MOST_ROWS), columns=min(columns or 80, MOST_COLUMNS))

    def _on_resize(self, resized: Callable[[], None]) -> None:
        self._resized = resized

    def _on_tell(self, tell: Callable[[str], Awaitable[None]]) -> None:
        self._tell = tell


def _depth(environment: Mapping[str, str], colour: bool) -> ColorDepth:
    """As the client's terminal says; it may say so only through the environment that it sends."""
    if not colour:
        return ColorDepth.DEPTH_1_BIT
    return ColorDepth.DEPTH_24_BIT if environment.get("COLORTERM") in ("truecolor", "24bit") else ColorDepth.DEPTH_4_BIT
