"""Identities: users, groups, roles, policies, instance profiles, access keys. Global. The catalog of `aws/provider.py`.

Users, roles and groups come from one paged call each that tells their policies as well; users and roles also from a second one, which
tells what the first does not. What is deleted first loses what is its own (inline policies, attachments, memberships); it never takes
from another: a group that has members and a policy that is attached are refused by AWS.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Quarantine

GONE = ("NoSuchEntity",)
USER, ROLE, GROUP, PROFILE = {"UserName": "{name}"}, {"RoleName": "{name}"}, {"GroupName": "{name}"}, {"InstanceProfileName": "{name}"}

# A policy hangs below its holders, and has to be let go by all of them before it can be deleted; so has one that only bounds them.
HELD = Link("aws_iam_policy", "AttachedManagedPolicies[].PolicyArn", by="arn", child=True, delete="reverse")
BOUND = Link("aws_iam_policy", "PermissionsBoundary.PermissionsBoundaryArn", by="arn", only_delete=True)

COMMON = ("Arn", "Path", "CreateDate", "Tags", "PermissionsBoundary")
ROLE_LISTED = ("Description", "MaxSessionDuration")
COUNTS = ("AttachmentCount", "PermissionsBoundaryUsageCount")


def _only(path: str, *keys: str) -> str:
    """Those members that the listing tells too: one that is new would look like a change."""
    return f"{path}.{{{', '.join(f'{key}: {key}' for key in keys)}}}"


def _details_of(kind: str, items: str, join: Call | None = None, on: str = "") -> Call:
    return Call("iam", "get_account_authorization_details", items, {"Filter": [kind]}, join=join, on=on)


QUARANTINE = "resh-quarantine"
DENY_ALL = '{"Version":"2012-10-17","Statement":[{"Sid":"Quarantine","Effect":"Deny","Action":"*","Resource":"*"}]}'


def _policies_of(holder: str, params: dict[str, str]) -> tuple[Detail, ...]:
    """The policies of one user, role or group, as the listing of all tells them."""
    inline = f"{holder.capitalize()}PolicyList"
    policy = Call(
        "iam", f"get_{holder}_policy", "{PolicyName: PolicyName, PolicyDocument: PolicyDocument}", {**params, "PolicyName": "{each}"}
    )
    return (
        Detail(Call("iam", f"list_attached_{holder}_policies", "AttachedPolicies", params), into="AttachedManagedPolicies", absent=GONE),
        Detail(Call("iam", f"list_{holder}_policies", "PolicyNames", params), into=inline, absent=GONE),
        Detail(policy, into=inline, absent=GONE, each=inline),
    )


def _policies_off(holder: str, params: dict[str, str]) -> tuple[Action, Action]:
    """Detach the managed policies and delete the inline ones of a user, role or group."""
    attached = Call("iam", f"list_attached_{holder}_policies", "AttachedPolicies[].PolicyArn", params)
    inline = Call("iam", f"list_{holder}_policies", "PolicyNames", params)
    return (
        Action(f"detach_{holder}_policy", {**params, "PolicyArn": "{each}"}, each=attached, absent=GONE),
        Action(f"delete_{holder}_policy", {**params, "PolicyName": "{each}"}, each=inline, absent=GONE),
    )


def _tag(kind: str, params: dict[str, str]) -> Action:
    return Action(f"tag_{kind}", {**params, "Tags": [{"Key": "{key}", "Value": "{value}"}]})


def _untag(kind: str, params: dict[str, str]) -> Action:
    return Action(f"untag_{kind}", {**params, "TagKeys": ["{key}"]})


IAM_USER = Resource(
    kind="aws_iam_user",
    bases=("user",),
    description="A person or program with an identity of its own in the account.",
    call=_details_of("User", "UserDetailList", Call("iam", "list_users", _only("Users[]", "UserId", "PasswordLastUsed")), on="UserId"),
    id="UserId",
    console="iam/home#/users/details/{name}",
    name="UserName",
    ctime="CreateDate",
    arn="Arn",
    prefix="user",
    is_global=True,
    fields={
        "path": "Path",
        "atime": "PasswordLastUsed",
        "user_policies": "UserPolicyList",
        "user_groups": "GroupList",
        "password_enabled": "LoginProfile != `null`",
        "password_last_used": "PasswordLastUsed",
        "mfa_active": "length(MFADevices || `[]`) > `0`",
        "user_virtual_mfa_devices": "MFADevices[?contains(SerialNumber, ':mfa/')]",
    },
    details=(
        Detail(Call("iam", "get_login_profile", "LoginProfile", USER), into="LoginProfile", absent=GONE),
        Detail(Call("iam", "list_mfa_devices", "MFADevices", USER), into="MFADevices", absent=GONE),
    ),
    edges=(Link("aws_iam_group", "GroupList", by="name", delete=True), HELD, BOUND),
    read=Call("iam", "get_user", "User", USER),
    alone=(
        Detail(Call("iam", "list_groups_for_user", "Groups[].GroupName", USER), into="GroupList", absent=GONE),
        *_policies_of("user", USER),
    ),
    gone=GONE,
    before_delete=(
        Action(
            "remove_user_from_group",
            {**USER, "GroupName": "{each}"},
            each=Call("iam", "list_groups_for_user", "Groups[].GroupName", USER),
            absent=GONE,
        ),
        *_policies_off("user", USER),
        Action(
            "deactivate_mfa_device",
            {**USER, "SerialNumber": "{each}"},
            each=Call("iam", "list_mfa_devices", "MFADevices[].SerialNumber", USER),
            absent=GONE,
        ),
        Action("delete_virtual_mfa_device", {"SerialNumber": "{each}"}, each="user_virtual_mfa_devices[].serial_number", absent=GONE),
        Action("delete_login_profile", USER, absent=GONE),
    ),
    quarantine=Quarantine(
        f"!contains(to_string(user_policies), '{QUARANTINE}')",
        Action("put_user_policy", {**USER, "PolicyName": QUARANTINE, "PolicyDocument": DENY_ALL}),
        Action("delete_user_policy", {**USER, "PolicyName": QUARANTINE}, absent=GONE),
    ),
    delete=Action("delete_user", USER),
    tag=_tag("user", USER),
    untag=_untag("user", USER),
)

ACCESS_KEY = Resource(
    kind="aws_iam_access_key",
    bases=("access_key",),
    description="The key with which a user calls AWS from programs.",
    call=Call("iam", "list_access_keys", "AccessKeyMetadata", USER),
    each="aws_iam_user",
    id="AccessKeyId",
    name="UserName",
    ctime="CreateDate",
    tags="",
    prefix="access_key",
    is_global=True,
    fields={
        "atime": "LastUsed.LastUsedDate",
        "access_key_last_used": "{last_used: LastUsed.LastUsedDate, last_rotated: CreateDate, service_name: LastUsed.ServiceName, "
        "region: LastUsed.Region}",
    },
    details=(
        # A key that was never used has N/A for service and region.
        Detail(
            Call("iam", "get_access_key_last_used", "AccessKeyLastUsed | (LastUsedDate && @)", {"AccessKeyId": "{id}"}),
            into="LastUsed",
            absent=GONE,
        ),
    ),
    edges=(Link("aws_iam_user", "UserName", by="name", delete=True),),
    gone=GONE,
    read=USER,
    quarantine=Quarantine(
        "access_key_status == 'Active'",
        Action("update_access_key", {**USER, "AccessKeyId": "{id}", "Status": "Inactive"}),
        Action("update_access_key", {**USER, "AccessKeyId": "{id}", "Status": "Active"}),
    ),
    delete=Action("delete_access_key", {**USER, "AccessKeyId": "{id}"}),
)

IAM_GROUP = Resource(
    kind="aws_iam_group",
    bases=("group",),
    description="Users that share policies.",
    call=_details_of("Group", "GroupDetailList"),
    id="GroupId",
    console="iam/home#/groups/details/{name}",
    name="GroupName",
    ctime="CreateDate",
    arn="Arn",
    tags="",
    prefix="group",
    is_global=True,
    fields={"path": "Path", "group_policies": "GroupPolicyList"},
    edges=(HELD,),
    read=Call("iam", "get_group", "Group", GROUP),
    alone=_policies_of("group", GROUP),
    gone=GONE,
    before_delete=_policies_off("group", GROUP),
    delete=Action("delete_group", GROUP),
)

IAM_ROLE = Resource(
    kind="aws_iam_role",
    bases=("role",),
    description="An identity that services, programs or people of other accounts take on for a while.",
    call=_details_of("Role", "RoleDetailList", Call("iam", "list_roles", _only("Roles[]", "RoleId", *ROLE_LISTED)), on="RoleId"),
    id="RoleId",
    console="iam/home#/roles/details/{name}",
    name="RoleName",
    ctime="CreateDate",
    arn="Arn",
    prefix="role",
    is_global=True,
    fields={
        "path": "Path",
        "atime": "RoleLastUsed.LastUsedDate",
        "role_policies": "RolePolicyList",
        "role_last_used": "RoleLastUsed.{last_used: LastUsedDate, region: Region}",
        "role_instance_profile_list": "InstanceProfileList[].{instance_profile_name: InstanceProfileName, arn: Arn}",
    },
    edges=(HELD, BOUND),
    read=Call(
        "iam", "get_role", _only("Role", *COMMON, "RoleId", "RoleName", "AssumeRolePolicyDocument", "RoleLastUsed", *ROLE_LISTED), ROLE
    ),
    alone=(
        Detail(Call("iam", "list_instance_profiles_for_role", "InstanceProfiles", ROLE), into="InstanceProfileList", absent=GONE),
        *_policies_of("role", ROLE),
    ),
    gone=GONE,
    before_delete=(
        Action(
            "remove_role_from_instance_profile",
            {**ROLE, "InstanceProfileName": "{each}"},
            each=Call("iam", "list_instance_profiles_for_role", "InstanceProfiles[].InstanceProfileName", ROLE),
            absent=GONE,
        ),
        *_policies_off("role", ROLE),
    ),
    quarantine=Quarantine(
        f"!contains(to_string(role_policies), '{QUARANTINE}')",
        Action("put_role_policy", {**ROLE, "PolicyName": QUARANTINE, "PolicyDocument": DENY_ALL}),
        Action("delete_role_policy", {**ROLE, "PolicyName": QUARANTINE}, absent=GONE),
    ),
    delete=Action("delete_role", ROLE),
    fixed={
        "starts_with(path, '/aws-service-role/')": "it belongs to an AWS service, which deletes it",
        "starts_with(path, '/aws-reserved/')": "it belongs to AWS IAM Identity Center, which deletes it",
    },
    tag=_tag("role", ROLE),
    untag=_untag("role", ROLE),
)

IAM_POLICY = Resource(
    kind="aws_iam_policy",
    bases=("policy",),
    description="A managed policy of the account's own; those that AWS manages are left out.",
    call=Call("iam", "list_policies", "Policies", {"Scope": "Local"}),
    id="PolicyId",
    console="iam/home#/policies/details/{arn}",
    name="PolicyName",
    ctime="CreateDate",
    arn="Arn",
    prefix="policy",
    is_global=True,
    fields={"path": "Path", "mtime": "UpdateDate", "managed": "`false`", "policy_document": "DefaultVersion"},
    details=(
        Detail(Call("iam", "list_policy_tags", "Tags", {"PolicyArn": "{arn}"}), into="Tags", absent=GONE),
        Detail(
            Call("iam", "get_policy_version", "PolicyVersion", {"PolicyArn": "{arn}", "VersionId": "{policy_default_version_id}"}),
            into="DefaultVersion",
            absent=GONE,
        ),
    ),
    read=Call(
        "iam",
        "get_policy",
        _only("Policy", *COMMON, "PolicyId", "PolicyName", "UpdateDate", "DefaultVersionId", "IsAttachable", *COUNTS),
        {"PolicyArn": "{arn}"},
    ),
    gone=GONE,
    released={
        "policy_attachment_count": "policy_attachment_count == `0`",
        "policy_permissions_boundary_usage_count": "policy_permissions_boundary_usage_count == `0`",
    },
    before_delete=(
        Action(
            "delete_policy_version",
            {"PolicyArn": "{arn}", "VersionId": "{each}"},
            each=Call("iam", "list_policy_versions", "Versions[?!IsDefaultVersion].VersionId", {"PolicyArn": "{arn}"}),
            absent=GONE,
        ),
    ),
    delete=Action("delete_policy", {"PolicyArn": "{arn}"}),
    tag=_tag("policy", {"PolicyArn": "{arn}"}),
    untag=_untag("policy", {"PolicyArn": "{arn}"}),
)

INSTANCE_PROFILE = Resource(
    kind="aws_iam_instance_profile",
    bases=("instance_profile",),
    description="What hands a role to an EC2 instance.",
    call=Call("iam", "list_instance_profiles", "InstanceProfiles"),
    id="InstanceProfileId",
    name="InstanceProfileName",
    ctime="CreateDate",
    arn="Arn",
    prefix="instance_profile",
    is_global=True,
    # The rest of the role is told by its own node.
    fields={"instance_profile_roles": "Roles[].{role_name: RoleName, role_id: RoleId, arn: Arn}"},
    details=(Detail(Call("iam", "get_instance_profile", "InstanceProfile.Tags", PROFILE), into="Tags", absent=GONE),),
    edges=(Link("aws_iam_role", "Roles[].RoleId", delete=True),),
    read=Call("iam", "get_instance_profile", "InstanceProfile", PROFILE),
    gone=GONE,
    before_delete=(
        Action(
            "remove_role_from_instance_profile",
            {**PROFILE, "RoleName": "{each}"},
            each=Call("iam", "get_instance_profile", "InstanceProfile.Roles[].RoleName", PROFILE),
            absent=GONE,
        ),
    ),
    delete=Action("delete_instance_profile", PROFILE),
    tag=_tag("instance_profile", PROFILE),
    untag=_untag("instance_profile", PROFILE),
)

RESOURCES = (IAM_USER, ACCESS_KEY, IAM_GROUP, IAM_ROLE, IAM_POLICY, INSTANCE_PROFILE)
