"""Private certificate authorities. The catalog of `aws/provider.py`; certificates are in `acm.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

ARN = {"CertificateAuthorityArn": "{arn}"}
GONE = ("ResourceNotFoundException",)

AUTHORITY = Resource(
    kind="aws_acmpca_certificate_authority",
    description="An authority of one's own that issues certificates; disabled first, it can be brought back for thirty days.",
    call=Call("acm-pca", "list_certificate_authorities", "CertificateAuthorities"),
    id="last(Arn, '/')",
    name="CertificateAuthorityConfiguration.Subject.CommonName",
    ctime="CreatedAt",
    arn="Arn",
    # One that was deleted has no tags.
    details=(Detail(Call("acm-pca", "list_tags", "Tags", ARN), into="Tags", absent=("InvalidStateException", *GONE)),),
    edges=(Link("aws_s3_bucket", "RevocationConfiguration.CrlConfiguration.S3BucketName", by="name", child=True),),
    read=Call("acm-pca", "describe_certificate_authority", "CertificateAuthority", ARN),
    gone=GONE,
    ended="status == 'DELETED'",
    volatile=("status", "last_state_change_at"),
    before_delete=(Action("update_certificate_authority", {**ARN, "Status": "DISABLED"}, absent=("InvalidStateException",)),),
    delete=Action("delete_certificate_authority", {**ARN, "PermanentDeletionTimeInDays": 30}),
    tag=Action("tag_certificate_authority", {**ARN, "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_certificate_authority", {**ARN, "Tags": [{"Key": "{key}"}]}),
)

RESOURCES = (AUTHORITY,)
