"""Amplify: web sites that are built whenever their repository changes. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource

APP = Resource(
    kind="aws_amplify_app",
    description="A web site with its branches, which go with it; without the password of its visitors.",
    call=Call("amplify", "list_apps", "apps"),
    id="appId",
    name="name",
    ctime="createTime",
    arn="appArn",
    tags="tags",
    fields={"mtime": "updateTime"},
    secret=("basicAuthCredentials",),
    edges=(
        Link("aws_iam_role", "[iamServiceRoleArn, computeRoleArn]", by="arn"),
        Link("aws_waf_web_acl", "wafConfiguration.webAclArn", by="arn", delete=True),
    ),
    read=Call("amplify", "get_app", "app", {"appId": "{id}"}),
    gone=("NotFoundException",),
    delete=Action("delete_app", {"appId": "{id}"}),
    tag=Action("tag_resource", {"resourceArn": "{arn}", "tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]}),
)

RESOURCES = (APP,)
