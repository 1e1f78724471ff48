from __future__ import annotations

from dataclasses import replace

import pytest

from resh.cleanup.drawing import draw
from resh.cleanup.plan import MARKED, Plan
from resh.cleanup.planning import make_plan
from resh.cleanup.wording import counted
from resh.durations import parse_time
from resh.text import width
from tests.cleanup_fakes import KINDS, FakeCloud, FakeGraph, node


def plan_of(graph: FakeGraph) -> Plan:
    return make_plan(graph.search(MARKED), graph.store, KINDS, {"aws": FakeCloud(()).provider}, now=parse_time("2020-01-11T00:00:00Z", 0))


def test_a_plan_is_drawn_by_account_and_region_in_deletion_order() -> None:
    other = node("vol-2", clean="forgotten")
    other["ancestors"]["region"] = {"reported": {"id": "us", "name": "us"}}
    instance = node("i-1", "aws_ec2_instance", clean="expired 3 d ago")
    instance["reported"]["name"] = "web"
    instance["created"] = None
    protected = node("vol-3", clean="forgotten", metadata={"protected": True, "protected_reason": "the shop"})
    plan = plan_of(FakeGraph([node("vol-1", clean="expired"), other, instance, protected], {("vol-1", "i-1")}))
    assert draw(plan, KINDS) == [
        f"plan {plan.id}: 3 would be deleted in 2 generations: 2 volumes, 1 instance; 1 refused",
        "aws/1",
        "├─ eu",
        "│  ├─ 1  aws_ec2_instance i-1 (web)  expired 3 d ago  ada",
        "│  └─ 2  aws_ec2_volume vol-1        expired          ada · 10 d old",
        "└─ us",
        "   └─ 1  aws_ec2_volume vol-2        forgotten        ada · 10 d old",
        "refused",
        "└─ aws_ec2_volume vol-3 in aws/1 eu: protected: the shop",
    ]


def test_a_name_stays_in_its_line_and_pushes_no_other_away() -> None:
    broken = node("vol-1", clean="old\nvery", name="a\n└─ vol-9\x1b[2K")
    long = node("vol-2", clean="old", name="x" * 500)
    lines = draw(plan_of(FakeGraph([broken, long])), KINDS)
    assert len(lines) == 5
    assert "   ├─ 1  aws_ec2_volume vol-1 (a └─ vol-9�[2K)  " in lines[3]
    assert len(lines[3]) < 120
    assert lines[3].endswith("  old very  ada · 10 d old")


def test_nothing_marked() -> None:
    plan = plan_of(FakeGraph())
    assert draw(plan, KINDS) == [f"plan {plan.id}: nothing is marked"]


def test_counts_in_words() -> None:
    assert (
        counted(["aws_ec2_volume", "aws_ec2_volume", "aws_vpc", "aws_iam_policy", "aws_iam_policy"], KINDS)
        == "2 iam policies, 2 volumes, 1 vpc"
    )


NAMES = (
    "web-frontend-of-the-shop-production-blue-deployment",
    "データベースのボリューム",
    "🔥 family 👩‍👩‍👧",
    "a\n└─ vol-9\x1b[2K",
    "x" * 300,
)


def crowded() -> Plan:
    """Long names and reasons in several scripts, with ages, owners and costs."""
    reasons = ("available, created 92 d ago, unused for 90 d (limit 14 d)", "expired 3 d ago", "because " * 40, "期限切れ", "x")
    documents = [
        node(f"vol-0f3a91c2aa01e77d{number}", clean=reason, name=name, tags={"owner": "ada.lovelace@example.com"})
        for number, (name, reason) in enumerate(zip(NAMES, reasons, strict=True))
    ]
    documents.append(node("vol-9", clean="old", metadata={"protected": True, "protected_reason": "never touch it " * 20}))
    plan = plan_of(FakeGraph(documents))
    return replace(plan, generations=tuple(tuple(replace(item, monthly_cost=31.2) for item in group) for group in plan.generations))


@pytest.mark.parametrize("columns", [20, 80, 100, 150, 200])
def test_a_plan_is_as_wide_as_the_screen(columns: int) -> None:
    lines = draw(crowded(), KINDS, columns)
    assert max(map(width, lines)) <= columns
    whole = " ".join("\n".join(lines).replace("│", " ").split())
    assert whole.count("because") >= 2
    if columns >= 80:
        assert [number for number in range(5) if f"aws_ec2_volume vol-0f3a91c2aa01e77d{number} (" not in whole] == []
        assert [
            whole.count(part) for part in ("ada · 10 d old · owner ada.lovelace@example.com · 31.20 USD a month", "never touch it")
        ] == [5, 20]


def test_what_fits_stands_under_each_other() -> None:
    lines = draw(crowded(), KINDS, 200)
    (start,) = {width(line[: line.index("ada · 10 d")]) for line in lines if "ada · 10 d" in line}
    assert start < 140
    below = draw(crowded(), KINDS, 80)
    assert sum(line.startswith("   │     ") for line in below) >= 4


def test_a_name_gives_way_before_the_kind_and_the_id() -> None:
    (line,) = [line for line in draw(crowded(), KINDS, 80) if "web-" in line]
    assert line == "   ├─ 1  aws_ec2_volume vol-0f3a91c2aa01e77d0 (web-frontend-of-the-…-deployment)"
