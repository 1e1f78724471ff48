"""Inspector: where it is on, on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import ACCOUNT
from tests.providers.aws.mock_account import Cloud

KIND = "aws_inspector2_account"


def test_on_a_server(cloud: Cloud) -> None:
    assert cloud.documents(KIND) == []
    inspector = cloud.client("inspector2")
    inspector.enable(accountIds=[ACCOUNT], resourceTypes=["EC2"])
    (document,) = cloud.documents(KIND)
    assert (document["reported"]["id"], document["reported"]["state"]["status"]) == (ACCOUNT, "ENABLED")
    assert document["reported"]["resource_state"]["ec2"]["status"] == "ENABLED"
    assert cloud.looks_the_same(document)
    inspector.disable(accountIds=[ACCOUNT], resourceTypes=["EC2"])
    assert cloud.documents(KIND) == []
    assert cloud.is_gone(document)
