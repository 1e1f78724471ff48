"""The command `resh`: argv → mode → exit status.

    resh                          the shell at the terminal
    resh -c 'search …' -c '…'     these lines, one after the other
    resh < script                 the lines of standard input
    resh serve --listen HOST:PORT the shell over SSH, workflows on their schedules
    resh --demo                   any of these on an example cloud that lives as long as resh does

Front ends are imported by the mode that needs them; only this file and `settings.py` see the process's environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from resh import __version__
from resh.errors import ReshError, UsageError
from resh.record import Record

if TYPE_CHECKING:
    from argparse import ArgumentParser, HelpFormatter

    from resh.app import App
    from resh.cancel import Cancel
    from resh.workflows.line import Line, Output

SHELLS = ("bash", "zsh", "fish")
_VALUED = ("-c", "-f", "--home", "--config", "--set", "--output", "--timeout", "--listen")
OUTPUTS = ("jsonl", "json", "yaml", "text", "table", "csv", "markdown")
_HOME = "state folder (default: $RESH_HOME, else the platform's data folder)"
_CONFIG = "settings from this YAML file, over those stored"
_SETTING = "one setting for this run; repeatable"


class Arguments(Record):
    """What the command line says; `listen` is of the command `serve`, `shell` of `completion`."""

    lines: Sequence[str] = ()
    file: str | None = None
    home: str | None = None
    config: str | None = None
    settings: Sequence[str] = ()
    schedule: bool = False
    keep_going: bool = False
    yes: bool = False
    output: str = ""
    timeout: str = ""
    demo: bool = False
    debug: bool = False
    command: str | None = None
    listen: str | None = None
    rotate_host_key: bool = False
    further: Sequence[str] = ()
    """Settings behind the name of the command."""
    shell: str | None = None


def main(argv: Sequence[str] | None = None) -> int:
    _open_streams()
    arguments = parse(sys.argv[1:] if argv is None else argv)
    if isinstance(arguments, int):
        return arguments
    try:
        return _run(arguments)
    except ReshError as error:
        if arguments.debug:
            raise
        _complain(error)
        return error.exit_code
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    finally:
        _quiet_pipe()


def parse(argv: Sequence[str]) -> Arguments | int:
    try:
        return _plain(argv) or _whole(Arguments(**vars(parser().parse_args(_with_dash(argv)))))
    except SystemExit as stop:  # argparse has said its usage line
        return stop.code if isinstance(stop.code, int) else 2


def _whole(read: Arguments) -> Arguments:
    return read.changed(settings=[*read.settings, *read.further], further=())


def _with_dash(argv: Sequence[str]) -> Sequence[str]:
    """A `-` at the end, as other programs have it, is `-f -`."""
    if argv[-1:] != ["-"] or (len(argv) > 1 and argv[-2] in _VALUED):
        return argv
    return [*argv[:-1], "-f", "-"]


def _plain(argv: Sequence[str]) -> Arguments | None:
    """`[--home FOLDER] -c LINE` as argparse reads it, which takes longer for that than many a search; None for anything else."""
    values = dict(zip(argv[::2], argv[1::2], strict=False))
    if len(argv) != 2 * len(values) or "-c" not in values or values.keys() - {"-c", "--home"}:
        return None
    if any(value.startswith("-") for value in values.values()):
        return None
    return Arguments(lines=(values["-c"],), home=values.get("--home"))


def parser() -> ArgumentParser:
    from argparse import ArgumentParser, HelpFormatter

    class Parser(ArgumentParser):
        def error(self, message: str) -> NoReturn:
            """One line, as for every mistake."""
            self.exit(UsageError.exit_code, f"resh: {UsageError.code}: {message} (resh --help shows how to write it)\n")

    def formatter(prog: str) -> HelpFormatter:
        """argparse itself would import shutil, and with it half a dozen compressors, to ask how wide the terminal is."""
        return HelpFormatter(prog, width=_columns() - 2)

    description = "The shell that knows, automates and cleans up your clouds."
    main_parser = Parser("resh", description=description, epilog="In the shell: help", formatter_class=formatter)
    add = main_parser.add_argument
    either = main_parser.add_mutually_exclusive_group()
    either.add_argument("-c", dest="lines", action="append", default=[], metavar="LINE", help="run this line and end; repeatable")
    either.add_argument("-f", dest="file", metavar="FILE", help="run the lines of this file and end; - is standard input")
    add("--home", metavar="FOLDER", help=_HOME)
    add("--config", metavar="FILE", help=_CONFIG)
    add("--set", dest="settings", action="append", default=[], metavar="PATH=VALUE", help=_SETTING)
    add("--schedule", action="store_true", help="start workflows on their schedules in a script too")
    add("--keep-going", action="store_true", help="in a script, go on after a line that failed")
    add("--yes", action="store_true", help="in a script, agree to what would be asked at a prompt")
    add("--output", choices=OUTPUTS, default="", help="in a script, the form of rows that no command formats (default: jsonl)")
    add("--timeout", default="", metavar="DURATION", help="how long the lines of a script may take, such as 30s or 2h")
    add("--demo", action="store_true", help="use an example cloud, a fresh state folder, and show the main job")
    add("--debug", action="store_true", help="show a traceback with an error")
    add("--version", action="version", version=f"resh {__version__}")
    _commands(main_parser, formatter)
    return main_parser


def _commands(main_parser: ArgumentParser, formatter: Callable[..., HelpFormatter]) -> None:
    from argparse import SUPPRESS

    commands = main_parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    serve = commands.add_parser("serve", help="serve the shell over SSH and keep workflows running", formatter_class=formatter)
    serve.add_argument("--listen", metavar="HOST:PORT", help="address to listen on (default: setting ssh.listen)")
    rotation = "make a new host key and end; the old one is offered as well until its file is removed"
    serve.add_argument("--rotate-host-key", action="store_true", help=rotation)
    serve.add_argument("--home", default=SUPPRESS, metavar="FOLDER", help=_HOME)  # people write them on either side of the name
    serve.add_argument("--config", default=SUPPRESS, metavar="FILE", help=_CONFIG)
    serve.add_argument("--set", dest="further", action="append", default=[], metavar="PATH=VALUE", help=_SETTING)
    completion = commands.add_parser("completion", help="print the completion script of a shell", formatter_class=formatter)
    completion.add_argument("shell", choices=SHELLS)


def _columns() -> int:
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or 80
    except (OSError, ValueError):
        return 80


def _run(arguments: Arguments) -> int:
    if arguments.command == "completion":
        from resh.frontends.completion import script

        sys.stdout.write(script(str(arguments.shell), parser()))
        return 0
    with _world(arguments) as app:
        app.run_line = lambda line, output, cancel: _unattended(app, line, output, cancel)
        if arguments.settings or arguments.config:
            app.settings  # noqa: B018  a mistake in an option is told even when no line needs a setting
        if arguments.command == "serve":
            from resh.frontends.ssh.serve import rotate_host_key, serve

            if arguments.rotate_host_key:
                return rotate_host_key(app)
            return serve(app, arguments.listen or app.settings.text("ssh.listen"))
        if arguments.lines or arguments.file or not sys.stdin.isatty():
            return _script(app, arguments)
        from resh.frontends.terminal.local import run_terminal

        return run_terminal(app, os.environ, first_line="workflows run collect_and_cleanup --follow" if arguments.demo else "")


def _unattended(app: App, line: Line, output: Output, cancel: Cancel) -> int:
    from resh.shell.unattended import run_line

    return run_line(app, line, output, cancel)


def _script(app: App, arguments: Arguments) -> int:
    from resh.frontends.script import run_script, script_session

    if arguments.schedule:
        app.serve_metrics()
        app.start_scheduler()
    session = script_session(
        app, sys.stdout, sys.stderr, user=_user(), environ=os.environ,
        debug=arguments.debug, agreed=arguments.yes, output=arguments.output,
    )  # fmt: skip
    with _lines(arguments) as lines:
        status = run_script(
            session, lines, keep_going=arguments.keep_going, seconds=_seconds(arguments.timeout), whole=bool(arguments.lines)
        )
    app.finish_jobs()
    return status


def _seconds(timeout: str) -> float | None:
    if not timeout:
        return None
    from resh.durations import parse_duration

    seconds = parse_duration(timeout)
    if seconds <= 0:
        raise UsageError(f"--timeout: {timeout} is no time to run in", "write it like 30s or 2h")
    return seconds


@contextmanager
def _lines(arguments: Arguments) -> Iterator[Iterable[str]]:
    """Those of `-c`, of a file, or of standard input; each is read when the one before has run."""
    from resh.commands.continuation import lines

    if arguments.lines:
        yield arguments.lines
    elif not arguments.file or arguments.file == "-":
        yield lines(sys.stdin)
    else:
        try:
            file = open(arguments.file, encoding="utf-8", errors="surrogateescape")  # noqa: SIM115  closed below
        except OSError as error:
            raise UsageError(f"{arguments.file}: {error.strerror}", "give -f a readable text file") from None
        with file:
            yield lines(file)


@contextmanager
def _world(arguments: Arguments) -> Iterator[App]:
    """The app on its state folder; with --demo on a fresh one, beside an example cloud."""
    from resh.app import App

    config = Path(arguments.config) if arguments.config else None
    if arguments.demo:
        from resh.demo.cloud import example_cloud

        if arguments.home:
            raise UsageError("--demo has a state folder of its own, which goes with it", "leave --home out")
        with example_cloud(os.environ, sys.stderr) as (home, overrides):
            with App(home, config=config, environ=os.environ, overrides=[*overrides, *arguments.settings]) as app:
                yield app
        return
    with App(home_folder(arguments.home), config=config, environ=os.environ, overrides=arguments.settings) as app:
        yield app


def home_folder(given: str | None) -> Path:
    """The state folder: as given, `$RESH_HOME`, else where the platform keeps a user's data."""
    if chosen := given or os.environ.get("RESH_HOME"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "resh"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "resh"


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("LOGNAME") or "you"


def _complain(error: ReshError) -> None:
    sys.stderr.write(f"resh: {error.code}: {error.message}{f' ({error.hint})' if error.hint else ''}\n")


def _open_streams() -> None:
    """A stream that the caller closed (`>&-`, some daemons) leads nowhere, rather than to whatever file is opened next."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  open as long as the process


def _quiet_pipe() -> None:
    """Flush here, where a reader that has gone is no error, rather than at interpreter exit, where Python would complain."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
