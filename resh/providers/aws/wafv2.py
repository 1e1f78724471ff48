"""Web ACLs of the web application firewall: those of each region, and those of CloudFront, which live in none.

The catalog of `aws/provider.py`.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

GONE = ("WAFNonexistentItemException",)
THIS = {"Name": "{name}", "Id": "{id}", "Scope": "{scope}"}
SCOPE = "(contains(ARN, ':global/') && 'CLOUDFRONT') || 'REGIONAL'"
# CloudFront's distributions name their ACL themselves; what has one in a region is asked for by type.
TYPES = "!contains(ARN, ':global/') && ['APPLICATION_LOAD_BALANCER', 'API_GATEWAY', 'COGNITO_USER_POOL'] || `[]`"

WEB_ACL = Resource(
    kind="aws_waf_web_acl",
    description="Rules for the web requests that load balancers, APIs, user pools and distributions let pass.",
    call=Call("wafv2", "list_web_acls", "WebACLs[].{Name: Name, Id: Id, ARN: ARN}", {"Scope": "REGIONAL"}),
    global_call=Call("wafv2", "list_web_acls", "WebACLs[].{Name: Name, Id: Id, ARN: ARN}", {"Scope": "CLOUDFRONT"}),
    id="Id",
    name="Name",
    arn="ARN",
    fields={
        "scope": SCOPE,
        "waf_rules": "Rules",
        "association_inspection_limit": "AssociationConfig.RequestBody.*.DefaultSizeInspectionLimit | [0]",
    },
    details=(
        Detail(Call("wafv2", "get_web_acl", "WebACL", THIS), into="", absent=GONE),
        Detail(Call("wafv2", "list_tags_for_resource", "TagInfoForResource.TagList", {"ResourceARN": "{arn}"}), into="Tags"),
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
        Link("aws_cloudwatch_log_group", "LoggingConfiguration.LogDestinationConfigs[].last(@, ':')", by="name", child=True),
        Link("aws_s3_bucket", "LoggingConfiguration.LogDestinationConfigs", by="arn", child=True),
    ),
    read=Call("wafv2", "get_web_acl", "WebACL", THIS),
    gone=GONE,
    fixed={"managed_by_firewall_manager": "the Firewall Manager manages it"},
    # An ACL is deleted by the state that one has seen of it.
    delete=Action("delete_web_acl", {**THIS, "LockToken": "{each}"}, each=Call("wafv2", "get_web_acl", "LockToken", THIS), absent=GONE),
    tag=Action("tag_resource", {"ResourceARN": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"ResourceARN": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (WEB_ACL,)
