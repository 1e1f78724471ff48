"""What the settings forbid, and what stops a plan as a whole: each limit holds at exactly its value."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from resh.cancel import Cancel
from resh.cleanup.itself import itself
from resh.cleanup.journal import Journal
from resh.cleanup.outcome import Outcome, Report
from resh.cleanup.planning import make_plan
from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey
from resh.cleanup.service import Cleanup
from resh.clock import FakeClock, iso
from resh.errors import BadValue, ReshError, UsageError
from resh.events.event import CleanupStopped, Event
from resh.graph.base import Document
from resh.settings import Settings
from tests.cleanup_fakes import ALLOWED, KINDS, FakeCloud, FakeGraph, node

NOW = FakeClock().now()


class World:
    """Marked resources in an account, a cloud behind them, and a clean-up that deletes."""

    def __init__(self, folder: Path, *documents: Document, **options: Any) -> None:
        self.graph = FakeGraph(documents)
        self.cloud = FakeCloud(self.graph.documents.values())
        self.settings, self.clock, self.events = Settings(), FakeClock(), list[Event]()
        for name, value in {"enabled": True, "dry_run": False, **ALLOWED, **options}.items():
            self.settings.set(f"cleanup.{name}", value, "option")
        providers = {"aws": self.cloud.provider}
        journal = Journal(folder / "journal.jsonl")
        self.cleanup = Cleanup(
            self.graph.store, self.search, KINDS, providers, self.settings, self.clock, journal, lambda settings: (self.rule,)
        )
        self.rule = Rule()

    def search(self, text: str) -> list[Document]:
        return [self.graph.documents["a"]] if text == "id = a" else self.graph.search(text)

    def refused(self) -> dict[str, str]:
        return {refused.item.id: refused.why for refused in self.cleanup.plan().refused}

    def run(self, change: Callable[[], object] = lambda: None) -> Report:
        plan = self.cleanup.plan()
        change()
        return self.cleanup.execute(plan, run="01a7", cancel=Cancel(), emit=self.events.append)


class Rule:
    name, description, effect = "volumes", "for tests", Effect.MARK

    def __init__(self) -> None:
        self.ids: list[str] = []

    def find(self, survey: Survey) -> list[Found]:
        return [Found(id, "unused") for id in self.ids]


def marked(id: str = "a", **reported: Any) -> Document:
    return node(id, clean="x", **reported)


FORBIDDEN = [
    ({"accounts": ""}, {}, "the account 1 is not in cleanup.accounts"),
    ({"accounts": "2,3*"}, {}, "the account 1 is not in cleanup.accounts"),
    ({"deny_accounts": "1"}, {}, "the account 1 is in cleanup.deny_accounts"),
    ({"production": "1"}, {}, "the account 1 is in production: cleanup.production"),
    ({"protected_names": "shop-*"}, {"name": "Shop-db"}, "its name is protected: shop-*"),
    ({"protected_names": "a"}, {}, "its name is protected: a"),
    ({"protected_tags": "keep"}, {"tags": {"keep": ""}}, "protected by its tag keep"),
    ({"protected_tags": "env=prod*"}, {"tags": {"env": "production"}}, "protected by its tag env"),
    ({"protected_search": "id = a"}, {}, "found by cleanup.protected_search"),
    ({"min_age": "2h"}, {"ctime": iso(NOW - 7199)}, "only 1 h 59 min old (cleanup.min_age 2 h)"),
]
ALLOWED_ONES = [
    ({"accounts": "1"}, {}),
    ({"accounts": "*"}, {}),
    ({"deny_accounts": "2", "production": "*prod*"}, {}),
    ({"protected_names": "shop-*"}, {"name": "workshop-db"}),
    ({"protected_tags": "env=prod*"}, {"tags": {"env": "test"}}),
    ({"min_age": "2h"}, {"ctime": iso(NOW - 7200)}),
]


@pytest.mark.parametrize(("options", "reported", "why"), FORBIDDEN)
def test_what_the_settings_forbid_is_refused_with_the_reason(
    tmp_path: Path, options: dict[str, str], reported: dict[str, Any], why: str
) -> None:
    world = World(tmp_path, marked(**reported), **options)
    assert world.refused() == {"a": why}
    assert not len(world.cleanup.plan())


@pytest.mark.parametrize(("options", "reported", "why"), FORBIDDEN)
def test_what_was_forbidden_after_the_plan_is_skipped(tmp_path: Path, options: dict[str, str], reported: dict[str, Any], why: str) -> None:
    world = World(tmp_path, marked(**reported), min_age="0s")
    (result,) = world.run(lambda: [world.settings.set(f"cleanup.{name}", value, "option") for name, value in options.items()]).results
    assert (result.outcome, result.why) == (Outcome.SKIPPED, why)
    assert world.cloud.deleted == []


@pytest.mark.parametrize(("options", "reported"), ALLOWED_ONES)
def test_near_misses_of_what_is_forbidden_go(tmp_path: Path, options: dict[str, str], reported: dict[str, Any]) -> None:
    world = World(tmp_path, marked(**reported), **options)
    world.run()
    assert world.cloud.deleted == ["a"]


@pytest.mark.parametrize(
    ("accounts", "production", "deleted"), [("*", "*prod*", False), ("1*", "*prod*", False), ("1", "*prod*", True), ("*", "", True)]
)
def test_an_account_whose_name_cannot_be_read_may_be_in_production(tmp_path: Path, accounts: str, production: str, deleted: bool) -> None:
    """Its alias is what tells, and its role may not ask for that."""
    document = marked()
    document["ancestors"]["account"]["reported"]["name"] = ""
    world = World(tmp_path, document, accounts=accounts, production=production)
    assert all("may be in production" in why for why in world.refused().values())
    world.run()
    assert bool(world.cloud.deleted) is deleted


@pytest.mark.parametrize(("seconds", "deleted"), [(7200, True), (7201, False)])
def test_what_was_read_too_long_ago_stays(tmp_path: Path, seconds: int, deleted: bool) -> None:
    world = World(tmp_path, marked(), max_graph_age="2h")
    world.clock.advance(seconds)
    world.run()
    assert bool(world.cloud.deleted) is deleted


def test_a_grace_period_is_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path, marked(), max_graph_age="9d")
    world.graph.documents["a"]["desired"]["clean_after"] = iso(NOW + 3600)
    assert world.refused() == {"a": f"its grace period ends {iso(NOW + 3600)}"}
    world.graph.documents["a"]["desired"]["clean_warned"] = iso(NOW)
    world.clock.advance(3599)
    assert not len(world.cleanup.plan())
    world.clock.advance(1)
    world.run()
    assert world.cloud.deleted == ["a"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "nobody was warned yet that its grace period ends"),
        ({"warn_before": "0s"}, ""),
        ({"dry_run": True}, ""),
        ({"enabled": False}, ""),
    ],
)
def test_nothing_goes_after_a_grace_period_of_which_nobody_was_warned(tmp_path: Path, options: dict[str, Any], why: str) -> None:
    world = World(tmp_path, marked(), **options)
    world.graph.documents["a"]["desired"]["clean_after"] = iso(NOW - 1)
    assert world.refused() == ({"a": why} if why else {})


def test_a_tag_that_protects_counts_as_the_cloud_has_it_now(tmp_path: Path) -> None:
    world = World(tmp_path, marked(), protected_tags="keep")
    world.cloud.live["a"]["tags"] = {"keep": "1"}
    (result,) = world.run().results
    assert (result.outcome, result.why) == (Outcome.SKIPPED, "protected by its tag keep")


def test_what_its_rule_finds_no_longer_is_skipped(tmp_path: Path) -> None:
    world = World(tmp_path, marked("a"), marked("b"))
    for document in world.graph.documents.values():
        document["desired"]["clean_by"] = "rule volumes"
    world.settings.set("cleanup.rules.volumes.enabled", True, "option")
    world.rule.ids = ["a"]
    results = {result.item.id: result.why for result in world.run().results}
    assert results == {"a": "", "b": "the rule volumes finds it no longer"}
    assert world.cloud.deleted == ["a"]
    world.settings.set("cleanup.rules.volumes.enabled", False, "option")
    world.rule.ids = ["b"]
    world.run()
    assert world.cloud.deleted == ["a"]


def stopped(world: World) -> tuple[str, ...]:
    report = world.run()
    if report.stopped:
        assert world.cloud.deleted == []
        assert not world.cleanup.journal.path.exists()
        assert [type(event) for event in world.events] == [CleanupStopped]
    return report.stopped


LIMITS = st.integers(1, 12)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(count=LIMITS, limit=LIMITS)
def test_the_number_of_deletions_holds_at_exactly_its_value(tmp_path: Path, count: int, limit: int) -> None:
    world = World(tmp_path, *(marked(str(number)) for number in range(count)), max_deletions=limit)
    world.cleanup.journal.path.unlink(missing_ok=True)
    assert bool(stopped(world)) is (count > limit)
    assert len(world.cloud.deleted) == (0 if count > limit else count)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(count=LIMITS, kept=st.integers(0, 20), limit=st.integers(0, 99), setting=st.sampled_from(("max_percent", "max_kind_percent")))
def test_the_share_of_an_account_holds_at_exactly_its_value(tmp_path: Path, count: int, kept: int, limit: int, setting: str) -> None:
    rest = (node(f"kept{number}") for number in range(kept))
    phantoms = (node(f"type{number}", "aws_ec2_instance_type") for number in range(50))
    world = World(tmp_path, *(marked(str(number)) for number in range(count)), *rest, *phantoms, **{setting: limit})
    world.cleanup.journal.path.unlink(missing_ok=True)
    too_much = count / (count + kept) > limit / 100
    assert bool(stopped(world)) is too_much


def test_the_share_of_a_kind_is_that_of_its_own(tmp_path: Path) -> None:
    world = World(tmp_path, marked(), *(node(f"i{number}", "aws_ec2_instance") for number in range(9)), max_kind_percent=50)
    assert stopped(world) == ("1 of 1 aws_ec2_volume of the account 1, and cleanup.max_kind_percent is 50",)


@pytest.mark.parametrize(("limit", "stops"), [(0, False), (146, False), (145, True)])
def test_the_monthly_cost_holds_at_exactly_its_value(tmp_path: Path, limit: int, stops: bool) -> None:
    large = node("m5", "aws_ec2_instance_type", ondemand_cost=0.1)
    machines = [node(id, "aws_ec2_instance", clean="x", instance_type="m5", instance_status="running") for id in ("a", "b")]
    world = World(tmp_path, *machines, large, max_monthly_cost=limit)
    world.graph.defaults = {("m5", "a"), ("m5", "b")}
    assert world.cleanup.plan().monthly_cost == 146.0
    assert bool(stopped(world)) is stops


def test_many_small_costs_add_up_to_the_cent(tmp_path: Path) -> None:
    disks = [marked(str(number), volume_size=1, volume_type="gp3") for number in range(30)]
    world = World(tmp_path, *disks, node("gp3", "aws_ec2_instance_type", ondemand_cost=0.1), max_monthly_cost=3)
    world.graph.defaults = {("gp3", str(number)) for number in range(30)}
    assert world.cleanup.plan().monthly_cost == 3.0
    assert stopped(world) == ()


@pytest.mark.parametrize(("people", "wanted", "stops"), [(1, 1, False), (1, 2, True), (2, 2, False), (2, 3, True), (3, 3, False)])
def test_as_many_people_as_are_wanted_suffice(tmp_path: Path, people: int, wanted: int, stops: bool) -> None:
    world = World(tmp_path, marked(), approvals=wanted)
    found = world.cleanup.stops(world.cleanup.plan(), [f"person {number}" for number in range(people)])
    assert bool(found) is stops


def test_nobody_counts_twice(tmp_path: Path) -> None:
    world = World(tmp_path, marked(), approvals=2)
    why = "1 of 2 people stand for it: cleanup approve, then cleanup apply"
    assert world.cleanup.stops(world.cleanup.plan(), ["ada", "ada"]) == (why,)


def test_costs_are_known_where_the_price_of_the_type_is(tmp_path: Path) -> None:
    disk = marked("disk", volume_size=100, volume_type="gp3")
    off = node("off", "aws_ec2_instance", clean="x", instance_type="m5", instance_status="stopped")
    types = [node("gp3", "aws_ec2_instance_type", ondemand_cost=0.08), node("m5", "aws_ec2_instance_type", ondemand_cost=0.1)]
    world = World(tmp_path, disk, off, marked("odd"), *types)
    world.graph.defaults = {("gp3", "disk"), ("m5", "off")}
    assert {item.id: item.monthly_cost for item in world.cleanup.plan().items()} == {"disk": 8.0, "off": 0.0, "odd": None}


@pytest.mark.parametrize(
    ("hours", "zone", "stops"),
    [
        ("", "UTC", False),
        ("tue 22:00-23:00", "UTC", False),
        ("wed", "UTC", True),
        ("22:14-23:00", "UTC", True),
        ("wed 00:00-07:00", "Asia/Tokyo", True),
        ("wed", "Asia/Tokyo", False),
    ],
)
def test_hours_are_kept_in_their_time_zone(tmp_path: Path, hours: str, zone: str, stops: bool) -> None:
    """It is Tuesday, 22:13:20 UTC."""
    assert bool(stopped(World(tmp_path, marked(), hours=hours, timezone=zone))) is stops


def test_an_unknown_time_zone_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="there is no time zone 'Mars'"):
        World(tmp_path, marked(), hours="mon", timezone="Mars").run()


def a_state(path: Path, **attributes: str) -> str:
    resources = [
        {"mode": "managed", "instances": [{"attributes": attributes}]},
        {"mode": "data", "instances": [{"attributes": {"id": "b"}}]},
    ]
    path.write_text(json.dumps({"version": 4, "resources": resources}))
    return str(path)


@pytest.mark.parametrize("attributes", [{"id": "a"}, {"id": "other", "arn": "arn:a"}])
def test_what_terraform_manages_is_refused_warned_of_or_ignored(tmp_path: Path, attributes: dict[str, str]) -> None:
    file = a_state(tmp_path / "x.tfstate", **attributes)
    world = World(tmp_path, marked("a", arn="arn:a"), marked("b"), terraform_states=str(tmp_path / "*.tfstate"))
    assert world.refused() == {"a": f"managed by Terraform: {file}"}
    world.settings.set("cleanup.terraform", "warn", "option")
    assert {item.id: item.note for item in world.cleanup.plan().items()} == {"a": f"managed by Terraform: {file}", "b": ""}
    world.settings.set("cleanup.terraform", "ignore", "option")
    assert {item.id: item.note for item in world.cleanup.plan().items()} == {"a": "", "b": ""}


INSTANCES = {
    "count": [{"index_key": 0, "attributes": {"id": "b"}}, {"index_key": 1, "attributes": {"id": "a"}}],
    "for_each": [{"index_key": "eu", "attributes": {"id": "b"}}, {"index_key": "us", "attributes": {"id": "a"}}],
    "replaced, and still there": [{"attributes": {"id": "new"}}, {"deposed": "0f3a", "attributes": {"id": "a"}}],
    "written by an older Terraform": [{"schema_version": 0, "attributes_flat": {"id": "a", "tags.%": "0"}}],
}


@pytest.mark.parametrize("instances", INSTANCES.values(), ids=INSTANCES)
def test_every_instance_in_a_state_counts(tmp_path: Path, instances: list[dict[str, Any]]) -> None:
    resources = [{"module": "module.app[0].module.disk", "mode": "managed", "type": "aws_ebs_volume", "instances": instances}]
    file = tmp_path / "x.tfstate"
    file.write_text(json.dumps({"version": 4, "resources": [{"mode": "managed", "instances": []}, *resources]}))
    assert World(tmp_path, marked("a"), terraform_states=str(file)).refused() == {"a": f"managed by Terraform: {file}"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file"),
        ("{", "is no state"),
        ("[]", "is no state"),
        ("[" * 100_000, "is no state"),
        ('{"version": 3}', "version 3"),
        ('{"version": 4, "resources": 7}', "is no state"),
        ('{"version": 4, "resources": [7]}', "is no state"),
        ('{"version": 4, "resources": [{"type": "aws_vpc"}]}', "is no state"),
        ('{"version": 4, "resources": [{"mode": "managed", "instances": [[]]}]}', "is no state"),
        ('{"version": 4, "resources": [{"mode": "managed", "instances": [{"attributes": ["a"]}]}]}', "is no state"),
    ],
)
def test_without_a_state_of_terraform_that_was_named_nothing_goes(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "x.tfstate"
    if content is not None:
        path.write_text(content)
    world = World(tmp_path, marked(), terraform_states=str(path))
    with pytest.raises(UsageError, match=message):
        world.run()
    assert world.cloud.deleted == []


def test_what_resh_runs_with_is_never_deleted(tmp_path: Path) -> None:
    role, policy, other = (
        node("cleaner", "aws_iam_role", clean="x"),
        node("policy", "aws_iam_policy", clean="x"),
        node("other", "aws_sqs_queue", clean="x"),
    )
    machine, subnet = node("i-0f3a", "aws_ec2_instance", clean="x"), node("net", "aws_ec2_subnet", clean="x")
    documents = (role, policy, other, machine, subnet)
    world = World(tmp_path, *documents)
    world.graph.defaults = {("cleaner", "policy"), ("net", "i-0f3a"), ("i-0f3a", "other")}
    world.cloud.arns = ["arn:aws:sts::1:assumed-role/cleaner/i-0f3a"]
    found = itself(world.cloud.arns, lambda text: [one for one in documents if f"is({one['kind']})" in text], world.graph.store)
    assert found.keys() == {"cleaner", "policy", "i-0f3a", "net"}
    assert not itself(["arn:aws:sts::2:assumed-role/cleaner/i-0f3a", "odd"], lambda text: documents, world.graph.store)


def test_plans_know_from_the_last_collect_who_we_are(tmp_path: Path) -> None:
    user = node("ada", "aws_iam_user", clean="x")
    world = World(tmp_path, user)
    world.search = lambda text: [user] if "is(aws_iam_user)" in text else world.graph.search(text)  # type: ignore[method-assign]
    cleanup = replace(world.cleanup, documents=world.search, known_as=lambda: ["arn:aws:iam::1:user/ada"])
    assert {refused.item.id: refused.why for refused in cleanup.plan().refused} == {"ada": "resh runs with it"}
    assert cleanup.policy().protection(user) == "resh runs with it"
    world.settings.set("cleanup.protect_self", False, "option")
    assert len(cleanup.plan()) == 1


def test_many_identities_are_looked_up_at_once(tmp_path: Path) -> None:
    roles = [node(f"r{number}", "aws_iam_role") for number in range(50)]
    asked: list[str] = []

    def documents(text: str) -> list[Document]:
        asked.append(text)
        return roles

    graph = FakeGraph(roles)
    found = itself([f"arn:aws:iam::1:role/team/r{number}" for number in range(40)], documents, graph.store)
    assert found.keys() == {f"r{number}" for number in range(40)}
    assert len(asked) == 1


def test_execution_asks_who_we_are(tmp_path: Path) -> None:
    user = node("ada", "aws_iam_user", clean="x")
    world = World(tmp_path, user, marked("b"))
    world.cloud.arns = ["arn:aws:iam::1:user/team/ada"]
    world.search = lambda text: [user] if "is(aws_iam_user)" in text else world.graph.search(text)  # type: ignore[method-assign]
    cleanup = Cleanup(world.graph.store, world.search, KINDS, world.cleanup.providers, world.settings, world.clock, world.cleanup.journal)
    results = cleanup.execute(cleanup.plan(), run="", cancel=Cancel(), emit=print).results
    assert {result.item.id: result.why for result in results} == {"ada": "resh runs with it", "b": ""}
    world.settings.set("cleanup.protect_self", False, "option")
    cleanup.execute(cleanup.plan(), run="", cancel=Cancel(), emit=print)
    assert world.cloud.deleted == ["b", "ada"]


def test_ten_thousand_marked_nodes_are_planned_once_each(tmp_path: Path) -> None:
    """A node is read a bounded number of times, however many there are."""
    count = 10_000
    graph = FakeGraph([marked(str(number)) for number in range(count)], {(str(number), str(number + 1)) for number in range(0, count, 2)})
    reads = 0
    found = graph.node

    def counted(id: str) -> Document | None:
        nonlocal reads
        reads += 1
        return found(id)

    graph.node = counted  # type: ignore[method-assign]
    plan = make_plan(graph.search("/desired.clean == true"), graph.store, KINDS, {"aws": FakeCloud(()).provider}, NOW)
    assert len(plan) == count
    assert reads == 0


STATES = (
    "fine", "protected", "tagged", "stale", "unmarked", "old sight",
    "changed in the cloud", "changed in the graph", "unmarked late", "protected late",
)  # fmt: skip


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(states=st.lists(st.sampled_from(STATES), min_size=1, max_size=10), edges=st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_only_what_is_marked_unprotected_unchanged_and_fresh_is_ever_deleted(
    tmp_path: Path, states: list[str], edges: set[tuple[int, int]]
) -> None:
    world = World(tmp_path, *(marked(str(number)) for number in range(len(states))))
    world.graph.edges = {(str(a), str(b)) for a, b in edges if b < a < len(states)}
    documents = world.graph.documents
    before: dict[str, Callable[[Document], object]] = {
        "protected": lambda document: document["metadata"].update(protected=True),
        "tagged": lambda document: document["reported"]["tags"].update({"resh:protected": "yes"}),
        "stale": lambda document: document["metadata"].update(stale=True),
        "unmarked": lambda document: document["desired"].clear(),
        "old sight": lambda document: document["metadata"].update(last_seen=iso(NOW - 86400)),
    }
    late: dict[str, Callable[[Document], object]] = {
        "changed in the cloud": lambda document: world.cloud.live[document["id"]].update(volume_size=9),
        "changed in the graph": lambda document: document["reported"].update(volume_size=9),
        "unmarked late": lambda document: document["desired"].clear(),
        "protected late": lambda document: document["metadata"].update(protected=True),
    }
    for number, state in enumerate(states):
        before.get(state, untouched)(documents[str(number)])

    def rival(id: str) -> None:
        late.get(states[int(id)], untouched)(documents[id])

    world.cloud.on_read = rival
    world.run()
    assert all(states[int(id)] == "fine" for id in world.cloud.deleted)
    lonely = {str(number) for number, state in enumerate(states) if state == "fine"} - {edge[0] for edge in world.graph.edges}
    assert lonely <= set(world.cloud.deleted)
    for source, target in world.graph.edges:
        if source in world.cloud.deleted:
            assert world.cloud.deleted.index(target) < world.cloud.deleted.index(source)


def untouched(document: Document) -> None: ...


def test_a_search_that_is_wrong_stops_everything(tmp_path: Path) -> None:
    world = World(tmp_path, marked(), protected_search="is(")

    def search(text: str) -> list[Document]:
        if text == "is(":
            raise ReshError("odd")
        return world.graph.search(text)

    cleanup = Cleanup(world.graph.store, search, KINDS, world.cleanup.providers, world.settings, world.clock, world.cleanup.journal)
    with pytest.raises(ReshError):
        cleanup.plan()
