from __future__ import annotations

import pytest

from resh.errors import BadValue
from resh.limits import parse
from resh.settings import Settings

VOLUMES = ("1", "us-east-1", "ec2", "ec2:DescribeVolumes")
ROLES = ("1", "global", "iam", "iam:ListRoles")


@pytest.mark.parametrize(
    ("where", "volumes", "roles"),
    [
        ("", True, True),
        ("'*'", True, True),
        ("ec2", True, False),
        ("ec2:describe*", True, False),
        ("'*:List*'", False, True),
        ("service = ec2", True, False),
        ("service != ec2", False, True),
        ("region = us-*, global", True, True),
        ("region = us-* and operation = ec2:DescribeVolumes", True, False),
        ("region = us-* AND operation = ec2:DescribeSnapshots", False, False),
        ("{account: 1, service: [iam, sts]}", False, True),
    ],
)
def test_where_a_limit_counts(where: str, volumes: bool, roles: bool) -> None:
    (limit,) = parse(f"[{{where: {where if where.startswith('{') else repr(where.strip(chr(39)))}, rate: 5}}]")
    assert (limit.fits(*VOLUMES), limit.fits(*ROLES)) == (volumes, roles)


def test_what_is_limited() -> None:
    slow, few = parse([{"where": "ec2", "rate": 0.5}, {"where": "iam", "concurrency": 2}])
    assert (slow.rate, slow.burst, slow.concurrency) == (0.5, 1.0, 0)
    assert (few.rate, few.concurrency) == (0.0, 2)
    assert parse("{rate: 20, burst: 40}")[0].burst == 40
    assert parse("") == ()


@pytest.mark.parametrize(
    ("text", "named", "hint"),
    [
        ("[{wher: ec2, rate: 5}]", "limit 1: there is no 'wher'", "where"),
        ("[{rate: 5}, {where: servce = ec2, rate: 5}]", "limit 2: a call has no 'servce'", "service"),
        ("[{where: service ~ ec2, rate: 5}]", "'service ~ ec2' is no condition", "service = ec2"),
        ("[{where: service = ec2 and, rate: 5}]", "'ec2 and' is no pattern of service", "and"),
        ("[{where: 'service = ec2, ', rate: 5}]", "service = lacks a pattern", "service = ec2"),
        ("[{where: ec2, rate: fast}]", "rate 'fast' is no number above 0", "rate"),
        ("[{where: ec2, rate: -1}]", "rate '-1'", "rate"),
        ("[{where: ec2, rate: true}]", "rate 'True'", "rate"),
        ("[{where: ec2, concurrency: 1.5}]", "concurrency '1.5' is no whole number", "concurrency"),
        ("[{where: ec2}]", "nothing is limited", "concurrency"),
        ("[{where: ec2, burst: 5, concurrency: 1}]", "burst 5 without a rate", "rate"),
        ("[ec2]", "'ec2' is no limit", "where"),
        ("ec2", "'ec2' is no list", "where"),
        ("[{", "cannot be read", "where"),
    ],
)
def test_a_mistake_is_named(text: str, named: str, hint: str) -> None:
    with pytest.raises(BadValue) as caught:
        Settings.load(overrides=[f"aws.limits={text}"])
    assert caught.value.message.startswith("aws.limits: ")
    assert named in caught.value.message
    assert hint in (caught.value.hint or "")


def test_limits_from_everywhere_are_the_same() -> None:
    text = "[{where: ec2, rate: 5}]"
    wanted = [{"where": "ec2", "rate": 5}]
    by_option = Settings.load(overrides=[f"aws.limits={text}"]).get("aws.limits")
    by_environment = Settings.load(environ={"RESH__AWS__LIMITS": '[{"where": "ec2", "rate": 5}]'}).get("aws.limits")
    assert by_option == by_environment == Settings.load(stored={"aws.limits": wanted}).get("aws.limits") == wanted
