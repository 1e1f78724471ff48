"""Keys: from the metadata that KMS gives, and on a moto server."""

from __future__ import annotations

import json

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_kms_key"


def test_properties(world: World) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]}
    reported = world.add(
        KIND,
        {
            "KeyId": "k-1",
            "Arn": "arn:k-1",
            "AWSAccountId": "1",
            "KeyState": "Enabled",
            "KeyManager": "CUSTOMER",
            "MultiRegion": True,
            "MultiRegionConfiguration": {"MultiRegionKeyType": "PRIMARY", "PrimaryKey": {"Arn": "arn:k-1", "Region": "eu-west-1"}},
            "Tags": [{"TagKey": "owner", "TagValue": "ada"}],
            "KeyPolicy": policy,
            "KeyRotationEnabled": False,
        },
    )
    assert (reported["id"], reported["arn"], reported["access_key_status"]) == ("k-1", "arn:k-1", "Enabled")
    assert (reported["kms_aws_account_id"], reported["kms_key_manager"], reported["kms_key_rotation_enabled"]) == ("1", "CUSTOMER", False)
    assert reported["kms_multiregion_configuration"]["primary_key"] == {"arn": "arn:k-1", "region": "eu-west-1"}
    assert reported["kms_key_policy"] == policy
    assert reported["tags"] == {"owner": "ada"}


def test_what_is_encrypted_goes_first(world: World) -> None:
    world.add(KIND, {"KeyId": "k-1"})
    world.add("aws_ec2_volume", {"VolumeId": "vol-1", "KmsKeyId": "arn:key/k-1"})
    world.add("aws_ec2_snapshot", {"SnapshotId": "snap-1", "KmsKeyId": "arn:key/k-1"})
    world.add("aws_rds_instance", {"DBInstanceIdentifier": "db", "KmsKeyId": "arn:key/k-1"})
    world.add("aws_lambda_function", {"FunctionName": "fn", "KMSKeyArn": "arn:key/k-1"})
    users = ("vol-1", "snap-1", "db", "fn")
    assert world.edges("default") == {f"{user} > k-1" for user in users}
    assert world.edges("delete") == {f"k-1 > {user}" for user in users}


def test_on_a_server(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    key = kms.create_key(Description="of a test", Policy=policy, Tags=[{"TagKey": "owner", "TagValue": "ada"}])["KeyMetadata"]["KeyId"]
    assert {document["reported"]["id"] for document in cloud.documents(KIND)} == {key["KeyId"] for key in kms.list_keys()["Keys"]}
    document = cloud.find(KIND, key)
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert document["reported"]["kms_key_policy"] == json.loads(policy)
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_a_key_of_aws_stays(cloud: Cloud) -> None:
    document = cloud.find(KIND, cloud.client("kms").create_key()["KeyMetadata"]["KeyId"])
    document["reported"]["kms_key_manager"] = "AWS"
    with pytest.raises(UsageError, match="AWS manages it"):
        cloud.provider.delete(document)
