"""The account itself and its regions: the two kinds that every other AWS node hangs from."""

from __future__ import annotations

from resh.providers.catalog import Call, Detail, Resource

_UNREADABLE = ("AccessDenied", "AccessDeniedException", "NoSuchEntity", "UnauthorizedOperation")
_SUMMARY = {
    "users": "Users",
    "groups": "Groups",
    "policies": "Policies",
    "policy_versions_in_use": "PolicyVersionsInUse",
    "server_certificates": "ServerCertificates",
    "mfa_devices": "MFADevices",
    "mfa_devices_in_use": "MFADevicesInUse",
    "account_mfa_enabled": "AccountMFAEnabled",
    "account_access_keys_present": "AccountAccessKeysPresent",
    "account_signing_certificates_present": "AccountSigningCertificatesPresent",
    "global_endpoint_token_version": "GlobalEndpointTokenVersion",
}
_PASSWORDS = {
    "minimum_password_length": "MinimumPasswordLength",
    "require_symbols": "RequireSymbols",
    "require_numbers": "RequireNumbers",
    "require_uppercase_characters": "RequireUppercaseCharacters",
    "require_lowercase_characters": "RequireLowercaseCharacters",
    "allow_users_to_change_password": "AllowUsersToChangePassword",
    "expire_passwords": "ExpirePasswords",
    "max_password_age": "MaxPasswordAge",
    "password_reuse_prevention": "PasswordReusePrevention",
    "hard_expiry": "HardExpiry",
}

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
    fields={
        "account_alias": "AccountAliases[0]",
        **{name: f"AccountSummary.{key}" for name, key in _SUMMARY.items()},
        **{name: f"PasswordPolicy.{key}" for name, key in _PASSWORDS.items()},
        "is_organization_member": "Organization != `null`",
        "is_organization_master": "Organization.MasterAccountId == Account",
        "organization_id": "Organization.Id",
        "organization_arn": "Organization.Arn",
    },
    details=(
        Detail(Call("iam", "list_account_aliases", "AccountAliases"), "AccountAliases", absent=_UNREADABLE),
        Detail(Call("iam", "get_account_summary", "SummaryMap"), "AccountSummary", absent=_UNREADABLE),
        Detail(Call("iam", "get_account_password_policy", "PasswordPolicy"), "PasswordPolicy", absent=_UNREADABLE),
        Detail(
            Call("organizations", "describe_organization", "Organization"),
            "Organization",
            absent=(*_UNREADABLE, "AWSOrganizationsNotInUseException"),
        ),
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
