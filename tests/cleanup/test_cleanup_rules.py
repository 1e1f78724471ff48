"""Each rule: real hits and near misses; and what rules may never mark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.cleanup.rules.base import Effect, Found, Rule
from resh.cleanup.rules.expired import Expired
from resh.cleanup.rules.run import RuleRun, apply_rules
from resh.cleanup.rules.survey import Survey
from resh.cleanup.rules.table import RULES
from resh.cleanup.rules.volumes import Volumes
from resh.clock import iso
from resh.durations import parse_time
from resh.errors import Cancelled, ReshError
from resh.graph.base import Document
from resh.settings import Settings
from tests.cleanup_fakes import KINDS, FakeGraph, node

NOW = parse_time("2026-11-23T12:00:00Z", 0)
DAY = 86400


def ago(days: float) -> str:
    return iso(NOW - days * DAY)


def found(rule: Rule, *documents: Document, settings: Settings | None = None) -> dict[str, str]:
    survey = Survey(lambda search: documents, FakeGraph(documents).store, KINDS, settings or Settings(), NOW)
    return {hit.id: hit.reason for hit in rule.find(survey)}


def a_volume(**reported: Any) -> Document:
    return node("vol", **{"volume_status": "available", "ctime": ago(92), **reported})


@pytest.mark.parametrize(
    ("reported", "reason"),
    [
        ({}, "available, created 92 d ago, last use unknown (limit 14 d)"),
        ({"atime": ago(45), "mtime": ago(60)}, "available, created 92 d ago, unused for 45 d (limit 14 d)"),
        ({"atime": None, "mtime": ago(15)}, "available, created 92 d ago, unused for 15 d (limit 14 d)"),
        ({"ctime": iso(NOW - 14 * DAY - 1)}, "available, created 14 d ago, last use unknown (limit 14 d)"),
    ],
)
def test_unused_volumes_are_found(reported: dict[str, Any], reason: str) -> None:
    assert found(Volumes(), a_volume(**reported)) == {"vol": reason}


@pytest.mark.parametrize(
    "reported",
    [
        {"ctime": ago(14)},
        {"ctime": None},
        {"atime": ago(1)},
        {"atime": ago(90), "mtime": ago(13.9)},
        {"volume_status": "in-use"},
        {"volume_status": "error"},
    ],
)
def test_volumes_that_are_young_or_used_are_not(reported: dict[str, Any]) -> None:
    assert found(Volumes(), a_volume(**reported)) == {}


def test_the_limit_of_volumes_is_a_setting() -> None:
    settings = Settings()
    settings.set("cleanup.rules.volumes.min_age", "100d", "option")
    assert found(Volumes(), a_volume(ctime=ago(100)), settings=settings) == {}
    assert found(Volumes(), a_volume(ctime=ago(101)), settings=settings)


@pytest.mark.parametrize(("expires", "hit"), [(ago(3), True), (iso(NOW - 1), True), (iso(NOW), False), (ago(-1), False), (None, False)])
def test_only_what_is_past_its_time_is_expired(expires: str | None, hit: bool) -> None:
    assert bool(found(Expired(), node("x", metadata={"expires": expires}))) is hit


@pytest.mark.parametrize("status", [{"instance_status": "terminated"}, {"volume_status": "deleted"}])
def test_what_is_only_still_listed_does_not_expire(status: dict[str, str]) -> None:
    assert found(Expired(), node("x", metadata={"expires": ago(3)}, **status)) == {}


def test_an_expiry_reads_well() -> None:
    assert found(Expired(), node("x", metadata={"expires": ago(3.2)})) == {"x": f"expired 3 d ago ({ago(3.2)})"}


def test_every_rule_is_off_by_default_and_documented() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.description
        assert Settings().find(f"cleanup.rules.{rule.name}.enabled").default is False


class Everything:
    """Finds whatever the search yields."""

    name = "expired"
    description = "everything"
    effect = Effect.MARK

    def __init__(self, *ids: str, error: Exception | None = None) -> None:
        self.ids = ids
        self.error = error

    def find(self, survey: Survey) -> Iterable[Found]:
        yield from (Found(id, "because") for id in self.ids)
        if self.error:
            raise self.error


def switched_on(*rules: str) -> Settings:
    settings = Settings()
    for rule in rules or ("expired",):
        settings.set(f"cleanup.rules.{rule}.enabled", True, "option")
    return settings


def run(graph: FakeGraph, *rules: Rule, settings: Settings | None = None) -> list[RuleRun]:
    survey = Survey(graph.search, graph.store, KINDS, settings or switched_on(), NOW)
    return apply_rules(rules, survey, lambda document, key, value: "", Cancel())


def test_a_rule_marks_with_reason_and_signature() -> None:
    graph = FakeGraph([node("a")])
    assert run(graph, Everything("a")) == [RuleRun("expired", marked=1)]
    assert graph.documents["a"]["desired"] == {"clean": True, "clean_reason": "because", "clean_by": "rule expired", "clean_at": iso(NOW)}
    assert run(graph, Everything("a")) == [RuleRun("expired")]


def test_rules_leave_alone_what_may_not_go() -> None:
    graph = FakeGraph(
        [
            node("protected", metadata={"protected": True}),
            node("tagged", tags={"resh:protected": "true"}),
            node("stale", metadata={"stale": True}),
            node("phantom", "aws_ec2_instance_type"),
            node("mine", clean="by hand"),
        ]
    )
    before = {id: dict(document["desired"]) for id, document in graph.documents.items()}
    assert run(graph, Everything(*graph.documents, "vanished")) == [RuleRun("expired")]
    assert {id: document["desired"] for id, document in graph.documents.items()} == before


def test_a_rule_that_is_off_marks_nothing() -> None:
    graph = FakeGraph([node("a")])
    assert run(graph, Everything("a"), settings=Settings()) == [RuleRun("expired")]
    assert graph.documents["a"]["desired"] == {}


@pytest.mark.parametrize("settings", [switched_on(), Settings()])
def test_a_mark_goes_when_its_rule_no_longer_finds_the_resource(settings: Settings) -> None:
    graph = FakeGraph([node("a"), node("mine", clean="by hand")])
    run(graph, Everything("a"))
    assert run(graph, Everything(), settings=settings) == [RuleRun("expired", withdrawn=1)]
    assert graph.documents["a"]["desired"] == {}
    assert graph.documents["mine"]["desired"]["clean"]


@pytest.mark.parametrize("error", [ReshError("no such property"), ValueError("odd record")])
def test_a_failing_rule_is_reported_and_does_nothing(error: Exception) -> None:
    graph = FakeGraph([node("a"), node("b")])
    run(graph, Everything("b"))
    other = Everything("a")
    other.name = "volumes"
    broken, whole = run(graph, Everything("a", error=error), other, settings=switched_on("expired", "volumes"))
    assert broken.error.endswith(str(error))
    assert whole == RuleRun("volumes", marked=1)
    assert graph.documents["b"]["desired"]["clean"]


def test_cancelling_is_no_failure_of_a_rule() -> None:
    with pytest.raises(Cancelled):
        run(FakeGraph(), Everything(error=Cancelled("stopped")))
