"""What a script may rely on, each held against a real process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from resh.app import App
from resh.clock import FakeClock
from tests.commands.conftest import collect, nodes
from tests.e2e.conftest import bare_environment, run_resh

RESH = [sys.executable, "-m", "resh"]
Environment = dict[str, str]


@pytest.fixture
def environment(home: Path) -> Environment:
    return {**bare_environment(), "RESH_HOME": str(home)}


@pytest.fixture
def filled(environment: Environment, home: Path, clock: FakeClock) -> Environment:
    """With four volumes, an instance and a phantom."""
    with App(home, clock=clock) as app:
        collect(app, nodes(clock.now()))
    return environment


def started(environment: Environment, *arguments: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([*RESH, *arguments], env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe)


# -- where lines come from -------------------------------------------------------------------------------------------------------

SCRIPT = "# a comment\necho one\n\njson [1,\n  2] |\n  # in between\n  count\necho 'two\nlines' \\\n  and more\necho (a\necho b)\n"
SAID = "one\ntotal matched: 2\ntotal unmatched: 0\n"


@pytest.mark.parametrize("way", [[], ["-"], ["-f", "-"], ["--keep-going", "-"]])
def test_lines_of_standard_input(environment: Environment, way: list[str]) -> None:
    done = run_resh(environment, *way, stdin=SCRIPT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(SAID)


def test_lines_of_a_file_are_those_of_standard_input(environment: Environment, tmp_path: Path) -> None:
    file = tmp_path / "nightly.resh"
    file.write_text(SCRIPT + 'echo "a\u2028b"\n')
    by_file = run_resh(environment, "-f", str(file), stdin="echo never")
    by_input = run_resh(environment, stdin=file.read_text())
    assert by_file.stdout == by_input.stdout
    assert by_file.returncode == by_input.returncode == 0
    file.write_bytes(SCRIPT.replace("\n", "\r\n").encode())
    assert run_resh(environment, "-f", str(file)).stdout.startswith(SAID)


def test_each_c_is_an_input_of_its_own(environment: Environment) -> None:
    done = run_resh(environment, "-c", "echo one", "-c", "echo 'open", "-c", "echo '", stdin="echo never\n")
    assert (done.returncode, done.stdout) == (2, "one\n")
    assert "the quote ' is not closed" in done.stderr


def test_a_line_runs_before_the_next_one_is_there(environment: Environment) -> None:
    process = started(environment)
    assert process.stdin
    assert process.stdout
    for word in ("one", "two"):
        process.stdin.write(f"echo {word}\n")
        process.stdin.flush()
        assert process.stdout.readline() == f"{word}\n"
    out, err = process.communicate("exit 5\n", timeout=60)
    assert (process.returncode, out, err) == (5, "", "")


def test_a_file_and_lines_exclude_each_other(environment: Environment) -> None:
    done = run_resh(environment, "-c", "echo a", "-f", "x")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


# -- how it ends -----------------------------------------------------------------------------------------------------------------

STATUSES = [
    ("echo a", 0),
    ("history nothing-like-it", 1),
    ("search is(volume", 2),
    ("search is(volume) | head many", 2),
    ("search is(volum)", 2),
    ("search is(volume) or is(aws_ec2_instance_type) | clean x | count", 3),
    ("serch is(volume)", 127),
    ("exit 42", 42),
]


@pytest.mark.parametrize(("line", "status"), STATUSES)
def test_the_exit_status_says_how_it_went(filled: Environment, line: str, status: int) -> None:
    done = run_resh(filled, "-c", line)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    if status not in (0, 3, 42):
        assert (done.stdout, done.stderr.count("\n")) == ("", 1)
        assert done.stderr.startswith("resh: ")
        assert done.stderr.split(":")[1].strip().replace("_", "").isalpha()


@pytest.mark.parametrize(
    ("line", "status"), [pair for pair in STATUSES if pair[1] in (1, 2, 127) and pair[0].count("(") == pair[0].count(")")]
)
def test_a_script_ends_at_its_first_failure_unless_it_is_to_go_on(filled: Environment, line: str, status: int) -> None:
    script = f"echo a\n{line}\necho b\n"
    done = run_resh(filled, stdin=script)
    assert (done.returncode, done.stdout) == (status, "a\n")
    done = run_resh(filled, "--keep-going", stdin=script)
    assert (done.returncode, done.stdout) == (status, "a\nb\n")


def test_a_partial_result_is_no_failure_and_is_not_forgotten(filled: Environment) -> None:
    done = run_resh(filled, stdin="search is(volume) or is(aws_ec2_instance_type) | clean x | count\necho b\n")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (3, "b")


@pytest.mark.parametrize("line", ["sleep 60", "json 1 | jq 'last(repeat(1))'"])
def test_a_limit_of_time(environment: Environment, line: str) -> None:
    done = run_resh(environment, "--timeout", "1s", "-c", line, "-c", "echo never")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (124, "", 1)
    assert done.stderr.startswith("resh: timed_out: it took longer than 1.0 s")


def test_a_limit_of_time_counts_while_it_waits_for_a_line(environment: Environment) -> None:
    process = started(environment, "--timeout", "1s")
    assert process.stdin
    process.stdin.write("echo a\n")
    process.stdin.flush()
    assert process.wait(timeout=60) == 124
    assert process.communicate() == ("a\n", "")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_an_interruption(environment: Environment, number: signal.Signals, status: int) -> None:
    process = started(environment, "-c", "echo ready", "-c", "sleep 60", "-c", "echo never")
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, "Traceback" in err) == (status, "", False)


def test_what_would_be_asked_is_refused_unless_it_is_agreed(filled: Environment) -> None:
    run_resh(filled, "-c", "graph copy monday")
    done = run_resh(filled, "-c", "graph delete monday", stdin="y\n")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--yes" in done.stderr
    assert run_resh(filled, "--yes", "-c", "graph delete monday").returncode == 0


# -- what it writes --------------------------------------------------------------------------------------------------------------


def test_rows_are_json_lines_with_keys_in_the_same_order(filled: Environment) -> None:
    done = run_resh(filled, "-c", "search is(volume) sort name")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    orders = {tuple(row) for row in rows}
    assert (len(rows), orders) == (4, {("id", "kind", "reported", "desired", "metadata", "ancestors", "created", "updated")})
    assert run_resh(filled, "-c", "search is(volume) sort name").stdout == done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("output", "first"),
    [
        ("jsonl", '{"id":'),
        ("json", '[{"id":'),
        ("yaml", "---"),
        ("text", "kind=aws_ec2_volume, id=vol-1"),
        ("table", "kind "),
        ("csv", '"kind","id","name"'),
        ("markdown", "| kind "),
    ],
)
def test_another_form_when_it_is_asked_for(filled: Environment, output: str, first: str) -> None:
    done = run_resh(filled, "--output", output, "-c", "search is(volume) sort name")
    assert done.stdout.startswith(first), done.stderr
    assert run_resh(filled, "--output", output, "-c", "search is(volume) | count").stdout == "total matched: 4\ntotal unmatched: 0\n"


@pytest.mark.parametrize(
    "line", ["json 1 | jq 'repeat(1)'", "search all | chunk 1 | jq 'repeat(.)'", "json 1 | jq 'repeat({a: 1})' | format --json"]
)
def test_a_reader_that_goes_is_no_error(filled: Environment, line: str) -> None:
    command = ["bash", "-c", '"$0" -m resh -c "$1" | head -2; exit ${PIPESTATUS[0]}', sys.executable, line]
    done = subprocess.run(command, env=filled, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 2)


# -- what it needs ---------------------------------------------------------------------------------------------------------------


_MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A process counts what the one had that it was copied from: a small one starts it."""


