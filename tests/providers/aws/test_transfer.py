"""Servers for SFTP and their users: as Transfer Family describes them, and on a moto server."""

from __future__ import annotations

import json
from typing import Any

from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.test_collect_aws import collect
from tests.providers.faults import Answer, FaultProxy, body

SERVER, USER = "aws_transfer_server", "aws_transfer_user"
ONE, OTHER = "s-0123456789abcdef1", "s-0123456789abcdef2"


def test_properties_and_edges(world: World) -> None:
    place = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"], "VpcEndpointId": "vpce-1"}
    server = {
        "ServerId": "s-1", "Arn": "arn:s-1", "State": "ONLINE", "Protocols": ["SFTP"], "EndpointType": "VPC", "EndpointDetails": place,
        "Certificate": "arn:acm/c-1", "LoggingRole": "arn:role", "IdentityProviderDetails": {"Function": "arn:function"},
        "StructuredLogDestinations": ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/transfer/s-1:*"],
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add(SERVER, server)
    assert [reported[name] for name in ("id", "arn", "protocols", "endpoint_type", "tags")] == [
        "s-1", "arn:s-1", ["SFTP"], "VPC", {"owner": "ada"},
    ]  # fmt: skip
    user = world.add(USER, {"UserName": "bob", "Arn": "arn:bob", "Role": "arn:role", "HomeDirectory": "/drop/bob", "_parent": reported})
    assert [user[name] for name in ("id", "name", "server_id", "home_directory")] == ["s-1/bob", "bob", "s-1", "/drop/bob"]
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_vpc_endpoint", {"VpcEndpointId": "vpce-1"})
    world.add("aws_acm_certificate", {"CertificateArn": "arn:acm/c-1"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_lambda_function", {"FunctionName": "who", "FunctionArn": "arn:function"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/aws/transfer/s-1"})
    world.add("aws_s3_bucket", {"Name": "drop"})
    waits = {"vpc-1 > s-1", "subnet-1 > s-1", "sg-1 > s-1"}
    uses = {f"s-1 > {used}" for used in ("vpce-1", "c-1", "who", "/aws/transfer/s-1", "s-1/bob")}
    assert world.edges("default") == waits | uses | {"role > s-1", "role > s-1/bob", "s-1/bob > drop"}
    assert world.edges("delete") == waits | {"vpce-1 > s-1", "c-1 > s-1"}


def answers(**found: Any) -> Any:
    return body(json.dumps(found).encode(), type="application/x-amz-json-1.1")


def test_users_of_the_same_name(provider: AwsProvider, proxy: FaultProxy, cloud: Cloud) -> None:
    proxy.fault("ListServers", answers(Servers=[{"ServerId": ONE}, {"ServerId": OTHER}]))
    for server in (ONE, OTHER):
        proxy.fault("DescribeServer", answers(Server={"ServerId": server, "Arn": f"arn:{server}"}), says=server)
        proxy.fault("ListUsers", answers(ServerId=server, Users=[{"UserName": "bob", "Arn": f"arn:{server}/bob"}]), says=server)
    transfer = AwsProvider(Settings.load(overrides=[f"aws.collect={USER}", "aws.regions=eu-west-1", "aws.retries=1"]))
    sink = collect(transfer)
    assert sink.bad() == {}
    assert sorted(sink.ids(USER)) == [f"{ONE}/bob", f"{OTHER}/bob"]
    document = cloud.placed({"kind": USER, "reported": sink.node(f"{OTHER}/bob").reported})
    assert transfer.read(document) == document["reported"]
    sent: list[str] = []

    def note(handler: Any, asked: Any) -> Answer:
        sent.append(asked.text)
        return Answer(200, b"{}", "application/x-amz-json-1.1")

    proxy.fault("DeleteUser", note)
    transfer.delete(document)
    assert [json.loads(text) for text in sent] == [{"ServerId": OTHER, "UserName": "bob"}]


def test_on_a_server(cloud: Cloud) -> None:
    transfer = cloud.client("transfer")
    id = transfer.create_server(Protocols=["SFTP"], Tags=[{"Key": "owner", "Value": "ada"}])["ServerId"]
    document = cloud.find(SERVER, id)
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert transfer.list_servers()["Servers"] == []
