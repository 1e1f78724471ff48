"""Repositories of images: as ECR describes them, and on a moto server."""

from __future__ import annotations

import json

import pytest

from resh.errors import CallFailed
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_ecr_repository"
POLICY = {"Version": "2012-10-17", "Statement": [{"Sid": "pull", "Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"]}]}
MANIFEST = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}
LIFECYCLE = {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 1},
                        "action": {"type": "expire"}}]}  # fmt: skip


def test_properties_and_key(world: World) -> None:
    reported = world.add(
        KIND,
        {
            "repositoryName": "shop/web",
            "repositoryArn": "arn:web",
            "registryId": "1",
            "imageTagMutability": "MUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "arn:key/k-1"},
            "repositoryPolicy": POLICY,
        },
    )
    assert [reported[key] for key in ("id", "name", "arn", "repository_arn")] == ["shop/web", "shop/web", "arn:web", "arn:web"]
    assert [reported[key] for key in ("registry_id", "image_tag_mutability", "image_scan_on_push")] == ["1", "MUTABLE", True]
    assert reported["encryption_configuration"] == {"encryption_type": "KMS", "kms_key": "arn:key/k-1"}
    assert (reported["repository_policy"], reported["repository_visibility"]) == (POLICY, "private")
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert (world.edges("default"), world.edges("delete")) == ({"shop/web > k-1"}, {"k-1 > shop/web"})


def test_on_a_server(cloud: Cloud, name: str) -> None:
    ecr = cloud.client("ecr")
    ecr.create_repository(repositoryName=name, tags=[{"Key": "owner", "Value": "ada"}])
    ecr.set_repository_policy(repositoryName=name, policyText=json.dumps(POLICY))
    ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps(LIFECYCLE))
    listed = {repository["repositoryName"] for repository in ecr.describe_repositories()["repositories"]}
    assert {document["reported"]["id"] for document in cloud.documents(KIND)} == listed
    document = cloud.find(KIND, name)
    assert document["reported"]["repository_policy"]["Statement"][0]["Sid"] == "pull"
    assert document["reported"]["lifecycle_policy"] == LIFECYCLE
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)


def test_a_repository_with_images_is_refused(cloud: Cloud, name: str) -> None:
    ecr = cloud.client("ecr")
    ecr.create_repository(repositoryName=name)
    ecr.put_image(repositoryName=name, imageManifest=json.dumps(MANIFEST), imageTag="latest")
    with pytest.raises(CallFailed, match="contains images"):
        cloud.provider.delete(cloud.find(KIND, name))
