"""Read-only mode: what would change something is refused before it leaves the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from resh.errors import CallFailed
from resh.providers.aws import operations
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.provider import AwsProvider
from resh.providers.aws.read_only import ReadOnly, refusal
from resh.providers.base import Account
from resh.settings import Settings
from tests.providers.aws.test_act_on_aws import document
from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy, error

CATALOG = catalog()
SESSION = botocore.session.Session()


@pytest.fixture
def volume(aws: World) -> dict[str, Any]:
    made = aws.client("ec2", "eu-west-1").create_volume(AvailabilityZone="eu-west-1a", Size=1)
    return document("aws_ec2_volume", made["VolumeId"], "eu-west-1")


@pytest.fixture
def one(credentials: pytest.MonkeyPatch, proxy: FaultProxy, settings: Settings) -> AwsProvider:
    credentials.setenv("AWS_ENDPOINT_URL", proxy.url)
    return AwsProvider(settings)


def refuses(settings: Settings, service: str, operation: str) -> bool:
    model = SESSION.get_service_model(service).operation_model(operation)
    try:
        ReadOnly(settings, lambda: CATALOG).before_call("", model)
    except CallFailed:
        return True
    return False


def test_nothing_is_deleted_or_tagged(one: AwsProvider, settings: Settings, proxy: FaultProxy, volume: dict[str, Any]) -> None:
    settings.set("aws.read_only", True, "option")
    changes: tuple[Callable[[], None], ...] = (
        lambda: one.delete(volume),
        lambda: one.tag(volume, "a", "b"),
        lambda: one.untag(volume, "a"),
    )
    for change in changes:
        with pytest.raises(CallFailed, match=r"account 123456789012 is read-only: aws\.read_only is true") as refused:
            change()
        assert refused.value.error == "ReadOnly"
    assert refused.value.operation == "ec2:DeleteTags"
    assert {"DeleteVolume", "CreateTags", "DeleteTags"} & {operation for operation, _ in proxy.asked} == set()
    assert one.read(volume)
    settings.set("aws.read_only", False, "option")
    one.delete(volume)
    assert one.read(volume) is None


@pytest.mark.parametrize(("pattern", "refused"), [("123456789012", True), ("exam*", True), ("9*,other", False)])
def test_only_some_accounts(one: AwsProvider, settings: Settings, volume: dict[str, Any], pattern: str, refused: bool) -> None:
    settings.set("aws.read_only_accounts", pattern, "option")
    if refused:
        with pytest.raises(CallFailed, match=r"aws\.read_only_accounts names it"):
            one.delete(volume)
    else:
        one.delete(volume)
        assert one.read(volume) is None


def test_of_an_account_that_is_not_known_the_worst_is_assumed() -> None:
    settings = Settings.load(overrides=["aws.read_only_accounts=9*"])
    assert refusal(settings, None)
    assert refusal(settings, Account("aws", "1", "")) == "aws.read_only_accounts may name it, and its name is not known"
    assert not refusal(settings, Account("aws", "1", "one"))
    assert not refusal(Settings(), None)


def test_the_catalog_reads_and_nothing_else_of_it_passes() -> None:
    settings = Settings.load(overrides=["aws.read_only=true"])
    guard = ReadOnly(settings, lambda: CATALOG)
    reading = {found for resource in CATALOG.all for found in operations.reads(resource)}
    changing = {
        (action.service or resource.call.service, action.operation)
        for resource in CATALOG.all
        for action in (*resource.before_delete, resource.delete, resource.tag, resource.untag)
        if action
    }
    models = {service: SESSION.get_service_model(service) for service, _ in reading | changing}
    names = {service: {botocore.xform_name(name): name for name in model.operation_names} for service, model in models.items()}
    passed = set()
    for service, operation in reading | changing:
        try:
            guard.before_call("", models[service].operation_model(names[service][operation]))
        except CallFailed:
            continue
        passed.add((service, operation))
    assert passed == reading


@pytest.mark.parametrize(
    ("service", "operation", "refused"),
    [
        ("ec2", "DescribeVolumes", False),
        ("codebuild", "BatchGetBuilds", False),
        ("dynamodb", "Query", False),
        ("logs", "FilterLogEvents", False),
        ("s3", "HeadObject", False),
        ("sts", "AssumeRole", False),
        ("dynamodb", "BatchWriteItem", True),
        ("ecr", "BatchDeleteImage", True),
        ("lambda", "Invoke", True),
        ("redshift", "GetClusterCredentials", True),
        ("sts", "GetSessionToken", True),
        ("cognito-identity", "GetId", True),
        ("sqs", "ReceiveMessage", True),
        ("ssm", "SendCommand", True),
        ("dynamodb", "ExecuteStatement", True),
    ],
)
def test_what_counts_as_a_read(service: str, operation: str, refused: bool) -> None:
    settings = Settings.load(overrides=["aws.read_only=true"])
    assert refuses(settings, service, operation) is refused


def test_a_name_that_only_the_graph_knows(one: AwsProvider, settings: Settings, proxy: FaultProxy) -> None:
    for name, value in (("role", "arn:aws:iam::222222222222:role/x"), ("current_account", "no"), ("read_only_accounts", "prod*")):
        settings.set(f"aws.{name}", value, "option")
    for known, why in (("prod-1", "names it"), ("", "its name is not known")):
        volume = document("aws_ec2_volume", "vol-1", "eu-west-1")
        volume["ancestors"]["account"]["reported"] = {"id": "222222222222", "name": known}
        with pytest.raises(CallFailed, match=why):
            AwsProvider(settings).delete(volume)
    volume["ancestors"]["account"]["reported"]["name"] = "test-1"
    proxy.fault("DeleteVolume", error(400, "InvalidVolume.NotFound", "there is none"))
    AwsProvider(settings).delete(volume)
    assert proxy.asked["DeleteVolume", "eu-west-1"] == 1
