"""Repositories of container images. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Resource

NAME = {"repositoryName": "{name}"}

REPOSITORY = Resource(
    kind="aws_ecr_repository",
    description="A private repository of container images.",
    call=Call("ecr", "describe_repositories", "repositories"),
    id="repositoryName",
    console="ecr/repositories/private/{account}/{name}?region={region}",
    name="repositoryName",
    ctime="createdAt",
    arn="repositoryArn",
    fields={
        "repository_arn": "repositoryArn",
        "image_scan_on_push": "imageScanningConfiguration.scanOnPush",
        "repository_visibility": "'private'",
    },
    details=(
        Detail(Call("ecr", "list_tags_for_resource", "tags", {"resourceArn": "{arn}"}), into="Tags"),
        Detail(
            Call("ecr", "get_repository_policy", "policyText", NAME),
            into="repositoryPolicy",
            absent=("RepositoryPolicyNotFoundException",),
            json=True,
        ),
        Detail(
            Call("ecr", "get_lifecycle_policy", "lifecyclePolicyText", NAME),
            into="lifecyclePolicy",
            absent=("LifecyclePolicyNotFoundException",),
            json=True,
        ),
    ),
    edges=(encrypted_by("encryptionConfiguration.kmsKey"),),
    read={"repositoryNames": ["{name}"]},
    gone=("RepositoryNotFoundException",),
    # AWS refuses a repository that still holds images, and so it should: they are nothing to clean up on the way.
    delete=Action("delete_repository", NAME),
    tag=Action("tag_resource", {"resourceArn": "{arn}", "tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]}),
)

RESOURCES = (REPOSITORY,)
