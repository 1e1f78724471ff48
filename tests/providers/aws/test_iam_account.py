"""The root user and certificates kept in IAM: as IAM tells of them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

ROOT, CERTIFICATE = "aws_root_user", "aws_iam_server_certificate"


def test_properties(world: World) -> None:
    summary = {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 1}
    root = world.add(ROOT, summary)
    assert [root[key] for key in ("id", "name", "arn")] == ["root", "root", "arn:aws:iam::123456789012:root"]
    assert (root["mfa_active"], root["password_enabled"], root["user_access_keys"]) == (True, True, 0)
    certificate = {"ServerCertificateId": "ASC", "ServerCertificateName": "old", "Path": "/", "Expiration": "2027-11-01T00:00:00Z"}
    reported = world.add(CERTIFICATE, certificate)
    assert [reported[key] for key in ("id", "name", "path", "expires")] == ["ASC", "old", "/", "2027-11-01T00:00:00Z"]


def test_the_root_user_on_a_server(cloud: Cloud) -> None:
    (root,) = cloud.documents(ROOT)
    assert root["reported"]["mfa_active"] is False


def test_a_certificate_on_a_server(cloud: Cloud, name: str) -> None:
    cloud.client("iam").upload_server_certificate(ServerCertificateName=name, CertificateBody="cert", PrivateKey="not-a-secret")
    document = cloud.document(CERTIFICATE, name)
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)
