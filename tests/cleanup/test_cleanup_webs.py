"""Plans over random webs in a real graph: what must go first goes first, and nothing goes that is not marked, or protected, or stale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resh.app import App
from resh.cleanup.marking import clean, protect
from resh.clock import FakeClock, iso
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status

NOW = FakeClock().now()
STATES = ("marked", "unmarked", "protected", "tagged", "stale", "phantom", "group")
GOES = ("marked", "group")
"""What may be in a plan; groups can let go of each other."""
GROUP = "aws_ec2_security_group"
KINDS = {"aws_ec2_volume": Kind("aws_ec2_volume", ("volume",)), "aws_sqs_queue": Kind("aws_sqs_queue", ("queue",)), GROUP: Kind(GROUP)}
PHANTOM = Kind("aws_ec2_instance_type", ("instance_type",), phantom=True)
STALE = "aws_sqs_queue"
Pairs = set[tuple[int, int]]
WEBS = st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=40)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with App(tmp_path_factory.mktemp("webs") / "home", clock=FakeClock()) as app:
        for name, value in {"accounts": "*", "max_graph_age": "9d"}.items():
            app.settings.set(f"cleanup.{name}", value, "option")
        yield app


class Web:
    """One account for each web, so that a graph serves them all."""

    count = 0

    def __init__(self, app: App, states: list[str], pairs: Pairs) -> None:
        Web.count += 1
        self.app, self.states, self.account = app, states, str(Web.count)
        self.ids = {number: self._id(number, state) for number, state in enumerate(states)}
        self.edges = {(self.ids[a % len(states)], self.ids[b % len(states)]) for a, b in pairs}
        self._collect(Status.OK, list(range(len(states))))
        self._mark()
        self._collect(Status.DENIED, [number for number, state in enumerate(states) if state != "stale"])

    def _kind(self, state: str) -> str:
        return {"phantom": PHANTOM.name, "stale": STALE, "group": GROUP}.get(state, "aws_ec2_volume")

    def _id(self, number: int, state: str) -> str:
        return node_id("aws", self.account, "eu", self._kind(state), str(number))

    def _collect(self, queues: Status, numbers: list[int]) -> None:
        with self.app.graph.merge("aws", self.account, "demo") as merge:
            merge.kinds([*KINDS.values(), PHANTOM])
            for number in numbers:
                kind, tags = self._kind(self.states[number]), {"resh:protected": "yes"} if self.states[number] == "tagged" else {}
                reported = {"id": str(number), "name": str(number), "kind": kind, "ctime": iso(NOW - 86400), "tags": tags}
                merge.nodes([Node(self.ids[number], kind, Scope("aws", self.account, "eu", kind), "eu", reported)])
            known = {self.ids[number] for number in numbers}
            merge.edges([Edge(*pair, "delete", pair[0]) for pair in self.edges if pair[0] in known])
            for kind in (*KINDS, PHANTOM.name):
                status = queues if kind == STALE else Status.OK
                merge.scope(ScopeReport(Scope("aws", self.account, "eu", kind), status))

    def _mark(self) -> None:
        graph, kinds = self.app.graph, self.app.kinds
        wanted = [self.ids[number] for number, state in enumerate(self.states) if state not in ("unmarked", "tagged")]
        clean(graph, kinds, wanted, reason="old", by="ada", now=NOW)
        graph.mark([id for number, id in self.ids.items() if self.states[number] == "tagged"], "desired", {"clean": True}, by="ada")
        shielded = [self.ids[number] for number, state in enumerate(self.states) if state == "protected"]
        protect(graph, kinds, shielded, reason="", by="ada", now=NOW)

    def state(self, id: str) -> str:
        return next(self.states[number] for number, other in self.ids.items() if other == id)

    def planned(self) -> Mapping[str, int]:
        plan = self.app.cleanup.plan()
        generations = enumerate(plan.generations)
        return {item.id: number for number, generation in generations for item in generation if item.account == self.account}

    def refused(self) -> dict[str, str]:
        return {one.item.id: one.why for one in self.app.cleanup.plan().refused if one.item.account == self.account}

    def cuts(self) -> set[tuple[str, str]]:
        """Edges that are cut: what waits, and what lets go of it."""
        cycles = [cycle for cycle in self.app.cleanup.plan().cycles if set(cycle.members) <= set(self.ids.values())]
        return {(other, id) for cycle in cycles for id, others in cycle.cuts for other in others}

    def below(self, id: str, without: frozenset[tuple[str, str]] = frozenset()) -> set[str]:
        """What must go before it, itself only where it waits for others that wait for it."""
        found, todo, edges = set[str](), [id], {pair for pair in self.edges - without if pair[0] != pair[1]}
        while todo:
            current = todo.pop()
            more = {target for source, target in edges if source == current} - found
            found |= more
            todo += more
        return found

    def is_stuck(self, id: str) -> bool:
        """Whether it is in a cycle that nothing can break."""
        soft = frozenset(pair for pair in self.edges if {self.state(one) for one in pair} == {"group"})
        cycle = {other for other in self.below(id) if id in self.below(other)}
        return any(self.state(other) == "phantom" or other in self.below(other, soft) for other in cycle)

    def forget(self) -> None:
        for id in self.ids.values():
            self.app.graph.remove(id, by="ada")


def test_each_state_keeps_what_is_in_it(app: App) -> None:
    web = Web(app, list(STATES), {(0, 1), (0, 5)})
    reasons = {web.state(id): why for id, why in web.refused().items()}
    assert reasons.pop("stale").startswith("stale: not readable since ")
    assert reasons == {
        "marked": "1 (aws_ec2_volume) must be deleted first and is not marked",
        "protected": "protected",
        "tagged": "protected by its tag resh:protected",
    }
    web.forget()


def test_groups_in_a_ring_are_planned_unless_one_must_stay(app: App) -> None:
    ring = {(0, 1), (1, 2), (2, 0)}
    web = Web(app, ["group", "group", "group"], ring)
    assert len(web.planned()) == 3
    assert len(web.cuts()) == 1
    web.forget()
    web = Web(app, ["group", "group", "protected"], ring)
    assert web.planned() == {}
    assert [why.endswith("; 2 (aws_ec2_volume) stays: protected") for id, why in web.refused().items() if web.state(id) == "group"] == [
        True
    ] * 2
    web.forget()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(states=st.lists(st.sampled_from(STATES) | st.sampled_from(GOES), min_size=1, max_size=14), pairs=WEBS)
def test_no_plan_violates_an_edge_or_touches_what_must_stay(app: App, states: list[str], pairs: Pairs) -> None:
    web = Web(app, states, pairs)
    planned = web.planned()
    cuts = web.cuts()
    assert {web.state(id) for cut in cuts for id in cut} <= {"group"}
    for id, generation in planned.items():
        assert web.state(id) in GOES
        assert all(web.state(other) in (*GOES, "phantom") for other in web.below(id))
        for other in web.below(id, frozenset(cuts)):
            assert web.state(other) == "phantom" or planned[other] < generation
    marked = {id for id in web.ids.values() if web.state(id) not in ("unmarked", "phantom")}
    assert planned.keys() | web.refused().keys() == marked
    for id, why in web.refused().items():
        assert why
        held = web.state(id) not in GOES or web.is_stuck(id)
        assert held or any(web.state(other) not in (*GOES, "phantom") or web.is_stuck(other) for other in web.below(id))
    web.forget()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(states=st.lists(st.sampled_from(("marked", "group", "unmarked")), min_size=2, max_size=10), pairs=WEBS, drop=st.integers(0, 9))
def test_fewer_edges_never_hold_back_more(app: App, states: list[str], pairs: Pairs, drop: int) -> None:
    web = Web(app, states, pairs)
    before = web.planned().keys()
    web.edges = set(sorted(web.edges)[: len(web.edges) - drop])
    web._collect(Status.OK, list(range(len(states))))
    assert before <= web.planned().keys()
    web.forget()
