from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import BadValue, GraphError, NotConfigured, ProviderError, ReshError
from resh.events.event import Event, Problem, ScopeFailed
from resh.graph.base import KindChange, MergeResult
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.model.scope import Code, Scope, ScopeReport, Status
from resh.providers.base import Account, CollectSink, Heard, Watcher
from resh.providers.counting import called
from resh.providers.limiter import Place
from resh.providers.selection import EVERYTHING, Selection
from resh.settings import Settings
from resh.state.calls import CallCounts
from resh.workflows.collect import Collect
from resh.workflows.collected import change_events
from tests.workflows.world import World


@dataclass
class FakeMerge:
    merged: dict[str, MergeResult]
    whole_ones: set[str]
    cloud: str
    account: str
    result: MergeResult = field(default_factory=lambda: MergeResult("", ""))
    reports: list[ScopeReport] = field(default_factory=list)

    def knows(self, id: str) -> bool:
        return False

    def kinds(self, kinds: Iterable[Kind]) -> None: ...

    def nodes(self, nodes: Iterable[Node]) -> None: ...

    def edges(self, edges: Iterable[Edge]) -> None: ...

    def there(self, ids: Iterable[str]) -> None: ...

    def read_at(self, scope: Scope) -> float:
        return 0.0

    def whole(self) -> None:
        self.whole_ones.add(self.account)

    def scope(self, report: ScopeReport) -> None:
        self.reports.append(report)

    def __enter__(self) -> FakeMerge:
        return self

    def __exit__(self, error: object, *exc: object) -> None:
        if error is None:
            self.result = MergeResult(self.cloud, self.account, created=7, unchanged=3, stale=1, scopes=tuple(self.reports))
            self.merged[self.account] = self.result


class FakeGraph:
    def __init__(self) -> None:
        self.merged: dict[str, MergeResult] = {}
        self.whole: set[str] = set()
        self.pruned: list[float] = []
        self.known: list[str] = []
        self.refuses = False

    def prune_history(self, before: float) -> int:
        if self.refuses:
            raise GraphError("the graph is locked")
        self.pruned.append(before)
        return 0

    def accounts(self) -> list[Account]:
        return [Account("aws", id, id) for id in self.known]

    def scopes(self) -> list[tuple[ScopeReport, float]]:
        return [(ScopeReport(Scope("aws", id, "eu", "kind"), Status.OK), 1.0) for id in self.known]

    def merge(self, cloud: str, account: str, name: str) -> FakeMerge:
        return FakeMerge(self.merged, self.whole, cloud, account)


class FakeProvider:
    name = "aws"

    def __init__(self, *ids: str) -> None:
        self.ids = ids
        self.statuses: dict[str, list[Status]] = {}
        self.during: Callable[[str, Cancel], None] = lambda account, cancel: None
        self.problems: tuple[ReshError, ...] = ()
        self.closed = ""
        self.codes: list[str] = []
        self.selections: list[Selection] = []

    def kinds(self) -> Sequence[Kind]:
        return ()

    def accounts(self) -> Sequence[Account]:
        if not self.ids:
            raise NotConfigured("no credentials found", "run aws configure")
        return [Account("aws", id, f"name of {id}") for id in self.ids]

    def enter(self, account: Account) -> Account:
        if account.id == self.closed:
            raise ProviderError("AWS refuses role x", "it must trust you")
        return account

    def collect(self, account: Account, sink: CollectSink, watcher: Watcher, cancel: Cancel, selection: Selection = EVERYTHING) -> None:
        self.selections.append(selection)
        watcher.progress("eu", 0, 2)
        place = Place(account.id, "eu", "ec2", "ec2:DescribeVolumes")
        watcher.called(place, Heard(0.2, 1000))
        watcher.called(place, Heard(0.1, 100, "SlowDown", throttled=True))
        self.during(account.id, cancel)
        for number, status in enumerate(self.statuses.get(account.id, [Status.OK])):
            code = self.codes[number] if self.codes else "Odd"
            sink.scope(ScopeReport(Scope("aws", account.id, "eu", f"kind_{number}"), status, 1, "ec2:List", code, "not authorized"))


