"""Vaults, plans and recovery points: as AWS Backup describes them; vaults and plans on a moto server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from resh.errors import UsageError
from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused

VAULT, PLAN, SELECTION = "aws_backup_vault", "aws_backup_plan", "aws_backup_selection"
PROTECTED, POINT = "aws_backup_protected_resource", "aws_backup_recovery_point"
ARN = "arn:aws:backup:eu-west-1:123456789012"
VOLUME = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1"
SNAPSHOT = "arn:aws:ec2:eu-west-1::snapshot/snap-1"
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)


def vault(**more: Any) -> dict[str, Any]:
    return {"BackupVaultName": "nightly", "BackupVaultArn": f"{ARN}:backup-vault:nightly", "EncryptionKeyArn": "arn:key/k-1", **more}


def point(**more: Any) -> dict[str, Any]:
    where = {"BackupVaultName": "nightly", "ResourceArn": VOLUME, "ResourceName": "data", "ResourceType": "EBS"}
    return {"RecoveryPointArn": SNAPSHOT, "Status": "COMPLETED", "IsEncrypted": True, "EncryptionKeyArn": "arn:key/k-1", **where, **more}


def test_a_vault(world: World) -> None:
    told = {"SNSTopicArn": "arn:topic", "BackupVaultEvents": ["BACKUP_JOB_FAILED"]}
    reported = world.add(VAULT, vault(NumberOfRecoveryPoints=3, Locked=True, MinRetentionDays=7, Tags={"owner": "ada"}, Notifications=told))
    assert [reported[key] for key in ("id", "arn", "backup_number_of_recovery_points", "backup_locked", "tags")] == [
        "nightly", f"{ARN}:backup-vault:nightly", 3, True, {"owner": "ada"},
    ]  # fmt: skip
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert (world.edges("default"), world.edges("delete")) == ({"nightly > arn:topic", "nightly > k-1"}, {"k-1 > nightly"})


def test_a_plan_and_what_it_selects(world: World) -> None:
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "nightly", "Lifecycle": {"DeleteAfterDays": 35}}]
    reported = world.add(PLAN, {"BackupPlanId": "p-1", "BackupPlanName": "daily", "BackupPlanArn": "arn:plan", "Rules": rules})
    assert [reported[key] for key in ("id", "name", "arn")] == ["p-1", "daily", "arn:plan"]
    assert reported["backup_rules"][0]["lifecycle"] == {"delete_after_days": 35}
    chosen = {"SelectionId": "s-1", "SelectionName": "data", "BackupPlanId": "p-1", "IamRoleArn": "arn:role", "Resources": [VOLUME]}
    reported = world.add(SELECTION, {**chosen, "ListOfTags": [{"ConditionKey": "tier", "ConditionValue": "gold"}]})
    assert [reported[key] for key in ("id", "name", "backup_plan_id", "backup_resources")] == ["s-1", "data", "p-1", [VOLUME]]
    world.add(VAULT, vault())
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_ec2_volume", {"VolumeId": "vol-1"})
    waits = {"p-1 > s-1", "role > s-1"}
    assert world.edges("default") == waits | {"p-1 > nightly", "s-1 > vol-1"}
    assert world.edges("delete") == waits


def test_a_recovery_point_is_between_its_resource_and_the_snapshot_that_it_is_kept_as(world: World) -> None:
    more = {"CreatedBy": {"BackupPlanId": "p-1"}, "BackupSizeInBytes": 4096, "Lifecycle": {"DeleteAfterDays": 35}}
    reported = world.add(POINT, {**point(**more), "_parent": {"backup_locked": True}})
    names = ("id", "name", "snapshot_status", "backup_status", "encrypted", "backup_size_in_bytes", "vault_locked", "tags")
    assert [reported[name] for name in names] == [SNAPSHOT, "data", "COMPLETED", "COMPLETED", True, 4096, True, {}]
    assert (reported["backup_vault_name"], reported["backup_resource_arn"]) == ("nightly", VOLUME)
    last = {"ResourceArn": VOLUME, "ResourceName": "data", "ResourceType": "EBS", "LastBackupVaultArn": f"{ARN}:backup-vault:nightly"}
    assert world.add(PROTECTED, last)["backup_resource_type"] == "EBS"
    world.add(VAULT, vault())
    world.add(PLAN, {"BackupPlanId": "p-1", "BackupPlanName": "daily"})
    world.add("aws_ec2_volume", {"VolumeId": "vol-1"})
    world.add("aws_ec2_snapshot", {"SnapshotId": "snap-1"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    above = {f"{one} > {SNAPSHOT}" for one in ("nightly", "p-1", "vol-1")}
    below = {f"{SNAPSHOT} > snap-1", f"{SNAPSHOT} > k-1", "nightly > k-1"}
    assert world.edges("default") == above | below | {f"vol-1 > {VOLUME}", f"nightly > {VOLUME}"}
    assert world.edges("delete") == {f"nightly > {SNAPSHOT}", f"k-1 > {SNAPSHOT}", "k-1 > nightly"}


@pytest.mark.parametrize(
    ("kind", "property", "why"),
    [
        (POINT, {"backup_status": "COMPLETED"}, "a backup that holds"),
        (POINT, {"backup_status": "AVAILABLE"}, "a backup that holds"),
        (POINT, {"backup_status": "EXPIRED", "vault_locked": True}, "the lock of its vault"),
        (VAULT, {"name": "Default"}, "AWS Backup made it"),
        (VAULT, {"name": "aws/efs/automatic-backup-vault"}, "AWS Backup made it"),
        (PROTECTED, {}, "none itself"),
    ],
)
def test_what_stays(cloud: Cloud, kind: str, property: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        cloud.provider.delete(cloud.placed({"kind": kind, "reported": {"id": "x", "name": "x", **property}}))


@pytest.fixture
def policy(scripted: Scripted) -> str:
    """What moto does not tell of vaults."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    scripted("backup", "get_backup_vault_access_policy", {"Policy": policy})
    scripted("backup", "get_backup_vault_notifications", refused("ResourceNotFoundException"))
    return policy


