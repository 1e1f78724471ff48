from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.frontends.script import StreamSink, run_script, script_session
from resh.shell.session import Session

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(home: Path, clock: FakeClock) -> Iterator[Run]:
    with App(home, clock=clock) as app:

        def run_lines(*lines: str, keep_going: bool = False) -> tuple[int, str, str]:
            out, err = io.StringIO(), io.StringIO()
            status = run_script(script_session(app, out, err, user="ada"), lines, keep_going)
            return status, out.getvalue(), err.getvalue()

        yield run_lines


def test_lines_run_in_order(run: Run) -> None:
    assert run("echo a", "", "# nothing", "echo b") == (0, "a\nb\n", "")


def test_the_first_failure_ends_it(run: Run) -> None:
    status, out, err = run("echo a", "ekko b", "echo c")
    assert (status, out, err.count("\n")) == (127, "a\n", 1)
    assert err.startswith("resh: unknown_command: ")


def test_keep_going(run: Run) -> None:
    assert run("ekko b", "echo c", keep_going=True)[:2] == (127, "c\n")


def test_exit_has_a_status(run: Run) -> None:
    assert run("exit 7", "echo a") == (7, "", "")


def test_a_line_over_several_lines(run: Run) -> None:
    assert run("json [1, 2] |", "  # comment", "head 1") == (0, "1\n", "")


def test_a_line_runs_before_the_next_is_read(run: Run) -> None:
    seen: list[str] = []
    session = _session(seen)

    def lines() -> Iterator[str]:
        yield "echo a"
        assert seen == ["a\n"]
        yield "echo b"

    assert run_script(session, lines()) == 0


def _session(seen: list[str]) -> Session:
    class Out(io.StringIO):
        def write(self, text: str) -> int:
            seen.append(text)
            return len(text)

    return Session(_NoApp(), user="ada", role=3, sink=StreamSink(Out(), io.StringIO()))  # type: ignore[arg-type]


class _NoApp:
    clock = FakeClock()
    observed = None


def test_a_gone_reader_is_no_error(home: Path) -> None:
    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with App(home) as app:
        err = io.StringIO()
        assert run_script(script_session(app, Gone(), err, user="ada"), ["echo a", "echo b"]) == 0
        assert err.getvalue() == ""


def test_cancelling_from_another_thread(home: Path) -> None:
    cancel = Cancel()
    with App(home) as app:
        threading.Timer(0.05, cancel.set).start()
        assert run_script(script_session(app, io.StringIO(), io.StringIO(), user="ada"), ["sleep 60", "echo a"], cancel=cancel) == 130


def test_an_ascii_stream_takes_all_text() -> None:
    raw = io.BytesIO()
    sink = StreamSink(io.TextIOWrapper(raw, encoding="ascii"), io.StringIO())
    sink.write("日\n")
    sink.live([])
    assert raw.getvalue() == b"\\u65e5\n"


_CHILD = """
import sys
from pathlib import Path
from resh.app import App
from resh.frontends.script import run_script, script_session
with App(Path(sys.argv[1])) as app:
    sys.exit(run_script(script_session(app, sys.stdout, sys.stderr, user="ada"), sys.argv[2:]))
"""


def child(home: Path, *lines: str) -> subprocess.Popen[str]:
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(home), *lines], env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_ctrl_c(home: Path) -> None:
    process = child(home, "echo ready", "sleep 60")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_a_script_imports_no_front_end_and_no_parser_of_options(home: Path) -> None:
    code = f"{_CHILD.replace('sys.exit(', 'done = (')}\nprint(' '.join(sorted(sys.modules)), file=sys.stderr)"
    lines = ["echo a | count"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code, str(home), *lines], env=environ, text=True, capture_output=True, check=True)
    loaded = set(done.stderr.split())
    heavy = {
        "click",
        "orjson",
        "boto3",
        "tinydb",
        "prompt_toolkit",
        "asyncssh",
        "pygments",
        "logging",
        "asyncio",
        "yaml",
        "concurrent.futures",
    }
    assert not loaded & heavy


class Full(io.StringIO):
    """A stream whose disk is full."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_like_any_failure(home: Path, clock: FakeClock) -> None:
    err = io.StringIO()
    with App(home, clock=clock) as app:
        assert run_script(script_session(app, Full(), err, user="ada"), ["echo a", "echo b"]) == 1
    assert err.getvalue() == "resh: error: the output cannot be written: No space left on device (give it more room, or another place)\n"


def test_a_mistake_that_cannot_be_told_has_its_status_all_the_same(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock) as app:
        assert run_script(script_session(app, io.StringIO(), Full(), user="ada"), ["ekko a"]) == 127
