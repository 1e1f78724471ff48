"""Clusters and configurations of MSK: as it describes them; clusters on a moto server."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused

CLUSTER, CONFIGURATION = "aws_msk_cluster", "aws_msk_configuration"
ARN = "arn:aws:kafka:eu-west-1:123456789012"
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_properties_and_edges(world: World) -> None:
    logs = {"CloudWatchLogs": {"Enabled": True, "LogGroup": "/kafka"}, "S3": {"Enabled": True, "Bucket": "kafka-logs"}}
    provisioned = {
        "BrokerNodeGroupInfo": {"ClientSubnets": ["subnet-1", "subnet-2"], "InstanceType": "kafka.m5.large", "SecurityGroups": ["sg-1"]},
        "CurrentBrokerSoftwareInfo": {"ConfigurationArn": f"{ARN}:configuration/tuned/1", "KafkaVersion": "3.9.x"},
        "EncryptionInfo": {"EncryptionAtRest": {"DataVolumeKMSKeyId": "arn:key/k-1"}}, "LoggingInfo": {"BrokerLogs": logs},
        "NumberOfBrokerNodes": 3,
    }  # fmt: skip
    cluster = {"ClusterName": "events", "ClusterArn": f"{ARN}:cluster/events/1", "ClusterType": "PROVISIONED", "State": "ACTIVE"}
    reported = world.add(CLUSTER, {**cluster, "Provisioned": provisioned, "Tags": {"owner": "ada"}, "CreationTime": THEN})
    assert [reported[key] for key in ("id", "arn", "cluster_type", "cluster_state", "ctime", "tags")] == [
        "events", f"{ARN}:cluster/events/1", "PROVISIONED", "ACTIVE", "2026-11-01T10:00:00Z", {"owner": "ada"},
    ]  # fmt: skip
    assert reported["cluster_provisioned"]["current_broker_software_info"]["kafka_version"] == "3.9.x"
    configuration = {"Name": "tuned", "Arn": f"{ARN}:configuration/tuned/1", "KafkaVersions": ["3.9.x"], "State": "ACTIVE"}
    assert world.add(CONFIGURATION, configuration)["configuration_kafka_versions"] == ["3.9.x"]
    for subnet in ("subnet-1", "subnet-2"):
        world.add("aws_ec2_subnet", {"SubnetId": subnet})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/kafka"})
    world.add("aws_s3_bucket", {"Name": "kafka-logs"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    needs = {f"{one} > events" for one in ("subnet-1", "subnet-2", "sg-1", "tuned")}
    assert world.edges("default") == needs | {f"events > {one}" for one in ("/kafka", "kafka-logs", "k-1")}
    assert world.edges("delete") == needs | {"k-1 > events"}


def test_a_pipe_reads_from_a_cluster(world: World) -> None:
    world.add(CLUSTER, {"ClusterName": "events", "ClusterArn": f"{ARN}:cluster/events/1"})
    world.add("aws_eventbridge_pipe", {"Name": "orders", "Source": f"{ARN}:cluster/events/1"})
    assert world.edges("default") == {"events > orders"}


def test_a_serverless_cluster(world: World) -> None:
    network = {"VpcConfigs": [{"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}]}
    world.add(CLUSTER, {"ClusterName": "events", "ClusterType": "SERVERLESS", "Serverless": network})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    assert world.edges("delete") == {"subnet-1 > events", "sg-1 > events"}


def test_clusters_on_a_server(cloud: Cloud, name: str, scripted: Scripted) -> None:
    kafka = cloud.client("kafka")
    network = {"ClientSubnets": ["subnet-1"], "InstanceType": "kafka.t3.small", "SecurityGroups": ["sg-1"]}
    provisioned = {"BrokerNodeGroupInfo": network, "KafkaVersion": "3.9.x", "NumberOfBrokerNodes": 1}
    arn = kafka.create_cluster_v2(ClusterName=name, Provisioned=provisioned, Tags={"owner": "ada"})["ClusterArn"]
    document = cloud.document(CLUSTER, name)
    assert (document["reported"]["arn"], document["reported"]["tags"]) == (arn, {"owner": "ada"})
    assert document["reported"]["cluster_provisioned"]["number_of_broker_nodes"] == 1
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert name not in [cluster["ClusterName"] for cluster in kafka.list_clusters_v2()["ClusterInfoList"]]


def test_a_configuration_goes(cloud: Cloud, scripted: Scripted) -> None:
    arn = f"{ARN}:configuration/tuned/1"
    revision = {"Revision": 1, "CreationTime": THEN}
    tuned = {"Arn": arn, "Name": "tuned", "CreationTime": THEN, "Description": "", "KafkaVersions": [], "LatestRevision": revision}
    scripted("kafka", "list_configurations", {"Configurations": [{**tuned, "State": "ACTIVE"}]})
    scripted("kafka", "describe_configuration", {**tuned, "State": "ACTIVE"}, {**tuned, "State": "DELETING"}, refused("NotFoundException"))
    scripted("kafka", "delete_configuration", {})
    document = cloud.find(CONFIGURATION, "tuned")
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert scripted.asked("kafka", "delete_configuration") == [{"Arn": arn}]
    assert cloud.is_gone(document)  # it is being deleted
    assert cloud.is_gone(document)
