"""Firewalls of VPCs, and what they work by: as Network Firewall describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

FIREWALL, POLICY, GROUP, TLS = (
    f"aws_networkfirewall_{what}" for what in ("firewall", "policy", "rule_group", "tls_inspection_configuration")
)
PLACE = "arn:aws:network-firewall:eu-west-1:123456789012"


def firewall(**more: Any) -> dict[str, Any]:
    return {"FirewallName": "edge", "FirewallArn": f"{PLACE}:firewall/edge", **more}


def test_a_firewall(world: World) -> None:
    logs = [
        {"LogType": "FLOW", "LogDestinationType": "S3", "LogDestination": {"bucketName": "flows", "prefix": "edge"}},
        {"LogType": "ALERT", "LogDestinationType": "CloudWatchLogs", "LogDestination": {"logGroup": "alerts"}},
    ]
    item = firewall(
        FirewallId="f-1", FirewallPolicyArn="arn:policy", VpcId="vpc-1", SubnetMappings=[{"SubnetId": "subnet-1"}],
        DeleteProtection=True, Description="of the shop", Tags=[{"Key": "owner", "Value": "ada"}],
        EncryptionConfiguration={"Type": "CUSTOMER_KMS", "KeyId": "arn:aws:kms:eu-west-1:1:key/k-1"},
        FirewallStatus={"Status": "READY", "SyncStates": {"eu-west-1a": {"Attachment": {"EndpointId": "vpce-1"}}}},
        LoggingConfiguration={"LogDestinationConfigs": logs},
    )  # fmt: skip
    reported = world.add(FIREWALL, item)
    assert [reported[name] for name in ("id", "name", "arn", "firewall_id", "delete_protection", "tags")] == [
        "edge", "edge", f"{PLACE}:firewall/edge", "f-1", True, {"owner": "ada"},
    ]  # fmt: skip
    assert reported["firewall_status"]["status"] == "READY"
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_vpc_endpoint", {"VpcEndpointId": "vpce-1"})
    world.add(POLICY, {"FirewallPolicyName": "strict", "FirewallPolicyArn": "arn:policy"})
    world.add("aws_s3_bucket", {"Name": "flows"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "alerts"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    waits = {"strict > edge", "vpc-1 > edge", "subnet-1 > edge"}
    assert world.edges("default") == waits | {f"edge > {used}" for used in ("vpce-1", "flows", "alerts", "k-1")}
    assert world.edges("delete") == waits | {"vpce-1 > edge", "k-1 > edge"}


def test_what_firewalls_work_by(world: World) -> None:
    rules = {
        "StatelessRuleGroupReferences": [{"ResourceArn": f"{PLACE}:stateless-rulegroup/web", "Priority": 1}],
        "StatefulRuleGroupReferences": [{"ResourceArn": f"{PLACE}:stateful-rulegroup/web"}],
        "TLSInspectionConfigurationArn": "arn:tls",
    }  # fmt: skip
    policy = {
        "FirewallPolicyName": "strict", "FirewallPolicyArn": "arn:policy", "FirewallPolicyStatus": "ACTIVE", "NumberOfAssociations": 1,
        "LastModifiedTime": "2026-01-02T03:04:05Z", "FirewallPolicy": rules,
    }  # fmt: skip
    reported = world.add(POLICY, policy)
    assert [reported[name] for name in ("mtime", "firewall_policy_status", "number_of_associations")] == [
        "2026-01-02T03:04:05Z",
        "ACTIVE",
        1,
    ]
    assert reported["firewall_policy"]["stateless_rule_group_references"][0]["priority"] == 1
    for sort in ("stateless", "stateful"):
        source = {"RulesSource": {"RulesSourceList": {"Targets": [".example.com"], "GeneratedRulesType": "DENYLIST"}}}
        group = {"RuleGroupName": "web", "RuleGroupArn": f"{PLACE}:{sort}-rulegroup/web", "Capacity": 100, "RuleGroup": source}
        reported = world.add(GROUP, group)
        assert (reported["id"], reported["name"], reported["capacity"]) == (f"{sort}-rulegroup/web", "web", 100)
        assert reported["rule_group"]["rules_source"]["rules_source_list"]["targets"] == [".example.com"]
    authority = {"CertificateArn": "arn:acm/c-2"}
    tls = {
        "TLSInspectionConfigurationName": "look", "TLSInspectionConfigurationArn": "arn:tls", "CertificateAuthority": authority,
        "Certificates": [{"CertificateArn": "arn:acm/c-1", "Status": "OK"}],
    }  # fmt: skip
    assert world.add(TLS, tls)["certificates"] == [{"certificate_arn": "arn:acm/c-1", "status": "OK"}]
    for certificate in ("arn:acm/c-1", "arn:acm/c-2"):
        world.add("aws_acm_certificate", {"CertificateArn": certificate})
    below = {"strict": ("stateless-rulegroup/web", "stateful-rulegroup/web", "look"), "look": ("c-1", "c-2")}
    assert world.edges("default") == {f"{above} > {one}" for above, ones in below.items() for one in ones}
    assert world.edges("delete") == {f"{one} > {above}" for above, ones in below.items() for one in ones}


def test_a_protected_firewall_is_refused_before_any_call(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match="delete protection"):
        cloud.provider.delete(cloud.placed({"kind": FIREWALL, "reported": {"id": "edge", "delete_protection": True}}))


def test_on_a_server(cloud: Cloud, name: str) -> None:
    cloud.client("network-firewall").create_firewall(
        FirewallName=name, FirewallPolicyArn=f"{PLACE}:firewall-policy/strict", VpcId="vpc-1", SubnetMappings=[{"SubnetId": "subnet-1"}],
        Tags=[{"Key": "owner", "Value": "ada"}],
    )  # fmt: skip
    document = cloud.find(FIREWALL, name)
    assert [document["reported"][key] for key in ("vpc_id", "subnet_mappings", "tags")] == [
        "vpc-1", [{"subnet_id": "subnet-1"}], {"owner": "ada"},
    ]  # fmt: skip
    assert cloud.looks_the_same(document)
