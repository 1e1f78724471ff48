"""Configuration recorders: as AWS Config describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_config_recorder"


def test_properties_and_role(world: World) -> None:
    status = {"recording": True, "lastStatusChangeTime": "2026-11-01T00:00:00Z"}
    recorder = {"name": "default", "arn": "arn:default", "roleARN": "arn:role", "recordingGroup": {"allSupported": True}, "Status": status}
    reported = world.add(KIND, recorder)
    assert [reported[key] for key in ("id", "name", "arn", "mtime")] == ["default", "default", "arn:default", "2026-11-01T00:00:00Z"]
    assert (reported["recorder_group"], reported["recorder_status"]["recording"]) == ({"all_supported": True}, True)
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    assert world.edges("default") == world.edges("delete") == {"role > default"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    config = cloud.client("config")
    recorder = {"name": name, "roleARN": "arn:aws:iam::123456789012:role/config", "recordingGroup": {"allSupported": True}}
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    document = cloud.find(KIND, name)
    assert document["reported"]["recorder_status"]["recording"] is False
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)
