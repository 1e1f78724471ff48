"""Secrets: what is known about them, never what they hold. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Link, Resource

SECRET = Resource(
    kind="aws_secretsmanager_secret",
    description="A password, key or other secret that programs ask for; deletion can be taken back for thirty days.",
    call=Call("secretsmanager", "list_secrets", "SecretList"),
    id="Name",
    console="secretsmanager/secret?name={name}&region={region}",
    name="Name",
    ctime="CreatedDate",
    arn="ARN",
    fields={
        "mtime": "LastChangedDate",
        "atime": "LastAccessedDate",
        "created_date": "CreatedDate",
        "last_changed_date": "LastChangedDate",
        "last_accessed_date": "LastAccessedDate",
    },
    edges=(encrypted_by("KmsKeyId"), Link("aws_lambda_function", "RotationLambdaARN", by="arn", child=True)),
    read={"Filters": [{"Key": "name", "Values": ["{name}"]}]},
    gone=("ResourceNotFoundException",),
    ended="deleted_date",
    fixed={"owning_service": "it belongs to an AWS service, which deletes it"},
    volatile=("last_accessed_date",),
    delete=Action("delete_secret", {"SecretId": "{arn}", "RecoveryWindowInDays": 30}),
    tag=Action("tag_resource", {"SecretId": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"SecretId": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (SECRET,)
