"""Private certificate authorities: as the service describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_acmpca_certificate_authority"
ARN = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/ca-1"


def test_properties_and_edges(world: World) -> None:
    authority = {
        "Arn": ARN, "CreatedAt": "2026-01-02T03:04:05Z", "Type": "ROOT", "Status": "ACTIVE",
        "CertificateAuthorityConfiguration": {"KeyAlgorithm": "RSA_2048", "Subject": {"CommonName": "shop.example"}},
        "RevocationConfiguration": {"CrlConfiguration": {"Enabled": True, "S3BucketName": "revoked"}},
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add(KIND, authority)
    assert [reported[name] for name in ("id", "name", "arn", "ctime", "type", "status", "tags")] == [
        "ca-1", "shop.example", ARN, "2026-01-02T03:04:05Z", "ROOT", "ACTIVE", {"owner": "ada"},
    ]  # fmt: skip
    world.add("aws_s3_bucket", {"Name": "revoked"})
    world.add("aws_acm_certificate", {"CertificateArn": "arn:acm/c-1", "CertificateAuthorityArn": ARN})
    assert world.edges("default") == {"ca-1 > revoked", "ca-1 > c-1"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    settings = {"KeyAlgorithm": "RSA_2048", "SigningAlgorithm": "SHA256WITHRSA", "Subject": {"CommonName": name}}
    cloud.client("acm-pca").create_certificate_authority(
        CertificateAuthorityConfiguration=settings, CertificateAuthorityType="ROOT", Tags=[{"Key": "owner", "Value": "ada"}]
    )
    document = cloud.document(KIND, name)
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
