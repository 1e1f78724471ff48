from __future__ import annotations

from resh.cleanup.drawing import draw
from resh.cleanup.plan import MARKED, Plan, make_plan
from resh.cleanup.wording import counted
from resh.durations import parse_time
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
