"""Random schedules of faults between resh and AWS: whatever breaks, nothing that is there vanishes from the graph.

The cloud does not change, so any node that a collect removes was removed wrongly. The long run:
`RESH_FAULTS=200 pytest tests/providers/aws/test_faults.py`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.demo.cloud import NOT_IN_MOTO
from resh.graph.base import Change, CompiledQuery, MergeResult, ShrinkLimit
from resh.graph.sqlite import SqliteStore
from resh.model.scope import Status
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws_world import REGIONS
from tests.providers.faults import Fault, FaultProxy, after, body, deny, dribble, error, hang, page, reset, throttle, truncate, wrong
from tests.providers.provider_fakes import Listener

SCHEDULES = int(os.environ.get("RESH_FAULTS", "8"))
SEED = int(os.environ.get("RESH_FAULTS_SEED", "4"))
KINDS = (
    "aws_ec2_volume,aws_ec2_instance,aws_vpc,aws_ec2_subnet,aws_ec2_security_group,aws_iam_user,aws_iam_access_key,aws_iam_role,aws_iam_policy,"
    "aws_s3_bucket,aws_lambda_function,aws_ecs_cluster,aws_kms_key,aws_cloudwatch_alarm,aws_sqs_queue,aws_dynamodb_table"
)
FAULTS: dict[str, Callable[[random.Random], Fault]] = {
    "throttled": lambda chance: throttle(),
    "rate exceeded": lambda chance: error(400, "Throttling", "Rate exceeded"),
    "denied": lambda chance: deny(),
    "expired": lambda chance: error(403, "ExpiredToken", "The security token included in the request is expired"),
    "server": lambda chance: error(chance.choice((500, 502, 503)), "InternalError", "An internal error has occurred"),
    "page": lambda chance: page(chance.choice((200, 403, 502))),
    "reset": lambda chance: reset,
    "hang": lambda chance: hang,
    "slow": lambda chance: after(0.05),
    "cut": lambda chance: truncate,
    "short": lambda chance: dribble,
    "nothing": lambda chance: body(b"", type=chance.choice(("text/xml", "application/json"))),
    "garbage": lambda chance: body(chance.randbytes(40)),
    "wrong": lambda chance: wrong(chance.choice([[], {"message": "hello"}, "text", 7, None, {"a": []}])),
}
OPERATIONS = (
    ".*", "Describe.*", "List.*", "Get.*", "(GET|POST) .*", "DescribeVolumes", "DescribeInstances", "ListUsers", "ListAccessKeys",
    "ListRoles", "GET /2015-03-31/functions.*", "GET /.*(tagging|location|policy|acl).*",
    "DescribeRegions", "GetAccountAuthorizationDetails",
)  # fmt: skip


@pytest.fixture(scope="module")
def providers() -> tuple[AwsProvider, AwsProvider]:
    """A patient one, and one that soon gives up; their clients are made once. Their kinds speak all protocols of AWS."""
    scopes = [f"aws.regions={','.join(REGIONS)}", f"aws.collect={KINDS}", f"aws.no_collect={NOT_IN_MOTO}", "aws.retries=2"]
    hasty = ["aws.read_timeout=2s", "aws.connect_timeout=2s"]
    return AwsProvider(Settings.load(overrides=scopes)), AwsProvider(Settings.load(overrides=[*scopes, *hasty]))


class Graph:
    """No breaker holds anything: what would vanish does."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.store = SqliteStore(folder / "graph.sqlite3", self.clock, lambda: ShrinkLimit(share=100))

    def collect(self, provider: AwsProvider) -> MergeResult:
        self.clock.advance(3600)
        (account,) = provider.accounts()
        with self.store.merge("aws", account.id, account.name) as found:
            provider.collect(account, found, Listener(), Cancel())
            found.whole()
        return found.result

    def ids(self, where: str = "") -> set[str]:
        return {row[0] for row in self.store.fetch(CompiledQuery(f"SELECT id FROM node WHERE gid > 0 {where}", (), "values"))}

    def is_alias(self, change: Change) -> bool:
        """What an account is called, and its quotas, are niceties that many roles may not ask for: they go when they are denied."""
        return (change.kind, change.change) == ("aws_account", "updated")

    def edges(self) -> set[tuple[int, ...]]:
        return set(self.store.fetch(CompiledQuery("SELECT src, dst, et FROM edge", (), "values")))


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    graph = Graph(tmp_path)
    yield graph
    graph.store.close()


def schedule(chance: random.Random, proxy: FaultProxy) -> list[str]:
    """Break one to four things; says what."""
    told = []
    for _ in range(chance.randint(1, 4)):
        name, operation, region = chance.choice(sorted(FAULTS)), chance.choice(OPERATIONS), chance.choice(("", *REGIONS))
        times = chance.choice((-1, -1, 1, 2, 5, 20))
        proxy.fault(f"(?!GetCallerIdentity)(?:{operation})", FAULTS[name](chance), region=region, times=times)
        told.append(f"{name}: {operation} {region} x{times}")
    return told


def test_nothing_vanishes_whatever_breaks(
    graph: Graph, providers: tuple[AwsProvider, AwsProvider], provider: AwsProvider, proxy: FaultProxy
) -> None:
    patient, hasty = providers
    chance = random.Random(SEED)
    assert [report for report in graph.collect(patient).scopes if report.status.is_bad] == []
    whole, edges = graph.ids(), graph.edges()
    assert len(whole) > 20
    unread = 0
    for number in range(SCHEDULES):
        proxy.heal()
        told = f"schedule {number} of seed {SEED}: {schedule(chance, proxy)}"
        result = graph.collect(hasty)
        bad = [report for report in result.scopes if report.status.is_bad]
        unread += bool(bad)
        assert graph.ids() == whole, told
        assert graph.edges() == edges, told
        changes = [change for change in graph.store.history(since=graph.clock.now()) if not graph.is_alias(change)]
        assert not changes, f"{told}: {changes}"
        assert bool(graph.ids("AND stale IS NOT NULL")) <= bool(bad), told
        assert all(report.code and report.message for report in bad if report.status is not Status.HELD), told
    assert unread, "faults were felt"
    proxy.heal()
    healed = graph.collect(patient)
    assert (healed.created, healed.deleted) == (0, 0)
    assert (healed.stale, graph.store.freshness().stale) == (0, 0)
