"""Rows through jq: in a process that knows nothing of ours, and ends with the line."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from resh.cancel import Cancel
from resh.shell.evaluate import evaluate
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("search is(volume) sort volume_size | jq .volume_size", ["1", "8", "100", "500"]),
        ("search is(volume) sort volume_size | jq .id | head 1", ["vol-4"]),
        ("search is(volume) sort volume_size limit 1 | jq {id, k: .kind}", ['{"id":"vol-4","k":"aws_ec2_volume"}']),
        ("search is(volume) sort volume_size limit 1 | jq --no-rewrite .reported.id", ["vol-4"]),
        ("search is(volume) | jq --no-rewrite .volume_size | uniq", ["null"]),
        ("search is(volume) | jq 'select(.tags.owner == \"ada\" | not) | .name'", ["name of vol-3", "name of vol-4"]),
        ("search is(volume) sort id | jq '.zones[]'", ["a", "a", "b", "a"]),
        ("json [[1, 2], [3]] | jq '.[]'", ["1", "2", "3"]),
        ('echo "one line" | jq length', ["8"]),
        ("json 1 | jq 'repeat(1)' | head 3", ["1", "1", "1"]),
        ("json 1 | jq env", ["{}"]),
        ("json 1 | jq $ENV", ["{}"]),
        ("json 1 | jq '. # a comment'", ["1"]),
        ("json [1, 2] | jq empty", []),
    ],
)
def test_rows(shell: Shell, line: str, expected: list[str]) -> None:
    assert shell(line) == expected, shell.notes


def test_what_passes_untouched_is_the_resource_as_it_was(shell: Shell) -> None:
    everything = shell("search all sort /id | format --ndjson")
    assert shell("search all sort /id | jq . | format --ndjson") == everything
    chosen = shell("search all sort /id | jq select(.volume_size) | format --ndjson")
    assert chosen == shell("search volume_size != null sort /id | format --ndjson") != everything


@pytest.mark.parametrize(
    ("line", "status", "problem"),
    [
        ("json 1 | jq .a[", 2, "syntax error"),
        ("json 1 | jq 'import \"a\" as a; 1'", 2, "syntax error"),
        ('json {"id": "x"} | jq .id.x', 1, "Cannot index string"),
        ("json 1 | jq input", 1, "jq: break"),
        ("json 1 | jq '[range(200) | \"abcd\" * 4000000]'", 1, "2 GB"),
    ],
)
def test_what_fails_says_why(shell: Shell, line: str, status: int, problem: str) -> None:
    shell(line)
    assert shell.status == status
    assert problem in shell.notes[-1]


def test_a_filter_that_never_ends_is_stopped(shell: Shell) -> None:
    cancel = Cancel()
    timer = threading.Timer(0.5, cancel.set)
    timer.start()
    assert evaluate(shell.session, "json 1 | jq 'last(repeat(1))'", cancel) == 130
    timer.join()


def test_a_filter_that_never_ends_does_not_outlive_a_shell_that_is_killed() -> None:
    worker = "from resh.commands import jq_worker as jq; import sys; jq.PATIENCE = 1; jq.main(sys.stdin, sys.stdout)"
    done = subprocess.run([sys.executable, "-c", worker], input='"last(repeat(1))"\n1\n', text=True, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGALRM
