"""Network Firewall: firewalls in VPCs, and the policies, rules and certificates that they work by. The catalog of `aws/provider.py`.

A policy waits for its firewalls, rule groups wait for the policies that name them:
https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_DeleteRuleGroup.html
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

SERVICE = "network-firewall"
GONE = ("ResourceNotFoundException",)
TAG = Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]})
KEY = encrypted_by("EncryptionConfiguration.KeyId")


def _described(operation: str, items: str, key: str) -> Call:
    return Call(SERVICE, f"describe_{operation}", items, {key: "{arn}"})


_FIREWALL = _described("firewall", "merge(Firewall, {FirewallStatus: FirewallStatus})", "FirewallArn")
_LOGS = "LoggingConfiguration.LogDestinationConfigs[].LogDestination"

FIREWALL = Resource(
    kind="aws_networkfirewall_firewall",
    bases=("firewall",),
    description="A firewall in a VPC or at a transit gateway, with an endpoint in each subnet; it costs by the hour.",
    call=Call(SERVICE, "list_firewalls", "Firewalls[].{FirewallName: FirewallName, FirewallArn: FirewallArn}"),
    id="FirewallName",
    name="FirewallName",
    arn="FirewallArn",
    details=(
        Detail(_FIREWALL, into="", absent=GONE),
        Detail(
            Call(SERVICE, "describe_logging_configuration", "LoggingConfiguration", {"FirewallArn": "{arn}"}),
            into="LoggingConfiguration",
            absent=GONE,
        ),
    ),
    edges=(
        Link("aws_networkfirewall_policy", "FirewallPolicyArn", by="arn", delete=True),
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "SubnetMappings[].SubnetId", delete=True),
        Link("aws_ec2_transit_gateway", "TransitGatewayId", delete=True),
        Link("aws_vpc_endpoint", "deep(FirewallStatus.SyncStates, 'EndpointId')", child=True, delete="reverse"),
        Link("aws_cloudwatch_log_group", f"{_LOGS}.logGroup", by="name", child=True),
        Link("aws_s3_bucket", f"{_LOGS}.bucketName", by="name", child=True),
        KEY,
    ),
    read=_FIREWALL,
    gone=GONE,
    ended="firewall_status.status == 'DELETING'",
    fixed={"delete_protection": "its delete protection is on"},
    volatile=("firewall_status",),
    awaited="",
    delete=Action("delete_firewall", {"FirewallArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

_POLICY = _described("firewall_policy", "merge(FirewallPolicyResponse, {FirewallPolicy: FirewallPolicy})", "FirewallPolicyArn")
_GROUPS = "FirewallPolicy.[StatelessRuleGroupReferences, StatefulRuleGroupReferences][][].ResourceArn"

POLICY = Resource(
    kind="aws_networkfirewall_policy",
    description="Which rules firewalls work by, and what they do with the rest.",
    call=Call(SERVICE, "list_firewall_policies", "FirewallPolicies[].{FirewallPolicyName: Name, FirewallPolicyArn: Arn}"),
    id="FirewallPolicyName",
    name="FirewallPolicyName",
    arn="FirewallPolicyArn",
    fields={"mtime": "LastModifiedTime"},
    details=(Detail(_POLICY, into="", absent=GONE),),
    edges=(
        Link("aws_networkfirewall_rule_group", _GROUPS, by="arn", child=True, delete="reverse"),
        Link(
            "aws_networkfirewall_tls_inspection_configuration",
            "FirewallPolicy.TLSInspectionConfigurationArn",
            by="arn",
            child=True,
            delete="reverse",
        ),
        KEY,
    ),
    read=_POLICY,
    gone=GONE,
    ended="firewall_policy_status == 'DELETING'",
    released={"number_of_associations": "number_of_associations == `0`"},
    awaited="",
    delete=Action("delete_firewall_policy", {"FirewallPolicyArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

_RULES = "{RuleGroup: RuleGroup, FirewallRuleGroup: FirewallRuleGroup, IpsRuleGroup: IpsRuleGroup}"
_GROUP = _described("rule_group", f"merge(RuleGroupResponse, {_RULES})", "RuleGroupArn")

RULE_GROUP = Resource(
    kind="aws_networkfirewall_rule_group",
    description="Rules that policies share; those of the account, not those that AWS keeps.",
    call=Call(SERVICE, "list_rule_groups", "RuleGroups[].{RuleGroupName: Name, RuleGroupArn: Arn}", {"Scope": "ACCOUNT"}),
    id="last(RuleGroupArn, ':')",  # the same name may be one with and one without a state
    name="RuleGroupName",
    arn="RuleGroupArn",
    fields={"mtime": "LastModifiedTime"},
    details=(Detail(_GROUP, into="", absent=GONE),),
    edges=(KEY,),
    read=_GROUP,
    gone=GONE,
    ended="rule_group_status == 'DELETING'",
    released={"number_of_associations": "number_of_associations == `0`"},
    delete=Action("delete_rule_group", {"RuleGroupArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

_TLS = _described(
    "tls_inspection_configuration",
    "merge(TLSInspectionConfigurationResponse, {TLSInspectionConfiguration: TLSInspectionConfiguration})",
    "TLSInspectionConfigurationArn",
)

TLS_INSPECTION_CONFIGURATION = Resource(
    kind="aws_networkfirewall_tls_inspection_configuration",
    description="With which certificates firewalls look into encrypted traffic.",
    call=Call(
        SERVICE,
        "list_tls_inspection_configurations",
        "TLSInspectionConfigurations[].{TLSInspectionConfigurationName: Name, TLSInspectionConfigurationArn: Arn}",
    ),
    id="TLSInspectionConfigurationName",
    name="TLSInspectionConfigurationName",
    arn="TLSInspectionConfigurationArn",
    fields={"mtime": "LastModifiedTime"},
    details=(Detail(_TLS, into="", absent=GONE),),
    edges=(
        Link(
            "aws_acm_certificate",
            "[Certificates[].CertificateArn, CertificateAuthority.CertificateArn]",
            by="arn",
            child=True,
            delete="reverse",
        ),
        KEY,
    ),
    read=_TLS,
    gone=GONE,
    ended="tls_inspection_configuration_status == 'DELETING'",
    released={"number_of_associations": "number_of_associations == `0`"},
    delete=Action("delete_tls_inspection_configuration", {"TLSInspectionConfigurationArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (FIREWALL, POLICY, RULE_GROUP, TLS_INSPECTION_CONFIGURATION)
