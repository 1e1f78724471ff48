"""The tree of an organization: its root and organizational units, down to the accounts, and policies. The catalog of `aws/provider.py`.

Only the account that manages the organization is asked: the others may not see the tree, and that is no failure.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceId": "{id}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceId": "{id}", "TagKeys": ["{key}"]})
TAGS = Detail(Call("organizations", "list_tags_for_resource", "Tags", {"ResourceId": "{id}"}), into="Tags")
DETAILS = (Detail(Call("organizations", "list_accounts_for_parent", "Accounts", {"ParentId": "{id}"}), into="Accounts"), TAGS)
ACCOUNTS = (
    Link("aws_organizational_account", "Accounts[].Id", child=True),
    Link("aws_account", "Accounts[].Id", child=True, account=True),
)

ROOT = Resource(
    kind="aws_organizational_root",
    bases=("organizational_root",),
    description="The top of an organization, seen from the account that manages it.",
    call=Call("organizations", "list_roots", "Roots"),
    each="aws_account",
    parents="is_organization_master",
    id="Id",
    name="Name",
    arn="Arn",
    is_global=True,
    details=DETAILS,
    edges=ACCOUNTS,
    read={},
    gone=("AWSOrganizationsNotInUseException",),
    no_delete="the root goes with its organization, which people close",
    tag=TAG,
    untag=UNTAG,
)

UNIT = Resource(
    kind="aws_organizational_unit",
    bases=("organizational_unit",),
    description="Accounts and further units of an organization that are governed together; only an empty one can be deleted.",
    call=Call("organizations", "list_organizational_units_for_parent", "OrganizationalUnits", {"ParentId": "{id}"}),
    each="aws_organizational_root",
    nested=True,
    inherits={"parent_id": "id"},
    id="Id",
    name="Name",
    arn="Arn",
    is_global=True,
    details=DETAILS,
    edges=(
        Link("aws_organizational_root", "_parent.id"),
        Link("aws_organizational_unit", "_parent.id", delete=True),
        *ACCOUNTS,
    ),
    read=Call("organizations", "describe_organizational_unit", "OrganizationalUnit", {"OrganizationalUnitId": "{id}"}),
    gone=("OrganizationalUnitNotFoundException", "ParentNotFoundException", "TargetNotFoundException"),
    delete=Action("delete_organizational_unit", {"OrganizationalUnitId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

ACCOUNT = Resource(
    kind="aws_organizational_account",
    description="An account of the organization, whether its own resources are collected or not.",
    call=Call("organizations", "list_accounts", "Accounts"),
    each="aws_account",
    parents="is_organization_master",
    id="Id",
    name="Name",
    ctime="JoinedTimestamp",
    arn="Arn",
    is_global=True,
    details=(TAGS,),
    edges=(Link("aws_account", "Id", child=True, account=True),),
    read=Call("organizations", "describe_account", "Account", {"AccountId": "{id}"}),
    gone=("AccountNotFoundException",),
    no_delete="an account is closed by people, not by a clean-up",
    tag=TAG,
    untag=UNTAG,
)

_ENABLED = "Roots[].PolicyTypes[?Status == 'ENABLED'][].Type"
_POLICIES = Call("organizations", "list_policies", "Policies", {"Filter": "{batch}"})

POLICY = Resource(
    kind="aws_organizational_policy",
    bases=("policy",),
    description="What accounts and units of the organization may do, or must have; of every type that is enabled.",
    call=Call("organizations", "list_roots", _ENABLED, describe=_POLICIES, batch=1),
    each="aws_account",
    parents="is_organization_master",
    id="Id",
    name="Name",
    arn="Arn",
    is_global=True,
    details=(
        Detail(Call("organizations", "describe_policy", "Policy.Content", {"PolicyId": "{id}"}), into="Content", json=True),
        Detail(Call("organizations", "list_targets_for_policy", "Targets", {"PolicyId": "{id}"}), into="Targets"),
        Detail(
            Call("organizations", "list_tags_for_resource", "Tags", {"ResourceId": "{each}"}),
            into="Tags",
            each="!AwsManaged && Id",  # those of AWS have none
        ),
    ),
    edges=tuple(
        Link(kind, "Targets[].TargetId", child=True) for kind in ("aws_organizational_root", "aws_organizational_unit", ACCOUNT.kind)
    ),
    read=Call("organizations", "describe_policy", "Policy.PolicySummary", {"PolicyId": "{id}"}),
    gone=("PolicyNotFoundException",),
    released={"targets": "!targets"},
    fixed={"aws_managed": "it belongs to AWS"},
    before_delete=(
        Action(
            "detach_policy",
            {"PolicyId": "{id}", "TargetId": "{each}"},
            each="targets[].target_id",
            absent=("PolicyNotAttachedException", "TargetNotFoundException"),
        ),
    ),
    delete=Action("delete_policy", {"PolicyId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (ROOT, UNIT, ACCOUNT, POLICY)
