"""Work groups and data catalogs: as Athena describes them, and on a moto server."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

GROUP, CATALOG = "aws_athena_work_group", "aws_athena_data_catalog"


def test_properties_and_edges(world: World) -> None:
    results = {"OutputLocation": "s3://results/athena/", "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": "k-1"}}
    group = {"Name": "team", "State": "ENABLED", "Description": "ours", "Configuration": {"ResultConfiguration": results}}
    reported = world.add(GROUP, group)
    assert [reported[key] for key in ("id", "name", "workgroup_state", "description")] == ["team", "team", "ENABLED", "ours"]
    assert reported["arn"] == "arn:aws:athena:eu-west-1:123456789012:workgroup/team"
    assert reported["workgroup_configuration"]["result_configuration"]["output_location"] == "s3://results/athena/"
    catalog = world.add(CATALOG, {"Name": "other", "Type": "LAMBDA", "Parameters": {"function": "arn:find"}})
    assert (catalog["datacatalog_type"], catalog["datacatalog_parameters"]) == ("LAMBDA", {"function": "arn:find"})
    world.add("aws_s3_bucket", {"Name": "results"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.add("aws_lambda_function", {"FunctionName": "find", "FunctionArn": "arn:find"})
    assert world.edges("default") == {"team > results", "team > k-1", "other > find"}
    assert world.edges("delete") == {"k-1 > team"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    athena = cloud.client("athena")
    tags = [{"Key": "owner", "Value": "ada"}]
    athena.create_work_group(Name=name, Tags=tags)
    athena.create_data_catalog(Name=name, Type="GLUE", Parameters={"catalog-id": "1"}, Tags=tags)
    assert {document["reported"]["id"] for document in cloud.documents(GROUP)} == {
        one["Name"] for one in athena.list_work_groups()["WorkGroups"]
    }
    for kind in (GROUP, CATALOG):
        document = cloud.find(kind, name)
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
    group = cloud.find(GROUP, name)
    cloud.provider.delete(group)
    assert cloud.is_gone(group)


def test_the_first_work_group_stays(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match="every account has it"):
        cloud.provider.delete(cloud.find(GROUP, "primary"))
