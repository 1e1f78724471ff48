"""A whole clean-up against a mock of AWS that is as strict as AWS: collect, mark, plan, delete; with faults and a rival."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import boto3
import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup.marking import clean, protect
from resh.cleanup.outcome import Outcome, Report
from resh.graph.base import Document
from tests.commands.conftest import Shell
from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy, deny, throttle
from tests.providers.strict import Clients, be_strict

REGION = "ap-south-1"
KINDS = (
    "aws_vpc,aws_ec2_subnet,aws_ec2_security_group,aws_ec2_network_interface,aws_ec2_route_table,aws_ec2_internet_gateway,"
    "aws_ec2_nat_gateway,aws_vpc_endpoint,aws_ec2_network_acl,aws_ec2_instance,aws_ec2_volume,aws_ec2_elastic_ip,aws_ec2_snapshot,"
    "aws_ec2_image,aws_ec2_keypair,aws_ec2_launch_template"
)
IMAGE = "ami-12c6146b"


class Web:
    """A VPC with everything in it, and volumes beside it."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.vpc = client.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
        subnet = client.create_subnet(VpcId=self.vpc, CidrBlock="10.99.1.0/24")["Subnet"]["SubnetId"]
        gateway = client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        table = client.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        client.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        client.associate_route_table(RouteTableId=table, SubnetId=subnet)
        client.create_network_acl(VpcId=self.vpc)
        web, db = (client.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)["GroupId"] for name in ("web", "db"))
        pairs = [{"GroupId": web}]
        client.authorize_security_group_ingress(
            GroupId=db, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": pairs}]
        )
        run = client.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[web])
        self.instance = run["Instances"][0]["InstanceId"]
        self.card = client.create_network_interface(SubnetId=subnet, Groups=[db])["NetworkInterface"]["NetworkInterfaceId"]
        address = client.allocate_address(Domain="vpc")["AllocationId"]
        client.create_nat_gateway(SubnetId=subnet, AllocationId=address)
        self.volumes = [client.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"] for _ in range(4)]


@pytest.fixture
def client(aws: World, credentials: pytest.MonkeyPatch) -> Any:
    """Past the proxy."""
    return boto3.client("ec2", region_name=REGION, endpoint_url=aws.url)


@pytest.fixture
def clients(aws: World, credentials: pytest.MonkeyPatch) -> Clients:
    """Past the proxy."""
    return lambda service: boto3.client(service, region_name=REGION, endpoint_url=aws.url)  # type: ignore[call-overload]


@pytest.fixture
def web(client: Any) -> Web:
    return Web(client)


@pytest.fixture
def app(home: Path, proxy: FaultProxy, web: Web, credentials: pytest.MonkeyPatch) -> Iterator[App]:
    """It has collected the region; clean-up is on."""
    credentials.setenv("AWS_ENDPOINT_URL", proxy.url)
    aws = (f"aws.regions={REGION}", f"aws.collect={KINDS}", "aws.retries=1", "aws.prices.source=none")
    clean_up = ("enabled=true", "dry_run=false", "accounts=*", "min_age=0s", "max_percent=100", "max_kind_percent=100")
    with App(home, environ=os.environ, overrides=[*aws, *(f"cleanup.{one}" for one in clean_up)]) as app:
        shell = Shell(app)
        shell("workflows run collect")
        assert shell.status == 0, shell.notes
        yield app


def found(app: App, *rids: str) -> list[Document]:
    return [document for rid in rids for document in app.documents(f"id = {rid}")]


def everything_in(app: App, vpc: str) -> list[Document]:
    """The VPC and whatever must be gone before it."""
    (top,) = found(app, vpc)
    documents, frontier = {top["id"]: top}, [top["id"]]
    while frontier:
        below = {target for source, target in app.graph.neighbours(frontier, "delete") if source in frontier} - documents.keys()
        frontier = sorted(below)
        documents |= {id: node for id in frontier if (node := app.graph.node(id)) is not None}
    return list(documents.values())


def mark(app: App, documents: list[Document]) -> None:
    clean(app.graph, app.kinds, [document["id"] for document in documents], reason="forgotten", by="ada", now=app.clock.now())


def run(app: App) -> Report:
    return app.cleanup.execute(app.cleanup.plan(), run="", cancel=Cancel(), emit=app.bus.emit)


def test_a_whole_vpc_goes_in_an_order_that_aws_accepts(app: App, web: Web, proxy: FaultProxy, client: Any, clients: Clients) -> None:
    be_strict(proxy, clients)
    inside = everything_in(app, web.vpc)
    kinds = {document["kind"] for document in inside}
    assert len(kinds) >= 9, kinds
    mark(app, inside)
    plan = app.cleanup.plan()
    assert {item.rid for item in plan.items()} | {one.item.rid for one in plan.refused} == {one["reported"]["id"] for one in inside}
    report = app.cleanup.execute(plan, run="", cancel=Cancel(), emit=app.bus.emit)
    assert {(str(result.item), result.outcome, result.why) for result in report.results if not result.outcome.is_out_of_the_way} == set()
    assert not client.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [web.vpc]}])["Vpcs"]
    tried = list(app.cleanup.journal.entries())
    first = [entry.document["id"] for entry in tried if entry.result == "deleted"]
    assert len(first) / len(tried) >= 0.95  # at the first try
    listed = {volume["VolumeId"] for volume in client.describe_volumes()["Volumes"]}
    assert set(web.volumes) <= listed


