"""Tables: as DynamoDB describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_dynamodb_table"


def table(**more: Any) -> dict[str, Any]:
    return {"TableName": "orders", "TableId": "t-1", "TableArn": "arn:orders", "TableStatus": "ACTIVE", **more}


def test_properties(world: World) -> None:
    reported = world.add(
        KIND,
        table(
            CreationDateTime="2026-11-01T00:00:00Z",
            ItemCount=7,
            TableSizeBytes=100,
            SSEDescription={"Status": "ENABLED", "SSEType": "KMS"},
            ProvisionedThroughput={"ReadCapacityUnits": 5},
            Tags=[{"Key": "owner", "Value": "ada"}],
        ),
    )
    assert [reported[key] for key in ("id", "name", "arn", "ctime")] == ["t-1", "orders", "arn:orders", "2026-11-01T00:00:00Z"]
    assert (reported["dynamodb_table_status"], reported["dynamodb_item_count"]) == ("ACTIVE", 7)
    assert reported["dynamodb_sse_description"] == {"status": "ENABLED", "sse_type": "KMS"}
    assert reported["dynamodb_provisioned_throughput"] == {"read_capacity_units": 5}
    assert reported["tags"] == {"owner": "ada"}


def test_the_key_waits_for_the_table(world: World) -> None:
    world.add(KIND, table(SSEDescription={"KMSMasterKeyArn": "arn:aws:kms:eu-west-1:1:key/k-1"}, Replicas=[{"KMSMasterKeyId": "k-2"}]))
    world.add("aws_dynamodb_global_table", {"GlobalTableName": "all", "ReplicationGroup": [{"KMSMasterKeyId": "k-1"}]})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.add("aws_kms_key", {"KeyId": "k-2"})
    assert world.edges("default") == {"t-1 > k-1", "t-1 > k-2", "all > k-1"}
    assert world.edges("delete") == {"k-1 > t-1", "k-2 > t-1", "k-1 > all"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    dynamodb = cloud.client("dynamodb")
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "owner", "Value": "ada"}],
    )
    assert {document["reported"]["name"] for document in cloud.documents(KIND)} == set(dynamodb.list_tables()["TableNames"])
    document = cloud.document(KIND, name)
    assert document["reported"]["arn"] == dynamodb.describe_table(TableName=name)["Table"]["TableArn"]
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    document["reported"]["dynamodb_deletion_protection_enabled"] = True
    with pytest.raises(UsageError, match="deletion protection"):
        cloud.provider.delete(document)
    del document["reported"]["dynamodb_deletion_protection_enabled"]
    assert cloud.goes(document)
