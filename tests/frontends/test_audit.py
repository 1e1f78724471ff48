from __future__ import annotations

import json
from pathlib import Path

import pytest

from resh.clock import FakeClock
from resh.events.log import Limits
from resh.frontends.ssh.audit import LONGEST, Audit, masked


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("search is(volume) | count", "search is(volume) | count"),
        ("search is(access_key) | count", "search is(access_key) | count"),
        ("config set aws.session_token abc", "config (hidden)"),
        ("token=abc search all | count", "search (hidden) | count (hidden)"),
        ("aws iam create-login-profile --password 'a|b;c'", "aws (hidden)"),
        ("AKIAIOSFODNN7EXAMPLE", "(hidden)"),
    ],
)
def test_a_line_that_may_hold_a_secret_is_kept_as_its_commands(line: str, kept: str) -> None:
    assert masked(line) == kept


def test_what_is_written(tmp_path: Path, clock: FakeClock) -> None:
    Audit(tmp_path / "ssh" / "audit.jsonl", clock).tell("login", user="ada", role="", client="x\x1b[2J\nforged" + "y" * 5000)
    text = (tmp_path / "ssh" / "audit.jsonl").read_text()
    told = json.loads(text)
    assert text.count("\n") == 1
    assert (told["event"], told["user"]) == ("login", "ada")
    assert "role" not in told
    assert "\x1b" not in told["client"]
    assert len(told["client"]) == LONGEST
    assert (tmp_path / "ssh" / "audit.jsonl").stat().st_mode & 0o077 == 0


def test_full_files_are_put_aside(tmp_path: Path, clock: FakeClock) -> None:
    audit = Audit(tmp_path / "audit.jsonl", clock, lambda: Limits(max_bytes=1, keep=2))
    for number in range(5):
        audit.tell("connect", number=number)
    found = {file.name: json.loads(file.read_text())["number"] for file in tmp_path.glob("audit.*.jsonl")}
    assert found == {"audit.1.jsonl": 4, "audit.2.jsonl": 3}


def test_a_record_that_cannot_be_written_is_told_once(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    audit = Audit(tmp_path / "audit.jsonl", clock)
    audit.tell("connect")
    audit.tell("connect")
    assert len(caplog.records) == 1
    assert "audit.jsonl" in caplog.text
