"""Security groups whose rules name each other, against a strict mock of AWS: no more is revoked than must be, and nothing too early."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup.drawing import draw
from resh.cleanup.journal import Entry
from resh.cleanup.marking import clean, protect
from resh.cleanup.outcome import Report
from resh.events.event import Event, ResourceDetached
from resh.providers.aws.operations import deletes
from resh.providers.aws.provider import AwsProvider
from resh.providers.aws.request import Requests
from resh.settings import Settings
from tests.commands.conftest import Shell
from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy, deny, throttle
from tests.providers.strict import Clients, be_strict

REGION = "ca-central-1"
KINDS = "aws_vpc,aws_ec2_subnet,aws_ec2_security_group,aws_ec2_network_interface,aws_ec2_instance"
REVOKE = "RevokeSecurityGroupIngress"


class Groups:
    """A VPC with groups that a test has made, and resh that collects them."""

    def __init__(self, app: App, ec2: Any) -> None:
        self.app, self.ec2 = app, ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
        self.subnet = ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.40.0.0/24")["Subnet"]["SubnetId"]
        self.ids: dict[str, str] = {}

    def make(self, *names: str) -> None:
        for name in names:
            group = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)
            self.ids[name] = group["GroupId"]

    def allow(self, one: str, *others: str, way: str = "ingress", port: int = 1, **more: Any) -> None:
        pairs = [{"GroupId": self.ids[other]} for other in others]
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": pairs, **more}
        getattr(self.ec2, f"authorize_security_group_{way}")(GroupId=self.ids[one], IpPermissions=[rule])

    def ring(self, *names: str) -> None:
        self.make(*names)
        for one, other in zip(names, [*names[1:], names[0]], strict=True):
            self.allow(one, other)

    def rules(self) -> set[str]:
        wanted = [{"Name": "group-id", "Values": list(self.ids.values())}]
        return {rule["SecurityGroupRuleId"] for rule in self.ec2.describe_security_group_rules(Filters=wanted)["SecurityGroupRules"]}

    def rules_of(self, name: str) -> set[str]:
        wanted = [{"Name": "group-id", "Values": [self.ids[name]]}]
        return {rule["SecurityGroupRuleId"] for rule in self.ec2.describe_security_group_rules(Filters=wanted)["SecurityGroupRules"]}

    def left(self) -> set[str]:
        found = self.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["SecurityGroups"]
        return {group["GroupName"] for group in found} - {"default"}

    def collect(self) -> None:
        shell = Shell(self.app)
        shell("workflows run collect")
        assert shell.status == 0, shell.notes

    def node(self, rid: str) -> str:
        (found,) = self.app.documents(f"id = {rid}")
        return str(found["id"])

    def mark(self, *names: str) -> None:
        ids = [self.node(self.ids[name]) for name in names or self.ids]
        clean(self.app.graph, self.app.kinds, ids, reason="forgotten", by="ada", now=self.app.clock.now())

    def run(self) -> Report:
        return self.app.cleanup.execute(self.app.cleanup.plan(), run="", cancel=Cancel(), emit=self.app.bus.emit)

    def outcomes(self) -> dict[str, str]:
        return {result.item.name: str(result.outcome) for result in self.run().results}

    def refused(self) -> dict[str, str]:
        return {one.item.name: one.why for one in self.app.cleanup.plan().refused}

    def entries(self, deed: str) -> list[Entry]:
        return [entry for entry in self.app.cleanup.journal.entries() if entry.deed == deed]


@pytest.fixture
def clients(aws: World, credentials: pytest.MonkeyPatch) -> Clients:
    """Past the strict layer."""
    return lambda service: boto3.client(service, region_name=REGION, endpoint_url=aws.url)  # type: ignore[call-overload]


@pytest.fixture
def groups(home: Path, proxy: FaultProxy, clients: Clients, credentials: pytest.MonkeyPatch) -> Iterator[Groups]:
    credentials.setenv("AWS_ENDPOINT_URL", proxy.url)
    aws = (f"aws.regions={REGION}", f"aws.collect={KINDS}", "aws.retries=1", "aws.prices.source=none")
    clean_up = ("enabled=true", "dry_run=false", "accounts=*", "min_age=0s", "max_percent=100", "max_kind_percent=100")
    be_strict(proxy, clients)
    with App(home, environ=os.environ, overrides=[*aws, *(f"cleanup.{one}" for one in clean_up)]) as app:
        yield Groups(app, clients("ec2"))


@pytest.mark.parametrize("names", [("web", "app"), ("web", "app", "db")])
def test_a_ring_of_groups_is_deleted_by_revoking_one_rule(groups: Groups, names: tuple[str, ...]) -> None:
    groups.ring(*names)
    groups.collect()
    groups.mark()
    plan = groups.app.cleanup.plan()
    (cycle,) = plan.cycles
    drawn = "\n".join(draw(plan, groups.app.kinds))
    assert "broken by ec2:RevokeSecurityGroupIngress or ec2:RevokeSecurityGroupEgress before the first" in drawn
    heard: list[Event] = []
    groups.app.bus.subscribe(heard.append)
    assert groups.outcomes() == dict.fromkeys(names, "deleted")
    assert groups.left() == set()
    (entry,) = groups.entries("detach")
    ((id, _),) = cycle.cuts
    assert (entry.document["id"], entry.result, len(entry.ties)) == (id, "detached", 1)
    assert [call["operation"] for call in entry.calls] == ["ec2:DescribeSecurityGroupRules", "ec2:RevokeSecurityGroupIngress"]
    assert all(call["request"] for call in entry.calls)
    deleted = groups.entries("delete")
    assert [one.result for one in deleted] == ["deleted"] * len(names)  # all at the first try
    assert entry.finished <= deleted[0].at
    (cut,) = [event for event in heard if isinstance(event, ResourceDetached)]
    assert (cut.id, cut.others) == (id, tuple(tie["ReferencedGroupInfo"]["GroupId"] for tie in entry.ties))
    assert f"let go of aws_ec2_security_group {cut.others[0]}" in cut.text


def test_only_rules_that_name_the_others_are_revoked(groups: Groups, clients: Clients, proxy: FaultProxy) -> None:
    """Rules for addresses, for a group outside, and for itself stay; one permission may name several groups."""
    groups.make("web", "app", "other")
    groups.allow("web", "web", "app", "other", IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    groups.allow("web", "app", way="egress", port=2)
    groups.allow("app", "web", "app", "other", IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    groups.allow("app", "web", way="egress", port=2)
    groups.collect()
    groups.mark("web", "app")
    (cycle,) = groups.app.cleanup.plan().cycles
    proxy.heal()
    proxy.fault("DeleteSecurityGroup", deny())
    before = groups.rules()
    assert set(groups.outcomes().values()) == {"failed", "held back"}
    (entry,) = groups.entries("detach")
    revoked = before - groups.rules()
    assert {tie["SecurityGroupRuleId"] for tie in entry.ties} == revoked
    assert sorted(tie["IsEgress"] for tie in entry.ties) == [False, True]
    assert len(revoked) == 2
    shell = Shell(groups.app)
    lines = [str(line) for line in shell(f"cleanup recreate {entry.id}")]
    for line in lines:
        if line.startswith("aws "):
            request = Requests().read(shlex.split(line)[1:])
            getattr(clients("ec2"), request.call.operation)(**request.params(lambda text: text))
    again = [rule for rule in groups.ec2.describe_security_group_rules()["SecurityGroupRules"] if rule["SecurityGroupRuleId"] not in before]
    of = ("GroupId", "IsEgress", "IpProtocol", "FromPort", "ToPort", "ReferencedGroupInfo")
    again = [rule for rule in again if rule["GroupId"] in groups.ids.values()]
    assert sorted(str([rule[name] for name in of]) for rule in again) == sorted(str([tie[name] for name in of]) for tie in entry.ties)
    assert any(line.startswith("# not brought back: ids of what was cut: sgr-") for line in lines)
    proxy.heal()
    be_strict(proxy, clients)
    groups.collect()
    assert groups.outcomes() == dict.fromkeys(("web", "app"), "deleted")
    assert groups.left() == {"other"}
    assert len(cycle.members) == 2


def test_all_of_it_goes_in_one_run_where_permissions_name_several(groups: Groups) -> None:
    groups.make("web", "app", "db")
    for one in groups.ids:
        groups.allow(one, "web", "app", "db", IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    groups.collect()
    groups.mark()
    assert groups.outcomes() == dict.fromkeys(groups.ids, "deleted")
    assert [entry.result for entry in groups.entries("delete")] == ["deleted"] * 3


@pytest.mark.parametrize("how", ["graph", "tag", "late tag"])
def test_one_protected_keeps_all(groups: Groups, how: str) -> None:
    groups.ring("web", "app", "db")
    if how == "tag":
        groups.ec2.create_tags(Resources=[groups.ids["db"]], Tags=[{"Key": "resh:protected", "Value": "yes"}])
    groups.collect()
    marked = ("web", "app") if how == "tag" else ("web", "app", "db")
    groups.mark(*marked)
    if how == "graph":
        protect(groups.app.graph, groups.app.kinds, [groups.node(groups.ids["db"])], reason="", by="ada", now=0)
    if how == "late tag":
        groups.ec2.create_tags(Resources=[groups.ids["db"]], Tags=[{"Key": "resh:protected", "Value": "yes"}])
    before = groups.rules()
    stays = groups.outcomes() | groups.refused()
    assert groups.left() == {"web", "app", "db"}
    assert groups.rules() == before
    assert any("db" in why or why == "skipped" for why in stays.values())
    assert list(groups.app.cleanup.journal.entries()) == []


def test_one_that_an_unmarked_interface_uses_keeps_all(groups: Groups) -> None:
    groups.ring("web", "app")
    card = groups.ec2.create_network_interface(SubnetId=groups.subnet, Groups=[groups.ids["app"]])["NetworkInterface"]
    groups.collect()
    groups.mark()
    before = groups.rules()
    assert groups.outcomes() == {}
    assert all(card["NetworkInterfaceId"] in why for why in groups.refused().values())
    assert groups.refused().keys() == {"web", "app"}
    assert groups.rules() == before


@pytest.mark.parametrize("what", ["interface", "group", "egress"])
def test_what_the_graph_does_not_know_yet_keeps_all(groups: Groups, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.cleanup.execute.PAUSES", (0.0,))
    groups.ring("web", "app")
    groups.collect()
    groups.mark()
    if what == "interface":
        groups.ec2.create_network_interface(SubnetId=groups.subnet, Groups=[groups.ids["app"]])
    else:
        groups.make("other")
        groups.allow("other", "app", way="egress" if what == "egress" else "ingress")
    before = groups.rules()
    report = groups.run()
    assert sorted(str(result.outcome) for result in report.results) == ["failed", "held back"]
    assert any(result.code == "InUse" for result in report.results)
    assert groups.rules() == before


def test_a_group_outside_that_names_one_keeps_all(groups: Groups) -> None:
    groups.ring("web", "app")
    groups.make("other")
    groups.allow("other", "web")
    groups.collect()
    groups.mark("web", "app")
    before = groups.rules()
    assert groups.outcomes() == {}
    assert all("other (aws_ec2_security_group) must be deleted first" in why for why in groups.refused().values())
    assert groups.rules() == before


def test_a_group_that_names_itself_is_no_cycle(groups: Groups) -> None:
    groups.make("web")
    groups.allow("web", "web")
    groups.collect()
    groups.mark()
    assert groups.outcomes() == {"web": "deleted"}
    assert groups.entries("detach") == []


def with_default(groups: Groups, *names: str) -> None:
    """Groups that name the default group of their VPC and are named by it; the VPC, its subnet and they are marked."""
    found = groups.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [groups.vpc]}])["SecurityGroups"]
    groups.ids["default"] = next(group["GroupId"] for group in found if group["GroupName"] == "default")
    groups.make(*names)
    for name in names:
        groups.allow(name, "default")
        groups.allow("default", name)
        groups.allow("default", name, way="egress", port=2)
    groups.collect()
    groups.mark(*names)


def mark_vpc(groups: Groups) -> None:
    groups.ids |= {"vpc": groups.vpc, "subnet": groups.subnet}
    groups.mark("vpc", "subnet")


def test_the_default_group_keeps_what_it_names_while_its_vpc_stays(groups: Groups) -> None:
    with_default(groups, "web")
    before = groups.rules()
    assert groups.outcomes() == {}
    stays = f"it goes with {groups.vpc} (aws_vpc), which stays (not marked), and not by itself"
    assert f"default (aws_ec2_security_group) is in the way: {stays}" in groups.refused()["web"]
    groups.mark("default")
    assert groups.refused()["default"] == "the default security group goes with its VPC"
    assert groups.outcomes() == {}
    assert groups.rules() == before


def test_the_default_group_of_a_vpc_that_goes_lets_go_of_what_goes_too(groups: Groups, proxy: FaultProxy) -> None:
    """Of nothing else: its rules for itself and for addresses stay."""
    with_default(groups, "web", "app")
    groups.allow("default", "default", port=3, IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    groups.collect()
    own = groups.rules_of("default")
    mark_vpc(groups)
    plan = groups.app.cleanup.plan()
    (hold,) = plan.holds
    assert (hold.holder.rid, len(hold.others)) == (groups.ids["default"], 2)
    drawn = "\n".join(draw(plan, groups.app.kinds))
    assert f"aws_ec2_security_group {groups.ids['default']} (default) lets go of app, web by ec2:Revoke" in drawn
    proxy.heal()
    proxy.fault("DeleteVpc", deny())
    outcomes = groups.outcomes()
    assert {name: outcomes[name] for name in ("web", "app")} == {"web": "deleted", "app": "deleted"}
    revoked = groups.entries("detach")
    assert [(entry.document["reported"]["id"], len(entry.ties)) for entry in revoked] == [(groups.ids["default"], 2)] * 2
    assert groups.rules_of("default") == own - {tie["SecurityGroupRuleId"] for entry in revoked for tie in entry.ties}


def test_a_ring_that_the_default_group_names_comes_apart_with_its_vpc(groups: Groups) -> None:
    groups.ring("one", "two")
    with_default(groups, "web")
    groups.allow("default", "one", port=5)
    groups.collect()
    groups.mark("one", "two")
    mark_vpc(groups)
    assert set(groups.outcomes().values()) == {"deleted"}
    assert groups.ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [groups.vpc]}])["Vpcs"] == []
    results = [entry.result for entry in groups.app.cleanup.journal.entries()]
    assert set(results) == {"deleted", "detached"}  # all at the first try


@pytest.mark.parametrize("saved", ["vpc", "default"])
def test_who_saves_the_vpc_or_its_group_in_the_middle_saves_the_rules(groups: Groups, proxy: FaultProxy, saved: str) -> None:
    with_default(groups, "web")
    mark_vpc(groups)
    node = groups.node(groups.ids[saved])
    plan = groups.app.cleanup.plan()
    protect(groups.app.graph, groups.app.kinds, [node], reason="needed", by="eva", now=0)
    before = groups.rules_of("default")
    report = groups.app.cleanup.execute(plan, run="", cancel=Cancel(), emit=groups.app.bus.emit)
    (web,) = [result for result in report.results if result.item.name == "web"]
    assert (str(web.outcome), "needed" in web.why) == ("skipped", True)
    assert groups.rules_of("default") == before
    assert (
        "needed" in groups.refused()["web"]
        or f"goes with {groups.vpc} (aws_vpc), which stays (protected: needed)" in groups.refused()["web"]
    )


def test_a_revocation_that_fails_in_the_middle_keeps_all_and_is_gone_on_with(groups: Groups, clients: Clients, proxy: FaultProxy) -> None:
    groups.make("web", "app", "db")
    for one in groups.ids:
        groups.allow(one, *(set(groups.ids) - {one}))
    groups.collect()
    groups.mark()
    (cycle,) = groups.app.cleanup.plan().cycles
    last = groups.app.graph.node(cycle.cuts[-1][0])
    assert last is not None
    proxy.fault(REVOKE, deny(), says=last["reported"]["id"])
    assert sorted(groups.outcomes().values()) == ["failed", "held back", "held back"]
    assert groups.left() == {"web", "app", "db"}
    assert [(entry.result, entry.code) for entry in groups.entries("detach")] == [("detached", ""), ("failed", "UnauthorizedOperation")]
    assert groups.entries("delete") == []
    assert all("changed since it was collected" in why or why for why in groups.outcomes().values())
    assert groups.left() == {"web", "app", "db"}
    proxy.heal()
    be_strict(proxy, clients)
    groups.collect()
    assert set(groups.outcomes().values()) == {"deleted"}


def test_a_revocation_that_is_throttled_is_made_again(groups: Groups, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.cleanup.execute.PAUSES", (0.0,) * 5)
    groups.ring("web", "app")
    groups.collect()
    groups.mark()
    proxy.fault(REVOKE, throttle(), times=2)
    assert groups.outcomes() == dict.fromkeys(groups.ids, "deleted")


def test_a_dry_run_revokes_nothing(groups: Groups) -> None:
    groups.ring("web", "app")
    groups.collect()
    groups.mark()
    groups.app.settings.set("cleanup.dry_run", True, "option")
    before = groups.rules()
    assert groups.outcomes() == dict.fromkeys(groups.ids, "would be deleted")
    assert (groups.rules(), groups.left()) == (before, {"web", "app"})


def test_a_policy_for_clean_up_allows_it() -> None:
    (group,) = [one for one in AwsProvider(Settings()).catalog.all if one.kind == "aws_ec2_security_group"]
    operations = {operation for _, operation in deletes(group)}
    assert operations >= {"describe_security_group_rules", "revoke_security_group_ingress", "revoke_security_group_egress"}
