"""The tree of an organization: its root and organizational units, down to the accounts. The catalog of `aws/provider.py`.

Only the account that manages the organization is asked: the others may not see the tree, and that is no failure.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceId": "{id}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceId": "{id}", "TagKeys": ["{key}"]})
DETAILS = (
    Detail(Call("organizations", "list_accounts_for_parent", "Accounts", {"ParentId": "{id}"}), into="Accounts"),
    Detail(Call("organizations", "list_tags_for_resource", "Tags", {"ResourceId": "{id}"}), into="Tags"),
)
ACCOUNTS = Link("aws_account", "Accounts[].Id", child=True, account=True)

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
    edges=(ACCOUNTS,),
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
        ACCOUNTS,
    ),
    read=Call("organizations", "describe_organizational_unit", "OrganizationalUnit", {"OrganizationalUnitId": "{id}"}),
    gone=("OrganizationalUnitNotFoundException", "ParentNotFoundException", "TargetNotFoundException"),
    delete=Action("delete_organizational_unit", {"OrganizationalUnitId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (ROOT, UNIT)
