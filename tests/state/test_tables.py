from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from resh.state.runs import RunRecord, StepRecord
from resh.state.tables import Tables


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(tmp_path)


def test_settings_are_stored_replaced_and_removed(tables: Tables, tmp_path: Path) -> None:
    assert tables.settings.stored() == {}
    tables.settings.store("aws.regions", ["eu-west-1"])
    tables.settings.store("cleanup.enabled", True)
    tables.settings.store("cleanup.enabled", False)
    assert Tables(tmp_path).settings.stored() == {"aws.regions": ["eu-west-1"], "cleanup.enabled": False}
    assert tables.settings.remove("cleanup.enabled")
    assert not tables.settings.remove("cleanup.enabled")
    assert tables.settings.stored() == {"aws.regions": ["eu-west-1"]}


def test_what_goes_in_and_out_is_a_copy(tables: Tables) -> None:
    regions = ["eu-west-1"]
    tables.settings.store("aws.regions", regions)
    regions.append("x")
    tables.settings.stored()["aws.regions"].append("y")
    assert tables.settings.stored()["aws.regions"] == ["eu-west-1"]


def test_run_ids_are_short_grow_and_survive_forgetting(tables: Tables, tmp_path: Path) -> None:
    record = tables.runs.open("collect", by="ada", at=1.0)
    assert record.id == "0001"
    tables.runs.save(record, keep=0)
    assert tables.runs.last() == []
    assert Tables(tmp_path).runs.open("collect", by="ada", at=1.0).id == "0002"


def test_a_record_comes_back_as_it_was(tables: Tables) -> None:
    opened = tables.runs.open("collect", by="ada", at=1.0)
    step = StepRecord("collect", 1.0, 2.0, "partial", "412 resources", {"accounts": 1}, ("one scope denied",))
    record = replace(opened, ended=2.0, status="partial", steps=(step,), errors=("late",))
    tables.runs.save(record)
    assert tables.runs.get(opened.id) == record
    assert record.problems == ("collect: one scope denied", "late")
    assert record.seconds(9.0) == 1.0
    assert tables.runs.get("ffff") is None
    assert tables.runs.get("0000") is None
    assert tables.runs.get("nonsense") is None


def test_the_newest_runs_are_kept(tables: Tables) -> None:
    for number in range(5):
        record = tables.runs.open("collect" if number % 2 else "metrics", by="ada", at=float(number))
        tables.runs.save(replace(record, status="ok", ended=number + 1.0), keep=3)
    assert [record.started for record in tables.runs.last()] == [4.0, 3.0, 2.0]
    assert [record.started for record in tables.runs.last(5, workflow="collect")] == [3.0]
    assert [record.started for record in tables.runs.last(1)] == [4.0]


def test_runs_of_a_dead_process_are_closed(tables: Tables) -> None:
    dead, alive = (tables.runs.open(name, by="ada", at=1.0) for name in ("collect", "metrics"))
    tables.runs.save(replace(dead, steps=(StepRecord("collect", 1.0),)))

    def is_dead(record: RunRecord) -> bool:
        return record.id == dead.id

    closed = tables.runs.interrupt(is_dead, 9.0)
    assert [(record.id, record.status, record.steps[0].status) for record in closed] == [(dead.id, "interrupted", "interrupted")]
    assert tables.runs.running() == [alive]
    assert tables.runs.interrupt(is_dead, 9.0) == []


def test_schedules_remember_when_they_fired(tables: Tables) -> None:
    tables.schedule.record([("collect", "0 * * * *"), ("metrics", "@daily")], 1.0)
    tables.schedule.record([("collect", "0 * * * *")], 2.0)
    assert tables.schedule.fired() == {"metrics": ("@daily", 1.0), "collect": ("0 * * * *", 2.0)}
    tables.schedule.forget(["metrics"])
    assert tables.schedule.fired() == {"collect": ("0 * * * *", 2.0)}


def test_templates_are_added_once_changed_and_removed(tables: Tables, tmp_path: Path) -> None:
    assert tables.templates.add("old", "age > 3d")
    assert not tables.templates.add("old", "all")
    assert tables.templates.add("big", "size > 3")
    assert tables.templates.change("old", "age > 4d")
    assert not tables.templates.change("new", "all")
    assert list(Tables(tmp_path).templates.stored().items()) == [("big", "size > 3"), ("old", "age > 4d")]
    assert tables.templates.remove("old")
    assert not tables.templates.remove("old")
    assert tables.templates.stored() == {"big": "size > 3"}


def test_reading_settings_imports_no_tinydb(tables: Tables, tmp_path: Path) -> None:
    tables.settings.store("cleanup.enabled", True)
    script = (
        "import sys; from pathlib import Path; from resh.state.tables import Tables\n"
        "assert Tables(Path(sys.argv[1])).settings.stored(); assert not {'tinydb', 'logging', 'socket', 'shutil'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)


def test_paces_of_one_account_leave_those_of_others(tmp_path: Path) -> None:
    def row(account: str, rate: float) -> dict[str, object]:
        return {"account": account, "operation": "ec2:DescribeVolumes", "rate": rate}

    paces = Tables(tmp_path).paces
    paces.replace("1", [row("1", 5.0), row("1", 6.0)])
    paces.replace("2", [row("2", 7.0)])
    paces.replace("1", [row("1", 8.0)])
    assert sorted(Tables(tmp_path).paces.rows(), key=str) == [row("1", 8.0), row("2", 7.0)]
    paces.replace("1", [])
    assert Tables(tmp_path).paces.rows() == [row("2", 7.0)]
