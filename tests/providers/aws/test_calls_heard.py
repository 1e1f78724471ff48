"""What is heard of each call that goes to AWS: its size, its error, whether it is a repetition."""

from __future__ import annotations

from resh.cancel import Cancel
from resh.providers.aws.billing import BILLS, bill, units
from resh.providers.aws.provider import AwsProvider
from resh.providers.base import Heard
from resh.providers.limiter import Place
from resh.settings import Settings
from tests.providers.faults import FaultProxy, deny, reset, throttle
from tests.providers.provider_fakes import Listener, Recorder


class Ear(Listener):
    def __init__(self) -> None:
        super().__init__()
        self.heard: dict[tuple[str, str], list[Heard]] = {}

    def called(self, place: Place, heard: Heard) -> None:
        self.heard.setdefault((place.region, place.operation), []).append(heard)


def test_each_attempt_tells_its_time_size_and_error(provider: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    settings.set("aws.retries", 3, "option")
    proxy.fault("DescribeVolumes", throttle(), region="eu-west-1", times=1)
    proxy.fault("DescribeVpcs", deny(), region="eu-west-1")
    proxy.fault("DescribeVolumes", reset, region="us-east-1", times=1)
    ear, provider = Ear(), AwsProvider(settings)
    provider.collect(provider.accounts()[0], Recorder(), ear, Cancel())
    first, second = ear.heard["eu-west-1", "ec2:DescribeVolumes"]
    assert (first.throttled, first.repeated, second.throttled, second.repeated, second.error) == (True, False, False, True, "")
    assert first.error
    assert first.seconds > 0
    assert first.size
    assert second.size
    (denied,) = ear.heard["eu-west-1", "ec2:DescribeVpcs"]
    assert (denied.error, denied.throttled) == ("UnauthorizedOperation", False)
    broken, whole = ear.heard["us-east-1", "ec2:DescribeVolumes"]
    assert (broken.error, broken.size, whole.repeated) == ("ConnectionClosedError", 0, True)
    assert all(heard.size is not None for calls in ear.heard.values() for heard in calls)
    assert {place for place, _ in ear.heard} >= {"eu-west-1", "global"}


def test_prices_are_those_of_the_operation_and_no_others() -> None:
    assert bill("ec2:DescribeVolumes") is None
    metrics, listing, getting = bill("cloudwatch:GetMetricData"), bill("s3:ListBuckets"), bill("s3:GetBucketAcl")
    assert metrics == ("metric", 0.00001, "https://aws.amazon.com/cloudwatch/pricing/")
    assert (listing and listing.usd, getting and getting.usd) == (0.005 / 1000, 0.0004 / 1000)
    assert bill("cloudwatch:DescribeAlarms") is None
    assert all(found.source.startswith("https://") and found.usd >= 0 and bool(found.unit) == (found.usd > 0) for found in BILLS.values())


def test_metrics_are_billed_by_their_number() -> None:
    cpu, disk = "CPUUtilization", "DiskReadOps"

    def asked(name: str, statistics: int) -> list[dict[str, object]]:
        metric = {"Namespace": "AWS/EC2", "MetricName": name, "Dimensions": []}
        return [{"Id": f"q{number}", "MetricStat": {"Metric": metric, "Stat": f"p{number}"}} for number in range(statistics)]

    assert units("cloudwatch:GetMetricData", {"MetricDataQueries": [*asked(cpu, 3), *asked(disk, 5)]}) == 2
    assert units("cloudwatch:GetMetricData", {"MetricDataQueries": asked(cpu, 6)}) == 2
    assert units("cloudwatch:GetMetricData", {"MetricDataQueries": [{"Id": name, "Expression": "1"} for name in "ab"]}) == 2
    assert units("ec2:DescribeVolumes", {}) == 1
