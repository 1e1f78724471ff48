"""User pools, users and groups: as Cognito describes them, and on a moto server."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

POOL, USER, GROUP = "aws_cognito_user_pool", "aws_cognito_user", "aws_cognito_group"


def test_properties_and_edges(world: World) -> None:
    functions = {"PreSignUp": "arn:check", "CustomSMSSender": {"LambdaArn": "arn:send"}, "KMSKeyID": "arn:key/k-1"}
    pool = {"Id": "p-1", "Name": "people", "Arn": "arn:p-1", "UserPoolTags": {"owner": "ada"}, "LambdaConfig": functions}
    reported = world.add(POOL, pool)
    assert [reported[key] for key in ("id", "name", "arn", "tags")] == ["p-1", "people", "arn:p-1", {"owner": "ada"}]
    assert reported["lambda_config"]["custom_sms_sender"] == {"lambda_arn": "arn:send"}
    attributes = [{"Name": "email", "Value": "ada@example.com"}]
    user = world.add(USER, {"Username": "ada", "UserStatus": "CONFIRMED", "Enabled": True, "Attributes": attributes, "_parent": reported})
    assert [user[key] for key in ("id", "name", "user_pool_id", "pool_name")] == ["p-1:ada", "ada", "p-1", "people"]
    assert (user["enabled"], user["user_status"]) == (True, "CONFIRMED")
    assert user["user_attributes"] == [{"name": "email", "value": "ada@example.com"}]
    group = world.add(GROUP, {"GroupName": "staff", "UserPoolId": "p-1", "RoleArn": "arn:role", "Precedence": 1})
    assert [group[key] for key in ("id", "name", "user_pool_id", "precedence")] == ["p-1:staff", "staff", "p-1", 1]
    for name in ("check", "send"):
        world.add("aws_lambda_function", {"FunctionName": name, "FunctionArn": f"arn:{name}"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    uses = {"p-1 > check", "p-1 > send", "p-1 > k-1"}
    assert world.edges("default") == uses | {"p-1 > p-1:ada", "p-1 > p-1:staff", "role > p-1:staff"}
    assert world.edges("delete") == {"check > p-1", "send > p-1", "k-1 > p-1", "role > p-1:staff"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    cognito = cloud.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=name, UserPoolTags={"owner": "ada"})["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain=name, UserPoolId=pool)
    cognito.create_group(GroupName="staff", UserPoolId=pool)
    cognito.admin_create_user(UserPoolId=pool, Username="ada")
    listed = {one["Id"] for one in cognito.list_user_pools(MaxResults=60)["UserPools"]}
    assert {document["reported"]["id"] for document in cloud.documents(POOL)} == listed
    for kind, id in ((USER, f"{pool}:ada"), (GROUP, f"{pool}:staff"), (POOL, pool)):
        document = cloud.find(kind, id)
        assert cloud.looks_the_same(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)


def test_a_protected_pool_stays(cloud: Cloud) -> None:
    document = cloud.placed({"kind": POOL, "reported": {"id": "p-1", "deletion_protection": "ACTIVE"}})
    with pytest.raises(UsageError, match="deletion protection"):
        cloud.provider.delete(document)
