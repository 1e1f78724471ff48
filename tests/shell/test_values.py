"""Values for completion: what is known at once, the rest from a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.errors import UsageError
from resh.shell import values as module
from resh.shell.values import Counted, Values

VOLUMES = ("volume",)
STATUS = [("available", "2 resources"), ("error", "1 resource"), ("in-use", "1 resource")]


@pytest.fixture
def values(graph: App) -> Iterator[Values]:
    values = Values(graph)
    yield values
    values.close()


def until(ask: Callable[[], Counted], fits: Callable[[Counted], bool]) -> Counted:
    deadline = time.monotonic() + 20
    while not fits(found := ask()):
        assert time.monotonic() < deadline, found
        time.sleep(0.01)
    return list(found)


def test_counts_come_soon(values: Values) -> None:
    assert until(lambda: values.of(VOLUMES, "volume_status"), bool) == STATUS
    assert until(lambda: values.of(VOLUMES, "tags", keys=True), bool) == [("owner", "2 resources")]
    assert until(lambda: values.of((), "zones[*]"), bool) == [("a", "3 times"), ("b", "1 time")]


def test_a_sample_comes_first(values: Values, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLE", 2)
    monkeypatch.setattr(module, "_MANY", 1.0)
    counted = threading.Event()
    whole = Values._all
    monkeypatch.setattr(Values, "_all", lambda *arguments: counted.wait(20) and whole(*arguments))
    sample = until(lambda: values.of(VOLUMES, "volume_status"), bool)
    assert sum(int(note.split("+")[0]) for _, note in sample) == 2
    counted.set()
    assert until(lambda: values.of(VOLUMES, "volume_status"), lambda found: "+" not in found[0][1]) == STATUS


def test_what_identifies_is_looked_for_by_what_is_typed(values: Values, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLE", 2)
    assert len(until(lambda: values.of(VOLUMES, "id"), bool)) == 2
    found = until(lambda: values.of(VOLUMES, "id", "vol-4"), lambda found: len(found) == 3)
    assert found[-1] == ("vol-4", "1 resource")


def test_a_graph_that_changes_is_counted_again(values: Values, graph: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRESH_SECONDS", 0.0)
    assert until(lambda: values.of((), "/desired.clean"), lambda found: not found) == []
    graph.graph.mark([next(graph.documents("is(volume)"))["id"]], "desired", {"clean": True}, by="ada")
    assert until(lambda: values.of((), "/desired.clean"), bool) == [(True, "1 resource")]


class Slow:
    """A graph that answers when it is told to, or when it is interrupted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, app: App) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self.interrupted: list[str] = []
        monkeypatch.setattr(app.searches, "occurring", self.occurring)

    def occurring(self, kinds: tuple[str, ...], path: str, cancel: Cancel, **_: Any) -> Iterator[tuple[str, str, int]]:
        self.begun.set()
        while not self.go_on.wait(0.01):
            if cancel:
                self.interrupted.append(path)
                cancel.check()
        yield "text", path, 1


def test_nobody_waits_and_the_next_question_interrupts(values: Values, graph: App, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, told = Slow(monkeypatch, graph), threading.Event()
    values.changed = told.set
    assert values.of(VOLUMES, "first") == ()
    assert slow.begun.wait(20), "a question that nobody has begun with is just replaced"
    assert values.of(VOLUMES, "second") == ()
    until(lambda: [(path, "") for path in slow.interrupted], bool)
    assert slow.interrupted == ["first"]
    slow.go_on.set()
    assert told.wait(20)
    assert values.of(VOLUMES, "second") == (("second", "1 resource"),)


def test_the_same_question_does_not_interrupt_itself(values: Values, graph: App, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch, graph)
    for _ in range(5):
        values.of(VOLUMES, "first")
    slow.go_on.set()
    until(lambda: values.of(VOLUMES, "first"), bool)
    assert slow.interrupted == []


def test_a_count_that_takes_too_long_leaves_the_sample(values: Values, graph: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def occurring(kinds: tuple[str, ...], path: str, cancel: Cancel, first: int | None = None, **_: Any) -> Iterator[tuple[str, str, int]]:
        if first is None:
            cancel.wait(20)
            cancel.check()
        yield "text", "x", first or 0

    monkeypatch.setattr(module, "COUNT_SECONDS", 0.01)
    monkeypatch.setattr(graph.searches, "occurring", occurring)
    assert until(lambda: values.of(VOLUMES, "a"), lambda found: bool(found) and found[0][1] == "") == [("x", "")]


@pytest.mark.parametrize("error", [UsageError("no such path"), ZeroDivisionError()])
def test_what_cannot_be_found_out_is_empty(values: Values, graph: App, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def occurring(*_: Any, **__: Any) -> Iterator[tuple[str, str, int]]:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(graph.searches, "occurring", occurring)
        assert values.of(VOLUMES, "volume_status") == ()
        until(lambda: [(str(len(values._answers)), "")], lambda found: found[0][0] == "1")
        assert values.of(VOLUMES, "volume_status") == ()
    assert until(lambda: values.of(VOLUMES, "volume_type"), bool)


def test_the_thread_ends_with_the_session(values: Values) -> None:
    until(lambda: values.of(VOLUMES, "volume_status"), bool)
    thread = values._thread
    assert thread is not None
    values.close()
    thread.join(20)
    assert not thread.is_alive()
    assert values.of(VOLUMES, "volume_type") == ()
