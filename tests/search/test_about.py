"""Which scopes an answer depends on."""

from __future__ import annotations

import pytest

from resh.model.base import BASE_KINDS
from resh.model.kinds import Kind, Kinds
from resh.search import parse
from resh.search.about import about

KINDS = Kinds([*BASE_KINDS, Kind("aws_ec2_volume", ("volume",)), Kind("gcp_disk", ("volume",)), Kind("aws_ec2_instance", ("instance",))])
VOLUMES, INSTANCE = {"volume", "aws_ec2_volume", "gcp_disk"}, {"instance", "aws_ec2_instance"}


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("all", {}),
        ("is(volume)", {"kind": VOLUMES}),
        ("is(aws_ec2_volume) and volume_size > 3", {"kind": {"aws_ec2_volume"}}),
        ("is(no_such_kind)", {"kind": {"no_such_kind"}}),
        ("kind = aws_ec2_volume", {"kind": {"aws_ec2_volume"}}),
        ("is(volume) or is(instance)", {"kind": VOLUMES | INSTANCE}),
        ("is(volume) or name = x", {}),
        ("is(volume) and is(aws_ec2_volume)", {"kind": {"aws_ec2_volume"}}),
        ("not(is(volume))", {}),
        ("is(volume) and account = demo and region = eu", {"kind": VOLUMES, "account": {"demo"}, "region": {"eu", "global"}}),
        ('is(volume) and account.id in ["1", "2"]', {"kind": VOLUMES, "account": {"1", "2"}}),
        ("/ancestors.cloud.reported.name = aws", {"cloud": {"aws"}}),
        ("is(volume) and account != demo", {"kind": VOLUMES}),
        ("is(volume) and region =~ eu", {"kind": VOLUMES}),
        ("is(volume) <-- is(instance)", {"kind": VOLUMES | INSTANCE}),
        ("is(volume) and account = demo <-- is(instance)", {"kind": VOLUMES | INSTANCE}),
        ("is(volume) <-- all", {}),
        ("is(volume) with(empty, <-- is(instance))", {"kind": VOLUMES | INSTANCE}),
        ("is(volume) with(empty, <-- all)", {}),
        ("is(volume) {owner: <-- is(instance)}", {"kind": VOLUMES | INSTANCE}),
        ("aggregate(kind: sum(1)): is(volume)", {"kind": VOLUMES}),
        ("/usage.cpu.max > 3", {}),
        *(
            (search, {"kind": {"aws_ec2_instance", "aws_ec2_instance/usage"}})
            for search in (
                "is(aws_ec2_instance) and /usage.cpu.max > 3",
                "is(aws_ec2_instance) and not(usage.cpu.max > 3)",
                "with_usage(1d, cpu) is(aws_ec2_instance)",
                "is(aws_ec2_instance) sort /usage.cpu.max desc",
                "is(aws_ec2_instance) and last_access > 3d",
                "is(aws_ec2_instance) and mtime < 2026-01-01",
                "aggregate(name: max(/usage.cpu.max)): is(aws_ec2_instance)",
                "aggregate(name: sum(volume_size * /usage.cpu.max)): is(aws_ec2_instance)",
                "aggregate(/usage.cpu.max: sum(1)): is(aws_ec2_instance)",
                'aggregate("{name} {/usage.cpu.max}": sum(1)): is(aws_ec2_instance)',
                "is(aws_ec2_instance) {other: <-- is(aws_ec2_instance) and /usage.cpu.max > 3}",
                "is(aws_ec2_instance) with(any, <-- is(aws_ec2_instance) and /usage.cpu.max > 3)",
            )
        ),
        ('is(aws_ec2_instance) and "usage" and tags.usage = 3', {"kind": {"aws_ec2_instance"}}),
    ],
)
def test_what_a_search_is_about(search: str, expected: dict[str, set[str]]) -> None:
    found = about(parse(search), lambda: KINDS)
    assert found == expected


def test_what_is_shown_counts_too() -> None:
    query = parse("is(aws_ec2_volume)")
    assert about(query, lambda: KINDS, ("id", "/usage.reads.max")) == {"kind": {"aws_ec2_volume", "aws_ec2_volume/usage"}}
    assert about(query, lambda: KINDS, ("id", "atime", "{no path")) == {"kind": {"aws_ec2_volume"}}
