"""Web sites of Amplify, as it describes them (moto does not know it)."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World


def test_properties_and_edges(world: World) -> None:
    app = {
        "appId": "a-1", "appArn": "arn:a-1", "name": "shop", "platform": "WEB", "createTime": "2026-01-02T03:04:05Z",
        "updateTime": "2026-02-02T03:04:05Z", "iamServiceRoleArn": "arn:role", "tags": {"owner": "ada"},
        "enableBasicAuth": True, "basicAuthCredentials": "b3Blbi1zZXNhbWU=", "wafConfiguration": {"webAclArn": "arn:acl"},
        "autoBranchCreationConfig": {"stage": "BETA", "basicAuthCredentials": "b3Blbi1zZXNhbWU="},
    }  # fmt: skip
    reported = world.add("aws_amplify_app", app)
    assert [reported[name] for name in ("id", "name", "arn", "ctime", "mtime", "tags", "auto_branch_creation_config")] == [
        "a-1", "shop", "arn:a-1", "2026-01-02T03:04:05Z", "2026-02-02T03:04:05Z", {"owner": "ada"}, {"stage": "BETA"},
    ]  # fmt: skip
    assert "basic_auth_credentials" not in reported
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_waf_web_acl", {"Id": "acl", "Name": "acl", "ARN": "arn:acl"})
    assert world.edges("default") == {"role > a-1", "acl > a-1"}
    assert world.edges("delete") == {"acl > a-1"}
