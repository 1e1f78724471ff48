"""Calls as people write them for the AWS CLI."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import ReshError
from resh.providers.aws.request import CLI_NAMES, Requests

REQUESTS = Requests()


def read(text: str) -> Any:
    return REQUESTS.read(text.split())


def test_a_request() -> None:
    found = read("ec2 describe-volumes --volume-ids {id} vol-2 --no-dry-run --region us-east-1 --query Volumes[].VolumeId")
    assert found.operation == "ec2:DescribeVolumes"
    assert (found.call.service, found.call.operation) == ("ec2", "describe_volumes")
    assert found.own == {"region": "us-east-1", "query": "Volumes[].VolumeId"}
    assert found.params(lambda text: text.replace("{id}", "vol-1")) == {"VolumeIds": ["vol-1", "vol-2"], "DryRun": False}
    assert found.chosen({"Volumes": [{"VolumeId": "vol-1"}]}) == ["vol-1"]
    assert found.words() == ["{id}", "vol-2", "false"]


def test_an_option_may_hold_its_value() -> None:
    assert read("s3api head-bucket --bucket=a=b").params(str) == {"Bucket": "a=b"}


def test_what_the_operation_calls_so_is_the_operations() -> None:
    """`--region` of an operation that has one of its own."""
    found = read("account get-region-opt-status --region-name eu-west-1")
    assert found.params(str) == {"RegionName": "eu-west-1"}
    assert read("sts get-caller-identity --account 1").own == {"account": "1"}


@pytest.mark.parametrize("name", CLI_NAMES)
def test_services_that_the_cli_calls_otherwise(name: str) -> None:
    assert REQUESTS.model(name).service_name == CLI_NAMES[name]
    assert name not in REQUESTS.services


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("ec2", "a service and an operation are wanted", "such as"),
        ("ec2 --region x", "a service and an operation are wanted", "such as"),
        ("ec3 describe-volumes", "there is no service 'ec3'", "did you mean"),
        ("../ec2 describe-volumes", "there is no service '../ec2'", ""),
        ("ec2 describe-volums", "ec2 has no operation 'describe-volums'", "describe-volumes"),
        ("s3 ls", "s3 has no operation 'ls'", "a command of the AWS CLI's own"),
        ("ec2 stop-instances", "--instance-ids is missing", "StopInstances cannot do without"),
        ("ec2 describe-volumes --volume-id x", "ec2 describe-volumes has no option '--volume-id'", "--volume-ids"),
        ("ec2 describe-volumes vol-1", "there is no place for 'vol-1'", "behind an option"),
        ("ec2 describe-volumes --dry-run --no-dry-run", "--dry-run is given twice", ""),
        ("ec2 describe-volumes --output json", "--output is not taken here", "format --json"),
        ("ec2 describe-volumes --region a b", "--region takes one value", ""),
        ("ec2 describe-volumes --query [", "--query is no JMESPath", ""),
    ],
)
def test_mistakes(text: str, message: str, hint: str) -> None:
    with pytest.raises(ReshError) as caught:
        read(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_wrong_value_is_told_with_its_option() -> None:
    with pytest.raises(ReshError, match="--size: 'big' is no number"):
        read("ec2 modify-volume --volume-id v --size big").params(str)
