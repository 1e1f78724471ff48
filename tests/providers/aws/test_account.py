"""The account itself, and what hangs from it that no API lists: on a moto server."""

from __future__ import annotations

from tests.providers.aws.mock_account import Cloud


def test_the_account_tells_what_its_services_summarise(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=True)
    try:
        reported = cloud.account_reported()
    finally:
        iam.delete_account_password_policy()
    assert reported["users"] == len(iam.list_users()["Users"])
    assert (reported["minimum_password_length"], reported["require_symbols"], reported["require_numbers"]) == (14, True, False)
    assert reported["account_mfa_enabled"] == reported["account_summary"]["account_mfa_enabled"]
    assert (reported["is_organization_member"], reported["is_organization_master"]) == (False, False)
    assert "minimum_password_length" not in cloud.account_reported()


def test_there_is_a_type_of_volume_for_each_that_is_used(cloud: Cloud) -> None:
    found = cloud.collect("aws_ec2_volume", "aws_ec2_volume_type")
    volumes = {node.reported["volume_type"] for node in found.all_nodes if node.kind == "aws_ec2_volume"}
    types = [node.reported for node in found.all_nodes if node.kind == "aws_ec2_volume_type"]
    assert {type["id"] for type in types} == volumes != set()
    assert len(types) == len(volumes)
    assert {type["name"] for type in types} == {type["volume_type"] for type in types} == volumes
