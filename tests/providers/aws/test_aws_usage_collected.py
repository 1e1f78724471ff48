"""What CloudWatch knows, in the graph: collects of a mock of AWS whose metrics the tests write."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.graph.sqlite import SqliteStore
from resh.model.node import node_id
from resh.model.scope import Code, ScopeReport, Status
from resh.providers.aws.metric import PERIOD
from resh.providers.aws.provider import AwsProvider
from resh.providers.known import Known
from resh.providers.selection import EVERYTHING, Selection
from resh.settings import Settings
from tests.providers.aws.scripted import Scripted, refused
from tests.providers.aws.usage_moments import END, NOW, day
from tests.providers.aws_world import World
from tests.providers.provider_fakes import Listener

KINDS = "aws_ec2_instance,aws_ec2_volume"


@pytest.fixture
def provider(aws: World, credentials: pytest.MonkeyPatch) -> AwsProvider:
    credentials.setenv("AWS_ENDPOINT_URL", aws.url)
    return AwsProvider(settings(), FakeClock(NOW))


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "graph.sqlite3", FakeClock(NOW))


def settings(*more: str) -> Settings:
    return Settings.load(overrides=["aws.regions=eu-west-1,us-east-1", f"aws.collect={KINDS}", "aws.retries=1", "aws.usage=true", *more])


def merge(store: SqliteStore, provider: AwsProvider, selection: Selection = EVERYTHING) -> dict[tuple[str, str], ScopeReport]:
    """A collect into the graph; reports of usage by region and kind."""
    (account,) = provider.accounts()
    with store.merge("aws", account.id, account.name) as merge:
        provider.collect(account, merge, Listener(), Cancel(), selection)
        if not selection:
            merge.whole()
    return {(report.scope.region, report.scope.kind): report for report in merge.result.scopes if report.scope.kind.endswith("/usage")}


def put(aws: World, metric: str, dimension: tuple[str, str], namespace: str, *numbers: float, region: str = "eu-west-1") -> None:
    """One value after the other, the last one in the last period that counts."""
    name, value = dimension
    data = [
        {
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value}],
            "Timestamp": END - PERIOD * (len(numbers) - n) + 60,
            "Value": number,
        }
        for n, number in enumerate(numbers)
    ]
    aws.client("cloudwatch", region).put_metric_data(Namespace=namespace, MetricData=data)


def document(store: SqliteStore, kind: str, rid: str, region: str = "eu-west-1") -> dict[str, Any]:
    (account,) = store.accounts()
    found = store.node(node_id("aws", account.id, region, kind, rid))
    assert found is not None
    return found


def usage(store: SqliteStore, kind: str, rid: str) -> Any:
    return document(store, kind, rid).get("usage")


def reported(store: SqliteStore, kind: str, rid: str, region: str) -> Any:
    return document(store, kind, rid, region)["reported"]


def samples(store: SqliteStore) -> int:
    return len(store.database.reader().execute("SELECT 1 FROM usage").fetchall())


def test_a_collect_brings_the_usage_along(aws: World, provider: AwsProvider, store: SqliteStore) -> None:
    instance, volume = aws.instances["eu-west-1"], aws.volumes["eu-west-1"]
    put(aws, "CPUUtilization", ("InstanceId", instance), "AWS/EC2", 10, 20, 60)
    put(aws, "VolumeIdleTime", ("VolumeId", volume), "AWS/EBS", 300, 150)
    reports = merge(store, provider)
    assert reports.keys() == set(product(("eu-west-1", "us-east-1"), ("aws_ec2_instance/usage", "aws_ec2_volume/usage")))
    assert {report.status for report in reports.values()} == {Status.OK}
    assert reports["eu-west-1", "aws_ec2_volume/usage"].count == 1
    assert usage(store, "aws_ec2_instance", instance) == {"cpu_utilization": {"min": 10, "avg": 30, "max": 60}}
    assert usage(store, "aws_ec2_volume", volume) == {"volume_idle": {"min": 50, "avg": 75, "max": 100}}

    before, changes = samples(store), len(list(store.history(limit=-1)))
    merge(store, provider)
    assert samples(store) == before, "the same moment is not stored twice"
    assert len(list(store.history(limit=-1))) == changes, "usage is no change"

    store.prune_history(NOW + 1)
    assert samples(store) == 0


def test_last_uses_are_found_once_and_outlive_what_cannot_be_asked(
    aws: World, provider: AwsProvider, store: SqliteStore, scripted: Scripted
) -> None:
    volume = aws.volumes["us-east-1"]
    put(aws, "VolumeWriteOps", ("VolumeId", volume), "AWS/EBS", 0, 7, 0, region="us-east-1")
    merge(store, provider)
    assert reported(store, "aws_ec2_volume", volume, "us-east-1")["mtime"] == day(0)
    changes = len(list(store.history(limit=-1)))
    merge(store, provider)
    scripted("cloudwatch", "get_metric_data", refused("Throttling", "slow down"))
    merge(store, provider)
    merge(store, provider, Selection(kinds=("aws_ec2_volume",)))
    assert reported(store, "aws_ec2_volume", volume, "us-east-1")["mtime"] == day(0)
    assert len(list(store.history(limit=-1))) == changes


def test_a_volume_that_is_read_again_keeps_its_times(aws: World, provider: AwsProvider, store: SqliteStore) -> None:
    merge(store, provider)
    volume = document(store, "aws_ec2_volume", aws.volumes["eu-west-1"])
    volume["reported"]["atime"] = day(7)
    found = provider.reread(volume, Known(lambda *_: [], "aws", store.accounts()[0].id))
    assert found is not None
    assert found.node.reported["atime"] == day(7)


def test_switched_off_it_leaves_no_scope_and_no_time_of_use(aws: World, provider: AwsProvider, store: SqliteStore) -> None:
    volume = aws.volumes["us-east-1"]
    put(aws, "VolumeReadOps", ("VolumeId", volume), "AWS/EBS", 3, region="us-east-1")
    merge(store, provider)
    assert reported(store, "aws_ec2_volume", volume, "us-east-1")["atime"] == day(0)
    merge(store, AwsProvider(settings("aws.usage=false"), FakeClock(NOW)))
    assert "atime" not in reported(store, "aws_ec2_volume", volume, "us-east-1"), "nobody looks any more whether it is true"
    assert [report.scope for report, _ in store.scopes() if report.scope.kind.endswith("/usage")] == []


def test_a_denied_right_is_told_once_and_harms_no_resource(
    aws: World, provider: AwsProvider, store: SqliteStore, scripted: Scripted
) -> None:
    merge(store, provider)
    scripted("cloudwatch", "get_metric_data", refused("AccessDenied", "not authorized to perform: cloudwatch:GetMetricData"))
    reports = merge(store, provider)
    assert {report.status for report in reports.values()} == {Status.DENIED}
    assert {report.code for report in reports.values()} == {"AccessDenied"}
    assert len(scripted.asked("cloudwatch", "get_metric_data")) == 2, "once in each region"
    assert {report.scope.kind for report, _ in store.scopes(bad_only=True)} == {"aws_ec2_instance/usage", "aws_ec2_volume/usage"}
    assert store.freshness(lambda: {"kind": ["aws_ec2_instance"]}).stale == 0
    assert store.freshness(lambda: {"kind": ["aws_ec2_instance/usage"]}).stale == 2


def test_a_collect_of_some_kinds_asks_for_what_it_collects(
    aws: World, provider: AwsProvider, store: SqliteStore, scripted: Scripted
) -> None:
    scripted("cloudwatch", "get_metric_data", {"MetricDataResults": []})
    reports = merge(store, provider, Selection(kinds=("aws_ec2_instance",), regions=("eu-west-1",)))
    assert reports.keys() == {("eu-west-1", "aws_ec2_instance/usage")}
    [params] = scripted.asked("cloudwatch", "get_metric_data")
    dimensions = [query["MetricStat"]["Metric"]["Dimensions"] for query in params["MetricDataQueries"]]
    assert dimensions == [[{"Name": "InstanceId", "Value": aws.instances["eu-west-1"]}]] * 7


def test_a_collect_of_some_kinds_leaves_the_usage_of_others_as_it_was(
    provider: AwsProvider, store: SqliteStore, scripted: Scripted
) -> None:
    merge(store, provider)
    scripted("cloudwatch", "get_metric_data", refused("AccessDenied", "no"))
    merge(store, provider, Selection(kinds=("aws_ec2_volume",)))
    assert {report.scope.kind for report, _ in store.scopes(bad_only=True)} == {"aws_ec2_volume/usage"}


def test_usage_of_what_could_not_be_read_stays_as_it_was(aws: World, provider: AwsProvider, store: SqliteStore, scripted: Scripted) -> None:
    instance = aws.instances["eu-west-1"]
    put(aws, "CPUUtilization", ("InstanceId", instance), "AWS/EC2", 10, 20, 60)
    merge(store, provider)
    scripted("ec2", "describe_instances", refused("UnauthorizedOperation", "no"))
    reports = merge(store, provider)
    assert reports["eu-west-1", "aws_ec2_instance/usage"].code == Code.NOT_ASKED
    read = {report.scope.region: at for report, at in store.scopes() if report.scope.kind == "aws_ec2_instance/usage"}
    assert read == {"eu-west-1": NOW, "us-east-1": NOW}
    assert usage(store, "aws_ec2_instance", instance) is not None


def test_patterns_that_fit_no_kind_with_metrics_are_told(aws: World, credentials: pytest.MonkeyPatch) -> None:
    credentials.setenv("AWS_ENDPOINT_URL", aws.url)
    provider = AwsProvider(settings("aws.usage_kinds=aws_ec2_*,aws_s3_bucket"))
    provider.accounts()
    assert [problem.message for problem in provider.problems] == ["aws.usage_kinds: no kind with metrics fits 'aws_s3_bucket'"]


def test_asking_is_known_to_read(provider: AwsProvider) -> None:
    assert provider.only_reads("cloudwatch:GetMetricData")
