"""Jobs in the state folder: over processes, one of several may take what waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.state.jobs import Job
from resh.state.tables import Tables

NAG = Job("nag", "search is(volume) | count", schedule="@daily", event="post_collect", user="ada", role="admin", env={"x": "1"})


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(tmp_path)


def test_jobs_come_back_as_they_were_in_the_order_of_their_ids(tables: Tables, tmp_path: Path) -> None:
    tables.jobs.put(NAG)
    tables.jobs.put(Job("b", "echo b"))
    tables.jobs.put(Job("b", "echo c"))
    assert list(Tables(tmp_path).jobs.all().values()) == [Job("b", "echo c"), NAG]
    assert tables.jobs.remove("b")
    assert not tables.jobs.remove("b")
    assert Tables(tmp_path).jobs.all() == {"nag": NAG}


def test_a_change_by_another_process_is_seen(tables: Tables, tmp_path: Path) -> None:
    assert tables.jobs.all() == {}
    assert tables.jobs.all() is tables.jobs.all()
    Tables(tmp_path).jobs.put(NAG)
    assert tables.jobs.get("nag") == NAG


def test_of_several_one_takes_a_job_that_waits(tables: Tables, tmp_path: Path) -> None:
    tables.jobs.put(NAG)
    assert not tables.jobs.disarm("nag")
    assert tables.jobs.arm("nag", 100.0)
    assert Tables(tmp_path).jobs.disarm("nag")
    assert not tables.jobs.disarm("nag")
    assert not tables.jobs.arm("gone", 100.0)


def test_those_that_waited_for_too_long_are_handed_out_once(tables: Tables) -> None:
    tables.jobs.put(NAG)
    tables.jobs.put(Job("b", "echo b"))
    tables.jobs.arm("nag", 100.0)
    assert tables.jobs.overdue(99.0) == []
    assert [job.id for job in tables.jobs.overdue(100.0)] == ["nag"]
    assert tables.jobs.overdue(100.0) == []


def test_a_job_that_is_switched_off_waits_for_nothing(tables: Tables) -> None:
    tables.jobs.put(NAG)
    tables.jobs.arm("nag", 100.0)
    assert tables.jobs.activate("nag", False)
    assert not tables.jobs.disarm("nag")
    assert not tables.jobs.all()["nag"].active
    assert not tables.jobs.activate("gone", True)


def test_runs_of_jobs_have_ids_of_their_own_and_take_their_output_along(tables: Tables) -> None:
    first = tables.job_runs.open("nag", by="ada", at=1.0, within="01a7")
    assert (first.id, first.within) == ("j0001", "01a7")
    with tables.outputs.open(first.id) as output:
        output.write("one\n")
    second = tables.job_runs.open("nag", by="ada", at=2.0)
    tables.job_runs.save(second, keep=1)
    assert tables.job_runs.get("j0001") is None
    assert tables.job_runs.get("0002") is None
    assert tables.job_runs.get("j0002") == second
    assert tables.outputs.size("j0001") == 0
