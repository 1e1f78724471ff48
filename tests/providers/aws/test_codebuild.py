"""Projects, fleets and report groups: as CodeBuild describes them; projects on a moto server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted

PROJECT, FLEET, GROUP = "aws_codebuild_project", "aws_codebuild_fleet", "aws_codebuild_report_group"
ARN = "arn:aws:codebuild:eu-west-1:123456789012"
NETWORK = {"vpcId": "vpc-1", "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]}
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)


def project(**more: Any) -> dict[str, Any]:
    return {"name": "shop", "arn": f"{ARN}:project/shop", "created": THEN, "lastModified": THEN, **more}


def add_network(world: World) -> None:
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})


def test_a_project(world: World) -> None:
    webhook = {"url": "https://api.github.com/hooks/1", "secret": "not-a-secret", "branchFilter": "main"}
    more = {"timeoutInMinutes": 60, "webhook": webhook, "tags": [{"key": "owner", "value": "ada"}]}
    reported = world.add(PROJECT, project(environment={"type": "ARM_CONTAINER", "image": "aws/build:5"}, **more))
    names = ("id", "name", "arn", "ctime", "mtime", "project_timeout_in_minutes", "tags")
    assert [reported[name] for name in names] == [
        "shop", "shop", f"{ARN}:project/shop", "2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z", 60, {"owner": "ada"},
    ]  # fmt: skip
    assert reported["project_environment"] == {"type": "ARM_CONTAINER", "image": "aws/build:5"}
    assert reported["project_webhook"] == {"url": "https://api.github.com/hooks/1", "branch_filter": "main"}
    assert "not-a-secret" not in str(reported)


def test_what_a_project_needs_and_uses(world: World) -> None:
    world.add(
        PROJECT,
        project(
            source={"type": "CODECOMMIT", "location": "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/web"},
            secondarySources=[{"type": "S3", "location": "inputs/data.zip"}, {"type": "GITHUB", "location": "https://github.com/a/b"}],
            artifacts={"type": "S3", "location": "built"}, cache={"type": "S3", "location": "cached/shop"}, serviceRole="arn:role",
            logsConfig={"s3Logs": {"status": "ENABLED", "location": "build-logs/shop"}}, vpcConfig=NETWORK, encryptionKey="arn:key/k-1",
            environment={"fleet": {"fleetArn": f"{ARN}:fleet/fast:1"}}, fileSystemLocations=[{"location": "fs-1.efs.aws.com:/"}],
        ),
    )  # fmt: skip
    world.add(FLEET, {"name": "fast", "arn": f"{ARN}:fleet/fast:1"})
    world.add("aws_codecommit_repository", {"repositoryId": "r-1", "repositoryName": "web"})
    for bucket in ("inputs", "built", "cached", "build-logs"):
        world.add("aws_s3_bucket", {"Name": bucket})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/aws/codebuild/shop"})
    world.add("aws_efs_file_system", {"FileSystemId": "fs-1"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    add_network(world)
    needs = {f"{one} > shop" for one in ("fast", "role", "vpc-1", "subnet-1", "sg-1")}
    uses = {f"shop > {one}" for one in ("built", "cached", "build-logs", "/aws/codebuild/shop", "k-1")}
    assert world.edges("default") == needs | uses | {"r-1 > shop", "inputs > shop", "fs-1 > shop"}
    assert world.edges("delete") == needs | {"k-1 > shop"}


def test_fleets_and_report_groups(world: World) -> None:
    fleet = {"name": "fast", "arn": f"{ARN}:fleet/fast:1", "baseCapacity": 2, "status": {"statusCode": "ACTIVE"}, "vpcConfig": NETWORK}
    assert world.add(FLEET, {**fleet, "fleetServiceRole": "arn:role"})["fleet_base_capacity"] == 2
    export = {"exportConfigType": "S3", "s3Destination": {"bucket": "reports", "encryptionKey": "arn:key/k-1"}}
    group = {"name": "tests", "arn": f"{ARN}:report-group/tests", "type": "TEST", "status": "ACTIVE", "exportConfig": export}
    assert world.add(GROUP, group)["report_group_type"] == "TEST"
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_s3_bucket", {"Name": "reports"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    add_network(world)
    needs = {f"{one} > fast" for one in ("role", "vpc-1", "subnet-1", "sg-1")}
    assert world.edges("default") == needs | {"tests > reports", "tests > k-1"}
    assert world.edges("delete") == needs | {"k-1 > tests"}


def test_projects_on_a_server(cloud: Cloud, name: str) -> None:
    cloud.client("codebuild").create_project(
        name=name, source={"type": "S3", "location": "bucket/path"}, artifacts={"type": "NO_ARTIFACTS"},
        serviceRole="arn:aws:iam::123456789012:role/web",
        environment={"type": "LINUX_CONTAINER", "image": "aws/build:5", "computeType": "BUILD_GENERAL1_SMALL"},
        tags=[{"key": "owner", "value": "ada"}],
    )  # fmt: skip
    document = cloud.document(PROJECT, name)
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)


def test_all_tags_are_replaced_at_once(cloud: Cloud, scripted: Scripted) -> None:
    tagged = project(tags=[{"key": "owner", "value": "ada"}])
    scripted("codebuild", "list_projects", {"projects": ["shop"]})
    scripted("codebuild", "batch_get_projects", {"projects": [tagged]})
    scripted("codebuild", "update_project", {"project": tagged})
    document = cloud.document(PROJECT, "shop")
    cloud.provider.tag(document, "reviewed", "yes")
    cloud.provider.untag(document, "owner")
    kept = [{"key": "owner", "value": "ada"}, {"key": "reviewed", "value": "yes"}]
    assert scripted.asked("codebuild", "update_project") == [{"name": "shop", "tags": kept}, {"name": "shop", "tags": []}]


def test_what_moto_lacks(cloud: Cloud, scripted: Scripted) -> None:
    fleet = {"name": "fast", "arn": f"{ARN}:fleet/fast:1", "status": {"statusCode": "ACTIVE"}}
    group = {"name": "tests", "arn": f"{ARN}:report-group/tests", "status": "ACTIVE"}
    for kind, plural, one in ((FLEET, "fleets", fleet), (GROUP, "report_groups", group)):
        answer = "fleets" if kind == FLEET else "reportGroups"
        scripted("codebuild", f"list_{plural}", {answer: [one["arn"]]})
        scripted("codebuild", f"batch_get_{plural}", {answer: [one]})
        document = cloud.find(kind, str(one["name"]))
        assert cloud.looks_the_same(document)
        delete = kind.replace("aws_codebuild", "delete")
        scripted("codebuild", delete, {})
        cloud.provider.delete(document)
        assert scripted.asked("codebuild", delete) == [{"arn": one["arn"]}]
        scripted("codebuild", f"batch_get_{plural}", {})
        assert cloud.is_gone(document)
