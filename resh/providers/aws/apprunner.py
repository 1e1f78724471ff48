"""App Runner: web services out of an image or a repository. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

ARN = {"ServiceArn": "{arn}"}
GONE = ("ResourceNotFoundException",)
_SERVICE = Call("apprunner", "describe_service", "Service", ARN)

SERVICE = Resource(
    kind="aws_apprunner_service",
    description="A web service that grows and shrinks with its visitors.",
    call=Call("apprunner", "list_services", "ServiceSummaryList"),
    id="ServiceId",
    name="ServiceName",
    ctime="CreatedAt",
    arn="ServiceArn",
    fields={"mtime": "UpdatedAt"},
    details=(
        Detail(_SERVICE, into="", absent=GONE),
        Detail(Call("apprunner", "list_tags_for_resource", "Tags", {"ResourceArn": "{arn}"}), into="Tags", absent=GONE),
    ),
    edges=(
        Link(
            "aws_iam_role",
            "[InstanceConfiguration.InstanceRoleArn, SourceConfiguration.AuthenticationConfiguration.AccessRoleArn]",
            by="arn",
            delete=True,
        ),
        Link(
            "aws_secretsmanager_secret",
            "SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentSecrets.*",
            by="arn",
            child=True,
        ),
        encrypted_by("EncryptionConfiguration.KmsKey"),
    ),
    read=_SERVICE,
    gone=GONE,
    ended="status == 'DELETED'",
    awaited="status == 'DELETED'",
    broken="status == 'DELETE_FAILED'",
    delete=Action("delete_service", ARN),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (SERVICE,)
