"""The account that the documentation shows: small, the same at every run, collected by the real catalog from answers kept here.

    world(home)                     # fills a state folder: three runs, one deletion, a plan of what would be next
    with reopened(home) as app: ...

Its clock stands at 10:37 on 23 November 2026 and moves only when a collect says so; ids are those of the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup import journal
from resh.clock import FakeClock, iso
from resh.commands.base import Role
from resh.model.scope import Status
from resh.providers.actions import Target
from resh.providers.aws.provider import AwsProvider
from resh.providers.base import Account, Care, CollectSink, Document, Heard, Watcher
from resh.providers.catalog import Call, Resource
from resh.providers.collector import Collection, Options
from resh.providers.counting import called
from resh.providers.limiter import Limiter, Place
from resh.providers.mapping import FreeKeys
from resh.providers.pool import Pool
from resh.providers.selection import EVERYTHING, Selection
from resh.providers.session import ReadFailed, Region, operation_name
from resh.shell.evaluate import evaluate
from resh.shell.session import Session
from resh.shell.unattended import run_line
from resh.state.commands import CustomCommand, Parameter
from resh.state.tables import StateTable
from resh.state.targets import StoredTarget
from resh.web.dummy import DummyWeb

NOW = datetime(2026, 11, 23, 10, 37, 1, tzinfo=UTC).timestamp()
DAY = 86400.0
ACCOUNT = Account("aws", "123456789012", "demo")
REGIONS = ("eu-west-1", "us-east-1")
ALLOWED = ("cleanup.accounts=*", "cleanup.max_percent=50", "cleanup.max_kind_percent=100", "cleanup.max_graph_age=2d")
YESTERDAY = ("cleanup.enabled=true", "cleanup.dry_run=false", *ALLOWED)
TODAY = ("cleanup.enabled=true", "cleanup.rules.expired.enabled=true", "cleanup.rules.volumes.enabled=true", *ALLOWED)
_deletions = count(1)
journal.secrets.token_hex = lambda size: blake2b(f"{next(_deletions)}".encode(), digest_size=size).hexdigest()  # the same at every run
Key = tuple[str, str, str]
"""Service, operation, region."""

_FIRST_RUN = 0x1A5
_SECONDS = {"ec2": 0.12, "s3": 0.03}
"""How long calls of a service take, unless it is a twentieth of a second."""
_COLLECT_SECONDS = 7.4


class Sink:
    """A terminal of `columns` columns that keeps what it is told."""

    colour = links = False

    def __init__(self, columns: int | None = None) -> None:
        self.columns = columns
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def note(self, text: str) -> None:
        self.text += text + "\n"

    def live(self, lines: list[str]) -> None:
        pass


class Answers:
    """A CloudSession that knows its answers by service, operation and region; what it does not know is an empty page."""

    account = ACCOUNT
    partition = "aws"

    def __init__(self, known: Mapping[Key, dict[str, Any]], watcher: Watcher) -> None:
        self._known = known
        self._watcher = watcher

    def regions(self) -> Sequence[Region]:
        return [Region(name, {"RegionName": name, "OptInStatus": "opt-in-not-required"}) for name in REGIONS]

    def expected_regions(self) -> Sequence[str]:
        return REGIONS

    def offers(self, service: str, region: str) -> bool:
        return True

    def pages(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        answer = self._known.get((call.service, call.operation, region)) or _DETAILS.get(call.operation)
        denied = (call.service, call.operation, region) == ("rds", "describe_db_instances", "us-east-1")
        heard = Heard(_SECONDS.get(call.service, 0.05), len(str(answer)), "AccessDenied" if denied else "")
        self._watcher.called(Place(self.account.id, region, call.service, operation_name(call)), heard)
        if denied:
            message = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: rds:DescribeDBInstances"
            raise ReadFailed(Status.DENIED, "rds:DescribeDBInstances", "AccessDenied", message)
        if answer is not None or call.items != "@":  # nothing is no item
            yield answer or {}

    def act(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Tags of EC2 are kept."""
        for item in _items(self._known):
            if {item.get("VolumeId"), item.get("InstanceId")} & set(params["Resources"]):
                changed = {tag["Key"] for tag in params["Tags"]}
                given = params["Tags"] if operation == "create_tags" else []
                item["Tags"] = [tag for tag in item["Tags"] if tag["Key"] not in changed] + given
        return {}

    def free_keys(self, resource: Resource) -> FreeKeys:
        return FreeKeys()


class Deaf:
    """A watcher of single calls."""

    def progress(self, region: str, done: int, total: int) -> None:
        pass

    def called(self, place: Place, heard: Heard) -> None:
        pass


def _items(found: Any) -> Iterator[dict[str, Any]]:
    """Everything that has tags."""
    if isinstance(found, dict):
        if "Tags" in found:
            yield found
        found = list(found.values())
    if isinstance(found, list):
        for inner in found:
            yield from _items(inner)