def test_vaults_on_a_server(cloud: Cloud, name: str, policy: str) -> None:
    cloud.client("backup").create_backup_vault(BackupVaultName=name, BackupVaultTags={"owner": "ada"})
    document = cloud.document(VAULT, name)
    assert (document["reported"]["backup_access_policy"], document["reported"]["tags"]) == (json.loads(policy), {"owner": "ada"})
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)


def test_plans_on_a_server(cloud: Cloud, name: str, scripted: Scripted) -> None:
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "nightly"}]
    plan = {"BackupPlanName": name, "Rules": rules}
    id = cloud.client("backup").create_backup_plan(BackupPlan=plan, BackupPlanTags={"owner": "ada"})["BackupPlanId"]
    selection = {"SelectionId": "s-1", "SelectionName": "data", "BackupPlanId": id, "IamRoleArn": "arn:role", "CreationDate": THEN}
    whole = {"SelectionName": "data", "IamRoleArn": "arn:role", "Resources": [VOLUME], "Conditions": {}}
    scripted("backup", "list_backup_selections", {"BackupSelectionsList": [selection]})
    scripted("backup", "get_backup_selection", {"BackupSelection": whole, "SelectionId": "s-1", "BackupPlanId": id})
    scripted("backup", "delete_backup_selection", {})
    document = cloud.find(SELECTION, "s-1")
    assert (document["reported"]["backup_plan_id"], document["reported"]["backup_resources"]) == (id, [VOLUME])
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert scripted.asked("backup", "delete_backup_selection") == [{"BackupPlanId": id, "SelectionId": "s-1"}]
    document = cloud.find(PLAN, id)
    assert [rule["rule_name"] for rule in document["reported"]["backup_rules"]] == ["daily"]
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)


def test_points_are_read_page_by_page_and_an_expired_one_goes(cloud: Cloud, name: str, policy: str, scripted: Scripted) -> None:
    cloud.client("backup").create_backup_vault(BackupVaultName=name)
    scripted("backup", "list_protected_resources", {"Results": [{"ResourceArn": VOLUME, "ResourceType": "EBS", "LastBackupTime": THEN}]})
    expired = point(BackupVaultName=name, RecoveryPointArn=f"{SNAPSHOT}0", Status="EXPIRED", CreationDate=THEN)
    pages = {"RecoveryPoints": [point(BackupVaultName=name)], "NextToken": "more"}, {"RecoveryPoints": [expired]}
    scripted("backup", "list_recovery_points_by_backup_vault", *pages)
    found = cloud.collect(POINT, PROTECTED)
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    (document,) = (one for one in map(cloud.document_of, found.all_nodes) if one["reported"].get("backup_status") == "EXPIRED")
    assert {SNAPSHOT, f"{SNAPSHOT}0", VOLUME} <= {node.reported["id"] for node in found.all_nodes}
    assert cloud.looks_the_same(document)
    scripted("backup", "delete_recovery_point", {})
    cloud.provider.delete(document)
    asked = {"BackupVaultName": name, "RecoveryPointArn": f"{SNAPSHOT}0"}
    assert scripted.asked("backup", "delete_recovery_point") == [asked]
    cloud.client("backup").delete_backup_vault(BackupVaultName=name)
