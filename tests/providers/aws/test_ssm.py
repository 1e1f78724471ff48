"""Systems Manager: machines, documents and compliance as it describes them; documents on a moto server."""

from __future__ import annotations

import json

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

STEPS = {"schemaVersion": "2.2", "description": "Says it", "mainSteps": []}


def test_machines(world: World) -> None:
    machine = {
        "InstanceId": "i-1", "PingStatus": "Online", "LastPingDateTime": "2026-11-01T10:11:12Z", "AgentVersion": "3.2",
        "IsLatestVersion": False, "ResourceType": "EC2Instance", "IPAddress": "10.0.0.1", "ComputerName": "ip-10-0-0-1",
        "AssociationOverview": {"DetailedStatus": "Success"},
    }  # fmt: skip
    reported = world.add("aws_ssm_instance", machine)
    names = ("id", "name", "instance_id", "ping_status", "last_ping", "ip_address", "computer_name", "is_latest_version")
    assert [reported[name] for name in names] == ["i-1", "i-1", "i-1", "Online", "2026-11-01T00:00:00Z", "10.0.0.1", "ip-10-0-0-1", False]
    assert reported["association_overview"] == {"detailed_status": "Success"}
    reported = world.add("aws_ssm_instance", {"InstanceId": "mi-1", "Name": "printer", "ResourceType": "ManagedInstance"})
    assert (reported["id"], reported["name"]) == ("mi-1", "printer")
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    summary = {
        "ComplianceType": "Association", "ResourceType": "ManagedInstance", "ResourceId": "i-1", "Status": "NON_COMPLIANT",
        "OverallSeverity": "HIGH", "NonCompliantSummary": {"NonCompliantCount": 2},
        "ExecutionSummary": {"ExecutionTime": "2026-11-01T10:11:12Z", "ExecutionId": "e-1", "ExecutionType": "Command"},
    }  # fmt: skip
    reported = world.add("aws_ssm_resource_compliance", summary)
    assert [reported[name] for name in ("id", "resource_id", "status", "overall_severity", "execution_time")] == [
        "Association_ManagedInstance_i-1", "i-1", "NON_COMPLIANT", "HIGH", "2026-11-01T00:00:00Z",
    ]  # fmt: skip
    assert (reported["execution_summary"], reported["non_compliant_summary"]) == ({"execution_type": "Command"}, {"non_compliant_count": 2})
    assert "Association_ManagedInstance_i-1 > i-1" in world.edges("default")
    assert world.edges("delete") == set()


@pytest.mark.parametrize(
    ("type", "id", "kind", "item"),
    [
        ("AWS::DynamoDB::Table", "orders", "aws_dynamodb_table", {"TableId": "t-1", "TableName": "orders"}),
        ("Document", "doc", "aws_ssm_document", {"Name": "doc"}),
        ("AWS::S3::Bucket", "logs", "aws_s3_bucket", {"Name": "logs"}),
    ],
)
def test_what_complies(world: World, type: str, id: str, kind: str, item: dict[str, str]) -> None:
    compliance = world.add("aws_ssm_resource_compliance", {"ComplianceType": "Custom:a", "ResourceType": type, "ResourceId": id})
    other = world.add(kind, item)
    assert world.edges("default") == {f"{compliance['id']} > {other['id']}"}


def test_a_machine_of_ec2_goes_with_its_instance(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match="goes with its instance"):
        cloud.provider.delete(cloud.placed({"kind": "aws_ssm_instance", "reported": {"id": "i-1"}}))


def test_documents_on_a_server(cloud: Cloud, name: str) -> None:
    ssm = cloud.client("ssm")
    ssm.create_document(
        Name=name, Content=json.dumps(STEPS), DocumentType="Command", DocumentFormat="JSON", Tags=[{"Key": "owner", "Value": "ada"}]
    )
    document = cloud.find("aws_ssm_document", name)
    reported = document["reported"]
    assert [reported[key] for key in ("name", "content", "document_type", "document_format", "schema_version", "tags")] == [
        name, STEPS, "Command", "JSON", "2.2", {"owner": "ada"},
    ]  # fmt: skip
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)
