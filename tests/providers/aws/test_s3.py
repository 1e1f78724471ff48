"""Buckets, from items as S3 lists them with the answers of the further calls."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jmespath
import pytest

from resh.providers.aws.s3 import BUCKET
from tests.providers.aws.catalog_world import ACCOUNT, World
from tests.providers.aws.mock_account import Cloud


def bucket(**more: Any) -> dict[str, Any]:
    return {"Name": "assets", "CreationDate": datetime(2026, 11, 1, tzinfo=UTC), **more}


def test_properties(world: World) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}
    item = bucket(
        Location="eu-west-1",
        Tags=[{"Key": "owner", "Value": "ada"}],
        VersioningConfiguration={"Status": "Enabled", "MFADelete": "Disabled"},
        EncryptionRules=[{"SseAlgorithm": "AES256"}],
        Policy=policy,
        PublicAccessBlockConfiguration={"BlockPublicAcls": True},
        Acl={"Owner": {"ID": "1"}, "Grants": [{"Grantee": {"URI": "all"}, "Permission": "READ"}]},
        Logging={"TargetBucket": "logs"},
    )
    assert world.add("aws_s3_bucket", item) == {
        "id": "assets",
        "kind": "aws_s3_bucket",
        "name": "assets",
        "tags": {"owner": "ada"},
        "ctime": "2026-11-01T00:00:00Z",
        "arn": "arn:aws:s3:::assets",
        "bucket_location": "eu-west-1",
        "bucket_versioning": True,
        "bucket_mfa_delete": False,
        "bucket_versioning_configuration": {"status": "Enabled", "mfa_delete": "Disabled"},
        "bucket_encryption_rules": [{"sse_algorithm": "AES256"}],
        "bucket_policy": policy,
        "bucket_public_access_block_configuration": {"block_public_acls": True},
        "bucket_acl": {"owner": {"id": "1"}, "grants": [{"grantee": {"uri": "all"}, "permission": "READ"}]},
        "bucket_logging": {"target_bucket": "logs"},
    }


def test_what_a_bucket_has_not(world: World) -> None:
    reported = world.add("aws_s3_bucket", bucket(Location="us-east-1", Policy=None, EncryptionRules=None))
    assert reported["bucket_encryption_rules"] == []
    assert reported["bucket_versioning"] is False
    assert "bucket_policy" not in reported


@pytest.mark.parametrize(("constraint", "region"), [(None, "us-east-1"), ("EU", "eu-west-1"), ("ap-south-1", "ap-south-1")])
def test_the_location_is_a_region(constraint: str | None, region: str) -> None:
    assert jmespath.search(BUCKET.details[0].call.items, {"LocationConstraint": constraint}) == region


def test_settings_of_the_account(world: World) -> None:
    blocked = {"BlockPublicAcls": True, "RestrictPublicBuckets": False}
    reported = world.add("aws_s3_account_settings", {"Account": ACCOUNT, "AccountName": "shop", "PublicAccessBlockConfiguration": blocked})
    assert [reported[name] for name in ("id", "name", "bucket_public_access_block_configuration")] == [
        ACCOUNT, "shop", {"block_public_acls": True, "restrict_public_buckets": False},
    ]  # fmt: skip


def test_a_bucket_hangs_below_the_settings_of_its_account(world: World) -> None:
    world.add("aws_s3_account_settings", {"Account": ACCOUNT, "AccountName": "shop"})
    world.add("aws_s3_bucket", bucket(Location="us-east-1"))
    world.know_account(ACCOUNT)
    assert world.edges("default") == {f"{ACCOUNT} > {ACCOUNT}", f"{ACCOUNT} > assets"}


def test_settings_of_the_account_on_a_server(cloud: Cloud) -> None:
    (document,) = cloud.documents("aws_s3_account_settings")
    reported = document["reported"]
    assert (reported["id"], reported["name"]) == (ACCOUNT, cloud.account_reported()["name"])
    assert "bucket_public_access_block_configuration" not in reported  # the account has none