class ExampleProvider(AwsProvider):
    """AWS's catalog on those answers. One call at a time, so that everything comes in one order."""

    def __init__(self, app: App) -> None:
        super().__init__(app.settings, app.clock)
        self._answers = deepcopy(_ANSWERS)

    def configured(self) -> bool:
        return True

    def accounts(self) -> Sequence[Account]:
        called(self.name, Place("", "eu-west-1", "sts", "sts:GetCallerIdentity"), Heard(0.05, 412))
        return [ACCOUNT]

    def enter(self, account: Account) -> Account:
        return account

    def collect(self, account: Account, sink: CollectSink, watcher: Watcher, cancel: Cancel, selection: Selection = EVERYTHING) -> None:
        sink.kinds(self.kinds())
        known = _ANSWERS if self._clock.now() >= NOW else _ANSWERS | _YESTERDAY
        options = Options(selection=selection)
        with Pool(1, Limiter()).guest() as guest:
            Collection(Answers(known, watcher), self.catalog, sink, watcher, cancel, guest, options).run()
        self._clock.sleep(_COLLECT_SECONDS)

    def _target(self, node: Document) -> Target:
        return Target(Answers(self._answers, Deaf()), self._resources[node["kind"]], node)

    def read(self, node: Document) -> dict[str, Any] | None:
        return dict(node["reported"])

    def delete_with(self, node: Document, care: Care) -> None:
        pass

    def is_going(self, node: Document) -> bool:
        return False

    def ask(self, account: str, region: str, call: Call, params: Mapping[str, Any], cancel: Cancel) -> Iterator[dict[str, Any]]:
        yield _CALLS.get(call.operation, {})


def world(home: Path) -> None:
    """Fill a state folder: a collect and a deletion yesterday, collect_and_cleanup with a dry run today."""
    clock = FakeClock(NOW - DAY)
    _number_runs(home)
    with _app(home, clock, YESTERDAY) as app:
        yesterday = session(app, Sink())
        evaluate(yesterday, "workflows run collect --wait")
        evaluate(yesterday, "search id = vol-0c31d9f7 | clean the shop moved to gp3")
        evaluate(yesterday, "workflows run cleanup --wait")
    clock.advance(NOW - clock.now())
    with _app(home, clock, TODAY) as app:
        evaluate(session(app, Sink()), "workflows run collect_and_cleanup --wait")
        app.tables.templates.add("old", "is({{kind}}) and age > {{age}}")
        app.tables.commands.add(
            CustomCommand(
                "unowned",
                "search is({{kind}}) and tags.owner = null | list id, name",
                "what nobody owns",
                parameters=(Parameter("kind", "kind", "volume", "the kind of resource"),),
                source=True,
            )
        )
        app.tables.targets.add("team", StoredTarget("slack", {"webhook": "env:SLACK_WEBHOOK"}))
        today = session(app, Sink())
        evaluate(
            today,
            "jobs add --id nag --schedule '0 9 * * MON' --wait-for-event post_collect 'search is(volume) and age > 30d | list id, age'",
        )
        evaluate(today, "jobs run nag --wait")
        evaluate(today, "workflows add tidy 'steps: [cleanup_plan, cleanup]'")


def reopened(home: Path) -> App:
    """The world, a minute after its last run."""
    return _app(home, FakeClock(NOW + 60), TODAY)


def session(app: App, sink: Sink) -> Session:
    return Session(app, user="ada", role=Role.admin, sink=sink, interactive=sink.columns is not None, env={"USER": "ada"}, agreed=True)


def _app(home: Path, clock: FakeClock, overrides: Sequence[str]) -> App:
    app = App(home, clock=clock, overrides=overrides, environ={"SLACK_WEBHOOK": "https://hooks.example.org/slack"})
    app.__dict__["providers"] = {"aws": ExampleProvider(app)}
    app.__dict__["web"] = DummyWeb()
    app.run_line = partial(run_line, app)
    return app


def _number_runs(home: Path) -> None:
    """The examples of the commands speak of run 01a7."""
    from tinydb.table import Document as Row

    with StateTable(home / "state" / "runs.json", "runs").changing() as table:
        table.upsert(Row({"last": _FIRST_RUN - 1}, doc_id=0))


def _tags(name: str, **more: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in {"Name": name, **more}.items()]


def _ago(days: float) -> str:
    return iso(NOW - days * DAY)


def _instance(id: str, name: str, size: str, days: float, **tags: str) -> dict[str, Any]:
    return {
        "InstanceId": id, "InstanceType": size, "LaunchTime": _ago(days), "State": {"Name": "running"}, "VpcId": "vpc-0a11ce01",
        "SubnetId": "subnet-0b0b5001", "Placement": {"AvailabilityZone": "eu-west-1a"}, "Tags": _tags(name, **tags),
    }  # fmt: skip


