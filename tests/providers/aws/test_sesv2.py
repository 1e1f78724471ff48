"""What mail is sent from: as SES describes it, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_ses_email_identity"


def test_properties(world: World) -> None:
    identity = {
        "IdentityName": "example.com", "IdentityType": "DOMAIN", "SendingEnabled": True, "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"}, "Policies": {"OnlyUs": "{}"},
        "VerificationInfo": {"LastCheckedTimestamp": "2026-02-02T03:04:05Z", "ErrorType": "HOST_NOT_FOUND"},
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    assert world.add(KIND, identity) == {
        "id": "example.com", "kind": KIND, "name": "example.com", "tags": {"owner": "ada"}, "identity_type": "DOMAIN",
        "arn": "arn:aws:ses:eu-west-1:123456789012:identity/example.com", "sending_enabled": True, "verified_for_sending_status": True,
        "dkim_attributes": {"signing_enabled": True, "status": "SUCCESS"}, "policies": {"only_us": "{}"},
        "verification_info": {"error_type": "HOST_NOT_FOUND"}, "last_checked": "2026-02-02T00:00:00Z",
    }  # fmt: skip


def test_on_a_server(cloud: Cloud, name: str) -> None:
    cloud.client("sesv2").create_email_identity(EmailIdentity=f"{name}.example.com", Tags=[{"Key": "owner", "Value": "ada"}])
    document = cloud.find(KIND, f"{name}.example.com")
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