def test_something_protected_inside_keeps_what_waits_for_it(app: App, web: Web, proxy: FaultProxy, client: Any, clients: Clients) -> None:
    be_strict(proxy, clients)
    inside = everything_in(app, web.vpc)
    mark(app, inside)
    card = found(app, web.card)
    protect(app.graph, app.kinds, [card[0]["id"]], reason="needed", by="ada", now=0)
    run(app)
    assert client.describe_network_interfaces(NetworkInterfaceIds=[web.card])["NetworkInterfaces"]
    assert client.describe_vpcs(VpcIds=[web.vpc])["Vpcs"]


def test_a_rival_and_a_refusal_cost_no_more_than_themselves(app: App, web: Web, proxy: FaultProxy, client: Any) -> None:
    """One volume is changed after the plan, one vanishes, one may not be deleted, one is throttled first."""
    changed, vanished, forbidden, throttled = web.volumes
    mark(app, found(app, *web.volumes))
    plan = app.cleanup.plan()
    client.create_tags(Resources=[changed], Tags=[{"Key": "owner", "Value": "grace"}])
    client.delete_volume(VolumeId=vanished)
    proxy.fault("DeleteVolume", deny(), says=forbidden)
    proxy.fault("DeleteVolume", throttle(), says=throttled, times=2)
    report = app.cleanup.execute(plan, run="", cancel=Cancel(), emit=app.bus.emit)
    outcomes = {result.item.rid: result.outcome for result in report.results}
    assert outcomes == {changed: Outcome.SKIPPED, vanished: Outcome.GONE, forbidden: Outcome.FAILED, throttled: Outcome.DELETED}
    listed = {volume["VolumeId"] for volume in client.describe_volumes()["Volumes"]}
    assert {changed, forbidden} <= listed
    assert not {vanished, throttled} & listed
    codes = {entry.document["reported"]["id"]: entry.code for entry in app.cleanup.journal.entries()}
    assert codes[forbidden] == "UnauthorizedOperation"


def test_what_cannot_be_read_again_is_not_deleted(app: App, web: Web, proxy: FaultProxy, client: Any) -> None:
    mark(app, found(app, *web.volumes))
    plan = app.cleanup.plan()
    proxy.fault("DescribeVolumes", deny())
    report = app.cleanup.execute(plan, run="", cancel=Cancel(), emit=app.bus.emit)
    assert {result.outcome for result in report.results} == {Outcome.FAILED}
    assert not any(operation == "DeleteVolume" for operation, _ in proxy.texts)
    assert set(web.volumes) <= {volume["VolumeId"] for volume in client.describe_volumes()["Volumes"]}


def test_rules_of_aws_hit_what_is_there(app: App, web: Web) -> None:
    shell = Shell(app)
    for name in ("volumes", "unattached_network_interfaces", "unused_elastic_ips", "unused_security_groups"):
        app.settings.set(f"cleanup.rules.{name}.min_age", "0s", "option")
    assert any(web.card in line for line in shell("cleanup rules test unattached_network_interfaces"))
    assert shell("cleanup rules test unused_elastic_ips") == []  # the gateway has it
    begun = app.clock.now()
    while app.clock.now() < begun + 2:  # ages are counted in whole seconds: who was made in this one is not older than 0s
        Event().wait(0.1)
    assert all(volume in "".join(shell("cleanup rules test volumes")) for volume in web.volumes)
    assert shell("cleanup marked") == []
