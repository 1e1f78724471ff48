"""Vaults of Glacier and their jobs, as it describes them, and on a moto server, which knows neither their tags nor their policies."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

VAULT = "arn:aws:glacier:eu-west-1:123456789012:vaults/films"


def test_properties_and_edges(world: World) -> None:
    vault = {
        "VaultARN": VAULT, "VaultName": "films", "CreationDate": "2026-03-20T17:03:43.221Z", "NumberOfArchives": 192,
        "LastInventoryDate": "2026-03-21T10:00:00.000Z", "SizeInBytes": 78088912, "Tags": {"owner": "ada"},
        "AccessPolicy": {"Version": "2012-10-17", "Statement": []},
    }  # fmt: skip
    films = world.add("aws_glacier_vault", vault)
    assert [films[name] for name in ("id", "name", "arn", "ctime", "tags")] == [
        "films", "films", VAULT, "2026-03-20T17:03:43Z", {"owner": "ada"},
    ]  # fmt: skip
    assert [films[f"glacier_{name}"] for name in ("last_inventory_date", "number_of_archives", "size_in_bytes")] == [
        "2026-03-21T10:00:00.000Z", 192, 78088912,
    ]  # fmt: skip
    assert films["glacier_access_policy"]["Version"] == "2012-10-17"
    job = {
        "JobId": "job-1", "JobDescription": "All of it", "Action": "ArchiveRetrieval", "VaultARN": VAULT, "Completed": False,
        "Tier": "Bulk", "CreationDate": "2026-03-22T17:03:43.221Z", "SNSTopic": "arn:topic", "SHA256TreeHash": "a",
        "ArchiveSHA256TreeHash": "b", "JobOutputPath": "out",
        "OutputLocation": {"S3": {"BucketName": "films", "Encryption": {"KMSKeyId": "arn:key/k-1"}}},
        "_parent": films,
    }  # fmt: skip
    reported = world.add("aws_glacier_job", job)
    assert [reported[name] for name in ("id", "ctime", "description")] == ["job-1", "2026-03-22T17:03:43Z", "All of it"]
    names = ("vault", "vault_arn", "sns_topic", "sha256_tree_hash", "archive_sha256_tree_hash", "output_path", "tier", "completed")
    assert [reported[f"glacier_job_{name}"] for name in names] == ["films", VAULT, "arn:topic", "a", "b", "out", "Bulk", False]
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"films > job-1", "job-1 > arn:topic", "job-1 > k-1"}
    assert world.edges("delete") == {"k-1 > job-1"}


def test_a_vault_goes(cloud: Cloud, name: str) -> None:
    glacier = cloud.client("glacier")
    glacier.create_vault(vaultName=name)
    vault = cloud.placed({"kind": "aws_glacier_vault", "reported": {"id": name, "name": name, "tags": {}}})
    cloud.provider.delete(vault)
    assert name not in [vault["VaultName"] for vault in glacier.list_vaults()["VaultList"]]
