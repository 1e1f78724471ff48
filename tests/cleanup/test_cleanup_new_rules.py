"""The rules about one cloud's kinds: real hits, and near misses that differ in one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup.rules.aws_alarms import AwsAlarms
from resh.cleanup.rules.aws_load_balancers import AwsLoadBalancers
from resh.cleanup.rules.aws_vpcs import AwsVpcs
from resh.cleanup.rules.base import Found, Rule
from resh.cleanup.rules.common import configured
from resh.cleanup.rules.empty_log_groups import EmptyLogGroups
from resh.cleanup.rules.idle_instances import IdleInstances
from resh.cleanup.rules.old_snapshots import OldSnapshots
from resh.cleanup.rules.orphaned_images import OrphanedImages
from resh.cleanup.rules.own import Own
from resh.cleanup.rules.protector import Protector
from resh.cleanup.rules.run import apply_rules
from resh.cleanup.rules.survey import Survey
from resh.cleanup.rules.table import RULES, all_rules
from resh.cleanup.rules.tag_validator import TagValidator
from resh.cleanup.rules.unattached_network_interfaces import UnattachedNetworkInterfaces
from resh.cleanup.rules.untagged import Untagged
from resh.cleanup.rules.unused_elastic_ips import UnusedElasticIps
from resh.cleanup.rules.unused_security_groups import UnusedSecurityGroups
from resh.clock import FakeClock, iso
from resh.errors import BadValue
from resh.graph.base import Document
from resh.model.kinds import Kind, Kinds
from resh.model.node import node_id
from resh.own_rules import Written
from resh.settings import Settings
from tests.cleanup_fakes import FakeCloud, FakeGraph, node

NOW = FakeClock().now()
DAY = 86400
AWS = ("aws_ec2_instance", "aws_alb", "aws_alb_target_group", "aws_ec2_image", "aws_ec2_launch_template", "aws_ec2_network_interface")
KINDS = Kinds([Kind("resource", bases=()), *map(Kind, (*AWS, "aws_elb", "aws_vpc", "aws_ec2_volume", "aws_ec2_snapshot"))])


def ago(days: float) -> str:
    return iso(NOW - days * DAY)


class Ground:
    """A graph of given nodes; a search finds the nodes of the kinds that it names, as far as they are what else it asks for."""

    def __init__(self, *documents: Document, below: Iterable[tuple[str, str]] = (), waits: Iterable[tuple[str, str]] = ()) -> None:
        self.graph = FakeGraph(documents, waits)
        self.graph.defaults, self.graph.read_kinds = set(below), AWS
        self.settings = Settings()

    def search(self, text: str) -> list[Document]:
        documents = list(self.graph.documents.values())
        found = [document for document in documents if f"is({document['kind']})" in text or text == "all"]
        return [document for document in found if "desired.clean" not in text or document["desired"].get("clean")]

    def found(self, rule: Rule, **settings: object) -> dict[str, str]:
        for name, value in settings.items():
            self.settings.set(f"cleanup.rules.{rule.name}.{name}", value, "option")
        return {found.id: found.reason for found in self._find(rule)}

    def tags(self, rule: Rule) -> dict[str, tuple[str, str]]:
        return {found.id: found.tag for found in self._find(rule)}

    def _find(self, rule: Rule) -> Iterable[Found]:
        return rule.find(Survey(self.search, self.graph.store, KINDS, self.settings, NOW))


def unread(ground: Ground, *kinds: str) -> Ground:
    ground.graph.read_kinds = tuple(kind for kind in AWS if kind not in kinds)
    return ground


def a_snapshot(id: str, days: float, **reported: Any) -> Document:
    return node(id, "aws_ec2_snapshot", **{"ctime": ago(days), "volume_id": "vol-1", **reported})


def test_old_snapshots_but_the_newest_of_each_volume() -> None:
    ground = Ground(a_snapshot("new", 100), a_snapshot("old", 200), a_snapshot("older", 300), a_snapshot("lone", 300, volume_id="vol-2"))
    reason = "200 d old, not the newest of vol-1 (limit 90 d)"
    assert ground.found(OldSnapshots()) == {"old": reason, "older": reason.replace("200", "300")}
    assert ground.found(OldSnapshots(), keep=2).keys() == {"older"}


@pytest.mark.parametrize(
    "near",
    [
        a_snapshot("near", 89.9),
        a_snapshot("near", 200, tags={"aws:backup:source-resource": "x"}),
        a_snapshot("near", 200, tags={"aws:dlm:lifecycle-policy-id": "x"}),
        a_snapshot("near", 200, ctime=None),
        a_snapshot("near", 200, volume_id="vol-ffffffff"),
    ],
)
def test_young_snapshots_and_those_of_backup_plans_stay(near: Document) -> None:
    assert Ground(a_snapshot("newest", 1), near).found(OldSnapshots()) == {}


def test_copies_of_snapshots_are_not_those_of_one_volume() -> None:
    assert Ground(*(a_snapshot(f"copy-{days}", days, volume_id="vol-ffffffff") for days in (100, 200, 300))).found(OldSnapshots()) == {}


def test_snapshots_that_a_template_names_stay() -> None:
    devices = [{"ebs": {"snapshot_id": "snap-0a"}}]
    template = node("lt", "aws_ec2_launch_template", launch_template_data={"block_device_mappings": devices})
    snapshots = (a_snapshot("snap-1b", 1), a_snapshot("snap-0a", 200), a_snapshot("snap-0c", 200))
    assert Ground(*snapshots, template).found(OldSnapshots()).keys() == {"snap-0c"}
    assert unread(Ground(*snapshots), "aws_ec2_launch_template").found(OldSnapshots()) == {}


def test_snapshots_of_images_stay_and_so_do_all_when_images_were_not_read() -> None:
    documents = (a_snapshot("newest", 1), a_snapshot("old", 200))
    image = node("ami", "aws_ec2_image")
    assert Ground(*documents, image, waits=[("old", "ami")]).found(OldSnapshots()) == {}
    assert unread(Ground(*documents), "aws_ec2_image").found(OldSnapshots()) == {}
    assert Ground(*documents).found(OldSnapshots())


@pytest.mark.parametrize(
    ("reported", "hit"),
    [
        ({}, True),
        ({"ip_association_id": "eipassoc-1"}, False),
        ({"ip_instance_id": "i-1"}, False),
        ({"ip_network_interface_id": "eni-1"}, False),
        ({"ip_instance_id": "", "ip_network_interface_id": ""}, True),
    ],
)
def test_elastic_addresses_that_belong_to_nothing(reported: dict[str, Any], hit: bool) -> None:
    assert bool(Ground(node("ip", "aws_ec2_elastic_ip", **reported)).found(UnusedElasticIps())) is hit


def test_an_elastic_address_that_came_lately_or_that_something_waits_for_stays() -> None:
    young = {**node("ip", "aws_ec2_elastic_ip"), "created": ago(2)}
    assert Ground(young).found(UnusedElasticIps()) == {}
    assert Ground({**young, "created": ago(3)}).found(UnusedElasticIps()) == {"ip": "belongs to nothing, known for 3 d (limit 3 d)"}
    gateway = node("nat", "aws_ec2_nat_gateway")
    assert Ground(node("ip", "aws_ec2_elastic_ip"), gateway, waits=[("ip", "nat")]).found(UnusedElasticIps()) == {}


def a_group(**reported: Any) -> Document:
    return node("sg-1", "aws_ec2_security_group", **{"name": "web", **reported})


def test_security_groups_that_nothing_uses_or_names() -> None:
    web, instance = a_group(), node("i-1", "aws_ec2_instance")
    template = node("lt", "aws_ec2_launch_template", launch_template_data={"security_group_ids": ["sg-1"]})
    assert Ground(web).found(UnusedSecurityGroups()).keys() == {"sg-1"}
    assert Ground(web, waits=[("sg-1", "sg-1")]).found(UnusedSecurityGroups()).keys() == {"sg-1"}
    assert Ground(a_group(name="default")).found(UnusedSecurityGroups()) == {}
    assert Ground(web, instance, below=[("sg-1", "i-1")]).found(UnusedSecurityGroups()) == {}
    assert Ground(web, waits=[("sg-1", "sg-2")]).found(UnusedSecurityGroups()) == {}
    assert Ground(web, template).found(UnusedSecurityGroups()) == {}
    assert unread(Ground(web), "aws_ec2_network_interface").found(UnusedSecurityGroups()) == {}


@pytest.mark.parametrize(
    ("reported", "hit"),
    [
        ({"group_stored_bytes": 0}, True),
        ({"group_stored_bytes": 1}, False),
        ({}, False),
        ({"group_stored_bytes": 0, "ctime": ago(29)}, False),
        ({"group_stored_bytes": 0, "ctime": None}, False),
        ({"group_stored_bytes": 0, "group_metric_filter_count": 1}, False),
    ],
)
def test_empty_log_groups(reported: dict[str, Any], hit: bool) -> None:
    group = node("logs", "aws_cloudwatch_log_group", **{"ctime": ago(31), **reported})
    assert bool(Ground(group).found(EmptyLogGroups())) is hit


@pytest.mark.parametrize(
    ("reported", "hit"),
    [
        ({}, True),
        ({"network_interface_status": "in-use"}, False),
        ({"nic_attachment": {"attachment_id": "x"}}, False),
        ({"nic_requester_managed": True}, False),
    ],
)
def test_network_interfaces_that_nothing_has(reported: dict[str, Any], hit: bool) -> None:
    card = node("eni", "aws_ec2_network_interface", **{"network_interface_status": "available", **reported})
    assert bool(Ground(card).found(UnattachedNetworkInterfaces())) is hit
    assert Ground({**card, "created": ago(1)}).found(UnattachedNetworkInterfaces()) == {}


def test_images_that_nothing_uses() -> None:
    image, snapshot, instance = node("ami-1", "aws_ec2_image", ctime=ago(200)), a_snapshot("s", 1), node("i", "aws_ec2_instance")
    template = node("lt", "aws_ec2_launch_template", launch_template_data={"image_id": "ami-1"})
    assert Ground(image, snapshot, below=[("ami-1", "s")]).found(OrphanedImages()) == {"ami-1": "nothing uses it, 200 d old"}
    assert Ground(image, instance, below=[("ami-1", "i")]).found(OrphanedImages()) == {}
    assert Ground(image, template).found(OrphanedImages()) == {}
    assert Ground(node("ami-1", "aws_ec2_image", ctime=ago(200), public=True)).found(OrphanedImages()) == {}
    assert Ground(node("ami-1", "aws_ec2_image", ctime=ago(179))).found(OrphanedImages()) == {}
    assert unread(Ground(image), "aws_ec2_instance").found(OrphanedImages()) == {}


def an_alarm(*instances: str, formula: bool = False) -> Document:
    dimensions = [{"name": "InstanceId", "value": id} for id in instances]
    if formula:
        return node("alarm", "aws_cloudwatch_alarm", cloudwatch_metrics=[{"metric_stat": {"metric": {"dimensions": dimensions}}}, {}])
    return node("alarm", "aws_cloudwatch_alarm", cloudwatch_dimensions=dimensions)


def an_instance(rid: str, **reported: Any) -> Document:
    return {**node(rid, "aws_ec2_instance", **reported), "id": node_id("aws", "1", "eu", "aws_ec2_instance", rid)}


def test_alarms_of_instances_that_are_gone() -> None:
    assert Ground(an_alarm("i-1")).found(AwsAlarms()) == {"alarm": "watches i-1, which is gone"}
    assert Ground(an_alarm("i-1", "i-2", formula=True)).found(AwsAlarms()) == {"alarm": "watches i-1, i-2, which are gone"}
    assert Ground(an_alarm("i-1"), an_instance("i-1", instance_status="terminated")).found(AwsAlarms())


def test_alarms_of_others_of_the_living_and_of_what_was_not_read_stay() -> None:
    assert Ground(an_alarm()).found(AwsAlarms()) == {}
    assert Ground(an_alarm("i-1", "i-2"), an_instance("i-2", instance_status="stopped")).found(AwsAlarms()) == {}
    assert unread(Ground(an_alarm("i-1")), "aws_ec2_instance").found(AwsAlarms()) == {}


def a_balancer(**reported: Any) -> Document:
    return node("alb", "aws_alb", **{"ctime": ago(8), "backends": [], **reported})


def targets(**reported: Any) -> Document:
    return node("tg", "aws_alb_target_group", **{"target_type": "instance", "alb_lb_arns": ["alb"], **reported})


def test_load_balancers_that_send_to_nothing_go_with_their_groups() -> None:
    found = Ground(a_balancer(), targets(), below=[("alb", "tg")]).found(AwsLoadBalancers())
    assert found == {"alb": "nothing behind it, 8 d old", "tg": "its load balancer alb sends to nothing"}
    assert Ground(node("elb", "aws_elb", ctime=ago(8), backends=[])).found(AwsLoadBalancers()) == {"elb": "no instance behind it, 8 d old"}
    assert Ground(targets(alb_lb_arns=[])).found(AwsLoadBalancers()).keys() == {"tg"}


@pytest.mark.parametrize(
    ("balancer", "group"),
    [
        ({"ctime": ago(6)}, {}),
        ({"backends": ["i-1"]}, {}),
        ({"tags": {"expiration": "never"}}, {}),
        ({"alb_listener": [{"default_actions": [{"type": "redirect"}]}]}, {}),
        ({}, {"target_type": "ip"}),
        ({}, {"alb_target_health": [{"target": {"id": "i-9"}}]}),
        ({}, {"tags": {"expiration": "never"}}),
    ],
)
def test_load_balancers_that_do_something_stay(balancer: dict[str, Any], group: dict[str, Any]) -> None:
    assert Ground(a_balancer(**balancer), targets(**group), below=[("alb", "tg")]).found(AwsLoadBalancers()) == {}


def test_a_living_instance_keeps_its_load_balancer() -> None:
    for status, hit in (("running", False), ("stopped", False), ("terminated", True)):
        instance = node("i-1", "aws_ec2_instance", instance_status=status)
        ground = Ground(a_balancer(), targets(), instance, below=[("alb", "tg"), ("tg", "i-1")])
        assert bool(ground.found(AwsLoadBalancers())) is hit


def test_with_a_marked_vpc_goes_what_is_in_it_unless_somebody_lives_there() -> None:
    inside = [node("subnet", "aws_ec2_subnet"), node("i", "aws_ec2_instance", instance_status="running"), node("db", "aws_rds_instance")]
    waits = [("vpc", "subnet"), ("subnet", "i"), ("subnet", "db")]
    vpc = node("vpc", "aws_vpc", clean="forgotten")
    assert Ground(vpc, *inside, waits=waits).found(AwsVpcs()) == {}
    marked = [inside[0], node("i", "aws_ec2_instance", instance_status="running", clean="x"), inside[2]]
    assert Ground(vpc, *marked, waits=waits).found(AwsVpcs()) == {"subnet": "in the VPC vpc, which is marked"}
    assert Ground(node("vpc", "aws_vpc"), *marked, waits=waits).found(AwsVpcs()) == {}


def test_the_default_group_goes_with_its_vpc_and_needs_no_mark() -> None:
    groups = [node(name, "aws_ec2_security_group") for name in ("web", "default")]
    ground = Ground(node("vpc", "aws_vpc", clean="forgotten"), *groups, waits=[("vpc", "web"), ("web", "default")])
    assert ground.found(AwsVpcs()).keys() == {"web"}


@pytest.mark.parametrize(
    ("type_", "hit"), [("interface", True), ("efa", True), ("lambda", False), ("branch", False), ("vpc_endpoint", False)]
)
def test_cards_of_services_stay_whether_they_say_so_or_not(type_: str, hit: bool) -> None:
    card = node("eni", "aws_ec2_network_interface", network_interface_status="available", network_interface_type=type_)
    assert bool(Ground(card).found(UnattachedNetworkInterfaces())) is hit


def test_images_of_backup_plans_stay() -> None:
    image = node("ami-1", "aws_ec2_image", ctime=ago(400))
    assert Ground(image).found(OrphanedImages()).keys() == {"ami-1"}
    image["reported"]["tags"] = {"aws:backup:source-resource": "i-1"}
    assert Ground(image).found(OrphanedImages()) == {}


def test_a_group_that_a_template_names_by_its_name_stays() -> None:
    group = {**node("sg-1", "aws_ec2_security_group", name="web"), "created": ago(30)}
    template = node("lt", "aws_ec2_launch_template", launch_template_data={"security_groups": ["web"]})
    assert Ground(group).found(UnusedSecurityGroups()).keys() == {"sg-1"}
    assert Ground(group, template).found(UnusedSecurityGroups()) == {}


def test_log_groups_that_pass_everything_on_are_not_empty() -> None:
    for class_, hit in (("STANDARD", True), (None, True), ("DELIVERY", False)):
        group = node("logs", "aws_cloudwatch_log_group", ctime=ago(40), group_stored_bytes=0, group_log_group_class=class_)
        assert bool(Ground(group).found(EmptyLogGroups())) is hit


def test_an_alarm_that_looks_at_another_account_stays() -> None:
    metric = {"metric_stat": {"metric": {"dimensions": [{"name": "InstanceId", "value": "i-1"}]}}}
    for account, hit in (("2", False), ("1", True), (None, True)):
        alarm = node("alarm", "aws_cloudwatch_alarm", cloudwatch_metrics=[{**metric, "account_id": account}])
        assert bool(Ground(alarm).found(AwsAlarms())) is hit


def test_what_lacks_a_tag_is_untagged() -> None:
    def found(days: float, has: dict[str, str], **settings: object) -> dict[str, str]:
        return Ground(node("i", "aws_ec2_instance", ctime=ago(days), tags=has)).found(Untagged(), kinds="aws_ec2_instance", **settings)

    assert found(1, {"owner": "ada"}) == {"i": "without expiration, 1 d old (limit 2 h)"}
    assert found(1, {}) == {"i": "without owner and expiration, 1 d old (limit 2 h)"}
    assert found(1, {"owner": "ada", "expiration": "3d"}) == {}
    assert found(0.08, {}) == {}
    assert found(1, {}, ages="1=2d") == {}
    assert found(3, {}, ages="1=2d,2=9d")
    assert found(1, {}, tags="") == {}
    with pytest.raises(BadValue, match="no kind is called 'aws_ec3_\\*'"):
        Ground().found(Untagged(), kinds="aws_ec3_*")


def test_expirations_are_made_valid() -> None:
    def tags(value: str) -> dict[str, tuple[str, str]]:
        ground = Ground(node("i", "aws_ec2_instance", tags={"expiration": value}))
        ground.settings.set("cleanup.rules.tag_validator.kinds", "aws_ec2_instance", "option")
        return ground.tags(TagValidator())

    assert tags("soon") == tags("25h") == {"i": ("expiration", "1d")}
    assert tags("24h") == tags("3h") == {}


def test_the_protector_names_by_id_or_by_place() -> None:
    ground = Ground(node("vol-1"), node("vol-2"), node("a/b"))
    assert ground.found(Protector()) == {}
    assert ground.found(Protector(), ids="vol-1").keys() == {"vol-1"}
    assert ground.found(Protector(), ids="1/eu/aws_ec2_volume/vol-*").keys() == {"vol-1", "vol-2"}
    assert ground.found(Protector(), ids="2/eu/aws_ec2_volume/vol-*") == {}
    assert ground.found(Protector(), ids="a/b").keys() == {"a/b"}
    with pytest.raises(BadValue, match="has 2 parts"):
        ground.found(Protector(), ids="*/vol-1")


@pytest.mark.parametrize(("samples", "hit"), [((0, 1, 2, 3), True), ((0, 1, 2), False), ((), False)])
def test_idle_instances_were_measured_all_the_time(samples: tuple[int, ...], hit: bool) -> None:
    idle = {**node("i", "aws_ec2_instance"), "usage": {"cpu_utilization": {"min": 0.0, "avg": 0.3, "max": 1.5}}}

    def search(text: str) -> list[Document]:
        if "quarantined_by" in text:
            return []
        start = int(text.partition("with_usage(")[2].partition("s")[0])
        return [idle] if "::" not in text or start * 4 // (14 * DAY) - 1 in samples else []

    found = IdleInstances().find(Survey(search, FakeGraph([idle]).store, KINDS, Settings(), NOW))
    assert [hit.reason for hit in found] == ["never used more than 1.5 % of its processors in 14 d"] * hit


def test_an_instance_that_was_stopped_for_being_idle_stays_found() -> None:
    stopped = node("i", "aws_ec2_instance", clean="never used more than 1 %")

    def search(text: str) -> list[Document]:
        return [stopped] if text == 'is(instance) and /metadata.quarantined_by == "rule idle_instances"' else []

    found = IdleInstances().find(Survey(search, FakeGraph([stopped]).store, KINDS, Settings(), NOW))
    assert [hit.reason for hit in found] == ["never used more than 1 %"]


def test_rules_of_ones_own_find_what_their_search_does() -> None:
    own = Own(Written("old", "is(aws_ec2_volume)", "older than a year"))
    assert Ground(node("vol-1")).found(own) == {"vol-1": "older than a year"}


def configure(settings: Settings, entry: str) -> None:
    settings.set("cleanup.own_rules", entry, "option")


@pytest.mark.parametrize("written", ["123456789012", "[123456789012]", "' 123456789012'"])
def test_an_account_may_be_written_as_a_number(written: str) -> None:
    settings = Settings()
    configure(settings, f"[{{name: a, search: all, reason: x, accounts: {written}}}]")
    assert configured("a", settings).accounts == ("123456789012",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[{name: a, search: all}]", "rule 1: its reason is missing"),
        ("[{name: a, search: all, reason: x, enable: true}]", "there is no 'enable'"),
        ("[{name: A b, search: all, reason: x}]", "'A b' is no name"),
        ("[{name: a, search: all, reason: x}, {name: a, search: all, reason: y}]", "there are two rules 'a'"),
        ("[{name: a, search: all, reason: x, grace: soon}]", "rule 1: grace: 'soon'"),
        ("[{name: a, search: all, reason: x, enabled: maybe}]", "neither true nor false"),
        ("[{name: a, search: all, reason: x, quarantine: soon}]", "rule 1: quarantine: 'soon'"),
        ("[{name: a, search: all, reason: x, accounts: true}]", "rule 1: accounts: True is no text"),
        ("[{name: a, search: all, reason: x, kinds: [aws_vpc, {a: b}]}]", "rule 1: kinds: {'a': 'b'} is no text"),
        ("nothing", "is no list of rules"),
    ],
)
def test_a_rule_that_is_written_wrongly_says_where(text: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        configure(Settings(), text)


def test_a_rule_of_ones_own_may_not_be_called_like_one_of_ours() -> None:
    settings = Settings()
    configure(settings, "[{name: expired, search: all, reason: x}]")
    with pytest.raises(BadValue, match="'expired' comes with resh"):
        all_rules(settings)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_speaks_the_language(rule: Rule, home: Path) -> None:
    """On a real, empty graph."""
    with App(home, clock=FakeClock()) as app:
        app.settings.set(f"cleanup.rules.{rule.name}.enabled", True, "option")
        app.settings.set("cleanup.rules.protector.ids", "vol-1", "option")
        (run,) = apply_rules((rule,), app.cleanup.survey(), lambda document, key, value: "", Cancel())
        assert run.error == ""


class Switch:
    """Rules that are on, over one graph."""

    def __init__(self, *documents: Document) -> None:
        self.graph, self.settings = FakeGraph(documents), Settings()
        self.cloud = FakeCloud(documents)

    def run(self, rule: Rule, tag: Callable[[Document, str, str], str] = lambda document, key, value: "") -> Any:
        survey = Survey(
            lambda text: self.graph.search(text) if "desired" in text or "metadata" in text else list(self.graph.documents.values()),
            self.graph.store, KINDS, self.settings, NOW,
        )  # fmt: skip
        (run,) = apply_rules((rule,), survey, tag, Cancel())
        return run


def test_settings_that_all_rules_have_narrow_what_they_find() -> None:
    switch = Switch({**node("old"), "created": ago(400)}, {**node("young"), "created": ago(1)})
    for entry, marked in (
        ("enabled: false", 0),
        ("enabled: true, min_age: 1y", 1),
        ("enabled: true, accounts: '2'", 0),
        ("enabled: true, kinds: aws_vpc", 0),
        ("enabled: true, accounts: '1', kinds: 'aws_ec2_*'", 2),
    ):
        configure(switch.settings, f"[{{name: mine, search: all, reason: x, {entry}}}]")
        switch.run(all_rules(switch.settings)[-2])
        assert sum(bool(document["desired"]) for document in switch.graph.documents.values()) == marked


def test_a_grace_period_stands_in_the_mark() -> None:
    switch = Switch(node("a"))
    configure(switch.settings, "[{name: mine, search: all, reason: x, enabled: true, grace: 3d}]")
    switch.run(all_rules(switch.settings)[-2])
    assert switch.graph.documents["a"]["desired"]["clean_after"] == ago(-3)


def test_marks_of_a_rule_that_is_no_more_are_taken_back() -> None:
    switch = Switch(node("a"), node("b", clean="by hand"))
    configure(switch.settings, "[{name: mine, search: all, reason: x, enabled: true}]")
    switch.run(all_rules(switch.settings)[-2])
    assert switch.graph.documents["a"]["desired"]["clean_by"] == "rule mine"
    configure(switch.settings, "[]")
    switch.run(Protector())
    assert switch.graph.documents["a"]["desired"] == {}
    assert switch.graph.documents["b"]["desired"]["clean"]


def test_the_protector_protects_and_lets_go() -> None:
    switch = Switch(node("vol-1"))
    switch.settings.set("cleanup.rules.protector.enabled", True, "option")
    switch.settings.set("cleanup.rules.protector.ids", "vol-1", "option")
    assert switch.run(Protector()).protected == 1
    assert switch.graph.documents["vol-1"]["metadata"]["protected_by"] == "rule protector"
    assert switch.run(Protector()).protected == 0
    switch.settings.set("cleanup.rules.protector.ids", "vol-2", "option")
    assert switch.run(Protector()).withdrawn == 1
    assert "protected" not in switch.graph.documents["vol-1"]["metadata"]


def test_a_tag_that_cannot_be_set_is_told() -> None:
    switch = Switch(node("i", "aws_ec2_instance", tags={"expiration": "soon"}), node("p", tags={"expiration": "x", "resh:protected": "1"}))
    switch.settings.set("cleanup.rules.tag_validator.enabled", True, "option")
    switch.settings.set("cleanup.rules.tag_validator.kinds", "aws_ec2_*", "option")
    told: list[tuple[str, str, str]] = []

    def tell(document: Document, key: str, value: str) -> str:
        told.append((document["id"], key, value))
        return ""

    run = switch.run(TagValidator(), tell)
    assert (run.tagged, told) == (1, [("i", "expiration", "1d")])
    assert switch.run(TagValidator(), lambda document, key, value: "AccessDenied").error == "AccessDenied"
