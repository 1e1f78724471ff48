"""S3: buckets, listed once an account, each in the region that its location tells, and what the account lets them open to the public.

The catalog of `aws/provider.py`; other catalogs say with `stored_in` where something lies.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Contents

BUCKET_NAME = {"Bucket": "{name}"}
GONE = ("NoSuchBucket",)


def stored_in(*addresses: str) -> Link:
    """The buckets of what is at the paths, such as s3://models/shop.tar.gz, hang below it."""
    return Link("aws_s3_bucket", f"[{', '.join(addresses)}][] | [].bucket(@)", by="name", child=True)


def _detail(operation: str, items: str, into: str, *absent: str, json: bool = False) -> Detail:
    return Detail(Call("s3", operation, items, BUCKET_NAME), into, (*GONE, *absent), json=json)


ACCOUNT_SETTINGS = Resource(
    kind="aws_s3_account_settings",
    bases=("bucket_settings",),
    description="What the account allows its buckets to open to the public.",
    call=Call("s3control", "get_public_access_block", "PublicAccessBlockConfiguration", {"AccountId": "{account}"}),
    each="aws_account",
    within="{Account: id, AccountName: name}",
    id="Account",
    name="AccountName",
    arn="arn:{partition}:s3control::{account}:account/{id}",
    prefix="bucket",
    tags="",
    is_global=True,
    details=(
        Detail(
            Call("s3control", "get_public_access_block", "PublicAccessBlockConfiguration", {"AccountId": "{account}"}),
            into="PublicAccessBlockConfiguration",
            absent=("NoSuchPublicAccessBlockConfiguration",),
        ),
    ),
    edges=(Link("aws_account", "Account", account=True),),
    phantom=True,
    no_delete="they are settings of the account",
)

BUCKET = Resource(
    kind="aws_s3_bucket",
    bases=("bucket",),
    description="An S3 bucket: a container of objects.",
    call=Call("s3", "list_buckets", "Buckets", {"MaxBuckets": 1000}),
    id="Name",
    console="s3/buckets/{name}?region={region}",
    name="Name",
    ctime="CreationDate",
    arn="arn:{partition}:s3:::{name}",
    prefix="bucket",
    region="Location || BucketRegion",
    is_global=True,
    fields={
        "bucket_versioning": "VersioningConfiguration.Status == 'Enabled'",
        "bucket_mfa_delete": "VersioningConfiguration.MFADelete == 'Enabled'",
        "bucket_encryption_rules": "EncryptionRules || `[]`",
    },
    details=(
        # The oldest regions have constraints of their own kind: none for us-east-1, EU for eu-west-1.
        _detail("get_bucket_location", "(LocationConstraint == 'EU' && 'eu-west-1') || LocationConstraint || 'us-east-1'", "Location"),
        _detail("get_bucket_tagging", "TagSet", "Tags", "NoSuchTagSet"),
        _detail("get_bucket_versioning", "{Status: Status, MFADelete: MFADelete}", "VersioningConfiguration"),
        _detail(
            "get_bucket_encryption",
            "ServerSideEncryptionConfiguration.Rules[].{SseAlgorithm: ApplyServerSideEncryptionByDefault.SSEAlgorithm, "
            "KmsMasterKeyId: ApplyServerSideEncryptionByDefault.KMSMasterKeyID, BucketKeyEnabled: BucketKeyEnabled}",
            "EncryptionRules",
            "ServerSideEncryptionConfigurationNotFoundError",
        ),
        _detail("get_bucket_policy", "Policy", "Policy", "NoSuchBucketPolicy", json=True),
        _detail(
            "get_public_access_block",
            "PublicAccessBlockConfiguration",
            "PublicAccessBlockConfiguration",
            "NoSuchPublicAccessBlockConfiguration",
        ),
        _detail("get_bucket_acl", "{Owner: Owner, Grants: Grants}", "Acl", "AccessControlListNotSupported"),
        _detail("get_bucket_logging", "LoggingEnabled", "Logging"),
        _detail("get_bucket_lifecycle_configuration", "Rules", "LifecycleRules", "NoSuchLifecycleConfiguration"),
    ),
    edges=(Link(ACCOUNT_SETTINGS.kind, "", own=True),),
    read={"Prefix": "{name}"},
    gone=GONE,
    contents=Contents(
        "objects, old versions or delete markers",
        Call("s3", "list_object_versions", "[Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}", BUCKET_NAME, absent=GONE),
        Action("delete_objects", {**BUCKET_NAME, "Delete": {"Objects": "{batch}", "Quiet": True}}),
        full=("BucketNotEmpty",),
    ),
    delete=Action("delete_bucket", BUCKET_NAME),
    tag=Action("put_bucket_tagging", {**BUCKET_NAME, "Tagging": {"TagSet": "{tag_list}"}}),
    untag=Action("put_bucket_tagging", {**BUCKET_NAME, "Tagging": {"TagSet": "{tag_list}"}}),
)

RESOURCES = (BUCKET, ACCOUNT_SETTINGS)
