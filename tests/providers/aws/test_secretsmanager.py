"""Secrets: as the Secrets Manager lists them, and on a moto server."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_secretsmanager_secret"


def test_properties_and_edges(world: World) -> None:
    times = {"CreatedDate": "2026-11-01T00:00:00Z", "LastChangedDate": "2026-11-02T00:00:00Z", "LastAccessedDate": "2026-11-03T00:00:00Z"}
    more = {"KmsKeyId": "arn:key/k-1", "RotationEnabled": True, "RotationLambdaARN": "arn:rotate"}
    reported = world.add(KIND, {"Name": "db", "ARN": "arn:db", "SecretVersionsToStages": {"v1": ["AWSCURRENT"]}, **times, **more})
    assert [reported[key] for key in ("id", "name", "arn", "ctime")] == ["db", "db", "arn:db", "2026-11-01T00:00:00Z"]
    assert (reported["mtime"], reported["last_changed_date"]) == ("2026-11-02T00:00:00Z", "2026-11-02T00:00:00Z")
    assert (reported["atime"], reported["last_accessed_date"]) == ("2026-11-03T00:00:00Z", "2026-11-03T00:00:00Z")
    assert (reported["rotation_enabled"], reported["rotation_lambda_arn"]) == (True, "arn:rotate")
    assert reported["secret_versions_to_stages"] == {"v1": ["AWSCURRENT"]}
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.add("aws_lambda_function", {"FunctionName": "rotate", "FunctionArn": "arn:rotate"})
    assert (world.edges("default"), world.edges("delete")) == ({"db > k-1", "db > rotate"}, {"k-1 > db"})


def test_on_a_server(cloud: Cloud, name: str) -> None:
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="not-a-secret", Tags=[{"Key": "owner", "Value": "ada"}])
    assert {document["reported"]["id"] for document in cloud.documents(KIND)} == {
        one["Name"] for one in secrets.list_secrets()["SecretList"]
    }
    document = cloud.find(KIND, name)
    assert "not-a-secret" not in str(document)
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)


def test_a_secret_of_a_service_stays(cloud: Cloud, name: str) -> None:
    document = cloud.placed({"kind": KIND, "reported": {"id": name, "owning_service": "rds"}})
    with pytest.raises(UsageError, match="belongs to an AWS service"):
        cloud.provider.delete(document)