def most_memory(environment: Environment, lines: Iterable[bytes], *arguments: str) -> tuple[int, int]:
    """Exit status, and the most that the process had in memory, in MB."""
    command = [sys.executable, "-c", _MEASURED, *RESH, *arguments]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    assert process.stdin
    with suppress(BrokenPipeError):
        for line in lines:
            process.stdin.write(line)
    with suppress(BrokenPipeError):
        process.stdin.close()
    assert process.stdout
    with process.stdout, process:
        status, memory = map(int, process.stdout.read().split())
    return status, memory // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def repeated(line: bytes, times: int) -> Iterator[bytes]:
    for _ in range(times):
        yield line


def test_a_pipe_without_end_takes_no_more_memory(environment: Environment) -> None:
    few = most_memory(environment, repeated(b"json [1, 2] | count\n", 500))
    many = most_memory(environment, repeated(b"json [1, 2] | count\n", 20_000))
    assert (few[0], many[0]) == (0, 0)
    assert many[1] - few[1] < 8


def test_a_line_without_end_is_refused(environment: Environment) -> None:
    status, memory = most_memory(environment, repeated(b"x" * (1 << 20), 200))
    assert status == 2
    assert memory < 160


def test_rows_without_end_take_no_more_memory(environment: Environment) -> None:
    filter = "json 1 | jq '[range(1000)] as $a | range({}) | $a' | head {} | flatten | uniq | count"
    few = most_memory(environment, [], "-c", filter.format(20, 20))
    many = most_memory(environment, [], "-c", filter.format(400, 400))
    assert (few[0], many[0]) == (0, 0)
    assert many[1] - few[1] < 8
