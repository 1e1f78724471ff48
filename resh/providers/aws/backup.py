"""AWS Backup: vaults, plans with what they select, what is backed up, and recovery points. The catalog of `aws/provider.py`.

Backups are the last thing to be cleaned up: of recovery points only those go that are over or never became whole, and a vault only when
it is empty, which AWS itself makes sure of.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceArn": "{arn}", "Tags": {"{key}": "{value}"}})
UNTAG = Action("untag_resource", {"ResourceArn": "{arn}", "TagKeyList": ["{key}"]})
GONE = ("ResourceNotFoundException",)
TAGS = Detail(Call("backup", "list_tags", "Tags", {"ResourceArn": "{arn}"}), into="Tags", absent=GONE)
VAULT_NAME = {"BackupVaultName": "{name}"}
PLAN_ID = {"BackupPlanId": "{id}"}
SELECTION_ID = {"BackupPlanId": "{backup_plan_id}", "SelectionId": "{id}"}

# https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
PROTECTED = (
    "aws_ec2_instance",
    "aws_ec2_volume",
    "aws_rds_instance",
    "aws_rds_cluster",
    "aws_docdb_cluster",
    "aws_neptune_cluster",
    "aws_redshift_cluster",
    "aws_dynamodb_table",
    "aws_efs_file_system",
    "aws_s3_bucket",
    "aws_cloudformation_stack",
    "aws_eks_cluster",
)
KEPT_AS = (
    "aws_ec2_snapshot",
    "aws_ec2_image",
    "aws_rds_snapshot",
    "aws_rds_cluster_snapshot",
    "aws_docdb_cluster_snapshot",
    "aws_neptune_cluster_snapshot",
)


def _protected(arns: str, child: bool = False) -> tuple[Link, ...]:
    return tuple(Link(kind, arns, by="arn", child=child) for kind in PROTECTED)


VAULT = Resource(
    kind="aws_backup_vault",
    description="Where recovery points are kept; only an empty one can be deleted.",
    call=Call("backup", "list_backup_vaults", "BackupVaultList"),
    id="BackupVaultName",
    name="BackupVaultName",
    ctime="CreationDate",
    arn="BackupVaultArn",
    prefix="backup",
    details=(
        TAGS,
        Detail(Call("backup", "get_backup_vault_access_policy", "Policy", VAULT_NAME), into="AccessPolicy", absent=GONE, json=True),
        Detail(
            Call(
                "backup",
                "get_backup_vault_notifications",
                "{SNSTopicArn: SNSTopicArn, BackupVaultEvents: BackupVaultEvents}",
                VAULT_NAME,
            ),
            into="Notifications",
            absent=GONE,
        ),
    ),
    edges=(Link("aws_sns_topic", "Notifications.SNSTopicArn", by="arn", child=True), encrypted_by("EncryptionKeyArn")),
    read=Call("backup", "describe_backup_vault", "@", VAULT_NAME),
    gone=GONE,
    # Told of a single vault, not in a list; and a number that each backup changes.
    volatile=(
        "backup_number_of_recovery_points",
        "backup_source_backup_vault_arn",
        "backup_mpa_approval_team_arn",
        "backup_mpa_session_arn",
        "backup_latest_mpa_approval_team_update",
    ),
    fixed={"name == 'Default' || starts_with(name, 'aws/')": "AWS Backup made it for itself"},
    delete=Action("delete_backup_vault", VAULT_NAME),
    tag=TAG,
    untag=UNTAG,
)

PLAN = Resource(
    kind="aws_backup_plan",
    description="When to back up, into which vaults, and how long to keep it.",
    call=Call("backup", "list_backup_plans", "BackupPlansList"),
    id="BackupPlanId",
    name="BackupPlanName",
    ctime="CreationDate",
    arn="BackupPlanArn",
    prefix="backup",
    details=(
        TAGS,
        Detail(Call("backup", "get_backup_plan", "BackupPlan.{Rules: Rules, ScanSettings: ScanSettings}", PLAN_ID), into="", absent=GONE),
    ),
    edges=(
        Link("aws_backup_vault", "Rules[].TargetBackupVaultName", child=True),
        Link("aws_backup_vault", "Rules[].CopyActions[].DestinationBackupVaultArn", by="arn", child=True),
    ),
    read={},
    gone=GONE,
    volatile=("backup_last_execution_date",),
    delete=Action("delete_backup_plan", PLAN_ID),
    tag=TAG,
    untag=UNTAG,
)

SELECTION = Resource(
    kind="aws_backup_selection",
    description="Which resources a plan backs up, by name or by tag; the plan goes after it.",
    call=Call("backup", "list_backup_selections", "BackupSelectionsList", PLAN_ID),
    each="aws_backup_plan",
    id="SelectionId",
    name="SelectionName",
    ctime="CreationDate",
    tags="",
    prefix="backup",
    details=(
        Detail(
            Call(
                "backup",
                "get_backup_selection",
                "BackupSelection.{Resources: Resources, NotResources: NotResources, ListOfTags: ListOfTags, Conditions: Conditions}",
                SELECTION_ID,
            ),
            into="",
            absent=GONE,
        ),
    ),
    edges=(
        Link("aws_backup_plan", "BackupPlanId", delete=True),
        Link("aws_iam_role", "IamRoleArn", by="arn", delete=True),
        *_protected("Resources", child=True),
    ),
    read=Call("backup", "list_backup_selections", "BackupSelectionsList", {"BackupPlanId": "{backup_plan_id}"}),
    gone=GONE,
    delete=Action("delete_backup_selection", SELECTION_ID),
)

PROTECTED_RESOURCE = Resource(
    kind="aws_backup_protected_resource",
    description="That a resource is backed up, and when it last was.",
    call=Call("backup", "list_protected_resources", "Results"),
    id="ResourceArn",
    name="ResourceName",
    arn="ResourceArn",
    tags="",
    prefix="backup",
    edges=(*_protected("ResourceArn"), Link("aws_backup_vault", "LastBackupVaultArn", by="arn")),
    phantom=True,
    no_delete="it is what AWS Backup says of a resource, none itself",
)

RECOVERY_POINT = Resource(
    kind="aws_backup_recovery_point",
    bases=("snapshot",),
    description="A resource as it was backed up at one time.",
    call=Call("backup", "list_recovery_points_by_backup_vault", "RecoveryPoints", {**VAULT_NAME, "MaxResults": 1000}),
    each="aws_backup_vault",
    inherits={"vault_locked": "backup_locked"},
    id="RecoveryPointArn",
    name="ResourceName",
    ctime="CreationDate",
    arn="RecoveryPointArn",
    tags="",  # another call for each of what may be a hundred thousand
    prefix="backup",
    fields={"snapshot_status": "Status", "backup_status": "Status", "encrypted": "IsEncrypted"},
    edges=(
        Link("aws_backup_vault", "BackupVaultName", delete=True),
        Link("aws_backup_plan", "CreatedBy.BackupPlanId"),
        *_protected("ResourceArn"),
        Link("aws_backup_recovery_point", "ParentRecoveryPointArn", by="arn"),
        # Some are kept as what their service makes of them.
        *(Link(kind, "RecoveryPointArn", by="arn", child=True) for kind in KEPT_AS),
        encrypted_by("EncryptionKeyArn"),
    ),
    read=Call(
        "backup",
        "list_recovery_points_by_backup_vault",
        "RecoveryPoints",
        {"BackupVaultName": "{backup_vault_name}", "ByResourceArn": "{backup_resource_arn}"},
    ),
    gone=GONE,
    ended="backup_status == 'DELETING'",
    fixed={
        "vault_locked": "the lock of its vault keeps it",
        "backup_status != 'EXPIRED' && backup_status != 'PARTIAL'": "it is a backup that holds, and goes by its lifecycle",
    },
    delete=Action("delete_recovery_point", {"BackupVaultName": "{backup_vault_name}", "RecoveryPointArn": "{arn}"}),
)

RESOURCES = (VAULT, PLAN, SELECTION, PROTECTED_RESOURCE, RECOVERY_POINT)
