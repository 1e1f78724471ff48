"""Lines from `-c` and from a pipe: plain results on stdout, one-line diagnostics on stderr, exit statuses that mean something."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.e2e.conftest import bare_environment, run_resh


def test_lines_run_in_order_and_stop_at_the_first_failure(collected: dict[str, str]) -> None:
    done = run_resh(collected, "-c", "echo one", "-c", "search is(", "-c", "echo three")
    assert done.returncode == 2
    assert done.stdout == "one\n"
    assert "ends too early" in done.stderr


def test_a_script_on_stdin_with_comments(collected: dict[str, str]) -> None:
    done = run_resh(collected, stdin="# volumes\nsearch is(aws_ec2_volume) | count\n\necho done\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("total matched: ")
    assert done.stdout.splitlines()[-1] == "done"


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("serach is(volume)", 127, "search"),
        ("search is(aws_ec2_volum)", 2, "aws_ec2_volume"),
        ("search is(volume", 2, ""),
        ("search is(volume) and age > 3x", 2, "3x"),
        ("search is(volume) | head many", 2, "many"),
        ("workflows run collectt", 2, "collect"),
        ("config set cleanup.enabeld true", 2, "cleanup.enabled"),
        ("config set cleanup.enabled perhaps", 2, "perhaps"),
        ("workflows log ffff", 1, "ffff"),
    ],
)
def test_a_mistake_is_named_with_the_nearest_right_word(collected: dict[str, str], line: str, status: int, words: str) -> None:
    done = run_resh(collected, "-c", line)
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_rows_are_whole_documents_one_object_a_line(collected: dict[str, str]) -> None:
    done = run_resh(collected, "-c", "search is(aws_ec2_volume) | format --ndjson")
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(documents) > 5
    for document in documents:
        assert {"id", "reported", "desired", "metadata", "ancestors"} <= set(document)
        assert document["reported"]["kind"] == "aws_ec2_volume"
        assert document["ancestors"]["account"]["reported"]["id"] == "123456789012"


def test_a_reader_that_leaves_early_is_no_error(collected: dict[str, str]) -> None:
    line = f"{sys.executable} -m resh -c 'search all | format --ndjson' | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], env=collected, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_no_cloud_configured_says_how_to_configure_one(tmp_path: object) -> None:
    done = run_resh({**bare_environment(), "RESH_HOME": f"{tmp_path}/home"}, "-c", "workflows run collect --wait")
    assert done.returncode != 0
    assert "credentials" in done.stdout + done.stderr
