"""OpenSearch domains: as the service describes them, and on a moto server."""

from __future__ import annotations

import json

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud


def test_properties_and_edges(world: World) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    domain = {
        "DomainId": "123456789012/logs", "DomainName": "logs", "ARN": "arn:domain/logs", "Created": True, "Deleted": False,
        "EngineVersion": "OpenSearch_2.11", "EndpointV2": "v2.example.com", "AccessPolicies": json.dumps(policy),
        "ClusterConfig": {"InstanceType": "m5.large.search", "InstanceCount": 3}, "EBSOptions": {"EBSEnabled": True, "VolumeSize": 100},
        "SnapshotOptions": {"AutomatedSnapshotStartHour": 4}, "NodeToNodeEncryptionOptions": {"Enabled": True},
        "SoftwareUpdateOptions": {"AutoSoftwareUpdateEnabled": False}, "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": "k-1"},
        "VPCOptions": {"VPCId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}, "IPAddressType": "ipv4",
        "CognitoOptions": {"Enabled": True, "UserPoolId": "pool-1"},
        "LogPublishingOptions": {"ES_LOGS": {"CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:1:log-group:/search", "Enabled": True}},
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add("aws_opensearch_domain", domain)
    assert [reported[name] for name in ("id", "name", "arn", "engine_version")] == [
        "123456789012/logs", "logs", "arn:domain/logs", "OpenSearch_2.11",
    ]  # fmt: skip
    flat = ("snapshot_options", "node_to_node_encryption_options", "software_update_options", "ip_address_type", "endpoint_v2")
    assert [reported[name] for name in flat] == [4, True, False, "ipv4", "v2.example.com"]
    assert (reported["access_policies"], reported["tags"]) == (policy, {"owner": "ada"})
    assert reported["cluster_config"] == {"instance_type": "m5.large.search", "instance_count": 3}
    assert reported["ebs_options"] == {"ebs_enabled": True, "volume_size": 100}
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_cognito_user_pool", {"Id": "pool-1"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/search"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    id = "123456789012/logs"
    waits = {f"{needed} > {id}" for needed in ("vpc-1", "subnet-1", "sg-1")}
    assert world.edges("default") == waits | {f"{id} > {used}" for used in ("pool-1", "/search", "k-1")}
    assert world.edges("delete") == waits | {f"k-1 > {id}"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    opensearch = cloud.client("opensearch")
    names = [f"{name}-{number}" for number in range(6)]  # more than are described at a time
    for one in names:
        opensearch.create_domain(DomainName=one, TagList=[{"Key": "owner", "Value": "ada"}])
    documents = {document["reported"]["name"]: document for document in cloud.documents("aws_opensearch_domain")}
    assert set(names) <= documents.keys()
    document = documents[names[5]]
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert names[5] not in [domain["DomainName"] for domain in opensearch.list_domain_names()["DomainNames"]]
