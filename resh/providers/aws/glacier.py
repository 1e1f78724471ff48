"""Glacier: vaults of archives, and the jobs that fetch from them. The catalog of `aws/provider.py`.

Only an empty vault can be deleted: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-delete.html
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

ACCOUNT = {"accountId": "{account}"}
VAULT_NAME = {**ACCOUNT, "vaultName": "{name}"}
GONE = ("ResourceNotFoundException",)

VAULT = Resource(
    kind="aws_glacier_vault",
    description="A vault of archives that are seldom read; it can be deleted once it is empty.",
    call=Call("glacier", "list_vaults", "VaultList", ACCOUNT),
    id="VaultName",
    name="VaultName",
    ctime="CreationDate",
    arn="VaultARN",
    prefix="glacier",
    details=(
        Detail(Call("glacier", "list_tags_for_vault", "Tags", VAULT_NAME), into="Tags"),
        Detail(Call("glacier", "get_vault_access_policy", "policy.Policy", VAULT_NAME), into="AccessPolicy", absent=GONE, json=True),
    ),
    read=Call("glacier", "describe_vault", "@", VAULT_NAME),
    gone=GONE,
    delete=Action("delete_vault", VAULT_NAME),
    tag=Action("add_tags_to_vault", {**VAULT_NAME, "Tags": {"{key}": "{value}"}}),
    untag=Action("remove_tags_from_vault", {**VAULT_NAME, "TagKeys": ["{key}"]}),
)

JOB = Resource(
    kind="aws_glacier_job",
    description="The retrieval of an archive, or of the list of a vault's archives; listed for a day after its end.",
    call=Call("glacier", "list_jobs", "JobList", VAULT_NAME),
    each="aws_glacier_vault",
    id="JobId",
    name="JobId",
    ctime="CreationDate",
    arn="arn:{partition}:glacier:{region}:{account}:job/{id}",
    tags="",
    prefix="glacier_job",
    fields={"description": "JobDescription", "glacier_job_output_path": "JobOutputPath"},
    edges=(
        Link("aws_glacier_vault", "VaultARN", by="arn"),
        Link("aws_sns_topic", "SNSTopic", by="arn", child=True),
        encrypted_by("OutputLocation.S3.Encryption.KMSKeyId"),
    ),
    read=Call("glacier", "describe_job", "@", {**ACCOUNT, "vaultName": "{glacier_job_vault}", "jobId": "{id}"}),
    inherits={"glacier_job_vault": "name"},
    gone=GONE,
    no_delete="a job is gone a day after its end",
)

RESOURCES = (VAULT, JOB)
