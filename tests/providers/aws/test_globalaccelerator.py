"""Accelerators and what they lead to: as the service describes them, and through a collect (moto does not know it)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.test_collect_aws import collect
from tests.providers.faults import Answer, FaultProxy, body

ACCELERATOR, LISTENER, GROUP = (f"aws_globalaccelerator_{what}" for what in ("accelerator", "listener", "endpoint_group"))
CUSTOM = "aws_globalaccelerator_custom_routing"
ARN = "arn:aws:globalaccelerator::123456789012:accelerator/1234abcd"
LISTENER_ARN, GROUP_ARN = f"{ARN}/listener/0123vxyz", f"{ARN}/listener/0123vxyz/endpoint-group/098765zyxwvu"
ITEM = {
    "AcceleratorArn": ARN, "Name": "shop", "IpAddressType": "IPV4", "Enabled": True, "DnsName": "a1.awsglobalaccelerator.com",
    "Status": "DEPLOYED", "CreatedTime": 1767323045.0, "LastModifiedTime": 1767323045.0,
    "IpSets": [{"IpFamily": "IPv4", "IpAddresses": ["192.0.2.1", "192.0.2.2"]}],
}  # fmt: skip


def answers(**found: Any) -> Any:
    return body(json.dumps(found).encode(), type="application/x-amz-json-1.1")


def test_properties_and_edges(world: World) -> None:
    accelerator = world.add(ACCELERATOR, {**ITEM, "Attributes": {"FlowLogsEnabled": True, "FlowLogsS3Bucket": "flows"}})
    names = ("id", "name", "arn", "ctime", "mtime", "enabled", "attributes")
    assert [accelerator[name] for name in names] == [
        "1234abcd", "shop", ARN, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", True,
        {"flow_logs_enabled": True, "flow_logs_s3_bucket": "flows"},
    ]  # fmt: skip
    listener = world.add(LISTENER, {"ListenerArn": LISTENER_ARN, "Protocol": "TCP", "_parent": accelerator})
    assert (listener["name"], listener["accelerator_arn"], listener["protocol"]) == ("0123vxyz", ARN, "TCP")
    endpoints = [{"EndpointId": "arn:alb", "HealthState": "HEALTHY"}, {"EndpointId": "i-1"}, {"EndpointId": "eipalloc-1"}]
    group = {"EndpointGroupArn": GROUP_ARN, "EndpointGroupRegion": "eu-west-1", "EndpointDescriptions": endpoints, "_parent": listener}
    reported = world.add(GROUP, group)
    assert (reported["listener_arn"], reported["endpoint_group_region"]) == (LISTENER_ARN, "eu-west-1")
    world.add("aws_s3_bucket", {"Name": "flows"})
    world.add("aws_alb", {"LoadBalancerName": "shop", "LoadBalancerArn": "arn:alb"})
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    waits = {f"1234abcd > {LISTENER_ARN}", f"{LISTENER_ARN} > {GROUP_ARN}"}
    assert world.edges("delete") == waits
    assert world.edges("default") == waits | {"1234abcd > flows", f"{GROUP_ARN} > shop", f"{GROUP_ARN} > i-1"}


def test_custom_routing(world: World) -> None:
    accelerator = world.add(f"{CUSTOM}_accelerator", ITEM)
    listener = world.add(f"{CUSTOM}_listener", {"ListenerArn": LISTENER_ARN, "_parent": accelerator})
    group = {"EndpointGroupArn": GROUP_ARN, "EndpointDescriptions": [{"EndpointId": "subnet-1"}], "_parent": listener}
    world.add(f"{CUSTOM}_endpoint_group", group)
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    waits = {f"1234abcd > {LISTENER_ARN}", f"{LISTENER_ARN} > {GROUP_ARN}"}
    assert world.edges("delete") == waits
    assert world.edges("default") == waits | {f"{GROUP_ARN} > subnet-1"}


@pytest.fixture
def accelerated(provider: AwsProvider, proxy: FaultProxy) -> AwsProvider:
    """An account with one accelerator, which leads somewhere."""
    proxy.fault("ListAccelerators", answers(Accelerators=[ITEM]))
    proxy.fault("DescribeAcceleratorAttributes", answers(AcceleratorAttributes={"FlowLogsEnabled": False}))
    proxy.fault("ListTagsForResource", answers(Tags=[{"Key": "owner", "Value": "ada"}]))
    proxy.fault("ListListeners", answers(Listeners=[{"ListenerArn": LISTENER_ARN}]), says=ARN)
    proxy.fault("ListEndpointGroups", answers(EndpointGroups=[{"EndpointGroupArn": GROUP_ARN}]), says=LISTENER_ARN)
    settings = [f"aws.collect={ACCELERATOR},{LISTENER},{GROUP}", "aws.regions=eu-west-1", "aws.retries=1"]
    return AwsProvider(Settings.load(overrides=settings))


def test_its_one_region_is_asked(accelerated: AwsProvider, proxy: FaultProxy) -> None:
    sink = collect(accelerated)
    assert sink.bad() == {}
    assert [sink.ids(kind) for kind in (ACCELERATOR, LISTENER, GROUP)] == [["1234abcd"], [LISTENER_ARN], [GROUP_ARN]]
    node = sink.node("1234abcd")
    assert (node.region, node.reported["tags"]) == ("global", {"owner": "ada"})
    assert proxy.asked["POST /", "us-west-2"] == 5


def test_only_what_is_enabled_is_disabled_before_it_goes(accelerated: AwsProvider, proxy: FaultProxy, cloud: Cloud) -> None:
    sent: list[str] = []

    def note(handler: Any, asked: Any) -> Answer:
        sent.append(f"{asked.target} {asked.region}")
        return Answer(200, b"{}", "application/x-amz-json-1.1")

    for enabled in (True, False):
        proxy.fault("DescribeAccelerator", answers(Accelerator={**ITEM, "Enabled": enabled}), times=1)
    proxy.fault("UpdateAccelerator|DeleteAccelerator", note)
    document = cloud.placed({"kind": ACCELERATOR, "reported": {"id": "1234abcd", "arn": ARN}}, "global")
    for _ in range(2):
        accelerated.delete(document)
    assert sent == ["UpdateAccelerator us-west-2", "DeleteAccelerator us-west-2", "DeleteAccelerator us-west-2"]