def _volume(id: str, name: str, size: int, type: str, days: float, instance: str = "", **tags: str) -> dict[str, Any]:
    attached = [{"InstanceId": instance, "Device": "/dev/sdf", "State": "attached"}] if instance else []
    return {
        "VolumeId": id, "Size": size, "VolumeType": type, "State": "in-use" if instance else "available", "CreateTime": _ago(days),
        "Attachments": attached, "Encrypted": False, "Tags": _tags(name, **tags),
    }  # fmt: skip


_ANSWERS: dict[Key, dict[str, Any]] = {
    ("ec2", "describe_instances", "eu-west-1"): {
        "Reservations": [
            {
                "Instances": [
                    _instance("i-0e1f5a01", "web-1", "t3.medium", 132, owner="ada"),
                    _instance("i-0e1f5a02", "web-2", "t3.medium", 92, owner="grace"),
                    _instance("i-0e1f5a03", "load-test", "c5.2xlarge", 12, expiration="2d"),
                ]
            }
        ]
    },
    ("ec2", "describe_instance_types", "eu-west-1"): {
        "InstanceTypes": [
            {"InstanceType": "c5.2xlarge", "VCpuInfo": {"DefaultVCpus": 8}, "MemoryInfo": {"SizeInMiB": 16384}},
            {"InstanceType": "t3.medium", "VCpuInfo": {"DefaultVCpus": 2}, "MemoryInfo": {"SizeInMiB": 4096}},
        ]
    },
    ("ec2", "describe_volumes", "eu-west-1"): {
        "Volumes": [
            _volume("vol-0a93e5c1", "data-web-1", 100, "gp3", 132, "i-0e1f5a01", owner="ada"),
            _volume("vol-0b72aa14", "data-load-test", 500, "gp3", 12, "i-0e1f5a03", expiration="2d"),
            _volume("vol-0f3a91c2", "scratch-old", 500, "gp2", 92),
        ]
    },
    ("ec2", "describe_volumes", "us-east-1"): {
        "Volumes": [
            _volume("vol-05d1f00d", "migration-2024", 1000, "st1", 340, owner="platform"),
            _volume("vol-06e8ba5e", "fresh", 20, "gp3", 0.2, owner="grace"),
        ]
    },
    ("ec2", "describe_vpcs", "eu-west-1"): {"Vpcs": [{"VpcId": "vpc-0a11ce01", "CidrBlock": "10.1.0.0/16", "Tags": _tags("shop")}]},
    ("ec2", "describe_subnets", "eu-west-1"): {
        "Subnets": [{"SubnetId": "subnet-0b0b5001", "VpcId": "vpc-0a11ce01", "CidrBlock": "10.1.0.0/24", "Tags": _tags("public-a")}]
    },
    ("rds", "describe_db_instances", "eu-west-1"): {
        "DBInstances": [
            {
                "DBInstanceIdentifier": "orders", "Engine": "postgres", "DBInstanceClass": "db.m5.large", "DBInstanceStatus": "available",
                "AllocatedStorage": 100, "InstanceCreateTime": _ago(300), "TagList": _tags("orders", owner="payments"),
            }
        ]
    },
    ("s3", "list_buckets", "global"): {"Buckets": [{"Name": "demo-shop-assets", "CreationDate": _ago(500)}]},
    ("iam", "get_account_authorization_details", "global"): {
        "UserDetailList": [
            {"UserName": "ada", "UserId": "AIDA1", "Arn": "arn:aws:iam::123456789012:user/ada", "CreateDate": _ago(700)},
            {"UserName": "intern", "UserId": "AIDA2", "Arn": "arn:aws:iam::123456789012:user/intern", "CreateDate": _ago(610)},
        ]
    },
}  # fmt: skip
_YESTERDAY: dict[Key, dict[str, Any]] = {
    ("ec2", "describe_volumes", "eu-west-1"): {
        "Volumes": [
            _volume("vol-0a93e5c1", "data-web-1", 80, "gp3", 132, "i-0e1f5a01", owner="ada"),
            _volume("vol-0c31d9f7", "old-shop", 200, "gp2", 400),
            *_ANSWERS["ec2", "describe_volumes", "eu-west-1"]["Volumes"][1:],
        ]
    },
}
_DETAILS: dict[str, Any] = {
    "get_caller_identity": {"Account": ACCOUNT.id},
    "list_account_aliases": {"AccountAliases": [ACCOUNT.name]},
    "get_bucket_location": {"LocationConstraint": "eu-west-1"},
    "get_bucket_tagging": {"TagSet": _tags("assets", owner="platform")},
}
_CALLS: dict[str, dict[str, Any]] = {
    "get_caller_identity": {"UserId": "AIDA1", "Account": ACCOUNT.id, "Arn": "arn:aws:iam::123456789012:user/ada"},
    "describe_volumes_modifications": {
        "VolumesModifications": [{"VolumeId": "vol-0a93e5c1", "ModificationState": "completed", "OriginalSize": 80, "TargetSize": 100}]
    },
}
"""What people ask for by `aws <service> <operation>`."""