class Bench:
    """Runs the step as the runner does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.graph = FakeGraph()
        self.settings = Settings()
        self.counts = CallCounts(world.home / "calls")

    def start(self, *providers: Any, selection: Selection = EVERYTHING) -> Any:
        clouds = {f"{provider.name}{number or ''}": provider for number, provider in enumerate(providers)}
        graph: Any = self.graph
        self.identities = list[tuple[str, list[str]]]()
        remember = lambda cloud, names: self.identities.append((cloud, list(names)))  # noqa: E731
        collect = Collect(graph, clouds, self.settings, self.world.clock, self.counts, nullcontext, remember)
        return self.world.runner(collect=collect).start("job", by="ada", selection=selection)

    def run(self, *providers: Any) -> Any:
        handle = self.start(*providers)
        handle.wait(5)
        return handle.record.steps[0]

    def events(self, type: type[Event]) -> list[Event]:
        return [event for event in self.world.events if isinstance(event, type)]


@pytest.fixture
def bench(world: World) -> Bench:
    return Bench(world)


def test_who_a_cloud_takes_us_for_is_remembered(bench: Bench) -> None:
    provider = FakeProvider("1")
    bench.run(provider)
    assert bench.identities == []
    provider.myself = lambda: ["arn:aws:iam::1:user/ada"]  # type: ignore[attr-defined]
    bench.run(provider)
    assert bench.identities == [("aws", ["arn:aws:iam::1:user/ada"])]


def test_every_account_is_merged_and_counted(bench: Bench) -> None:
    step = bench.run(FakeProvider("1", "2"))
    assert set(bench.graph.merged) == {"1", "2"}
    assert step.status == "ok"
    assert step.summary == "20 resources  4 calls  2 throttled  +14 ~0 -0"
    assert step.counts == {
        "accounts": 2,
        "nodes": 20,
        "created": 14,
        "updated": 0,
        "deleted": 0,
        "stale": 2,
        "calls": 4,
        "throttled": 2,
        "scopes": 2,
        "scopes_bad": 0,
        "scopes_held": 0,
        "scopes_capped": 0,
        "scopes_not_due": 0,
    }
    assert sorted(bench.world.texts("account_merged")) == ["aws/1 name of 1: +7 ~0 -0", "aws/2 name of 2: +7 ~0 -0"]
    assert bench.graph.pruned == [bench.world.clock.now() - bench.settings.seconds("graph.history")]


def test_accounts_are_collected_at_the_same_time(bench: Bench) -> None:
    together = threading.Barrier(3)
    provider = FakeProvider("1", "2", "3")

    def meet(account: str, cancel: Cancel) -> None:
        together.wait(5)

    provider.during = meet
    bench.settings.set("collect.accounts", 3, "option")
    assert bench.run(provider).status == "ok"


def test_progress_is_known_by_account_and_region(bench: Bench) -> None:
    reached, go_on = threading.Event(), threading.Event()
    provider = FakeProvider("1", "2")

    def during(account: str, cancel: Cancel) -> None:
        reached.set()
        go_on.wait(5)

    provider.during = during
    bench.settings.set("collect.accounts", 1, "option")
    handle = bench.start(provider)
    assert reached.wait(5)
    assert handle.progress == [(("collect", "aws", "1", "eu"), 0, 2), (("collect", "aws", "2"), 0, 1)]
    go_on.set()
    assert handle.wait(5) == "ok"


def test_a_denied_scope_makes_the_run_partial(bench: Bench) -> None:
    provider = FakeProvider("1")
    provider.statuses["1"] = [Status.OK, Status.DENIED, Status.SKIPPED]
    step = bench.run(provider)
    assert step.status == "partial"
    assert step.problems == ("1 scope denied: aws/1/eu/kind_1 (ec2:List: not authorized)",)
    assert step.summary.endswith("1 scope not read (1 denied)")
    assert bench.world.texts("scope_failed") == ["denied: aws/1/eu/kind_1 (ec2:List: not authorized)"]


def test_many_bad_scopes_are_summed_up(bench: Bench) -> None:
    provider = FakeProvider("1")
    provider.statuses["1"] = [Status.DENIED] * 30 + [Status.THROTTLED] * 5
    step = bench.run(provider)
    assert len(bench.events(ScopeFailed)) == 21
    assert bench.world.texts("scope_failed")[-1] == "15 more scopes of aws/1 not read: 10 denied, 5 throttled"
    assert step.problems[0].startswith("35 scopes of aws/1 not read: 30 denied, 5 throttled; the first denied: aws/1/eu/kind_0")


def test_an_account_in_trouble_leaves_the_others_theirs(bench: Bench) -> None:
    provider = FakeProvider("1", "2")

    def during(account: str, cancel: Cancel) -> None:
        if account == "1":
            raise ZeroDivisionError("oops")

    provider.during = during
    step = bench.run(provider)
    assert set(bench.graph.merged) == {"2"}
    assert (step.status, step.problems) == ("partial", ("aws/1: ZeroDivisionError: oops",))
    assert [event.text for event in bench.events(Problem)] == ["aws/1: ZeroDivisionError: oops"]


def test_calls_are_kept_however_a_collect_ends(bench: Bench) -> None:
    provider = FakeProvider("1", "2", "3")
    begun = threading.Event()

    def during(account: str, cancel: Cancel) -> None:
        if account == "2":
            raise GraphError("disk full")
        if account == "3":
            begun.set()
            assert cancel.wait(5)
            cancel.check()

    provider.during = during
    handle = bench.start(provider)
    assert begun.wait(5)
    handle.cancel("stopped")
    assert handle.wait(5) == "cancelled"
    kept = {one.account: one for one in bench.counts.of(handle.id)}
    assert set(kept) == {"1", "2", "3"}
    (count,) = kept["3"].counts
    assert (count.region, count.operation, count.calls, count.throttled, count.bytes) == ("eu", "ec2:DescribeVolumes", 2, 1, 1100)
    assert count.errors == {"SlowDown": 1}
    assert kept["1"].name == "name of 1"


def test_calls_that_find_accounts_and_enter_them_are_counted_too(bench: Bench) -> None:
    class Finds(FakeProvider):
        def accounts(self) -> Sequence[Account]:
            called("aws", Place("", "eu", "sts", "sts:GetCallerIdentity"), Heard(0.1))
            called("aws", Place("1", "global", "iam", "iam:ListAccountAliases"), Heard(0.1))
            return super().accounts()

        def enter(self, account: Account) -> Account:
            called("aws", Place(account.id, "eu", "sts", "sts:AssumeRole"), Heard(0.1))
            return super().enter(account)

    handle = bench.start(Finds("1"))
    assert handle.wait(5) == "ok"
    found, named, collected = bench.counts.of(handle.id)
    assert (found.account, found.purpose, [count.operation for count in found.counts]) == ("", "accounts", ["sts:GetCallerIdentity"])
    assert (named.account, named.name, named.purpose) == ("1", "name of 1", "accounts")
    assert (collected.account, collected.purpose) == ("1", "collect")
    assert {count.operation: count.calls for count in collected.counts} == {"sts:AssumeRole": 1, "ec2:DescribeVolumes": 2}


def test_counts_that_cannot_be_written_are_a_problem_and_no_more(bench: Bench) -> None:
    (bench.world.home / "calls").write_text("in the way")
    step = bench.run(FakeProvider("1"))
    assert set(bench.graph.merged) == {"1"}
    assert step.status == "partial"
    assert "calls" in step.problems[0]


def test_a_provider_without_credentials_is_a_problem_with_its_hint(bench: Bench) -> None:
    step = bench.run(FakeProvider(), FakeProvider("2"))
    assert set(bench.graph.merged) == {"2"}
    assert (step.status, step.problems) == ("partial", ("aws: no credentials found (run aws configure)",))


def test_a_profile_that_cannot_be_opened_is_a_problem_and_the_others_are_collected(bench: Bench) -> None:
    provider = FakeProvider("1")
    provider.problems = (ProviderError("AWS: there is no profile 'bad'"),)
    step = bench.run(provider)
    assert set(bench.graph.merged) == {"1"}
    assert (step.status, step.problems) == ("partial", ("aws: AWS: there is no profile 'bad'",))


def test_a_graph_that_refuses_to_forget_is_a_problem(bench: Bench) -> None:
    bench.graph.refuses = True
    assert bench.run(FakeProvider("1")).problems == ("history: the graph is locked",)


def test_when_cancelled_nothing_of_an_unfinished_account_is_merged(bench: Bench) -> None:
    begun = threading.Event()
    provider = FakeProvider("1", "2", "3")

    def during(account: str, cancel: Cancel) -> None:
        if account == "2":
            begun.set()
            cancel.wait(5)

    provider.during = during
    bench.settings.set("collect.accounts", 1, "option")
    handle = bench.start(provider)
    assert begun.wait(5)
    handle.cancel("stopped by ada")
    assert handle.wait(5) == "cancelled"
    assert set(bench.graph.merged) == {"1"}
    assert handle.record.steps[0].counts["accounts"] == 1
    assert bench.graph.pruned == []


def test_an_account_that_is_stopped_alone_is_not_merged_and_the_others_are(bench: Bench) -> None:
    begun = threading.Event()
    provider = FakeProvider("1", "2", "3")

    def during(account: str, cancel: Cancel) -> None:
        if account == "1":
            begun.set()
            assert cancel.wait(5)

    provider.during = during
    bench.graph.known = ["1", "2", "3"]
    bench.settings.set("collect.accounts", 1, "option")
    handle = bench.start(provider)
    assert begun.wait(5)
    handle.stop("stopped by ada", "aws/3")  # its turn has not come yet
    handle.stop("stopped by bob", "aws/1")
    assert handle.wait(5) == "partial"
    step = handle.record.steps[0]
    assert step.problems == ("aws/1: stopped by bob", "aws/3: stopped by ada")
    assert step.counts["accounts"] == 1
    stale = {id: bench.graph.merged[id].scopes[0].message for id in ("1", "3")}
    assert stale == {"1": "aws/1: stopped by bob", "3": "aws/3: stopped by ada"}
    assert len(provider.selections) == 2


def test_a_region_that_is_stopped_is_one_problem_of_its_account(bench: Bench) -> None:
    begun = threading.Event()
    provider = FakeProvider("1")

    def during(account: str, cancel: Cancel) -> None:
        begun.set()
        while not cancel.parts:
            cancel.wait(0.01)
        provider.codes = [Code.STOPPED, Code.STOPPED, "AccessDenied"]
        provider.statuses["1"] = [Status.FAILED, Status.FAILED, Status.DENIED]

    provider.during = during
    handle = bench.start(provider)
    assert begun.wait(5)
    handle.stop("stopped by ada", "aws/1/eu")
    assert handle.wait(5) == "partial"
    assert set(bench.graph.merged) == {"1"}
    step = handle.record.steps[0]
    assert step.problems == (
        "aws/1/eu: not authorized, 2 scopes not read",
        "1 scope denied: aws/1/eu/kind_2 (ec2:List: not authorized)",
    )
    assert len(bench.events(ScopeFailed)) == 2


def test_an_account_that_is_closed_to_us_leaves_the_others_theirs(bench: Bench) -> None:
    provider = FakeProvider("1", "2")
    provider.closed = "1"
    step = bench.run(provider)
    assert set(bench.graph.merged) == {"2"}
    assert (step.status, step.problems) == ("partial", ("aws/1: AWS refuses role x (it must trust you)",))


def test_what_was_not_merged_becomes_stale(bench: Bench) -> None:
    bench.graph.known = ["1", "2"]
    step = bench.run(FakeProvider("1"))
    assert step.status == "ok"
    assert bench.graph.merged["2"].scopes[0].code == "NotConfigured"
    provider = FakeProvider("1")
    provider.problems = (ProviderError("AWS refuses profile 'b'"),)
    bench.run(provider)
    assert (bench.graph.merged["2"].scopes[0].code, bench.graph.merged["2"].scopes[0].message) == ("NotReached", "AWS refuses profile 'b'")


def test_a_mistyped_setting_says_nothing_about_accounts(bench: Bench) -> None:
    bench.graph.known = ["2"]
    provider = FakeProvider("1")
    provider.problems = (BadValue("aws.collect: no kind fits 'x'"),)
    step = bench.run(provider)
    assert step.problems == ("aws: aws.collect: no kind fits 'x'",)
    assert bench.graph.merged["2"].scopes[0].code == "NotConfigured"


def test_held_capped_and_not_due_scopes_are_counted(bench: Bench) -> None:
    provider = FakeProvider("1")
    provider.statuses["1"] = [Status.HELD, Status.OK, Status.SKIPPED, Status.SKIPPED]
    provider.codes = [Code.SHRUNK, Code.CAPPED, Code.NOT_DUE, Code.NOT_DUE]
    step = bench.run(provider)
    assert step.status == "partial"
    assert step.problems == ("1 scope held: aws/1/eu/kind_0 (ec2:List: not authorized)",)
    assert step.summary.endswith("-0  1 scope held  1 scope capped  2 scopes not due")


def test_a_whole_collect_tells_the_graph_so_and_one_of_a_part_does_not(bench: Bench) -> None:
    assert bench.run(FakeProvider("1", "2")).status == "ok"
    assert bench.graph.whole == {"1", "2"}
    bench.graph.whole.clear()
    provider = FakeProvider("1", "2")
    handle = bench.start(provider, selection=Selection(accounts=("name of ?",), kinds=("aws_vpc",)))
    assert handle.wait(5) == "ok"
    assert bench.graph.whole == set()
    assert [selection.kinds for selection in provider.selections] == [("aws_vpc",), ("aws_vpc",)]
    assert bench.world.texts("workflow_started")[-1].endswith("started by ada: account name of ?, kind aws_vpc")
    assert handle.record.about == "account name of ?, kind aws_vpc"


def test_a_part_leaves_other_accounts_alone(bench: Bench) -> None:
    handle = bench.start(FakeProvider("1", "2"), selection=Selection(accounts=("2",)))
    assert handle.wait(5) == "ok"
    assert set(bench.graph.merged) == {"2"}


def test_a_part_that_names_no_account_fails(bench: Bench) -> None:
    handle = bench.start(FakeProvider("1"), selection=Selection(accounts=("7",)))
    assert handle.wait(5) == "failed"
    assert handle.record.steps[0].problems == ("no account is called 7 (collect status | count account)",)


def test_changes_are_told_by_kind_and_summed_up_beyond_twenty() -> None:
    changes = [KindChange("created", f"kind_{number:02}", 30 - number) for number in range(25)]
    result = MergeResult("aws", "1", changes=(*changes, KindChange("deleted", "kind_01", 2)))
    events = list(change_events(result))
    assert [event.type for event in events] == ["resource_created"] * 21 + ["resource_deleted"]
    assert (events[0].kind, events[0].count, events[0].severity) == ("kind_00", 30, "debug")
    assert (events[20].kind, events[20].count, events[20].kinds) == ("", 10 + 9 + 8 + 7 + 6, 5)
    assert events[20].line() == "aws/1: 40 of 5 more kinds"


def test_the_end_of_all_merges_is_told(bench: Bench) -> None:
    bench.run(FakeProvider("1", "2"))
    assert bench.world.texts("graph_merge_completed") == ["2 accounts: +14 ~0 -0"]
