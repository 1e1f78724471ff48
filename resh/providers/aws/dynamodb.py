"""DynamoDB tables. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Snapshot

NAME = {"TableName": "{name}"}
GONE = ("ResourceNotFoundException",)

TABLE = Resource(
    kind="aws_dynamodb_table",
    description="A table of a database without servers of one's own.",
    call=Call("dynamodb", "list_tables", "TableNames[].{TableName: @}"),
    id="TableId || TableName",  # the listing knows names only
    name="TableName",
    ctime="CreationDateTime",
    arn="TableArn",
    prefix="dynamodb",
    details=(
        Detail(Call("dynamodb", "describe_table", "Table", NAME), into=""),
        Detail(Call("dynamodb", "list_tags_of_resource", "Tags", {"ResourceArn": "{arn}"}), into="Tags"),
    ),
    edges=(
        encrypted_by("SSEDescription.KMSMasterKeyArn"),
        Link("aws_kms_key", "Replicas[].last(KMSMasterKeyId, '/')", child=True, delete="reverse"),
    ),
    read=Call("dynamodb", "describe_table", "Table", NAME),
    gone=GONE,
    ended="dynamodb_table_status == 'DELETING'",
    fixed={"dynamodb_deletion_protection_enabled": "its deletion protection is on"},
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html: counted about every six hours
    volatile=("dynamodb_item_count", "dynamodb_table_size_bytes"),
    snapshot=Snapshot(
        Action("create_backup", {**NAME, "BackupName": "{snapshot}"}),
        ids="BackupDetails.BackupArn",
        status=Call("dynamodb", "describe_backup", "BackupDescription.BackupDetails.BackupStatus", {"BackupArn": "{each}"}),
        complete=("AVAILABLE",),
        failed=("DELETED",),
    ),
    awaited="",
    delete=Action("delete_table", NAME),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

GLOBAL_TABLE = Resource(
    kind="aws_dynamodb_global_table",
    description="Tables of one name in several regions that hold the same data (of the version of 2017).",
    call=Call("dynamodb", "list_global_tables", "GlobalTables"),
    id="GlobalTableName",
    console="dynamodbv2/home?region={region}#table?name={name}",
    name="GlobalTableName",
    ctime="CreationDateTime",
    arn="GlobalTableArn",
    tags="",
    prefix="dynamodb",
    is_global=True,
    details=(Detail(Call("dynamodb", "describe_global_table", "GlobalTableDescription", {"GlobalTableName": "{name}"}), into=""),),
    edges=(Link("aws_kms_key", "ReplicationGroup[].last(KMSMasterKeyId, '/')", child=True, delete="reverse"),),
    read=Call("dynamodb", "describe_global_table", "GlobalTableDescription", {"GlobalTableName": "{name}"}),
    gone=("GlobalTableNotFoundException",),
    no_delete="it ends with the last of its tables",
)

RESOURCES = (TABLE, GLOBAL_TABLE)
