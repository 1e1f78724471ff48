"""Cognito: user pools, the users of one's own programs in them, and their groups. The catalog of `aws/provider.py`.

Names of users and groups are unique in a pool only, so that their ids start with the pool's.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

GONE = ("ResourceNotFoundException",)
POOL_ID = {"UserPoolId": "{id}"}
USER_NAME = {"UserPoolId": "{user_pool_id}", "Username": "{name}"}

_SENDERS = "LambdaConfig.[CustomSMSSender, CustomEmailSender][].LambdaArn"

POOL = Resource(
    kind="aws_cognito_user_pool",
    description="The people who sign in to one's own programs; its users and groups go with it.",
    call=Call("cognito-idp", "list_user_pools", "UserPools[].{Id: Id}", {"MaxResults": 60}),
    id="Id",
    name="Name",
    ctime="CreationDate",
    arn="Arn",
    tags="UserPoolTags",
    fields={"mtime": "LastModifiedDate"},
    details=(Detail(Call("cognito-idp", "describe_user_pool", "UserPool", POOL_ID), into=""),),
    edges=(
        Link("aws_lambda_function", f"[values(LambdaConfig || `{{}}`), {_SENDERS}][]", by="arn", child=True, delete="reverse"),
        encrypted_by("LambdaConfig.KMSKeyID"),
        Link("aws_iam_role", "SmsConfiguration.SnsCallerArn", by="arn", delete=True),
    ),
    read=Call("cognito-idp", "describe_user_pool", "UserPool", POOL_ID),
    gone=GONE,
    fixed={"deletion_protection == 'ACTIVE'": "its deletion protection is on"},
    volatile=("estimated_number_of_users",),
    before_delete=(Action("delete_user_pool_domain", {**POOL_ID, "Domain": "{each}"}, each="[domain, custom_domain][?@]", absent=GONE),),
    delete=Action("delete_user_pool", POOL_ID),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

USER = Resource(
    kind="aws_cognito_user",
    bases=("user",),
    description="Someone who signs in to one's own programs.",
    call=Call("cognito-idp", "list_users", "Users", POOL_ID),
    each="aws_cognito_user_pool",
    inherits={"user_pool_id": "id", "pool_name": "name"},
    id="join(':', [_parent.id, Username])",
    name="Username",
    ctime="UserCreateDate",
    tags="",
    fields={"mtime": "UserLastModifiedDate", "user_attributes": "Attributes", "mfa_options": "MFAOptions"},
    edges=(Link("aws_cognito_user_pool", "_parent.id"),),
    read={"UserPoolId": "{user_pool_id}", "Filter": 'username = "{name}"'},
    gone=(*GONE, "UserNotFoundException"),
    delete=Action("admin_delete_user", USER_NAME),
)

GROUP = Resource(
    kind="aws_cognito_group",
    bases=("group",),
    description="Users of a pool that share a role.",
    call=Call("cognito-idp", "list_groups", "Groups", POOL_ID),
    each="aws_cognito_user_pool",
    id="join(':', [UserPoolId, GroupName])",
    name="GroupName",
    ctime="CreationDate",
    tags="",
    fields={"mtime": "LastModifiedDate"},
    edges=(Link("aws_cognito_user_pool", "UserPoolId"), Link("aws_iam_role", "RoleArn", by="arn", delete=True)),
    read={"UserPoolId": "{user_pool_id}"},
    gone=GONE,
    delete=Action("delete_group", {"UserPoolId": "{user_pool_id}", "GroupName": "{name}"}),
)

RESOURCES = (POOL, USER, GROUP)
