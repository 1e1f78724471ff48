"""The steps cleanup_plan, cleanup and generate_metrics, as a run calls them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.cleanup.journal import Journal
from resh.cleanup.notices import Notice
from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey
from resh.cleanup.service import Cleanup
from resh.clock import FakeClock, iso
from resh.errors import ReshError
from resh.events.event import CleanupFailed, CleanupMarked, CleanupWarning, Event, Problem, ResourceCleaned, ResourceSkipped
from resh.graph.database import Database
from resh.graph.freshness import Freshness
from resh.metrics.definitions import Definition
from resh.metrics.generate import Generator
from resh.metrics.timeseries import TimeSeries
from resh.providers.base import Heard
from resh.providers.counting import called
from resh.providers.limiter import Place
from resh.providers.selection import EVERYTHING
from resh.settings import Settings
from resh.state.calls import CallCounts
from resh.workflows.cleanup import CleanupStep
from resh.workflows.cleanup_plan import CleanupPlan
from resh.workflows.definition import StepResult
from resh.workflows.generate_metrics import GenerateMetrics
from resh.workflows.scopes import Scopes
from tests.cleanup_fakes import ALLOWED, KINDS, FakeCloud, FakeGraph, node, refused


class FakeContext:
    run, workflow = "01a7", "cleanup"
    selection, scopes = EVERYTHING, Scopes()

    def __init__(self) -> None:
        self.cancel = Cancel()
        self.events: list[Event] = []
        self.reports: list[tuple[tuple[str, ...], int, int]] = []

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def progress(self, path: tuple[str, ...], done: int, total: int, text: str = "") -> None:
        self.reports.append((path, done, total))


class Finds:
    """A rule that finds what it is told to."""

    name, description, effect = "volumes", "for tests", Effect.MARK

    def __init__(self, *ids: str, error: Exception | None = None) -> None:
        self.ids, self.error = ids, error

    def find(self, survey: Survey) -> Iterable[Found]:
        if self.error:
            raise self.error
        return [Found(id, "available, created 92 d ago") for id in self.ids]


class World:
    def __init__(self, folder: Path, rule: Finds, **options: Any) -> None:
        documents = [
            node("v1"),
            node("v2"),
            node("i1", "aws_ec2_instance", clean="expired"),
            node("p", clean="x", metadata={"protected": True}),
        ]
        self.graph = FakeGraph(documents, {("v1", "i1")})
        self.cloud = FakeCloud(documents)
        self.settings = Settings()
        self.settings.set("cleanup.rules.volumes.enabled", True, "option")
        for name, value in {**ALLOWED, **options}.items():
            self.settings.set(f"cleanup.{name}", value, "option")
        journal, providers = Journal(folder / "journal.jsonl"), {"aws": self.cloud.provider}
        self.clock = FakeClock()
        self.cleanup = Cleanup(
            self.graph.store, self.graph.search, KINDS, providers, self.settings, self.clock, journal, lambda settings: (rule,)
        )
        self.context = FakeContext()
        self.counts = CallCounts(folder / "calls")

        self.heard: list[str] = []
        self.unreachable = False

    def tell(self, notice: Notice) -> None:
        if self.unreachable:
            raise ReshError("nobody is there")
        self.heard.append(notice.text)

    def plan(self) -> StepResult:
        return CleanupPlan(self.cleanup, self.tell)(self.context)

    def clean(self) -> StepResult:
        return CleanupStep(self.cleanup, self.counts)(self.context)


def test_the_plan_step_marks_and_tells(tmp_path: Path) -> None:
    world = World(tmp_path, Finds("v1", "v2", "p"))
    result = world.plan()
    assert result.summary == "4 marked: 3 volumes, 1 instance (2 new); dry run: 3 would be deleted in 2 generations; 1 refused"
    assert result.counts == {"marked": 4, "new": 2, "withdrawn": 0, "planned": 3, "generations": 2, "refused": 1}
    assert world.context.events == [CleanupMarked(rule="volumes", count=2)]
    assert world.plan().summary == "4 marked: 3 volumes, 1 instance; dry run: 3 would be deleted in 2 generations; 1 refused"


def test_a_failing_rule_makes_a_problem_and_the_plan_stands(tmp_path: Path) -> None:
    world = World(tmp_path, Finds(error=ReshError("odd")))
    result = world.plan()
    assert result.problems == ("rule volumes failed: odd",)
    assert result.counts["marked"] == 2
    assert world.context.events == [Problem(text="rule volumes failed: odd")]


def with_grace(folder: Path, **options: Any) -> World:
    world = World(folder, Finds("v2"), **{"enabled": True, "dry_run": False, "warn_before": "1h", "max_graph_age": "9d", **options})
    world.settings.set("cleanup.rules.volumes.grace", "3h", "option")
    return world


def test_mark_warn_delete(tmp_path: Path) -> None:
    world = with_grace(tmp_path)
    start = world.clock.now()
    world.plan()
    assert world.heard == [f"1 marked by rule volumes will be deleted from {iso(start + 3 * 3600)} on"]
    assert [(id, key) for id, key, value in world.cloud.tags if value] == [("v2", "resh:clean")]
    world.clock.advance(7200)
    world.plan()
    world.plan()
    assert world.heard[1:] == world.heard[:1]
    warning = CleanupWarning(by="rule volumes", count=1, not_before=iso(start + 3 * 3600))
    assert [event for event in world.context.events if isinstance(event, CleanupWarning)] == [warning]
    world.clean()
    assert "v2" not in world.cloud.deleted
    world.clock.advance(3600)
    world.plan()
    world.clean()
    assert "v2" in world.cloud.deleted
    assert len(world.cloud.tags) == 1


def test_nothing_is_deleted_until_the_warning_has_arrived(tmp_path: Path) -> None:
    world = with_grace(tmp_path)
    world.unreachable = True
    assert world.plan().problems == ("cleanup.warn_target: nobody is there",)
    world.clock.advance(3 * 3600)
    world.plan()
    world.clean()
    assert "v2" not in world.cloud.deleted
    world.unreachable = False
    world.plan()
    world.clean()
    assert "v2" not in world.cloud.deleted
    world.clock.advance(3600)
    world.plan()
    world.clean()
    assert "v2" in world.cloud.deleted


@pytest.mark.parametrize("options", [{"dry_run": True}, {"accounts": []}, {"enabled": False}])
def test_nobody_hears_of_what_will_not_be_deleted(tmp_path: Path, options: dict[str, Any]) -> None:
    world = with_grace(tmp_path, **options)
    world.plan()
    assert world.heard == []
    assert world.cloud.tags == []


def test_what_the_rule_finds_no_longer_loses_its_tag(tmp_path: Path) -> None:
    rule = Finds("v2")
    world = World(tmp_path, rule, enabled=True, dry_run=False)
    world.settings.set("cleanup.rules.volumes.grace", "3h", "option")
    world.plan()
    rule.ids = ()
    world.plan()
    assert [(id, value == "") for id, _, value in world.cloud.tags] == [("v2", False), ("v2", True)]


def test_nothing_marked(tmp_path: Path) -> None:
    world = World(tmp_path, Finds(), enabled=True, dry_run=False)
    world.graph.documents.clear()
    assert world.plan().summary == "0 marked"
    assert world.clean() == StepResult("nothing to delete", {"plan": world.cleanup.plan().id, "planned": 0, "refused": 0, "generations": 0})


@pytest.mark.parametrize(
    ("options", "summary"),
    [
        ({}, "cleanup is off: 4 marked"),
        ({"dry_run": False}, "cleanup is off: 4 marked"),
        ({"enabled": True}, "dry run: 3 would be deleted in 2 generations, 1 refused"),
    ],
)
def test_off_and_dry_delete_nothing(tmp_path: Path, options: dict[str, bool], summary: str) -> None:
    world = World(tmp_path, Finds("v1", "v2"), **options)
    world.plan()
    assert world.clean().summary == summary
    assert world.cloud.deleted == []


def test_the_cleanup_step_deletes_and_counts(tmp_path: Path) -> None:
    world = World(tmp_path, Finds("v1", "v2"), enabled=True, dry_run=False)
    assert world.plan().summary.endswith("; 3 to delete; 1 refused")
    world.cloud.errors["i1"] = [refused("AccessDenied")]
    result = world.clean()
    assert result.summary == "1 deleted, 1 failed, 1 held back, 1 refused"
    assert result.problems == (
        "aws_ec2_instance i1: ec2:Delete: AccessDenied says the cloud",
        "aws_ec2_volume v1: waits for aws_ec2_instance i1 (failed)",
    )
    assert {name: result.counts[name] for name in ("deleted", "failed", "held_back")} == {"deleted": 1, "failed": 1, "held_back": 1}
    assert {type(event) for event in world.context.events} == {CleanupMarked, ResourceCleaned, ResourceSkipped, CleanupFailed}
    assert world.context.reports[-1] == (("cleanup",), 3, 3)


def test_counts_of_calls_that_cannot_be_written_are_a_problem_and_no_more(tmp_path: Path) -> None:
    world = World(tmp_path, Finds("v1"), enabled=True, dry_run=False)
    world.cloud.on_read = lambda id: called("aws", Place("", "eu-west-1", "ec2", "ec2:Describe"), Heard(0.1))
    (tmp_path / "calls").write_text("in the way")
    result = world.clean()
    assert result.summary == "1 deleted, 1 refused"
    assert [problem.partition("/")[0] for problem in result.problems] == ["calls: "]
    assert [event.text for event in world.context.events if isinstance(event, Problem)] == list(result.problems)


@pytest.fixture
def series(tmp_path: Path) -> Iterator[TimeSeries]:
    database = Database(tmp_path / "graph.sqlite3")
    yield TimeSeries(database)
    database.close()


def test_the_metrics_step_counts_series_and_reports_failures(series: TimeSeries) -> None:
    def groups(text: str, cancel: Cancel) -> list[Mapping[str, Any]]:
        if "volum)" in text:
            raise ReshError("there is no kind 'volum'")
        return [{"group": {"account": account}, "n": 1} for account in "ab"]

    definitions = (
        Definition("a_total", "A", "aggregate(account: sum(1)): all"),
        Definition("b_total", "B", "aggregate(account: sum(1)): is(volum)"),
    )
    generator, context = Generator(groups, lambda source: [], series), FakeContext()
    result = GenerateMetrics(lambda: definitions, generator, Settings(), FakeClock())(context)
    assert (result.summary, result.counts) == ("1 metrics, 2 series, 1 failed", {"metrics": 1, "series": 2, "failed": 1})
    assert result.problems == ("metric b_total failed, its last values stand: there is no kind 'volum'",)
    assert context.events == [Problem(text=result.problems[0])]
    assert context.reports == [(("generate_metrics",), 1, 2), (("generate_metrics",), 2, 2)]


def test_metrics_that_cannot_be_pushed_are_kept_all_the_same(series: TimeSeries) -> None:
    generator = Generator(lambda text, cancel: [{"group": {"account": "a"}, "n": 1}], lambda source: [], series)
    settings = Settings.load(overrides=["metrics.push.url=http://127.0.0.1:1/write"])
    definitions = (Definition("a_total", "A", "aggregate(account: sum(1)): all"),)
    result = GenerateMetrics(lambda: definitions, generator, settings, FakeClock())(FakeContext())
    assert "metrics.push.url cannot be reached" in result.problems[0]
    assert series.latest("a_total") == [{"account": "a", "value": 1}]


def test_plans_and_metrics_of_a_graph_that_is_stale_say_so(tmp_path: Path, series: TimeSeries) -> None:
    world = World(tmp_path, Finds())
    world.graph.stale = Freshness(2, 0, 2)
    assert world.plan().summary.endswith("; 2 scopes never read")
    metrics = GenerateMetrics(
        tuple,
        Generator(lambda text, cancel: [], lambda source: [], series),
        Settings(),
        FakeClock(),
        lambda: Freshness(1, FakeClock().now()),
    )
    assert metrics(world.context).summary.startswith("0 metrics, 0 series, as of ")


def test_a_grace_period_is_announced(tmp_path: Path) -> None:
    world = World(tmp_path, Finds("v1"))
    world.settings.set("cleanup.rules.volumes.grace", "3d", "option")
    summary = world.plan().summary
    (event,) = [event for event in world.context.events if isinstance(event, CleanupMarked)]
    assert event.line() == "rule volumes marked 1, to be deleted from 2023-11-17T22:13:20Z on"
    assert "2 refused" in summary
    (refused,) = [one for one in world.cleanup.plan().refused if one.item.id == "v1"]
    assert refused.why == "its grace period ends 2023-11-17T22:13:20Z"
