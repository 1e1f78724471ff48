"""Keys of the Key Management Service. The catalog of `aws/provider.py`; other catalogs say with `encrypted_by` which key they need."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

KEY_ID = {"KeyId": "{id}"}
# Rotation is a matter of symmetric keys in use: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
NOT_ROTATED = ("UnsupportedOperationException", "KMSInvalidStateException")


def encrypted_by(*paths: str) -> Link:
    """The keys at the paths, by id or ARN, hang below what they encrypt and are needed as long as that exists. An alias finds nothing."""
    path = f"last({paths[0]}, '/')" if len(paths) == 1 else f"[{', '.join(paths)}][].last(@, '/')"
    return Link("aws_kms_key", path, child=True, delete="reverse")


KEY = Resource(
    kind="aws_kms_key",
    bases=("access_key",),
    description="A key that encrypts data of services and people; deletion is scheduled, and can be cancelled for thirty days.",
    call=Call("kms", "list_keys", "Keys[].{KeyId: KeyId}"),
    id="KeyId",
    console="kms/home?region={region}#/kms/keys/{id}",
    name="KeyId",
    ctime="CreationDate",
    arn="Arn",
    prefix="kms",
    fields={"access_key_status": "KeyState", "kms_multiregion_configuration": "MultiRegionConfiguration"},
    details=(
        Detail(Call("kms", "describe_key", "KeyMetadata", KEY_ID), into=""),
        Detail(Call("kms", "list_resource_tags", "Tags", KEY_ID), into="Tags"),
        Detail(Call("kms", "get_key_policy", "Policy", {**KEY_ID, "PolicyName": "default"}), into="KeyPolicy", json=True),
        Detail(Call("kms", "get_key_rotation_status", "KeyRotationEnabled", KEY_ID), into="KeyRotationEnabled", absent=NOT_ROTATED),
    ),
    read=Call("kms", "describe_key", "KeyMetadata", KEY_ID),
    gone=("NotFoundException",),
    ended="access_key_status == 'PendingDeletion' || access_key_status == 'PendingReplicaDeletion'",
    fixed={"kms_key_manager == 'AWS'": "AWS manages it, for a service that uses it"},
    delete=Action("schedule_key_deletion", {**KEY_ID, "PendingWindowInDays": 30}),
    tag=Action("tag_resource", {**KEY_ID, "Tags": [{"TagKey": "{key}", "TagValue": "{value}"}]}),
    untag=Action("untag_resource", {**KEY_ID, "TagKeys": ["{key}"]}),
)

RESOURCES = (KEY,)
