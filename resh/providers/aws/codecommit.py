"""CodeCommit: repositories of code. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Resource

NAME = {"repositoryName": "{name}"}
GONE = ("RepositoryDoesNotExistException",)

REPOSITORY = Resource(
    kind="aws_codecommit_repository",
    description="A repository of Git.",
    call=Call("codecommit", "list_repositories", "repositories"),
    id="repositoryId",
    console="codesuite/codecommit/repositories/{name}/browse?region={region}",
    name="repositoryName",
    ctime="creationDate",
    arn="Arn",
    tags="tags",
    prefix="repository",
    fields={"mtime": "lastModifiedDate"},
    details=(
        # One by one: when many are described at a time, those whose key is disabled are missing, as if they were gone.
        Detail(Call("codecommit", "get_repository", "repositoryMetadata", NAME), into="", absent=GONE),
        Detail(Call("codecommit", "list_tags_for_resource", "tags", {"resourceArn": "{arn}"}), into="tags", absent=GONE),
    ),
    edges=(encrypted_by("kmsKeyId"),),
    read=Call("codecommit", "get_repository", "repositoryMetadata", NAME),
    gone=GONE,
    delete=Action("delete_repository", NAME),
    tag=Action("tag_resource", {"resourceArn": "{arn}", "tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]}),
)

RESOURCES = (REPOSITORY,)
