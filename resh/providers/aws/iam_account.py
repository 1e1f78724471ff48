"""IAM beside users and what they may do: the root user of the account, and certificates kept in IAM. Global.

The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Resource

CERTIFICATE = {"ServerCertificateName": "{name}"}

ROOT_USER = Resource(
    kind="aws_root_user",
    bases=("user",),
    description="The user that an account begins with, who may do everything.",
    call=Call(
        "iam",
        "get_account_summary",
        "SummaryMap.{AccountMFAEnabled: AccountMFAEnabled, AccountAccessKeysPresent: AccountAccessKeysPresent, "
        "AccountPasswordPresent: AccountPasswordPresent, AccountSigningCertificatesPresent: AccountSigningCertificatesPresent}",
    ),
    id="'root'",
    name="'root'",
    arn="arn:{partition}:iam::{account}:root",
    tags="",
    is_global=True,
    fields={
        "mfa_active": "AccountMFAEnabled == `1`",
        "password_enabled": "AccountPasswordPresent && AccountPasswordPresent == `1`",
        "user_access_keys": "AccountAccessKeysPresent",
    },
    phantom=True,
    no_delete="it ends with the account",
)

SERVER_CERTIFICATE = Resource(
    kind="aws_iam_server_certificate",
    bases=("certificate",),
    description="A certificate that was uploaded to IAM, for services that do not take those of the Certificate Manager.",
    call=Call("iam", "list_server_certificates", "ServerCertificateMetadataList"),
    id="ServerCertificateId",
    name="ServerCertificateName",
    ctime="UploadDate",
    arn="Arn",
    is_global=True,
    fields={"path": "Path", "expires": "Expiration"},
    details=(Detail(Call("iam", "get_server_certificate", "ServerCertificate.Tags", CERTIFICATE), into="Tags"),),
    read=Call("iam", "get_server_certificate", "ServerCertificate.ServerCertificateMetadata", CERTIFICATE),
    gone=("NoSuchEntity",),
    delete=Action("delete_server_certificate", CERTIFICATE),
    tag=Action("tag_server_certificate", {**CERTIFICATE, "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_server_certificate", {**CERTIFICATE, "TagKeys": ["{key}"]}),
)

RESOURCES = (ROOT_USER, SERVER_CERTIFICATE)
