"""Tasks that copy files: as DataSync describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

LOCATION, TASK = "aws_datasync_location", "aws_datasync_task"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:copies:*"


def test_properties_and_edges(world: World) -> None:
    addresses = {"l-1": "s3://films/new/", "l-2": "efs://eu-west-1.fs-1/films", "l-3": "fsxl://eu-west-1.fs-2/"}
    for id, address in addresses.items():
        reported = world.add(LOCATION, {"LocationArn": f"arn:location/{id}", "LocationUri": address})
        assert [reported[name] for name in ("id", "name", "location_uri")] == [id, address, address]
    task = {
        "TaskArn": "arn:task/t-1", "Name": "films", "Status": "AVAILABLE", "CreationTime": "2026-01-02T03:04:05Z",
        "SourceLocationArn": "arn:location/l-1", "DestinationLocationArn": "arn:location/l-2", "CloudWatchLogGroupArn": GROUP,
        "TaskReportConfig": {"Destination": {"S3": {"S3BucketArn": "arn:aws:s3:::reports"}}},
    }  # fmt: skip
    reported = world.add(TASK, task)
    assert [reported[name] for name in ("id", "name", "ctime", "status")] == ["t-1", "films", "2026-01-02T03:04:05Z", "AVAILABLE"]
    world.add("aws_s3_bucket", {"Name": "films"})
    world.add("aws_s3_bucket", {"Name": "reports"})
    world.add("aws_efs_file_system", {"FileSystemId": "fs-1"})
    world.add("aws_fsx_file_system", {"FileSystemId": "fs-2"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "copies"})
    waits = {"l-1 > t-1", "l-2 > t-1"}
    assert world.edges("default") == waits | {"l-1 > films", "l-2 > fs-1", "l-3 > fs-2", "t-1 > copies", "t-1 > reports"}
    assert world.edges("delete") == waits


def test_on_a_server(cloud: Cloud, name: str) -> None:
    datasync = cloud.client("datasync")
    role = {"BucketAccessRoleArn": "arn:aws:iam::123456789012:role/copies"}
    locations = [
        datasync.create_location_s3(S3BucketArn=f"arn:aws:s3:::{name}-{number}", S3Config=role)["LocationArn"] for number in range(2)
    ]
    task = datasync.create_task(SourceLocationArn=locations[0], DestinationLocationArn=locations[1], Name=name)["TaskArn"]
    for kind, arn in ((TASK, task), *((LOCATION, arn) for arn in locations)):  # moto does not know their tags
        cloud.provider.delete(cloud.placed({"kind": kind, "reported": {"id": arn.rpartition("/")[2], "arn": arn}}))
    assert datasync.list_tasks()["Tasks"] == datasync.list_locations()["Locations"] == []
