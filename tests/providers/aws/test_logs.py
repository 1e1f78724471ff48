"""Log groups and metric filters: as CloudWatch describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

GROUP, FILTER = "aws_cloudwatch_log_group", "aws_cloudwatch_metric_filter"


def test_properties_and_edges(world: World) -> None:
    group = {"logGroupName": "/shop", "arn": "arn:/shop:*", "creationTime": 1795411980123, "retentionInDays": 7, "kmsKeyId": "arn:key/k-1"}
    reported = world.add(GROUP, group)
    assert [reported[key] for key in ("id", "name", "arn", "ctime")] == ["/shop", "/shop", "arn:/shop:*", "2026-11-23T05:33:00Z"]
    assert (reported["group_retention_in_days"], reported["group_kms_key_id"]) == (7, "arn:key/k-1")
    transformations = [{"metricName": "errors", "metricNamespace": "shop", "metricValue": "1"}]
    reported = world.add(
        FILTER, {"filterName": "errors", "logGroupName": "/shop", "filterPattern": "ERROR", "metricTransformations": transformations}
    )
    assert [reported[key] for key in ("id", "name", "log_group_name", "filter_pattern")] == ["/shop:errors", "errors", "/shop", "ERROR"]
    assert reported["filter_transformations"] == [{"metric_name": "errors", "metric_namespace": "shop", "metric_value": "1"}]
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"/shop > k-1", "/shop > /shop:errors"}
    assert world.edges("delete") == {"k-1 > /shop"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName=name, tags={"owner": "ada"})
    transformations = [{"metricName": "errors", "metricNamespace": "shop", "metricValue": "1"}]
    logs.put_metric_filter(logGroupName=name, filterName="errors", filterPattern="ERROR", metricTransformations=transformations)
    assert {one["reported"]["id"] for one in cloud.documents(GROUP)} == {
        one["logGroupName"] for one in logs.describe_log_groups()["logGroups"]
    }
    one, group = cloud.find(FILTER, f"{name}:errors"), cloud.find(GROUP, name)
    assert group["reported"]["tags"] == {"owner": "ada"}
    assert cloud.takes_tags(group)
    for document in (one, group):
        assert cloud.looks_the_same(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
