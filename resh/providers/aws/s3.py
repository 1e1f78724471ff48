"""S3 buckets. Listed once an account; each lives in the region that its location tells. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Resource

BUCKET_NAME = {"Bucket": "{name}"}
GONE = ("NoSuchBucket",)


def _detail(operation: str, items: str, into: str, *absent: str, json: bool = False) -> Detail:
    return Detail(Call("s3", operation, items, BUCKET_NAME), into, (*GONE, *absent), json=json)


BUCKET = Resource(
    kind="aws_s3_bucket",
    bases=("bucket",),
    description="An S3 bucket: a container of objects.",
    call=Call("s3", "list_buckets", "Buckets", {"MaxBuckets": 1000}),
    id="Name",
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
    read={"Prefix": "{name}"},
    gone=GONE,
    # AWS refuses a bucket that still holds objects, and so it should: data is nothing to clean up on the way.
    delete=Action("delete_bucket", BUCKET_NAME),
    tag=Action("put_bucket_tagging", {**BUCKET_NAME, "Tagging": {"TagSet": "{tag_list}"}}),
    untag=Action("put_bucket_tagging", {**BUCKET_NAME, "Tagging": {"TagSet": "{tag_list}"}}),
)

RESOURCES = (BUCKET,)
