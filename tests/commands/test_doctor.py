"""What the doctor finds, each in a folder where it is so."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import Any

import pytest

from resh.app import App
from resh.commands.doctor import FAILED, OK, WARNING, _clock
from resh.errors import NotConfigured, ReshError
from resh.model.kinds import Kind
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.aws.told import skew
from resh.providers.base import Account
from tests.commands.conftest import ACCOUNT, Shell


class Cloud:
    """A provider as the doctor sees it."""

    problems: tuple[ReshError, ...] = (ReshError("profile dev has expired", "aws sso login"),)
    skew = 400.0

    def __init__(self, trouble: ReshError | None = None) -> None:
        self._trouble = trouble

    def kinds(self) -> list[Kind]:
        return []

    def accounts(self) -> list[Account]:
        if self._trouble:
            raise self._trouble
        return [Account("aws", ACCOUNT, "demo")]


def findings(shell: Shell, line: str = "doctor --offline") -> dict[str, dict[str, Any]]:
    return {row["check"]: row for row in map(json.loads, shell(line))}


def test_a_folder_that_is_well(shell: Shell) -> None:
    found = findings(shell, "doctor --offline --thorough")
    assert shell.status == 0
    assert {name for name, row in found.items() if row["state"] != OK} == {"collect", "schedule"}
    assert found["graph"]["found"].startswith("8 resources, 1 account, ")
    assert found["graph, every page"]["found"] == "whole"
    assert found["collect"]["remedy"] == "workflows run collect_and_cleanup"


def test_others_may_enter(shell: Shell) -> None:
    shell.app.home.chmod(0o755)
    assert findings(shell)["state folder"]["remedy"] == f"chmod 700 {shell.app.home}"


def test_a_state_file_that_is_damaged_and_others_that_are_not(shell: Shell) -> None:
    shell.app.home.joinpath("state").mkdir(exist_ok=True)
    shell.app.home.joinpath("state", "runs.json").write_text("{")
    found = findings(shell)
    assert shell.status == 1
    assert found["state files"]["state"] == FAILED
    assert "runs.json is damaged" in found["state files"]["found"]
    assert found["collect"]["state"] == FAILED, "it is among what the check reads"
    assert found["graph"]["state"] == OK, "the others go on"


def test_what_the_last_collect_was_denied(shell: Shell, graph: App) -> None:
    record = graph.tables.runs.open("collect", by="ada", at=graph.clock.now())
    graph.tables.runs.save(record.__class__(**{**_fields(record), "status": "partial", "ended": graph.clock.now()}))
    with graph.graph.merge("aws", ACCOUNT, "demo") as merge:
        merge.scope(ScopeReport(Scope("aws", ACCOUNT, "eu-west-1", "aws_ec2_volume"), Status.DENIED, code="AccessDenied"))
    found = findings(shell)
    assert (found["collect"]["state"], found["permissions"]["state"]) == (OK, WARNING)
    assert "aws permissions --missing" in found["permissions"]["remedy"]


def _fields(record: object) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}  # type: ignore[attr-defined]


def test_clouds_are_asked_whose_credentials_these_are_and_what_time_it_is(shell: Shell) -> None:
    shell.app.__dict__["providers"] = {"aws": Cloud()}
    rows = [json.loads(line) for line in shell("doctor")]
    assert [(row["state"], row["found"]) for row in rows if row["check"] == "aws"] == [
        (OK, "1 account can be reached"),
        (WARNING, "profile dev has expired"),
    ]
    assert shell.status == 1, "AWS refuses whose clock is five minutes off"
    shell.app.__dict__["providers"] = {"aws": Cloud(NotConfigured("no credentials found", "run aws configure"))}
    assert findings(shell, "doctor")["aws"] == {
        "check": "aws",
        "state": FAILED,
        "found": "no credentials found",
        "remedy": "run aws configure",
    }


@pytest.mark.parametrize(("seconds", "state"), [(0, OK), (59, OK), (61, WARNING), (301, FAILED)])
def test_clocks(seconds: float, state: str) -> None:
    assert _clock(seconds).state == state


def test_the_date_of_an_answer_tells_the_cloud_s_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.providers.aws.told.time", lambda: 1_700_000_000.0)
    assert skew({"ResponseMetadata": {"HTTPHeaders": {"date": formatdate(1_700_000_042, usegmt=True)}}}) == 42
    assert skew({"ResponseMetadata": {"HTTPHeaders": {"date": "yesterday"}}}) is None
    assert skew({}) is None
