"""Grace periods: who is told of them, when, and what the tag in the cloud says."""

from __future__ import annotations

from typing import Any

import pytest

from resh.cancel import Cancel
from resh.cleanup.mark_tag import NOTED, MarkTag
from resh.cleanup.marking import clean, unclean
from resh.cleanup.notices import Notice, due, told
from resh.cleanup.plan import MARKED
from resh.clock import iso
from resh.errors import CallFailed, UsageError
from resh.graph.base import Document
from tests.cleanup_fakes import KINDS, FakeGraph, node

DAY = 86400.0
NOW = 1_800_000_000.0
VALUE = f"delete from {iso(NOW + 7 * DAY)} by rule volumes: available created 92 d ago"


def graph_with_marks(*ids: str, after: float | None = NOW + 7 * DAY, by: str = "rule volumes") -> FakeGraph:
    graph = FakeGraph([node(id) for id in (*ids, "other")])
    clean(graph.store, KINDS, ids, reason="available, created 92 d ago", by=by, now=NOW, after=after)
    return graph


def notices(graph: FakeGraph, now: float, before: float = DAY) -> list[tuple[bool, bool, float, list[str]]]:
    found = due(graph.search(MARKED), now, before)
    for notice in found:
        told(graph.store, notice, now)
    return [(one.warns, one.late, one.until, [document["id"] for document in one.documents]) for one in found]


def test_people_hear_of_the_beginning_and_shortly_before_the_end_once_each() -> None:
    graph, end = graph_with_marks("a", "b"), NOW + 7 * DAY
    assert notices(graph, NOW) == [(False, False, end, ["a", "b"])]
    assert notices(graph, end - DAY - 1) == []
    assert notices(graph, end - DAY) == [(True, False, end, ["a", "b"])]
    assert notices(graph, end) == []
    assert graph.documents["a"]["desired"]["clean_after"] == iso(end)


def test_a_short_grace_period_is_warned_of_at_once() -> None:
    graph = graph_with_marks("a", after=NOW + 3600)
    assert notices(graph, NOW) == [(True, False, NOW + 3600, ["a"])]
    assert notices(graph, NOW + 1800) == []


def test_a_warning_that_comes_late_makes_the_period_longer() -> None:
    graph = graph_with_marks("a")
    notices(graph, NOW)
    assert notices(graph, NOW + 7 * DAY) == [(True, True, NOW + 8 * DAY, ["a"])]
    assert graph.documents["a"]["desired"]["clean_after"] == iso(NOW + 8 * DAY)


def test_without_a_time_for_it_nobody_is_warned() -> None:
    graph = graph_with_marks("a")
    assert notices(graph, NOW, before=0) == [(False, False, NOW + 7 * DAY, ["a"])]
    assert notices(graph, NOW + 8 * DAY, before=0) == []


def test_marks_without_a_grace_period_are_told_to_nobody() -> None:
    assert notices(graph_with_marks("a", after=None), NOW) == []


def test_each_rule_has_a_notice_of_its_own_with_the_earliest_end() -> None:
    graph = graph_with_marks("a")
    clean(graph.store, KINDS, ["other"], reason="x", by="rule own", now=NOW, after=NOW + 3 * DAY)
    graph.documents["b"] = {**node("b"), "desired": {**graph.documents["a"]["desired"], "clean_after": iso(NOW + 5 * DAY)}}
    assert [(one.by, one.until) for one in due(graph.search(MARKED), NOW, DAY)] == [
        ("rule volumes", NOW + 5 * DAY),
        ("rule own", NOW + 3 * DAY),
    ]


def test_a_notice_says_what_comes_and_a_new_mark_begins_anew() -> None:
    graph = graph_with_marks("a")
    notices(graph, NOW)
    notices(graph, NOW + 7 * DAY - 1)
    unclean(graph.store, ["a"], by="ada")
    assert graph.documents["a"]["desired"] == {}
    clean(graph.store, KINDS, ["a"], reason="x", by="rule volumes", now=NOW, after=NOW + DAY)
    assert Notice("rule volumes", True, False, NOW, (node("a"),)).text == f"1 marked by rule volumes will be deleted from {iso(NOW)} on"
    assert notices(graph, NOW) == [(True, False, NOW + DAY, ["a"])]


