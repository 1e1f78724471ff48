"""EC2 on a real API (a moto server): what is listed is collected, reads the same again, and a VPC goes in the order of its edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

import boto3
import jmespath
import pytest

from resh.cancel import Cancel
from resh.cleanup.drift import changes
from resh.demo.cloud import NOT_IN_MOTO
from resh.errors import UsageError
from resh.model.node import Node
from resh.model.scope import Status
from resh.providers.aws import ec2, ec2_network
from resh.providers.aws.provider import AwsProvider
from resh.providers.catalog import Resource
from resh.settings import Settings
from tests.providers.aws.mock_account import REGION, Found

IMAGE = "ami-12345678"
LISTED = [resource for resource in (*ec2.RESOURCES, *ec2_network.RESOURCES) if not resource.phantom]


class Collected:
    """One collect of the region, kept."""

    def __init__(self, provider: AwsProvider) -> None:
        (self._account,) = provider.accounts()
        found = Found()
        provider.collect(self._account, found, found, Cancel())
        self.by_id = {node.id: node for node in found.all_nodes}
        self.all_edges, self.reports = found.all_edges, found.reports

    def of(self, kind: str) -> list[Node]:
        return [node for node in self.by_id.values() if node.kind == kind]

    def document(self, node: Node) -> dict[str, Any]:
        ancestors = {"account": {"reported": {"id": self._account.id}}, "region": {"reported": {"id": node.region}}}
        return {"id": node.id, "kind": node.kind, "reported": node.reported, "ancestors": ancestors}

    def document_of(self, rid: str) -> dict[str, Any]:
        return next(self.document(node) for node in self.by_id.values() if node.reported["id"] == rid)

    def in_order(self, top: str) -> Iterator[Node]:
        """Everything that must be gone before the node `top`, and it, in an order that the delete edges allow."""
        below: dict[str, set[str]] = defaultdict(set)
        for edge in self.all_edges:
            if edge.type == "delete":
                below[edge.source].add(edge.target)
        reached = [top]
        for id in reached:
            reached += [other for other in sorted(below[id]) if other not in reached]
        return (self.by_id[id] for id in TopologicalSorter({id: below[id] for id in reached}).static_order())


@pytest.fixture(scope="module")
def provider(example: None) -> AwsProvider:
    kinds = ("aws.collect=aws_ec2_*,aws_vpc*", f"aws.no_collect=aws_ec2_instance_type,{NOT_IN_MOTO}")
    return AwsProvider(Settings.load(overrides=[f"aws.regions={REGION}", *kinds]))


@pytest.fixture(scope="module")
def client(provider: AwsProvider) -> Any:
    return boto3.client("ec2", region_name=REGION)


@pytest.fixture(scope="module")
def listed(client: Any) -> dict[str, set[str]]:
    """The ids that the API lists, by kind."""
    return {resource.kind: set(ids(client, resource)) for resource in LISTED}


@pytest.fixture(scope="module")
def collected(provider: AwsProvider, listed: dict[str, set[str]]) -> Collected:
    return Collected(provider)


def ids(client: Any, resource: Resource) -> Iterator[str]:
    operation, params = resource.call.operation, resource.call.params
    pages = client.get_paginator(operation).paginate(**params) if client.can_paginate(operation) else [getattr(client, operation)(**params)]
    for page in pages:
        yield from (jmespath.search(resource.id, item) for item in jmespath.search(resource.call.items, page))


def test_everything_that_is_listed_is_collected(collected: Collected, listed: dict[str, set[str]]) -> None:
    assert [str(report) for report in collected.reports if report.status is not Status.OK] == []
    assert {resource.kind: {node.reported["id"] for node in collected.of(resource.kind)} for resource in LISTED} == listed


@pytest.mark.parametrize("kind", [resource.kind for resource in LISTED])
def test_a_second_look_finds_no_change(provider: AwsProvider, collected: Collected, kind: str) -> None:
    for node in collected.of(kind)[:3]:
        live = provider.read(collected.document(node))
        assert live is None or changes(node.reported, live) == ()


def test_a_volume_is_changed_when_it_is_taken_but_not_when_it_is_left(provider: AwsProvider, client: Any) -> None:
    zone = f"{REGION}a"
    machine = start(client, Placement={"AvailabilityZone": zone})
    volume = client.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
    free = Collected(provider).document_of(volume)
    client.attach_volume(VolumeId=volume, InstanceId=machine, Device="/dev/sdx")
    assert "volume_status" in changes(free["reported"], provider.read(free) or {})
    attached = Collected(provider).document_of(volume)
    client.detach_volume(VolumeId=volume, InstanceId=machine, Device="/dev/sdx")
    assert changes(attached["reported"], provider.read(attached) or {}) == ()


def test_a_whole_vpc_goes_in_the_order_of_its_delete_edges(provider: AwsProvider, client: Any) -> None:
    vpc, subnet = network_of_its_own(client)
    start(client, SubnetId=subnet)
    now = Collected(provider)
    top = now.document_of(vpc)
    gone = []
    for node in now.in_order(top["id"]):
        document = now.document(node)
        live = provider.read(document)
        assert live is None or changes(node.reported, live) == (), node.reported["id"]
        provider.delete(document)
        gone.append(node.kind)
    assert gone[-1] == "aws_vpc"
    assert gone.index("aws_ec2_instance") < gone.index("aws_ec2_subnet") < gone.index("aws_ec2_route_table")
    assert {"aws_ec2_internet_gateway", "aws_ec2_security_group"} < set(gone)
    assert provider.read(top) is None


def start(client: Any, **more: Any) -> str:
    """The id of a new instance."""
    id: str = client.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, **more)["Instances"][0]["InstanceId"]
    return id


def network_of_its_own(client: Any) -> tuple[str, str]:
    vpc = client.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    subnet = client.create_subnet(VpcId=vpc, CidrBlock="10.99.1.0/24")["Subnet"]["SubnetId"]
    gateway = client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = client.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    client.associate_route_table(RouteTableId=table, SubnetId=subnet)
    client.create_security_group(GroupName="of-its-own", Description="a test", VpcId=vpc)
    return vpc, subnet


def test_an_address_is_let_go_before_it_is_released(provider: AwsProvider, client: Any) -> None:
    machine = start(client)
    address = client.allocate_address(Domain="vpc")
    client.associate_address(AllocationId=address["AllocationId"], InstanceId=machine)
    document = Collected(provider).document_of(address["PublicIp"])
    provider.tag(document, "reviewed", "yes")
    assert (provider.read(document) or {})["tags"] == {"reviewed": "yes"}
    provider.delete(document)
    assert provider.read(document) is None


@pytest.mark.parametrize("kind", ["aws_ec2_snapshot", "aws_ec2_keypair", "aws_ec2_launch_template"])
def test_what_nothing_uses_is_deleted(provider: AwsProvider, client: Any, kind: str) -> None:
    volume = client.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    made = {
        "aws_ec2_snapshot": lambda: client.create_snapshot(VolumeId=volume)["SnapshotId"],
        "aws_ec2_keypair": lambda: client.create_key_pair(KeyName="short-lived")["KeyPairId"],
        "aws_ec2_launch_template": lambda: client.create_launch_template(
            LaunchTemplateName="short-lived", LaunchTemplateData={"InstanceType": "t3.nano"}
        )["LaunchTemplate"]["LaunchTemplateId"],
    }[kind]()
    document = Collected(provider).document_of(made)
    provider.delete(document)
    assert provider.read(document) is None


def test_a_launch_template_tells_of_its_latest_version_too(provider: AwsProvider, client: Any) -> None:
    first = {"ImageId": "ami-0a", "InstanceType": "t3.nano"}
    made = client.create_launch_template(LaunchTemplateName="two", LaunchTemplateData=first)["LaunchTemplate"]["LaunchTemplateId"]
    reported = Collected(provider).document_of(made)["reported"]
    assert reported["launch_template_data"] == {"image_id": "ami-0a", "instance_type": "t3.nano"}
    assert not reported.get("latest_version_data")
    client.create_launch_template_version(LaunchTemplateId=made, LaunchTemplateData={"ImageId": "ami-0b"})
    document = Collected(provider).document_of(made)
    assert document["reported"]["launch_template_data"]["image_id"] == "ami-0a"
    assert document["reported"]["latest_version_data"] == {"image_id": "ami-0b"}
    provider.delete(document)


def test_what_goes_with_its_vpc_is_refused_without_a_call(provider: AwsProvider, collected: Collected) -> None:
    group = next(node for node in collected.of("aws_ec2_security_group") if node.reported["name"] == "default")
    with pytest.raises(UsageError, match="goes with its VPC"):
        provider.delete(collected.document(group))
