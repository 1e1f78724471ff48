"""The web application firewall: web ACLs, and the rules, addresses and patterns that they share. Those of each region, and those of
CloudFront, which live in none.

The catalog of `aws/provider.py`. Nothing goes that an ACL or a group still names:
https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteIPSet.html
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

GONE = ("WAFNonexistentItemException",)
THIS = {"Name": "{name}", "Id": "{id}", "Scope": "{scope}"}
SCOPE = "(contains(ARN, ':global/') && 'CLOUDFRONT') || 'REGIONAL'"
# CloudFront's distributions name their ACL themselves; what has one in a region is asked for by type.
TYPES = "!contains(ARN, ':global/') && ['APPLICATION_LOAD_BALANCER', 'API_GATEWAY', 'COGNITO_USER_POOL'] || `[]`"
TAGS = Detail(
    Call("wafv2", "list_tags_for_resource", "TagInfoForResource.TagList", {"ResourceARN": "{arn}"}),
    into="Tags",
    absent=GONE,
)
TAG = Action("tag_resource", {"ResourceARN": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceARN": "{arn}", "TagKeys": ["{key}"]})


def _listed(what: str, items: str, scope: str) -> Call:
    return Call("wafv2", f"list_{what}s", f"{items}[].{{Name: Name, Id: Id, ARN: ARN}}", {"Scope": scope})


def _one(what: str, member: str) -> Call:
    return Call("wafv2", f"get_{what}", member, THIS)


def _delete(what: str) -> Action:
    """By the state that one has seen of it."""
    return Action(f"delete_{what}", {**THIS, "LockToken": "{each}"}, each=_one(what, "LockToken"), absent=GONE)


def _named_by_rules(kind: str) -> Link:
    return Link(kind, "deep(Rules, 'ARN')", by="arn", child=True, delete="reverse")


WEB_ACL = Resource(
    kind="aws_waf_web_acl",
    description="Rules for the web requests that load balancers, APIs, user pools and distributions let pass.",
    call=_listed("web_acl", "WebACLs", "REGIONAL"),
    global_call=_listed("web_acl", "WebACLs", "CLOUDFRONT"),
    id="Id",
    name="Name",
    arn="ARN",
    fields={
        "scope": SCOPE,
        "waf_rules": "Rules",
        "association_inspection_limit": "AssociationConfig.RequestBody.*.DefaultSizeInspectionLimit | [0]",
    },
    details=(
        Detail(_one("web_acl", "WebACL"), into="", absent=GONE),
        TAGS,
        Detail(
            Call("wafv2", "get_logging_configuration", "LoggingConfiguration", {"ResourceArn": "{arn}"}),
            into="LoggingConfiguration",
            absent=GONE,
        ),
        Detail(
            Call("wafv2", "list_resources_for_web_acl", "ResourceArns", {"WebACLArn": "{arn}", "ResourceType": "{each}"}),
            into="AssociatedResources",
            each=TYPES,
        ),
    ),
    edges=(
        Link("aws_alb", "AssociatedResources", by="arn", child=True, delete=True),
        Link("aws_apigateway_stage", "AssociatedResources", by="arn", child=True, delete=True),
        Link("aws_cognito_user_pool", "AssociatedResources", by="arn", child=True, delete=True),
        *(_named_by_rules(f"aws_waf_{what}") for what in ("rule_group", "ip_set", "regex_pattern_set")),
        Link("aws_cloudwatch_log_group", "LoggingConfiguration.LogDestinationConfigs[].last(@, ':')", by="name", child=True),
        Link("aws_s3_bucket", "LoggingConfiguration.LogDestinationConfigs", by="arn", child=True),
    ),
    read=_one("web_acl", "WebACL"),
    gone=GONE,
    fixed={"managed_by_firewall_manager": "the Firewall Manager manages it"},
    delete=_delete("web_acl"),
    tag=TAG,
    untag=UNTAG,
)

RULE_GROUP = Resource(
    kind="aws_waf_rule_group",
    description="Rules that several web ACLs share.",
    call=_listed("rule_group", "RuleGroups", "REGIONAL"),
    global_call=_listed("rule_group", "RuleGroups", "CLOUDFRONT"),
    id="Id",
    name="Name",
    arn="ARN",
    fields={"scope": SCOPE, "waf_rules": "Rules"},
    details=(Detail(_one("rule_group", "RuleGroup"), into="", absent=GONE), TAGS),
    edges=(_named_by_rules("aws_waf_ip_set"), _named_by_rules("aws_waf_regex_pattern_set")),
    read=_one("rule_group", "RuleGroup"),
    gone=GONE,
    delete=_delete("rule_group"),
    tag=TAG,
    untag=UNTAG,
)

IP_SET = Resource(
    kind="aws_waf_ip_set",
    description="Addresses that rules let pass or stop.",
    call=_listed("ip_set", "IPSets", "REGIONAL"),
    global_call=_listed("ip_set", "IPSets", "CLOUDFRONT"),
    id="Id",
    name="Name",
    arn="ARN",
    fields={"scope": SCOPE},
    details=(Detail(_one("ip_set", "IPSet"), into="", absent=GONE), TAGS),
    read=_one("ip_set", "IPSet"),
    gone=GONE,
    delete=_delete("ip_set"),
    tag=TAG,
    untag=UNTAG,
)

REGEX_PATTERN_SET = Resource(
    kind="aws_waf_regex_pattern_set",
    description="Regular expressions that rules hold requests against.",
    call=_listed("regex_pattern_set", "RegexPatternSets", "REGIONAL"),
    global_call=_listed("regex_pattern_set", "RegexPatternSets", "CLOUDFRONT"),
    id="Id",
    name="Name",
    arn="ARN",
    fields={"scope": SCOPE, "regular_expression_list": "RegularExpressionList[].RegexString"},
    details=(Detail(_one("regex_pattern_set", "RegexPatternSet"), into="", absent=GONE), TAGS),
    read=_one("regex_pattern_set", "RegexPatternSet"),
    gone=GONE,
    delete=_delete("regex_pattern_set"),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (WEB_ACL, RULE_GROUP, IP_SET, REGEX_PATTERN_SET)
