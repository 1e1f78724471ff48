"""The account itself and its regions: the two kinds that every other AWS node hangs from."""

from __future__ import annotations

from resh.providers.catalog import Call, Detail, Resource

_UNREADABLE = ("AccessDenied", "AccessDeniedException", "NoSuchEntity", "UnauthorizedOperation")

ACCOUNT = Resource(
    kind="aws_account",
    bases=("account",),
    description="An AWS account: what is billed together and kept apart from others.",
    call=Call("sts", "get_caller_identity", "{Account: Account, AccountName: AccountName}"),
    id="Account",
    # AWS's answer has no name: the session adds the one that it goes by, such as the organization's.
    name="AccountName || AccountAliases[0] || Account",
    arn="arn:{partition}:iam::{account}:root",
    tags="",
    fields={"account_alias": "AccountAliases[0]"},
    details=(
        Detail(Call("iam", "list_account_aliases", "AccountAliases"), "AccountAliases", absent=_UNREADABLE),
        Detail(Call("iam", "get_account_summary", "SummaryMap"), "AccountSummary", absent=_UNREADABLE),
        Detail(Call("iam", "get_account_password_policy", "PasswordPolicy"), "PasswordPolicy", absent=_UNREADABLE),
    ),
    is_global=True,
    phantom=True,
    no_delete="an account is closed by people, not by a clean-up",
)

REGION = Resource(
    kind="aws_region",
    bases=("region",),
    description="A region of AWS: a place with its own copy of most services.",
    call=Call("ec2", "describe_regions", "Regions", {"AllRegions": True}),
    id="RegionName",
    name="RegionName",
    region="RegionName",
    prefix="region",
    tags="",
    phantom=True,
    no_delete="a region belongs to AWS",
)
