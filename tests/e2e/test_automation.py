"""Jobs and workflows of one's own in the real program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import bare_environment, run_resh


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {**bare_environment(), "RESH_HOME": f"{tmp_path}/home", "USER": "ada"}


def lines(home: dict[str, str], *texts: str) -> list[str]:
    done = run_resh(home, *(word for text in texts for word in ("-c", text)))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_workflow_waits_for_its_jobs_and_they_are_looked_back_at(home: dict[str, str]) -> None:
    lines(home, "jobs add --id second --wait-for-event post_generate_metrics 'echo second'")
    lines(home, "jobs add --id first --wait-for-event post_generate_metrics 'echo first on @TODAY@'")
    lines(home, "workflows run metrics")
    assert lines(home, "jobs history | format {job} {status} {by} {within}") == [
        "second ok post_generate_metrics 0001",
        "first ok post_generate_metrics 0001",
    ]
    assert lines(home, "jobs log first") == [f"first on {lines(home, 'echo @TODAY@')[0]}"]
    types = [json.loads(line)["type"] for line in lines(home, "events --run 0001")]
    frames = ["pre_generate_metrics", "generate_metrics", "post_generate_metrics"]
    assert types == ["workflow_started", *frames, "job_started", "job_ended", "job_started", "job_ended", "workflow_ended"]


def test_a_script_waits_for_the_jobs_that_it_started(home: dict[str, str]) -> None:
    lines(home, "jobs add --id nag --wait-for-event 'config_updated path~events' 'sleep 0.3; echo seen'")
    lines(home, "config set shell.links false", "config set shell.events false")
    assert lines(home, "jobs history | format {job} {status} {by}") == ["nag ok config_updated"]
    assert lines(home, "jobs log nag") == ["seen"]


def test_a_workflow_of_ones_own_runs_its_lines(home: dict[str, str]) -> None:
    text = '{description: Two steps., steps: [{run: "echo a; echo b", name: say}, {emit: said}]}'
    lines(home, f"workflows add talk '{text}'")
    (ended,) = lines(home, "workflows run talk")
    assert "talk 0001 ok" in ended
    assert lines(home, "workflows log 0001")[-2:] == ["| a", "| b"]
    assert lines(home, "workflows show talk --text") == [text]


def test_a_failing_job_makes_the_run_partial(home: dict[str, str]) -> None:
    lines(home, "templates add old is({{kind}}) and age > {{age}}")
    lines(home, "jobs add --id bad --wait-for-event generate_metrics 'search expand(old, kind=volume, age=1d)'", "templates delete old")
    done = run_resh(home, "-c", "workflows run metrics")
    assert done.returncode == 3, done.stderr
    assert "job bad at generate_metrics: failed" in done.stdout
