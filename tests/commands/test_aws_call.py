"""`aws <service> <operation>`: any operation, once or for each resource."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.commands.base import Role
from resh.model.scope import Status
from resh.providers.base import Account, Heard
from resh.providers.catalog import Call
from resh.providers.counting import called
from resh.providers.limiter import Place
from resh.providers.session import ReadFailed, operation_name
from resh.state.calls import COMMANDS
from tests.commands.conftest import ACCOUNT, Shell

STOP = "aws ec2 stop-instances --instance-ids {id}"


class Cloud:
    """A provider that remembers what it was asked, and answers what a test says."""

    name = "aws"
    problems = ()

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, dict[str, Any]]] = []
        self.answers: dict[str, list[Any]] = {}
        self.own = [Account("aws", ACCOUNT, "demo")]
        self._lock = threading.Lock()

    def accounts(self) -> Sequence[Account]:
        return self.own

    def only_reads(self, operation: str) -> bool:
        return operation.partition(":")[2].startswith(("Describe", "Get"))

    def ask(self, account: str, region: str, call: Call, params: Mapping[str, Any], cancel: Cancel) -> Iterator[Any]:
        with self._lock:
            self.asked.append((account, region, call.operation, dict(params)))
        called("aws", Place(account, region, call.service, operation_name(call)), Heard(0.1))
        if "vol-1" in params.get("VolumeIds", ()) and call.operation == "describe_volume_status":
            raise ReadFailed(Status.DENIED, "ec2:DescribeVolumeStatus", "AccessDenied", "not allowed")
        yield from self.answers.get(call.operation, [{}])


@pytest.fixture
def cloud(shell: Shell) -> Cloud:
    cloud = Cloud()
    shell.app.__dict__["providers"] = {"aws": cloud}
    return cloud


def test_once(shell: Shell, cloud: Cloud) -> None:
    cloud.answers["get_caller_identity"] = [{"Account": ACCOUNT, "Arn": "arn:x"}]
    assert shell("aws sts get-caller-identity | format {Account} {Arn}") == [f"{ACCOUNT} arn:x"]
    assert cloud.asked == [(ACCOUNT, "global", "get_caller_identity", {})]
    shell("aws ec2 describe-volumes --region us-east-1 --account demo")
    assert cloud.asked[1:] == [(ACCOUNT, "us-east-1", "describe_volumes", {})]


def test_for_each_resource_in_turn(shell: Shell, cloud: Cloud) -> None:
    cloud.answers["describe_volumes"] = [
        {"Volumes": [{"VolumeId": "a", "CreateTime": datetime(2026, 1, 2, tzinfo=UTC)}], "NextToken": "t"},
        {"Volumes": [{"VolumeId": "b"}], "NextToken": None},
    ]
    found = shell("search is(volume) sort id | aws ec2 describe-volumes --volume-ids {id} --filters Name=size,Values={volume_size}")
    volumes = shell("search is(volume) sort id | format {id} {volume_size}")
    assert found == ['{"VolumeId":"a","CreateTime":"2026-01-02T00:00:00+00:00"}', '{"VolumeId":"b"}'] * len(volumes)
    asked = [(params["VolumeIds"][0], params["Filters"][0]["Values"][0]) for _, _, _, params in cloud.asked]
    assert sorted(f"{id} {size}" for id, size in asked) == sorted(volumes)
    assert {(account, region) for account, region, _, _ in cloud.asked} == {(ACCOUNT, "eu-west-1")}


def test_its_calls_are_counted(shell: Shell, cloud: Cloud) -> None:
    shell("aws sts get-caller-identity")
    shell("search is(volume) sort id | aws ec2 describe-volumes --volume-ids {id}")
    kept = [(one.name, one.purpose, count.operation, count.calls) for one in shell.app.tables.calls.of(COMMANDS) for count in one.counts]
    volumes = len(cloud.asked) - 1
    assert volumes > 1
    assert kept == [("demo", "aws", "sts:GetCallerIdentity", 1), ("demo", "aws", "ec2:DescribeVolumes", volumes)]


def test_a_query_chooses(shell: Shell, cloud: Cloud) -> None:
    cloud.answers["describe_volumes"] = [{"Volumes": [{"VolumeId": "a", "Size": 3}]}]
    assert shell("aws ec2 describe-volumes --query Volumes[].Size") == ["3"]
    assert shell("aws ec2 describe-volumes --query Volumes[0]") == ['{"VolumeId":"a","Size":3}']


def test_an_answer_without_words_says_that_it_was_given(shell: Shell, cloud: Cloud) -> None:
    found = shell(f"search is(instance) limit 1 | {STOP} | format {{operation}} {{result}} {{id}} {{region}}")
    (id,) = shell("search is(instance) limit 1 | format {id}")
    assert found == [f"ec2:StopInstances done {id} eu-west-1"]


def test_some_fail(shell: Shell, cloud: Cloud) -> None:
    cloud.answers["describe_volume_status"] = [{"VolumeStatuses": [{"ok": True}]}]
    count = len(shell("search is(volume)"))
    assert len(shell("search is(volume) | aws ec2 describe-volume-status --volume-ids {id}")) == count - 1
    assert [note.partition(":")[0] for note in shell.notes] == ["vol-1"]
    assert "not allowed" in shell.notes[0]
    assert shell.status == 3
    assert shell("search id = vol-1 | aws ec2 describe-volume-status --volume-ids {id}") == []
    assert shell.status == 1


def test_places(shell: Shell, cloud: Cloud) -> None:
    assert shell("search id = vol-1 | aws ec2 modify-volume --volume-id {id} --size {tags.nope}") == []
    assert shell.notes == ["vol-1: --size: {tags.nope} leads nowhere in vol-1"]
    assert shell.status == 1
    shell('search id = vol-1 | aws ec2 create-tags --resources {id} --tags \'[{"Key":"a","Value":"{/ancestors.account.reported.id}"}]\'')
    assert cloud.asked[-1][3]["Tags"] == [{"Key": "a", "Value": ACCOUNT}]
    shell("aws ec2 describe-volumes --volume-ids {id}")
    assert "{id} leads nowhere: no resources come before it" in shell.notes[0]


def test_what_is_wrong_for_all_is_told_before_anything_is_asked(shell: Shell, cloud: Cloud) -> None:
    for line, words in (
        ("search is(volume) | aws ec2 modify-volume --volume-id v --size big", "'big' is no number"),
        ("search is(volume) | aws ec2 describe-volums", "no operation"),
        ("aws ec2 describe-volumes --account nobody", "there is no account 'nobody'"),
    ):
        assert shell(line) == []
        assert words in shell.notes[0]
        assert shell.status == 2
    assert cloud.asked == []


def test_no_rows_are_no_start(shell: Shell, cloud: Cloud) -> None:
    """A search that finds nothing must not make it a call for the whole account."""
    for rows in ("search is(volume) and volume_size > 1000000", "json []"):
        assert shell(f"{rows} | aws ec2 describe-volumes") == []
    assert cloud.asked == []


def test_one_of_several_accounts_has_to_be_named(shell: Shell, cloud: Cloud) -> None:
    cloud.own.append(Account("aws", "222222222222", "shop"))
    assert shell("aws sts get-caller-identity") == []
    assert "which of 2 accounts" in shell.notes[0]
    shell("aws sts get-caller-identity --account shop")
    assert cloud.asked[0][0] == "222222222222"


def test_ids_will_do(shell: Shell, cloud: Cloud) -> None:
    shell('json ["vol-1", "nobody"] | aws ec2 describe-volumes --volume-ids {id}')
    assert [params for _, _, _, params in cloud.asked] == [{"VolumeIds": ["vol-1"]}]
    assert shell.notes == ["nothing in the graph has the id or name 'nobody'"]
    assert shell.status == 3


def test_a_change_is_confirmed_at_the_prompt(shell: Shell, cloud: Cloud) -> None:
    asked: list[str] = []
    agreed = False

    def ask(question: str, word: str) -> bool:
        asked.append(question)
        return agreed

    shell.session.ask = ask
    count = len(shell("search is(instance)"))
    assert count > 0
    assert shell(f"search is(instance) | {STOP}") == []
    assert shell.status == 130
    assert asked[0].startswith("ec2:StopInstances for ")
    assert asked[0].endswith(": go on?")
    assert shell.notes == ["resh: cancelled: nothing was done"]
    shell("search is(volume) | aws ec2 describe-volumes --volume-ids {id}")
    shell(f"search is(volume) and volume_size > 1000000 | {STOP}")
    assert len(asked) == 1
    agreed = True
    shell(f"search is(instance) | {STOP}")
    assert len([1 for _, _, operation, _ in cloud.asked if operation == "stop_instances"]) == count


def test_only_admins(shell: Shell, cloud: Cloud) -> None:
    operator = Shell(shell.app, role=Role.operator)
    operator("aws sts get-caller-identity")
    assert operator.status == 126
    assert cloud.asked == []


def test_its_sub_commands_start_a_line(shell: Shell, cloud: Cloud) -> None:
    assert shell("search is(volume) | aws permissions") == []
    assert "aws permissions can only start a line" in shell.notes[0]


def test_not_behind_a_search_about_the_past(shell: Shell, cloud: Cloud) -> None:
    shell(f"search --at @NOW@ is(instance) | {STOP}")
    assert shell.status == 2
    assert cloud.asked == []
