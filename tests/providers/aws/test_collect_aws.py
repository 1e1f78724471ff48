"""AWS collected through a proxy that breaks things: every fault ends its own scope, and nothing else."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.demo.cloud import NOT_IN_MOTO
from resh.errors import Cancelled, NotConfigured, ProviderError
from resh.graph.sqlite import SqliteStore
from resh.model.node import node_id
from resh.model.scope import Status
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws_world import REGIONS, World
from tests.providers.faults import Fault, FaultProxy, body, deny, dribble, error, hang, page, reset, throttle, truncate, wrong
from tests.providers.provider_fakes import Listener, Recorder

VOLUMES = ("eu-west-1", "aws_ec2_volume")


@pytest.fixture(scope="module")
def one_whole() -> AwsProvider:
    """Its clients are made once, by the first test that collects."""
    return AwsProvider(
        Settings.load(
            overrides=[f"aws.regions={','.join(REGIONS)}", f"aws.no_collect=aws_ec2_instance_type,{NOT_IN_MOTO}", "aws.retries=1"]
        )
    )


@pytest.fixture
def whole(one_whole: AwsProvider, provider: AwsProvider) -> AwsProvider:
    """All kinds, not only those few that most tests need."""
    return one_whole


def collect(provider: AwsProvider, watcher: Listener | None = None, cancel: Cancel | None = None) -> Recorder:
    sink = Recorder()
    provider.collect(provider.accounts()[0], sink, watcher or Listener(), Cancel() if cancel is None else cancel)
    return sink


def test_a_whole_account(whole: AwsProvider, proxy: FaultProxy, aws: World) -> None:
    watcher = Listener()
    sink = collect(whole, watcher)
    assert sink.bad() == {}
    assert whole.accounts()[0].name == "example"
    assert sink.node("123456789012").reported["account_alias"] == "example"
    assert set(aws.volumes.values()) <= set(sink.ids("aws_ec2_volume"))
    volume = sink.node(aws.volumes["eu-west-1"])
    assert (volume.region, volume.zone, volume.reported["name"], volume.reported["tags"]["owner"]) == (
        "eu-west-1",
        "eu-west-1a",
        "data",
        "ada",
    )
    assert sink.ids("aws_s3_bucket") == ["far", "near"]
    assert [sink.node(name).region for name in ("far", "near")] == ["eu-west-1", "us-east-1"]
    assert {"global > " + user for user in sink.ids("aws_iam_user")} <= sink.links()
    assert {"eu-west-1 > far", "123456789012 > eu-west-1"} <= sink.links()
    assert all(done == total for done, total in watcher.done.values())
    assert watcher.calls["ec2:DescribeVolumes"] == 2
    assert all(agent.startswith("resh/") for agent in proxy.agents)
    properties = {prop.name: prop for prop in sink.declared["aws_ec2_volume"].properties}
    assert properties["volume_attachments[].instance_id"].type == "string"
    assert "volume_size" not in properties, "volumes of all clouds have it"


def test_a_second_collect_says_the_same(whole: AwsProvider) -> None:
    first, second = collect(whole), collect(whole)
    assert (first.found, first.drawn, first.reports) == (second.found, second.drawn, second.reports)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (deny(), Status.DENIED, "UnauthorizedOperation"),
        (error(400, "OptInRequired", "You are not subscribed to this service."), Status.DENIED, "OptInRequired"),
        (error(400, "RequestExpired", "Request has expired."), Status.DENIED, "RequestExpired"),
        (throttle(), Status.THROTTLED, "RequestLimitExceeded"),
        (error(400, "Throttling", "Rate exceeded"), Status.THROTTLED, "Throttling"),
        (error(500, "InternalError", "An internal error has occurred"), Status.FAILED, "InternalError"),
        (error(400, "InvalidParameterValue", "no"), Status.FAILED, "InvalidParameterValue"),
        (page(200), Status.FAILED, "BrokenAnswer"),
        (page(502), Status.FAILED, "502"),
        (body(b""), Status.FAILED, "BrokenAnswer"),
        (body(b"not xml"), Status.FAILED, "BrokenAnswer"),
        (truncate, Status.FAILED, "BrokenAnswer"),
        (reset, Status.FAILED, "ConnectionClosedError"),
    ],
)
def test_a_fault_ends_its_own_scope_only(provider: AwsProvider, proxy: FaultProxy, fault: Fault, status: Status, code: str) -> None:
    proxy.fault("DescribeVolumes", fault, region="eu-west-1")
    sink = collect(provider)
    assert sink.bad() == {VOLUMES: status}
    report = sink.reports[VOLUMES]
    assert (report.operation, report.code) == ("ec2:DescribeVolumes", code)
    assert report.message
    assert "<" not in report.message
    assert [sink.node(id).region for id in sink.ids("aws_ec2_volume")] == ["us-east-1"] * len(sink.ids("aws_ec2_volume"))


@pytest.mark.parametrize(
    "fault", [body(b'{"Functions": [', type="application/json"), body(b"", type="application/json"), page(200), truncate]
)
def test_json_that_is_cut_off_is_no_empty_list(provider: AwsProvider, proxy: FaultProxy, fault: Fault) -> None:
    proxy.fault("GET /2015-03-31/functions.*", fault, region="eu-west-1")
    assert collect(provider).bad() == {("eu-west-1", "aws_lambda_function"): Status.FAILED}


@pytest.mark.parametrize(
    ("operation", "kind"), [("DescribeVolumes", "aws_ec2_volume"), ("GET /2015-03-31/functions.*", "aws_lambda_function")]
)
@pytest.mark.parametrize("content", [[], "text", 7, None, {"message": "hello"}])
def test_an_answer_to_something_else_is_no_empty_list(
    provider: AwsProvider, proxy: FaultProxy, operation: str, kind: str, content: object
) -> None:
    proxy.fault(operation, wrong(content), region="eu-west-1")
    sink = collect(provider)
    assert sink.bad() == {("eu-west-1", kind): Status.FAILED}
    assert sink.reports["eu-west-1", kind].code == "BrokenAnswer"


@pytest.mark.parametrize(("operation", "code"), [(r"GET /(\?.*)?", "aws_s3_bucket"), ("GetAccountAuthorizationDetails", "aws_iam_user")])
def test_so_it_is_where_a_service_speaks_another_xml(provider: AwsProvider, proxy: FaultProxy, operation: str, code: str) -> None:
    proxy.fault(operation, wrong(None))
    assert collect(provider).bad()["global", code] is Status.FAILED


def test_an_answer_that_breaks_off(provider: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault("DescribeVolumes", dribble, region="eu-west-1")
    assert collect(provider).bad() == {VOLUMES: Status.FAILED}


def test_a_region_that_hangs_is_left_alone_after_a_few_calls(provider: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    settings.set("aws.concurrency", 1, "option")
    settings.set("aws.collect", "aws_ec2_volume,aws_vpc,aws_ec2_subnet,aws_ec2_keypair,aws_ec2_security_group", "option")
    hasty = AwsProvider(settings)
    account, sink = hasty.accounts()[0], Recorder()
    settings.set("aws.read_timeout", "3s", "option")
    proxy.fault("(?!DescribeRegions).*", hang, region="eu-west-1")
    hasty.collect(account, sink, Listener(), Cancel())
    assert set(sink.bad().values()) == {Status.FAILED}
    codes = [report.code for (region, _), report in sink.reports.items() if region == "eu-west-1"]
    assert (codes.count("ReadTimeoutError"), codes.count("Unreachable")) == (3, 2)


def test_an_endpoint_that_hangs(provider: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    settings.set("aws.read_timeout", "6s", "option")  # so long that a busy server answers everything else in time
    proxy.fault("DescribeVolumes", hang, region="eu-west-1")
    sink = collect(AwsProvider(settings))
    assert sink.bad() == {VOLUMES: Status.FAILED}
    assert sink.reports[VOLUMES].code == "ReadTimeoutError"


def test_faults_that_pass_are_repeated(provider: AwsProvider, proxy: FaultProxy, settings: Settings) -> None:
    settings.set("aws.retries", 2, "option")
    watcher = Listener()
    proxy.fault("DescribeVolumes", throttle(), region="eu-west-1", times=1)
    proxy.fault("DescribeVpcs", page(503), region="eu-west-1", times=1)
    sink = collect(AwsProvider(settings), watcher)
    assert sink.bad() == {}
    assert watcher.throttled == 1
    assert watcher.calls["ec2:DescribeVolumes"] == 3


def test_a_page_that_repeats_its_token_ends_the_scope(provider: AwsProvider, proxy: FaultProxy) -> None:
    volumes = b"<volumeSet><item><volumeId>vol-1</volumeId></item></volumeSet><nextToken>x</nextToken>"
    answer = b"<DescribeVolumesResponse>" + volumes + b"</DescribeVolumesResponse>"
    proxy.fault("DescribeVolumes", body(answer), region="eu-west-1")
    sink = collect(provider)
    assert sink.bad() == {VOLUMES: Status.FAILED}
    assert sink.reports[VOLUMES].code == "PaginationError"


def test_denied_everywhere_in_one_service(whole: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault("ListPolicies|GetAccountAuthorizationDetails|ListInstanceProfiles", error(403, "AccessDenied", "no"))
    sink = collect(whole)
    assert {kind for _, kind in sink.bad()} == {
        f"aws_iam_{name}" for name in ("user", "access_key", "group", "role", "policy", "instance_profile")
    }
    assert set(sink.bad().values()) == {Status.DENIED}
    assert sink.reports["global", "aws_iam_user"].message == "no"


def test_secrets_are_masked(provider: AwsProvider, proxy: FaultProxy) -> None:
    message = "AKIAIOSFODNN7EXAMPLE may not. x-amz-security-token: FwoGZXIvYXdzEBYaD Encoded authorization failure message: AbC123"
    proxy.fault("DescribeVolumes", deny(message), region="eu-west-1")
    assert collect(provider).reports[VOLUMES].message == "AKIA… may not. x-amz-security-token: …"


def test_credentials_that_expire_in_mid_run(provider: AwsProvider, proxy: FaultProxy) -> None:
    account = provider.accounts()[0]
    proxy.fault("(?!DescribeRegions).*", error(403, "ExpiredToken", "The security token included in the request is expired"))
    sink = Recorder()
    provider.collect(account, sink, Listener(), Cancel())
    unread = {status for (_, kind), status in sink.bad().items()}
    assert unread == {Status.DENIED}
    assert {key for key in sink.reports if key not in sink.bad()} == {(name, "aws_region") for name in ("global", "eu-west-1", "us-east-1")}


def test_regions_cannot_be_listed(provider: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault("DescribeRegions", deny())
    sink = collect(provider)
    assert sink.found == {}
    assert sink.bad()["global", "aws_region"] is Status.DENIED
    assert sink.bad()[VOLUMES] is Status.DENIED
    assert {region for region, _ in sink.bad()} == {"global", "eu-west-1", "us-east-1"}


def test_a_configured_region_that_is_not_enabled(provider: AwsProvider, settings: Settings) -> None:
    settings.set("aws.regions", "eu-west-1,xx-none-1", "option")
    settings.set("aws.collect", "aws_ec2_volume", "option")
    sink = collect(AwsProvider(settings))
    assert sink.bad() == {("xx-none-1", "aws_ec2_volume"): Status.DENIED}
    assert "xx-none-1" in sink.reports["xx-none-1", "aws_ec2_volume"].message


def test_regions_are_listed_where_calls_are_allowed(provider: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault("DescribeRegions", deny(), region="eu-west-1")
    assert collect(provider).bad() == {}


def test_every_enabled_region_by_default(provider: AwsProvider, settings: Settings) -> None:
    settings.set("aws.regions", [], "option")
    settings.set("aws.collect", "aws_ec2_keypair", "option")
    regions = collect(AwsProvider(settings)).ids("aws_region")
    assert {"eu-west-1", "us-east-1", "sa-east-1", "global"} <= set(regions)


def test_old_nodes_of_what_cannot_be_read_stay(
    provider: AwsProvider, proxy: FaultProxy, aws: World, tmp_path: Path, clock: FakeClock
) -> None:
    store = SqliteStore(tmp_path / "graph.sqlite3", clock)
    account = provider.accounts()[0]

    def merge() -> tuple[int, int, int, int]:
        with store.merge("aws", account.id, account.name) as found:
            provider.collect(account, found, Listener(), Cancel())
        return found.result.created, found.result.updated, found.result.deleted, found.result.stale

    assert merge()[1:] == (0, 0, 0)
    assert merge() == (0, 0, 0, 0)
    gone = aws.client("ec2", "us-east-1").create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    assert merge() == (1, 0, 0, 0)
    proxy.fault("DescribeVolumes", deny(), region="eu-west-1")
    aws.client("ec2", "us-east-1").delete_volume(VolumeId=gone)
    created, updated, deleted, stale = merge()
    assert (created, updated, deleted) == (0, 0, 1)
    assert stale >= 1
    store.close()


def test_an_account_that_cannot_be_read_any_more_keeps_what_is_known_of_it(
    provider: AwsProvider, proxy: FaultProxy, tmp_path: Path, clock: FakeClock
) -> None:
    store = SqliteStore(tmp_path / "graph.sqlite3", clock)

    def merge() -> tuple[int, str, dict[str, Any]]:
        account = provider.accounts()[0]
        with store.merge("aws", account.id, account.name) as found:
            provider.collect(account, found, Listener(), Cancel())
        known = store.node(node_id("aws", account.id, "global", "aws_account", account.id))
        assert known
        return found.result.updated, store.accounts()[0].name, known["reported"]

    before = merge()
    assert before[1] == "example"
    proxy.fault(
        "(?!DescribeRegions|GetCallerIdentity).*", error(403, "ExpiredToken", "The security token included in the request is expired")
    )
    assert merge() == before
    store.close()


def test_a_region_that_is_collected_no_more_keeps_what_is_known_of_it(
    provider: AwsProvider, settings: Settings, tmp_path: Path, clock: FakeClock
) -> None:
    settings.set("aws.collect", "aws_s3_bucket", "option")
    store = SqliteStore(tmp_path / "graph.sqlite3", clock)
    for regions in (["eu-west-1", "us-east-1"], ["us-east-1"]):
        settings.set("aws.regions", regions, "option")
        aws = AwsProvider(settings)
        account = aws.accounts()[0]
        with store.merge("aws", account.id, account.name) as found:
            aws.collect(account, found, Listener(), Cancel())
    assert not found.result.any_change
    region, bucket = (node_id("aws", account.id, "eu-west-1", *last) for last in (("aws_region", "eu-west-1"), ("aws_s3_bucket", "far")))
    assert (region, bucket) in store.neighbours([bucket], "default")
    store.close()


def test_cancelled_while_a_call_hangs(provider: AwsProvider, proxy: FaultProxy) -> None:
    cancel = Cancel()
    proxy.fault("DescribeVolumes", hang, region="eu-west-1")
    threading.Timer(0.3, cancel.set, ("stopped by ada",)).start()
    with pytest.raises(Cancelled, match="stopped by ada"):
        collect(provider, cancel=cancel)


def test_no_credentials(credentials: pytest.MonkeyPatch) -> None:
    credentials.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(NotConfigured, match="no credentials") as found:
        AwsProvider(Settings()).accounts()
    assert "AWS_PROFILE" in found.value.hint


def test_no_such_profile(credentials: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotConfigured, match="'nobody'"):
        AwsProvider(Settings.load(overrides=["aws.profiles=nobody"])).accounts()


def test_one_profile_of_two(provider: AwsProvider, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[good]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = none\n")
    settings.set("aws.profiles", "bad,good", "option")
    provider = AwsProvider(settings)
    assert [account.handle for account in provider.accounts()] == ["good"]
    assert "bad" in provider.problems[0].message


def test_refused_credentials(provider: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault("GetCallerIdentity", error(403, "InvalidClientTokenId", "The security token included in the request is invalid."))
    with pytest.raises(ProviderError, match="AWS refuses these credentials: The security token"):
        provider.accounts()


@pytest.mark.parametrize("fault", [page(200), body(b"not xml"), reset])
def test_something_else_than_aws_answers(provider: AwsProvider, proxy: FaultProxy, fault: Fault) -> None:
    proxy.fault("GetCallerIdentity", fault)
    with pytest.raises(ProviderError, match="AWS cannot be reached: "):
        provider.accounts()


def test_nobody_at_the_endpoint(credentials: pytest.MonkeyPatch) -> None:
    credentials.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(ProviderError, match="cannot be reached"):
        AwsProvider(Settings()).accounts()
