"""Order over random webs, and every reason for which something may not go."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from resh.cleanup.plan import MARKED, Plan
from resh.cleanup.planning import make_plan
from resh.graph.base import Document
from tests.cleanup_fakes import KINDS, FakeCloud, FakeGraph, node

STATES = ("marked", "unmarked", "phantom", "protected", "stale", "tagged", "cleaned", "fixed")


def a_node(id: str, state: str) -> Document:
    clean = "" if state in ("unmarked", "phantom") else "not needed"
    kind = {"phantom": "aws_ec2_instance_type", "fixed": "aws_fixed"}.get(state, "aws_ec2_volume")
    metadata = {state: True} if state in ("protected", "stale", "cleaned") else {}
    return node(id, kind, clean=clean, metadata=metadata, tags={"resh:protected": "yes"} if state == "tagged" else {})


def plan_of(graph: FakeGraph, cloud: FakeCloud | None = None) -> Plan:
    return make_plan(graph.search(MARKED), graph.store, KINDS, {"aws": (cloud or FakeCloud(())).provider}, now=0)


def reasons(plan: Plan) -> dict[str, str]:
    return {refused.item.id: refused.why for refused in plan.refused}


def order(plan: Plan) -> list[list[str]]:
    return [[item.id for item in generation] for generation in plan.generations]


states = st.lists(st.sampled_from(STATES) | st.just("marked"), min_size=1, max_size=12)
pairs = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=24)


@given(states, pairs)
def test_a_plan_never_violates_an_edge_and_holds_only_what_may_go(states: list[str], pairs: list[tuple[int, int]]) -> None:
    count = len(states)
    edges = {(str(a % count), str(b % count)) for a, b in pairs}
    graph = FakeGraph([a_node(str(number), state) for number, state in enumerate(states)], edges)
    plan = plan_of(graph)
    place = {item.id: number for number, generation in enumerate(plan.generations) for item in generation}
    assert all(states[int(id)] == "marked" for id in place)
    marked = {str(number) for number, state in enumerate(states) if state not in ("unmarked", "phantom", "cleaned")}
    assert place.keys() | reasons(plan).keys() == marked
    assert not place.keys() & reasons(plan).keys()
    for id in place:
        for below in everything_below(id, edges) - {id}:
            if states[int(below)] not in ("phantom", "cleaned"):
                assert place[below] < place[id]


def everything_below(id: str, edges: set[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    todo = [id]
    while todo:
        current = todo.pop()
        for source, target in edges:
            if source == current and target not in found:
                found.add(target)
                todo.append(target)
    return found


@given(st.integers(2, 9), pairs)
def test_what_only_waits_for_marked_nodes_is_planned(count: int, pairs: list[tuple[int, int]]) -> None:
    edges = {(str(a % count), str(b % count)) for a, b in pairs if a % count > b % count}
    plan = plan_of(FakeGraph([a_node(str(number), "marked") for number in range(count)], edges))
    assert len(plan) == count
    assert not plan.refused


def test_order_runs_through_what_is_not_marked() -> None:
    graph = FakeGraph([a_node("a", "marked"), a_node("m", "phantom"), a_node("b", "marked")], {("a", "m"), ("m", "b")})
    plan = plan_of(graph)
    assert order(plan) == [["b"], ["a"]]
    assert plan.generations[1][0].after == ("b",)


def test_something_unmarked_that_must_go_first_refuses() -> None:
    graph = FakeGraph(
        [a_node("vpc", "marked"), a_node("subnet", "unmarked"), a_node("instance", "marked")], {("vpc", "subnet"), ("subnet", "instance")}
    )
    plan = plan_of(graph)
    assert order(plan) == [["instance"]]
    assert reasons(plan) == {"vpc": "subnet (aws_ec2_volume) must be deleted first and is not marked"}


def test_refusal_holds_back_what_waits_for_it() -> None:
    graph = FakeGraph([a_node("a", "marked"), a_node("b", "marked"), a_node("c", "protected")], {("a", "b"), ("b", "c")})
    assert reasons(plan_of(graph)) == {
        "a": "waits for b (aws_ec2_volume), which is refused",
        "b": "waits for c (aws_ec2_volume), which is refused",
        "c": "protected",
    }


def test_a_cycle_is_named_and_refused() -> None:
    graph = FakeGraph([a_node(id, "marked") for id in "abcd"], {("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")})
    plan = plan_of(graph)
    assert not len(plan)
    ring = "a (aws_ec2_volume) → b (aws_ec2_volume) → c (aws_ec2_volume) → a (aws_ec2_volume)"
    assert reasons(plan)["b"] == f"in a cycle of dependencies: {ring}"
    assert reasons(plan)["d"] == "waits for a (aws_ec2_volume), which is refused"


def test_what_waits_for_itself_waits_for_nothing() -> None:
    graph = FakeGraph([a_node("a", "marked"), a_node("b", "marked")], {("a", "a"), ("a", "b"), ("b", "b")})
    assert order(plan_of(graph)) == [["b"], ["a"]]


def test_a_long_cycle_is_described_briefly() -> None:
    ids = [f"{number:03}" for number in range(300)]
    graph = FakeGraph([a_node(id, "marked") for id in ids], {*pairwise(ids), (ids[-1], ids[0])})
    why = reasons(plan_of(graph))["150"]
    assert why.count("→") == 6
    assert "295 more" in why


def test_every_refusal_says_why() -> None:
    graph = FakeGraph([a_node(state, state) for state in STATES if state != "unmarked"])
    graph.documents["phantom"] = node("phantom", "aws_ec2_instance_type", clean="by a job")
    graph.documents["elsewhere"] = {**node("elsewhere", clean="x"), "ancestors": {}}
    plan = plan_of(graph)
    assert order(plan) == [["marked"]]
    assert reasons(plan) == {
        "phantom": "aws_ec2_instance_type is no resource that can be deleted",
        "protected": "protected",
        "stale": "stale: not readable since 2023-11-14T22:13:20Z",
        "tagged": "protected by its tag resh:protected",
        "fixed": "it belongs to the cloud",
        "elsewhere": "no provider for the cloud ''",
    }


def test_nothing_is_lost_with_another_that_should_not_be() -> None:
    states = {"group": "marked", "web": "marked", "disk": "unmarked", "db": "marked", "data": "protected", "lone": "marked"}
    graph, cloud = FakeGraph([a_node(id, state) for id, state in states.items()]), FakeCloud(())
    graph.documents["data"]["desired"] = {}
    cloud.takes = {"group": [("web", True)], "web": [("disk", False), ("never collected", False)], "db": [("data", False)]}
    assert order(plan_of(graph, cloud)) == [["group", "lone", "web"]]
    assert reasons(plan_of(graph, cloud)) == {"db": "would destroy data too: protected"}
    cloud.takes["group"] += [("db", True)]
    cloud.takes["lone"] = [("never collected", True)]
    assert reasons(plan_of(graph, cloud)) == {
        "db": "would destroy data too: protected",
        "group": "would destroy db too: would destroy data too: protected",
        "lone": "would destroy never collected too: not in the graph",
    }
    cloud.takes["group"] = [("disk", True)]
    assert reasons(plan_of(graph, cloud))["group"] == "would destroy disk too: not marked"


def test_the_id_is_that_of_the_content() -> None:
    graph = FakeGraph([a_node("a", "marked"), a_node("b", "marked")], {("a", "b")})
    first = plan_of(graph)
    assert plan_of(graph).id == first.id
    graph.documents["a"]["reported"]["atime"] = "2026-01-01T00:00:00Z"
    assert plan_of(graph).id == first.id
    graph.documents["a"]["reported"]["volume_size"] = 7
    assert plan_of(graph).id != first.id


def test_a_long_chain_needs_no_deep_stack() -> None:
    count = 5000
    edges = {(str(number), str(number + 1)) for number in range(count - 1)}
    plan = plan_of(FakeGraph([a_node(str(number), "marked") for number in range(count)], edges))
    assert len(plan.generations) == count
    assert plan.generations[0][0].id == str(count - 1)
