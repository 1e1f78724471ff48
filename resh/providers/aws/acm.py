"""Certificates of the Certificate Manager. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

ARN = {"CertificateArn": "{arn}"}

# Who does not ask for the others is given RSA keys of 1024 and 2048 bits only:
# https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html
KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]

CERTIFICATE = Resource(
    kind="aws_acm_certificate",
    bases=("certificate",),
    description="A certificate for names of one's own, issued by AWS or imported.",
    call=Call(
        "acm",
        "list_certificates",
        # Only what the description does not tell.
        "CertificateSummaryList[].{CertificateArn: CertificateArn, Exported: Exported}",
        {"Includes": {"keyTypes": KEY_TYPES}},
    ),
    id="last(CertificateArn, '/')",
    console="acm/home?region={region}#/certificates/{id}",
    name="DomainName",
    ctime="CreatedAt",
    arn="CertificateArn",
    fields={
        "expires": "NotAfter",
        "not_after": "NotAfter",
        "dns_names": "SubjectAlternativeNames",
        "subject_alternative_names": "SubjectAlternativeNames",
        "key_usages": "KeyUsages[].Name",
        "certificate_transparency_logging": "Options.CertificateTransparencyLoggingPreference",
    },
    details=(
        Detail(Call("acm", "describe_certificate", "Certificate", ARN), into=""),
        Detail(Call("acm", "list_tags_for_certificate", "Tags", ARN), into="Tags"),
    ),
    edges=(
        Link("aws_acmpca_certificate_authority", "CertificateAuthorityArn", by="arn"),
        # Whoever uses it keeps it from being deleted.
        Link("aws_alb", "InUseBy", by="arn", delete="reverse"),
        Link("aws_cloudfront_distribution", "InUseBy", by="arn", delete="reverse"),
    ),
    read=Call("acm", "describe_certificate", "Certificate", ARN),
    gone=("ResourceNotFoundException",),
    released={"in_use_by": "!in_use_by"},
    delete=Action("delete_certificate", ARN),
    tag=Action("add_tags_to_certificate", {**ARN, "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("remove_tags_from_certificate", {**ARN, "Tags": [{"Key": "{key}"}]}),
)

RESOURCES = (CERTIFICATE,)
