"""Web services of App Runner, as it describes them (moto does not know it)."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World


def test_properties_and_edges(world: World) -> None:
    image = {"ImageIdentifier": "shop:1", "ImageConfiguration": {"RuntimeEnvironmentSecrets": {"TOKEN": "arn:secret"}}}
    service = {
        "ServiceId": "s-1", "ServiceName": "shop", "ServiceArn": "arn:s-1", "Status": "RUNNING", "CreatedAt": "2026-01-02T03:04:05Z",
        "UpdatedAt": "2026-02-02T03:04:05Z", "InstanceConfiguration": {"Cpu": "1024", "InstanceRoleArn": "arn:role"},
        "SourceConfiguration": {"ImageRepository": image, "AuthenticationConfiguration": {"AccessRoleArn": "arn:access"}},
        "EncryptionConfiguration": {"KmsKey": "arn:aws:kms:eu-west-1:1:key/k-1"}, "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add("aws_apprunner_service", service)
    assert [reported[name] for name in ("id", "name", "arn", "ctime", "mtime", "status", "tags")] == [
        "s-1", "shop", "arn:s-1", "2026-01-02T03:04:05Z", "2026-02-02T03:04:05Z", "RUNNING", {"owner": "ada"},
    ]  # fmt: skip
    for role in ("role", "access"):
        world.add("aws_iam_role", {"RoleId": role, "Arn": f"arn:{role}"})
    world.add("aws_secretsmanager_secret", {"ARN": "arn:secret", "Name": "token"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    waits = {"role > s-1", "access > s-1"}
    assert world.edges("default") == waits | {"s-1 > token", "s-1 > k-1"}
    assert world.edges("delete") == waits | {"k-1 > s-1"}
