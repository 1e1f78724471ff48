"""Repositories: as CodeCommit describes them; what moto has on a moto server."""

from __future__ import annotations

from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused

REPOSITORY = "aws_codecommit_repository"


def test_properties_and_edges(world: World) -> None:
    about = {"defaultBranch": "main", "cloneUrlHttp": "https://git/web", "kmsKeyId": "arn:key/k-1", "creationDate": "2026-11-01T10:00:00Z"}
    repository = {"repositoryId": "r-1", "repositoryName": "web", "Arn": "arn:web", **about, "tags": {"owner": "ada"}}
    reported = world.add(REPOSITORY, repository)
    names = ("id", "name", "arn", "ctime", "repository_default_branch", "repository_clone_url_http", "tags")
    assert [reported[name] for name in names] == [
        "r-1", "web", "arn:web", "2026-11-01T10:00:00Z", "main", "https://git/web", {"owner": "ada"},
    ]  # fmt: skip
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert (world.edges("default"), world.edges("delete")) == ({"r-1 > k-1"}, {"k-1 > r-1"})


def test_on_a_server(cloud: Cloud, name: str, scripted: Scripted) -> None:
    id = cloud.client("codecommit").create_repository(repositoryName=name)["repositoryMetadata"]["repositoryId"]
    scripted("codecommit", "list_repositories", {"repositories": [{"repositoryName": name, "repositoryId": id}]})
    scripted("codecommit", "list_tags_for_resource", {"tags": {"owner": "ada"}})
    document = cloud.document(REPOSITORY, name)
    assert (document["reported"]["id"], document["reported"]["tags"]) == (id, {"owner": "ada"})
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_one_whose_key_is_disabled_is_not_taken_for_gone(cloud: Cloud, scripted: Scripted) -> None:
    scripted("codecommit", "list_repositories", {"repositories": [{"repositoryName": "web", "repositoryId": "x" * 36}]})
    scripted("codecommit", "get_repository", refused("EncryptionKeyDisabledException", "The key is disabled"))
    (report,) = (report for report in cloud.collect(REPOSITORY).reports if report.scope.kind == REPOSITORY)
    assert (report.status, report.code) == (Status.FAILED, "EncryptionKeyDisabledException")
