"""Brokers of messages: as Amazon MQ describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

BROKER, CONFIGURATION = "aws_mq_broker", "aws_mq_configuration"


def test_properties_and_edges(world: World) -> None:
    broker = {
        "BrokerId": "b-1", "BrokerName": "orders", "BrokerArn": "arn:b-1", "BrokerState": "RUNNING", "EngineType": "ACTIVEMQ",
        "Created": "2026-01-02T03:04:05Z", "HostInstanceType": "mq.m5.large", "PubliclyAccessible": False, "Tags": {"owner": "ada"},
        "SubnetIds": ["subnet-1"], "SecurityGroups": ["sg-1"], "EncryptionOptions": {"KmsKeyId": "k-1", "UseAwsOwnedKey": False},
        "Logs": {"General": True, "GeneralLogGroup": "/aws/amazonmq/b-1", "AuditLogGroup": "/audit"},
        "Configurations": {"Current": {"Id": "c-1", "Revision": 2}, "History": [{"Id": "c-1", "Revision": 1}]},
    }  # fmt: skip
    reported = world.add(BROKER, broker)
    assert [reported[name] for name in ("id", "name", "arn", "ctime", "broker_state", "publicly_accessible", "tags")] == [
        "b-1", "orders", "arn:b-1", "2026-01-02T03:04:05Z", "RUNNING", False, {"owner": "ada"},
    ]  # fmt: skip
    world.add(CONFIGURATION, {"Id": "c-1", "Name": "settings", "Arn": "arn:c-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/aws/amazonmq/b-1"})
    waits = {"subnet-1 > b-1", "sg-1 > b-1"}
    assert world.edges("default") == waits | {"b-1 > c-1", "b-1 > k-1", "b-1 > /aws/amazonmq/b-1"}
    assert world.edges("delete") == waits | {"c-1 > b-1", "k-1 > b-1"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    mq = cloud.client("mq")
    configuration = mq.create_configuration(EngineType="ACTIVEMQ", EngineVersion="5.18", Name=name, Tags={"owner": "ada"})["Id"]
    broker = mq.create_broker(
        BrokerName=name, EngineType="ACTIVEMQ", EngineVersion="5.18", HostInstanceType="mq.t3.micro", DeploymentMode="SINGLE_INSTANCE",
        PubliclyAccessible=False, AutoMinorVersionUpgrade=True, Users=[{"Username": "ada", "Password": "not-a-secret-1"}],
        Tags={"owner": "ada"},
    )["BrokerId"]  # fmt: skip
    documents = cloud.find(BROKER, broker), cloud.find(CONFIGURATION, configuration)
    assert documents[0]["reported"]["tags"] == {"owner": "ada"}  # moto lists configurations without theirs
    assert cloud.takes_tags(documents[0])
    for document in documents:
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
