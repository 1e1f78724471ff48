"""Values as the AWS CLI takes them, by the service models that botocore ships."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resh.errors import BadValue
from resh.providers.aws.request import Requests
from resh.providers.aws.shorthand import value

REQUESTS = Requests()
EC2 = REQUESTS.model("ec2")


def shape(operation: str, member: str, service: str = "ec2") -> Any:
    model = EC2 if service == "ec2" else REQUESTS.model(service)
    found = model.operation_model(operation).input_shape
    assert found is not None
    return found.members[member]


FILTERS = shape("DescribeVolumes", "Filters")
TAGS = shape("CreateTags", "Tags")
MAPPINGS = shape("RunInstances", "BlockDeviceMappings")


@pytest.mark.parametrize(
    ("wanted", "words", "found"),
    [
        (FILTERS, ["Name=status,Values=available"], [{"Name": "status", "Values": ["available"]}]),
        (FILTERS, ["Name=status,Values=available,in-use"], [{"Name": "status", "Values": ["available", "in-use"]}]),
        (FILTERS, ["Values=[a,b],Name=x", "Name=y,Values=c"], [{"Values": ["a", "b"], "Name": "x"}, {"Name": "y", "Values": ["c"]}]),
        (FILTERS, ['[{"Name": "x", "Values": ["a"]}]'], [{"Name": "x", "Values": ["a"]}]),
        (FILTERS, ['{"Name": "x", "Values": ["a"]}'], [{"Name": "x", "Values": ["a"]}]),
        (FILTERS, ["Name=tag:Name,Values='a, b'"], [{"Name": "tag:Name", "Values": ["a, b"]}]),
        (TAGS, ["Key=a b,Value=c=d"], [{"Key": "a b", "Value": "c=d"}]),
        (TAGS, ['Key=a,Value="say \\"x\\", y"'], [{"Key": "a", "Value": 'say "x", y'}]),
        (TAGS, ["Key=a,Value="], [{"Key": "a", "Value": ""}]),
        (TAGS, [], []),
        (
            MAPPINGS,
            ["DeviceName=/dev/sda1,Ebs={VolumeSize=20,DeleteOnTermination=true}"],
            [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20, "DeleteOnTermination": True}}],
        ),
        (shape("DescribeVolumes", "VolumeIds"), ["vol-1", "vol-2"], ["vol-1", "vol-2"]),
        (shape("DescribeVolumes", "VolumeIds"), ['["vol-1"]'], ["vol-1"]),
        (shape("DescribeVolumes", "DryRun"), [], True),
        (shape("DescribeVolumes", "DryRun"), ["False"], False),
        (shape("ModifyVolume", "Size"), ["8"], 8),
        (shape("TagQueue", "Tags", "sqs"), ["a=1,b=2"], {"a": "1", "b": "2"}),
        (shape("TagQueue", "Tags", "sqs"), ['{"a": "1"}'], {"a": "1"}),
        (shape("Invoke", "Payload", "lambda"), ['{"a": 1}'], b'{"a": 1}'),
    ],
)
def test_values(wanted: Any, words: list[str], found: Any) -> None:
    assert value(wanted, words) == found


@pytest.mark.parametrize(
    ("wanted", "words", "message"),
    [
        (FILTERS, ["status"], "'status' cannot be read at 'status': Key=value is expected"),
        (FILTERS, ["Nam=x"], "Filter has no 'Nam'"),
        (FILTERS, ["Name=x,Name=y"], "'Name' is there already"),
        (FILTERS, ["Values=[a"], "] is missing"),
        (FILTERS, ['{"Name": '], "is no JSON"),
        (TAGS, ["Key={a=b}"], '\'{"a": "b"}\' where a text is wanted'),
        (MAPPINGS, ["Ebs=x"], "'x' is no EbsBlockDevice"),
        (MAPPINGS, ["Ebs={VolumeSize=big}"], "'big' is no number"),
        (MAPPINGS, ["Ebs=" + "{a=" * 40], "nested too deep"),
        (shape("ModifyVolume", "Size"), ["8", "9"], "2 values where one is wanted: 9"),
        (shape("ModifyVolume", "Size"), [], "0 values where one is wanted"),
        (shape("DescribeVolumes", "DryRun"), ["maybe"], "neither true nor false"),
        (shape("DescribeVolumes", "VolumeIds"), ["file:///etc/passwd"], "is a file: none is read here"),
        (shape("Invoke", "Payload", "lambda"), ["fileb://x"], "is a file"),
    ],
)
def test_mistakes(wanted: Any, words: list[str], message: str) -> None:
    with pytest.raises(BadValue) as caught:
        value(wanted, words)
    assert message in caught.value.message


@settings(max_examples=500, deadline=None)
@given(words=st.lists(st.text(alphabet="abN=,[]{}\"'\\ :ames", max_size=30), max_size=3))
def test_nothing_but_clean_errors(words: list[str]) -> None:
    for wanted in (FILTERS, TAGS, MAPPINGS):
        with suppress(BadValue):
            assert isinstance(value(wanted, words), list)
