"""The tree of an organization: as its API describes it, and on a moto server."""

from __future__ import annotations

import json

import pytest

from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.catalog_world import ACCOUNT, World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.test_collect_aws import collect
from tests.providers.faults import FaultProxy, error

KINDS = tuple(f"aws_organizational_{what}" for what in ("root", "unit", "account", "policy"))
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"}]}


def test_properties_and_edges(world: World) -> None:
    accounts = [{"Id": ACCOUNT, "Name": "shop", "Status": "ACTIVE"}]
    root = world.add("aws_organizational_root", {"Id": "r-1", "Arn": "arn:r-1", "Name": "Root", "PolicyTypes": [], "Accounts": accounts})
    assert [root[name] for name in ("id", "name", "arn", "accounts")] == [
        "r-1", "Root", "arn:r-1", [{"id": ACCOUNT, "name": "shop", "status": "ACTIVE"}],
    ]  # fmt: skip
    unit = world.add("aws_organizational_unit", {"Id": "ou-1", "Arn": "arn:ou-1", "Name": "Live", "Accounts": [], "_parent": root})
    assert (unit["name"], unit["parent_id"]) == ("Live", "r-1")
    world.add("aws_organizational_unit", {"Id": "ou-2", "Arn": "arn:ou-2", "Name": "Shops", "Accounts": [], "_parent": unit})
    world.know_account(ACCOUNT)
    assert world.edges("default") == {"r-1 > ou-1", "ou-1 > ou-2", f"r-1 > {ACCOUNT}"}
    assert world.edges("delete") == {"ou-1 > ou-2"}


def test_accounts_and_policies(world: World) -> None:
    root = world.add("aws_organizational_root", {"Id": "r-1", "Name": "Root", "Accounts": []})
    world.add("aws_organizational_unit", {"Id": "ou-1", "Name": "Live", "Accounts": [{"Id": ACCOUNT}], "_parent": root})
    account = {
        "Id": ACCOUNT, "Arn": "arn:account", "Name": "shop", "Email": "ada@example.com", "Status": "ACTIVE", "JoinedMethod": "CREATED",
        "JoinedTimestamp": "2026-01-02T03:04:05Z", "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add("aws_organizational_account", account)
    assert [reported[name] for name in ("name", "arn", "ctime", "email", "status", "joined_method", "tags")] == [
        "shop", "arn:account", "2026-01-02T03:04:05Z", "ada@example.com", "ACTIVE", "CREATED", {"owner": "ada"},
    ]  # fmt: skip
    policy = {
        "Id": "p-1", "Name": "no-machines", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": False, "Content": DENY,
        "Targets": [{"TargetId": "ou-1", "Type": "ORGANIZATIONAL_UNIT"}, {"TargetId": ACCOUNT, "Type": "ACCOUNT"}],
    }  # fmt: skip
    reported = world.add("aws_organizational_policy", policy)
    assert (reported["type"], reported["content"]) == ("SERVICE_CONTROL_POLICY", DENY)
    world.know_account(ACCOUNT)
    below = {"r-1": ["ou-1"], "ou-1": [ACCOUNT], "p-1": ["ou-1", ACCOUNT], ACCOUNT: [ACCOUNT]}  # the last one is the account itself
    assert world.edges("default") == {f"{above} > {one}" for above, ones in below.items() for one in ones}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    organizations = cloud.client("organizations")
    assert cloud.documents("aws_organizational_root") == []
    assert cloud.account_reported()["is_organization_master"] is False
    organizations.create_organization(FeatureSet="ALL")
    try:
        root = organizations.list_roots()["Roots"][0]["Id"]
        parent = root
        for level in range(3):
            parent = organizations.create_organizational_unit(ParentId=parent, Name=f"{name}-{level}")["OrganizationalUnit"]["Id"]
        account = organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=parent)
        units = {document["reported"]["name"]: document for document in cloud.documents("aws_organizational_unit")}
        assert units.keys() == {f"{name}-{level}" for level in range(3)}
        deepest = units[f"{name}-2"]
        assert [member["id"] for member in deepest["reported"]["accounts"]] == [account]
        assert deepest["reported"]["parent_id"] == units[f"{name}-1"]["reported"]["id"]
        member = cloud.find("aws_organizational_account", account)
        assert (member["reported"]["name"], member["reported"]["email"]) == (name, f"{name}@example.com")
        assert cloud.looks_the_same(member)
        assert cloud.takes_tags(member)
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
        made = organizations.create_policy(Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(DENY))
        id = made["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=id, TargetId=account)
        policy = cloud.find("aws_organizational_policy", id)
        assert (policy["reported"]["content"], [target["target_id"] for target in policy["reported"]["targets"]]) == (DENY, [account])
        assert "FullAWSAccess" in [document["reported"]["name"] for document in cloud.documents("aws_organizational_policy")]
        assert cloud.looks_the_same(policy)
        assert cloud.takes_tags(policy)
        cloud.provider.delete(policy)
        assert cloud.is_gone(policy)
        (top,) = cloud.documents("aws_organizational_root")
        for document in (top, deepest):
            assert cloud.looks_the_same(document)
            assert cloud.takes_tags(document)
        organizations.move_account(AccountId=account, SourceParentId=parent, DestinationParentId=root)
        for level in (2, 1, 0):
            assert cloud.goes(units[f"{name}-{level}"])
        assert cloud.account_reported()["is_organization_master"] is True
        organizations.remove_account_from_organization(AccountId=account)
    finally:
        organizations.delete_organization()


@pytest.mark.parametrize("code", ["AWSOrganizationsNotInUseException", "AccessDeniedException"])
def test_only_the_account_that_manages_it_is_asked(proxy: FaultProxy, provider: AwsProvider, code: str) -> None:
    proxy.fault("POST /", error(400, code, "not here"))
    listed = AwsProvider(Settings.load(overrides=[f"aws.collect={','.join(KINDS)}", "aws.regions=eu-west-1", "aws.retries=1"]))
    sink = collect(listed)
    assert sink.bad() == {}
    assert [sink.ids(kind) for kind in KINDS] == [[], [], [], []]
