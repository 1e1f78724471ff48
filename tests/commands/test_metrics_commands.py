"""metrics, timeseries and config edit metrics on a small graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.metrics.timeseries import Sample
from tests.commands.conftest import Shell

DAY, HOUR = 86400, 3600


def rows(shell: Shell, line: str) -> list[dict[str, Any]]:
    found = [json.loads(row) for row in shell(line)]
    assert shell.status == 0, shell.notes
    return found


@pytest.fixture
def measured(shell: Shell, clock: FakeClock) -> Shell:
    """Twice, a day apart."""
    shell("metrics run")
    clock.advance(DAY)
    shell("metrics run")
    assert shell.status == 0, shell.notes
    return shell


def test_each_metric_says_what_a_plain_count_over_the_documents_says(measured: Shell, app: App) -> None:
    documents = list(app.documents("is(volume)"))
    assert documents
    (total,) = rows(measured, "metrics show volumes_total --by total")
    assert total["value"] == len(documents)
    size = sum(document["reported"].get("volume_size") or 0 for document in documents)
    assert [row["value"] for row in rows(measured, "metrics show volume_bytes --by total")] == [size * 1024**3]
    untagged = [document for document in app.documents("is(resource) and not is(phantom_resource)") if not document["reported"].get("tags")]
    assert [row["value"] for row in rows(measured, "metrics show untagged_resources_total --by total")] == [len(untagged)]


def test_run_tells_each_metric_with_its_total(shell: Shell) -> None:
    found = {row["name"]: row for row in rows(shell, "metrics run")}
    assert found.keys() >= {"volumes_total", "scopes_failed_total"}
    assert found["volumes_total"]["total"] == int(shell("search is(volume) | count")[0].split()[-1])
    assert [row["name"] for row in rows(shell, "metrics run volumes_total")] == ["volumes_total"]


def test_show_over_time_by_label_where_and_in_slots(measured: Shell) -> None:
    total = len(rows(measured, "search is(volume)"))
    assert [row["value"] for row in rows(measured, "metrics show volumes_total --since 2d --by total")] == [total, total]
    (slot,) = rows(measured, "metrics show volumes_total --since 30d --by total --granularity 90d")
    assert slot["value"] == total
    some = rows(measured, "metrics show volumes_total --where region=eu-west-1")
    assert {row["region"] for row in some} == {"eu-west-1"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("metrics show volume_total", "there is no metric 'volume_total'"),
        ("metrics show volumes_total --by regio", "volumes_total has no label 'regio'"),
        ("metrics show volumes_total --where region", "'region' ends too early"),
        ("metrics show volumes_total --where regio=a", "volumes_total has no label 'regio' (did you mean region?)"),
        ("metrics show volumes_total --where 'region=~(a'", "label 'region': '(a' is not a regular expression"),
        ("timeseries get --name volumes_total --filter 'region in a'", "'a' does not fit: expected a list"),
        ("metrics show volumes_total --since soon", "'soon' is neither a date nor a duration"),
        ("metrics plot volumes_total --as pie", "there is no picture 'pie'"),
        ("metrics run nothing_total", "there is no metric 'nothing_total'"),
        ("timeseries get", "timeseries: --name is missing"),
        ("timeseries get --name volumes_total --start 1d --end 2d", "'2d' is before '1d'"),
        ("timeseries snapshot --name 3x aggregate(kind: sum(1)): all", "'3x' is no name for a time series"),
        ("timeseries snapshot --name volumes_total aggregate(kind: sum(1)): all", "volumes_total is a metric"),
        ("timeseries snapshot --name sessions aggregate(kind: sum(1)): all", "'sessions' is the name of what resh tells of itself"),
        ("timeseries snapshot --name mine is(volume)", "its search must be an aggregate with one function"),
        ("timeseries snapshot --name mine aggregate(kind: sum(1), max(age)): all", "its search must be an aggregate with one function"),
        ("config set metrics.downsample 2d=4h,30d=5h", "do not follow"),
    ],
)
def test_what_is_wrong_is_named(measured: Shell, line: str, told: str) -> None:
    measured(line)
    assert measured.status != 0
    assert told in " ".join(measured.notes)


def test_a_snapshot_is_a_series_of_ones_own(shell: Shell, clock: FakeClock) -> None:
    line = "timeseries snapshot --name disks aggregate(region: sum(volume_size)): is(volume)"
    total = rows(shell, line)[0]["total"]
    clock.advance(HOUR)
    rows(shell, line)
    assert [row["value"] for row in rows(shell, "timeseries get --name disks --group total")] == [total, total]
    assert [row["name"] for row in rows(shell, "timeseries list")] == ["disks"]
    assert [row["value"] for row in rows(shell, "metrics show disks --by total")] == [total]


def test_downsampling_keeps_the_total(shell: Shell, clock: FakeClock) -> None:
    for _ in range(8):
        rows(shell, "metrics run volumes_total")
        clock.advance(HOUR)
    clock.advance(4 * DAY)
    before = rows(shell, "timeseries get --name volumes_total --start 9d --group total --granularity 4h")
    assert rows(shell, "timeseries downsample")[0]["slots"] > 0
    assert rows(shell, "timeseries get --name volumes_total --start 9d --group total --granularity 4h") == before
    found = rows(shell, "timeseries get --name volumes_total --start 9d")
    assert {row["count"] for row in found} >= {4}
    assert all(row["min"] == row["max"] == row["value"] for row in found)


def test_a_viewer_may_look_and_not_measure(graph: App) -> None:
    viewer = Shell(graph, role=Role.viewer)
    viewer("metrics run")
    assert viewer.status == 126
    viewer("metrics list")
    assert viewer.status == 0


def test_what_is_below_zero_is_no_stacked_bar(app: App, shell: Shell, clock: FakeClock) -> None:
    app.timeseries.write(clock.now(), {"drift": [Sample({"side": "a"}, 5), Sample({"side": "b"}, -5)]})
    assert any("▲" in line for line in shell("metrics plot drift --by side"))
    shell("metrics plot drift --by side --as bar")
    assert "drift has values below zero, which bars cannot show" in " ".join(shell.notes)


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("form", ["line", "bar", "heat"])
def test_a_picture_is_as_wide_as_the_terminal(app: App, measured: Shell, columns: int, form: str) -> None:
    shell = Shell(app, columns=columns)
    lines = shell(f"metrics plot volumes_total --since 3d --as {form}")
    assert shell.status == 0
    assert lines[0] == "volumes_total"
    assert columns - 24 <= max(map(len, lines)) <= columns


def test_a_value_that_stands_for_hours_is_drawn_as_long(app: App, shell: Shell, clock: FakeClock) -> None:
    for _ in range(24):
        rows(shell, "metrics run volumes_total")
        clock.advance(HOUR)
    clock.advance(4 * DAY)
    rows(shell, "metrics run volumes_total")
    assert rows(shell, "timeseries downsample")[0]["slots"] > 0
    lines = Shell(app, columns=80)("metrics plot volumes_total --since 7d --as heat")
    day = next(line for line in lines[2:] if "·" not in line.split()[-1][:8])
    assert len(set(day.split(" ", 1)[1])) == 1


def test_conditions_are_those_of_labels(measured: Shell) -> None:
    everything = rows(measured, "metrics show volumes_total")
    for condition, fits in (
        ("type!=gp3", lambda row: row["type"] != "gp3"),
        ("type=~^GP", lambda row: row["type"].startswith("gp")),
        ("type!~2$", lambda row: not row["type"].endswith("2")),
        ("'type in [gp2, io1]'", lambda row: row["type"] == "gp2"),
        ("'status not in [available]'", lambda row: row["status"] != "available"),
    ):
        assert rows(measured, f"metrics show volumes_total --where {condition}") == list(filter(fits, everything)), condition
        found = rows(measured, f"timeseries get --name volumes_total --filter {condition} --group total --start 2d")
        assert found[-1]["value"] == sum(row["value"] for row in everything if fits(row))


def test_a_list_on_a_terminal_has_a_line_for_the_week(app: App, measured: Shell) -> None:
    line = next(line for line in Shell(app, columns=120)("metrics list") if line.startswith("volumes_total"))
    assert "▁" in line


def test_definitions_are_edited_tried_and_kept(shell: Shell, tmp_path: Path, app: App) -> None:
    from resh.metrics.definitions import defaults, dump

    text = dump(defaults()).replace("help: Volumes\n", "help: Disks\n")
    file = tmp_path / "metrics.yaml"
    file.write_text(text + "\nmine_total:\n  help: Mine\n  search: 'aggregate(region as region: sum(1) as mine_total): is(volume)'\n")
    assert {row["metric"]: row["change"] for row in rows(shell, f"config edit metrics --file {file}")} == {
        "mine_total": "changed",
        "volumes_total": "changed",
    }
    assert {metric.name: metric.help for metric in app.metrics}["volumes_total"] == "Disks"
    rows(shell, "metrics run mine_total")
    file.write_text(dump(defaults()))
    assert len(rows(shell, f"config edit metrics --file {file}")) == 2
    assert app.metrics == defaults()


@pytest.mark.parametrize(
    ("search", "told"),
    [
        ("is(volume)", "metric 'mine_total': its search must be an aggregate with one function"),
        ("aggregate(kind: sum(1), max(age)): all", "metric 'mine_total': its search must be an aggregate with one function"),
        ("aggregate(kind: sum(1)): is(volum)", "metric 'mine_total': there is no kind 'volum'"),
        ("aggregate(kind: sum(1)", "metric 'mine_total'"),
        ("aggregate(id: sum(1)): all", "metric 'mine_total': it has more than 3 series"),
    ],
)
def test_a_definition_that_cannot_be_measured_is_not_stored(shell: Shell, tmp_path: Path, app: App, search: str, told: str) -> None:
    app.settings.set("metrics.max_series", 3, "option")
    file = tmp_path / "metrics.yaml"
    file.write_text(json.dumps({"mine_total": {"help": "Mine", "search": search}}))
    shell(f"config edit metrics --file {file}")
    assert shell.status == 2
    assert told in " ".join(shell.notes)
    assert app.tables.metrics.stored() == {}
