"""Collections, endpoints and policies: as OpenSearch Serverless describes them; what moto has on a moto server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.errors import UsageError
from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted

SERVICE, KIND = "opensearchserverless", "aws_opensearch_serverless"
COLLECTION, ENDPOINT = f"{KIND}_collection", f"{KIND}_vpc_endpoint"
CREATED = 1793527200000  # milliseconds
VERSION = "MTcyNzI3NDQ1MjUwN18x"


def policy(name: str, type: str, document: Any) -> dict[str, Any]:
    return {"name": name, "type": type, "policyVersion": VERSION, "createdDate": CREATED, "lastModifiedDate": CREATED, "policy": document}


def test_collections_and_endpoints(world: World) -> None:
    collection = {"id": "c-1", "name": "logs", "arn": "arn:c-1", "status": "ACTIVE", "type": "TIMESERIES", "kmsKeyArn": "arn:key/k-1"}
    reported = world.add(COLLECTION, {**collection, "createdDate": CREATED, "tags": [{"key": "owner", "value": "ada"}]})
    names = ("id", "name", "arn", "collection_status", "collection_type", "ctime", "tags")
    assert [reported[name] for name in names] == [
        "c-1", "logs", "arn:c-1", "ACTIVE", "TIMESERIES", "2026-11-01T10:00:00Z", {"owner": "ada"},
    ]  # fmt: skip
    endpoint = {"id": "vpce-1", "name": "shop", "vpcId": "vpc-1", "subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}
    assert world.add(ENDPOINT, {**endpoint, "status": "ACTIVE"})["endpoint_status"] == "ACTIVE"
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    needs = {"vpc-1 > vpce-1", "subnet-1 > vpce-1", "sg-1 > vpce-1"}
    assert (world.edges("default"), world.edges("delete")) == (needs | {"c-1 > k-1"}, needs | {"k-1 > c-1"})


def test_policies(world: World) -> None:
    key = {"Rules": [{"ResourceType": "collection", "Resource": ["collection/logs"]}], "AWSOwnedKey": False, "KmsARN": "arn:key/k-1"}
    reported = world.add(f"{KIND}_encryption_policy", policy("sealed", "encryption", key))
    assert [reported[name] for name in ("id", "policy_type", "policy_version", "policy")] == ["sealed", "encryption", VERSION, key]
    assert (reported["ctime"], reported["mtime"]) == ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z")
    world.add(f"{KIND}_network_policy", policy("inside", "network", [{"Rules": [], "SourceVPCEs": ["vpce-1"]}]))
    world.add(f"{KIND}_access_policy", policy("readers", "data", [{"Rules": [], "Principal": ["arn:role", "arn:user"]}]))
    reported = world.add(f"{KIND}_lifecycle_policy", policy("a-week", "retention", {"Rules": [{"MinIndexRetention": "7d"}]}))
    assert reported["policy"]["Rules"] == [{"MinIndexRetention": "7d"}]
    world.add(ENDPOINT, {"id": "vpce-1"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_iam_user", {"UserId": "user", "Arn": "arn:user"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"sealed > k-1", "vpce-1 > inside", "role > readers", "user > readers"}
    assert world.edges("delete") == {"k-1 > sealed"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    serverless = cloud.client(SERVICE)
    rules = [{"ResourceType": "collection", "Resource": [f"collection/{name}"]}]
    document = {"Rules": rules, "AWSOwnedKey": False, "KmsARN": "arn:aws:kms:eu-west-1:123456789012:key/k-1"}
    serverless.create_security_policy(name=name, type="encryption", policy=json.dumps(document))
    serverless.create_collection(name=name, type="SEARCH", tags=[{"key": "owner", "value": "ada"}])
    found = cloud.document(f"{KIND}_encryption_policy", name)
    assert found["reported"]["policy"] == document
    assert cloud.looks_the_same(found)
    found = cloud.document(COLLECTION, name)
    assert (found["reported"]["collection_type"], found["reported"]["tags"]) == ("SEARCH", {"owner": "ada"})
    assert cloud.looks_the_same(found)
    assert cloud.takes_tags(found)
    assert cloud.goes(found)


def test_what_moto_lacks(cloud: Cloud, scripted: Scripted) -> None:
    scripted(SERVICE, "list_vpc_endpoints", {"vpcEndpointSummaries": [{"id": "vpce-1"}]})
    scripted(SERVICE, "batch_get_vpc_endpoint", {"vpcEndpointDetails": [{"id": "vpce-1", "name": "shop", "status": "ACTIVE"}]})
    scripted(SERVICE, "list_access_policies", {"accessPolicySummaries": [{"name": "readers", "type": "data"}]})
    scripted(SERVICE, "get_access_policy", {"accessPolicyDetail": policy("readers", "data", [{"Principal": ["arn:role"]}])})
    scripted(SERVICE, "list_lifecycle_policies", {"lifecyclePolicySummaries": [{"name": "a-week", "type": "retention"}]})
    scripted(SERVICE, "batch_get_lifecycle_policy", {"lifecyclePolicyDetails": [policy("a-week", "retention", {"Rules": []})]})
    ids = {ENDPOINT: "vpce-1", f"{KIND}_access_policy": "readers", f"{KIND}_lifecycle_policy": "a-week"}
    assert [str(report) for report in cloud.collect(*ids).reports if report.status is not Status.OK] == []
    for kind, id in ids.items():
        delete = kind.replace(f"{KIND}_", "delete_")
        scripted(SERVICE, delete, {})
        document = cloud.find(kind, id)
        assert cloud.looks_the_same(document)
        cloud.provider.delete(document)
        (asked,) = scripted.asked(SERVICE, delete)
        assert id in asked.values()
    assert scripted.asked(SERVICE, "batch_get_lifecycle_policy")[0] == {"identifiers": [{"type": "retention", "name": "a-week"}]}


def test_a_protected_collection_stays(cloud: Cloud) -> None:
    document = cloud.placed({"kind": COLLECTION, "reported": {"id": "c-1", "collection_deletion_protection": "ENABLED"}})
    with pytest.raises(UsageError, match="deletion protection"):
        cloud.provider.delete(document)
