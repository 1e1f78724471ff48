"""Identities: from items as IAM lists them, the order in which they can go, and a role on a moto server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jmespath
import pytest

from resh.providers.aws.iam import ACCESS_KEY, IAM_ROLE
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
POLICY = {"PolicyId": "policy", "PolicyName": "read-logs", "Arn": "arn:policy", "DefaultVersionId": "v1"}
ATTACHED = {"AttachedManagedPolicies": [{"PolicyName": "read-logs", "PolicyArn": "arn:policy"}]}


def user(**more: Any) -> dict[str, Any]:
    return {"UserId": "user", "UserName": "ada", "Arn": "arn:ada", "Path": "/", "CreateDate": MOMENT, **more}


def test_a_user_without_password(world: World) -> None:
    reported = world.add("aws_iam_user", user(MFADevices=[], Tags=[{"Key": "owner", "Value": "ada"}]))
    assert (reported["name"], reported["path"], reported["tags"]) == ("ada", "/", {"owner": "ada"})
    assert (reported["password_enabled"], reported["mfa_active"], reported["user_virtual_mfa_devices"]) == (False, False, [])
    assert "password_last_used" not in reported


def test_a_user_of_the_console(world: World) -> None:
    devices = [{"SerialNumber": "arn:aws:iam::1:mfa/ada"}, {"SerialNumber": "GAHT12345678"}]
    reported = world.add("aws_iam_user", user(LoginProfile={"UserName": "ada"}, PasswordLastUsed=MOMENT, MFADevices=devices))
    assert (reported["password_enabled"], reported["mfa_active"]) == (True, True)
    assert reported["user_virtual_mfa_devices"] == [{"serial_number": "arn:aws:iam::1:mfa/ada"}]
    assert reported["password_last_used"] == reported["atime"] == "2026-11-01T00:00:00Z"


def test_an_access_key(world: World) -> None:
    key = {"AccessKeyId": "AKIA1", "UserName": "ada", "Status": "Active", "CreateDate": MOMENT}
    unused = world.add("aws_iam_access_key", key)
    assert (unused["id"], unused["name"], unused["access_key_status"]) == ("AKIA1", "ada", "Active")
    assert unused["access_key_last_used"] == {"last_rotated": "2026-11-01T00:00:00Z"}
    used = world.add("aws_iam_access_key", {**key, "LastUsed": {"LastUsedDate": MOMENT, "ServiceName": "s3", "Region": "eu-west-1"}})
    assert used["access_key_last_used"]["last_used"] == used["atime"] == "2026-11-01T00:00:00Z"
    assert (used["access_key_last_used"]["service_name"], used["access_key_last_used"]["region"]) == ("s3", "eu-west-1")


def test_a_key_that_was_never_used_has_no_last_use() -> None:
    items = ACCESS_KEY.details[0].call.items
    assert jmespath.search(items, {"AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}) is None
    assert jmespath.search(items, {"AccessKeyLastUsed": {"LastUsedDate": MOMENT, "Region": "x"}}) == {"LastUsedDate": MOMENT, "Region": "x"}


def test_a_role(world: World) -> None:
    profile = {"InstanceProfileName": "web", "Arn": "arn:profile", "Roles": [{"RoleName": "web", "RoleLastUsed": {"LastUsedDate": MOMENT}}]}
    reported = world.add(
        "aws_iam_role",
        {"RoleId": "role", "RoleName": "web", "Arn": "arn:web", "Path": "/", "RoleLastUsed": {}, "InstanceProfileList": [profile]},
    )
    assert reported["role_instance_profile_list"] == [{"instance_profile_name": "web", "arn": "arn:profile"}]
    assert reported["role_last_used"] == {}


def test_a_role_tells_what_the_second_listing_does(cloud: Cloud, name: str) -> None:
    tags = [{"Key": "owner", "Value": "ada"}]
    cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}", Description="reads", MaxSessionDuration=7200, Tags=tags)
    document = cloud.document("aws_iam_role", name)
    reported = document["reported"]
    assert (reported["role_description"], reported["role_max_session_duration"], reported["tags"]) == ("reads", 7200, {"owner": "ada"})
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)


@pytest.mark.parametrize("holder", ["user", "role", "group"])
def test_read_alone_it_tells_all_that_the_listing_does(cloud: Cloud, name: str, holder: str) -> None:
    iam = cloud.client("iam")
    document = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}'
    arn = iam.create_policy(PolicyName=f"{name}-managed", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)
    iam.add_user_to_group(GroupName=name, UserName=name)
    who = {f"{holder.capitalize()}Name": name}
    getattr(iam, f"attach_{holder}_policy")(**who, PolicyArn=arn)
    getattr(iam, f"put_{holder}_policy")(**who, PolicyName="inline", PolicyDocument=document)
    collected = cloud.document(f"aws_iam_{holder}", name)
    nobody: Any = lambda kind, by, value: ()  # noqa: E731
    found = cloud.provider.reread(collected, nobody)
    assert found is not None
    assert found.node.reported == collected["reported"]
    assert found.node.reported[f"{holder}_policies"][0]["policy_name"] == "inline"
    assert found.node.reported[f"{holder}_attached_managed_policies"] == [{"policy_name": f"{name}-managed", "policy_arn": arn}]


@pytest.mark.parametrize(("path", "fixed"), [("/", False), ("/aws-service-role/rds.amazonaws.com/", True), ("/aws-reserved/sso/", True)])
def test_roles_of_aws_itself_stay(path: str, fixed: bool) -> None:
    assert any(jmespath.search(condition, {"path": path}) for condition in IAM_ROLE.fixed) is fixed


def test_a_policy(world: World) -> None:
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": {}}
    reported = world.add("aws_iam_policy", {**POLICY, "AttachmentCount": 2, "DefaultVersion": version})
    assert (reported["policy_attachment_count"], reported["policy_default_version_id"], reported["managed"]) == (2, "v1", False)
    assert reported["policy_document"] == {"version_id": "v1", "is_default_version": True, "document": {}}


def test_a_policy_waits_for_all_who_hold_it(world: World) -> None:
    world.add("aws_iam_policy", POLICY)
    world.add("aws_iam_user", user(**ATTACHED))
    world.add("aws_iam_group", {"GroupId": "group", "GroupName": "engineers", **ATTACHED})
    world.add("aws_iam_role", {"RoleId": "role", "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:policy"}})
    assert world.edges("default") == {"user > policy", "group > policy"}
    assert world.edges("delete") == {"policy > user", "policy > group", "policy > role"}


def test_a_group_waits_for_its_members_and_a_user_for_its_keys(world: World) -> None:
    world.add("aws_iam_group", {"GroupId": "group", "GroupName": "engineers"})
    parent = world.add("aws_iam_user", user(GroupList=["engineers"]))
    world.add("aws_iam_access_key", {"AccessKeyId": "key", "UserName": "ada", "_parent": parent})
    assert world.edges("default") == world.edges("delete") == {"group > user", "user > key"}


def test_a_role_waits_for_its_instance_profile(world: World) -> None:
    world.add("aws_iam_role", {"RoleId": "role"})
    world.add("aws_iam_instance_profile", {"InstanceProfileId": "profile", "Arn": "arn:profile", "Roles": [{"RoleId": "role"}]})
    world.add("aws_ec2_instance", {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "arn:profile"}})
    assert world.edges("default") == {"role > profile", "profile > i-1"}
    assert world.edges("delete") == {"role > profile"}