class Cloud:
    """Remembers what was asked of it; `refuse` is raised instead."""

    def __init__(self, graph: FakeGraph, key: str = "resh:clean") -> None:
        self.graph, self.key = graph, key
        self.asked: list[tuple[str, str, str | None]] = []
        self.refuse: Exception | None = None

    def change(self, document: Document, key: str, value: str | None) -> None:
        if self.refuse:
            raise self.refuse
        self.asked.append((document["id"], key, value))

    def settle(self, cancel: Cancel | None = None) -> list[str]:
        self.asked.clear()
        return self.tag.settle(self.graph.search(MARKED), self.graph.search(NOTED), cancel or Cancel())

    @property
    def tag(self) -> MarkTag:
        return MarkTag(self.graph.store, self.change, self.key, 2)


def test_the_tag_comes_with_the_mark_stays_and_goes_with_it() -> None:
    cloud = Cloud(graph_with_marks("a"))
    assert cloud.settle() == []
    assert cloud.asked == [("a", "resh:clean", VALUE)]
    cloud.settle()
    assert cloud.asked == []
    unclean(cloud.graph.store, ["a"], by="ada")
    cloud.settle()
    assert cloud.asked == [("a", "resh:clean", None)]
    cloud.settle()
    assert cloud.asked == []
    assert "clean_tag" not in cloud.graph.documents["a"]["metadata"]


def test_the_tag_follows_the_end_of_the_period_and_the_setting() -> None:
    cloud = Cloud(graph_with_marks("a"))
    cloud.settle()
    cloud.graph.documents["a"]["desired"]["clean_after"] = iso(NOW + 9 * DAY)
    cloud.settle()
    assert cloud.asked == [("a", "resh:clean", VALUE.replace(iso(NOW + 7 * DAY), iso(NOW + 9 * DAY)))]
    cloud.key = "doomed"
    cloud.settle()
    assert [(key, value is None) for _, key, value in cloud.asked] == [("resh:clean", True), ("doomed", False)]
    cloud.key = ""
    cloud.settle()
    assert cloud.asked == [("a", "doomed", None)]


def test_a_tag_that_is_not_ours_stays() -> None:
    cloud = Cloud(FakeGraph([node("a", tags={"resh:clean": "somebody else's"})]))
    cloud.settle()
    assert cloud.asked == []


def test_what_goes_at_once_gets_no_tag() -> None:
    cloud = Cloud(graph_with_marks("a", after=None))
    cloud.settle()
    assert cloud.asked == []


def test_only_what_was_unmarked_loses_its_tag_at_once() -> None:
    cloud = Cloud(graph_with_marks("a", "b"))
    cloud.settle()
    cloud.asked.clear()
    unclean(cloud.graph.store, ["a"], by="ada")
    cloud.tag.withdraw([cloud.graph.documents[id] for id in ("a", "other")], Cancel())
    assert cloud.asked == [("a", "resh:clean", None)]


@pytest.mark.parametrize(
    ("error", "problems"),
    [
        (UsageError("aws_ec2_volume has no tags that can be changed"), []),
        (CallFailed("ec2:CreateTags", "ReadOnly", "this account is read-only"), []),
        (CallFailed("ec2:CreateTags", "UnauthorizedOperation", "no"), 1),
        (KeyError("odd"), 1),
    ],
)
def test_a_refusal_is_told_once_and_tried_again(error: Exception, problems: Any) -> None:
    cloud = Cloud(graph_with_marks("a", "b"))
    cloud.refuse = error
    found = cloud.settle()
    assert len(found) == (problems or 0)
    assert all(text.startswith("the tag resh:clean of aws_ec2_volume ") and text.endswith(" (and 1 more)") for text in found)
    cloud.refuse = None
    cloud.settle()
    assert sorted(id for id, _, _ in cloud.asked) == ["a", "b"]


def test_nothing_is_tagged_after_a_stop() -> None:
    cloud, cancel = Cloud(graph_with_marks("a")), Cancel()
    cancel.set("stopped")
    cloud.settle(cancel)
    assert cloud.asked == []


def test_values_are_what_every_service_takes() -> None:
    graph = FakeGraph([node("a")])
    clean(graph.store, KINDS, ["a"], reason="odd (very), " + "long; " * 60, by="ada", now=NOW, after=NOW)
    cloud = Cloud(graph)
    cloud.settle()
    value = cloud.asked[0][2]
    assert value is not None
    assert len(value) <= 256
    assert value.startswith(f"delete from {iso(NOW)} by ada: odd very long long")
