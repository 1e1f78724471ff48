"""A made-up cloud of any size: skewed kinds, documents of about 1.2 KB with nested lists and tags, 2.7 edges a node.

The same size gives the same world. Accounts hold 20,000 nodes each, so that a world of a million has fifty of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status

ACCOUNT_SIZE = 20_000
REGIONS = ("us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-1")
OWNERS = ("ada", "grace", "linus", "platform", "payments", None)
TYPES = ("m5.large", "m5.xlarge", "t3.medium", "c5.2xlarge", "r5.large")
KINDS: tuple[tuple[str, str, int], ...] = (
    ("aws_ec2_snapshot", "snapshot", 17),
    ("aws_ec2_volume", "volume", 11),
    ("aws_ec2_network_interface", "network_interface", 9),
    ("aws_ec2_instance", "instance", 8),
    ("aws_iam_policy", "policy", 6),
    ("aws_iam_role", "role", 6),
    ("aws_lambda_function", "serverless_function", 5),
    ("aws_cloudwatch_alarm", "resource", 5),
    ("aws_ec2_security_group", "security_group", 5),
    ("aws_s3_bucket", "bucket", 4),
    *((f"aws_bench_kind_{number:02}", "resource", 1) for number in range(24)),
)
FILLER = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz0123456789-/ ", k=4000))


@dataclass(slots=True)
class AccountWorld:
    id: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    reports: list[ScopeReport] = field(default_factory=list)


def kinds() -> list[Kind]:
    return [Kind("aws_account", ("account",), phantom=True), Kind("aws_region", ("region",), phantom=True)] + [
        Kind(name, (base,)) for name, base, _ in KINDS
    ]


def world(size: int, changed: float = 0.0) -> Iterator[AccountWorld]:
    """Accounts whose nodes add up to about `size`; `changed` is the share of nodes with another value than in the world before."""
    for number in range(max(1, round(size / ACCOUNT_SIZE))):
        yield account(number, min(size, ACCOUNT_SIZE), changed)


def account(number: int, size: int, changed: float = 0.0) -> AccountWorld:
    dice = random.Random(number)
    made = AccountWorld(f"{100_000_000_000 + number}")
    holder = _node(made.id, "global", "aws_account", made.id, {"name": f"account-{number}"})
    made.nodes.append(holder)
    regions = {name: _node(made.id, "global", "aws_region", name, {"name": name}) for name in REGIONS}
    made.nodes += regions.values()
    made.edges += (Edge(holder.id, region.id, "default", region.id) for region in regions.values())
    names = dice.choices([name for name, _, _ in KINDS], [weight for _, _, weight in KINDS], k=size)
    touched = random.Random(99)
    for index, kind in enumerate(names):
        region = REGIONS[dice.randrange(4)]
        document = _document(dice, kind, index)
        if changed and touched.random() < changed:
            document["description"] = "changed"
        node = _node(made.id, region, kind, f"{kind[4:8]}-{number:04x}{index:08x}", document)
        made.edges.append(Edge(regions[region].id, node.id, "default", node.id))
        for _ in range(dice.choice((0, 1, 1, 2, 4))):
            other = made.nodes[dice.randrange(5, len(made.nodes))] if len(made.nodes) > 5 else holder
            made.edges.append(Edge(other.id, node.id, "default" if dice.random() < 0.7 else "delete", node.id))
        made.nodes.append(node)
    made.reports = [ScopeReport(scope, Status.OK) for scope in {node.scope for node in made.nodes}]
    return made


def _node(account: str, region: str, kind: str, rid: str, document: dict[str, object]) -> Node:
    reported = {"id": rid, "kind": kind, **document}
    return Node(node_id("aws", account, region, kind, rid), kind, Scope("aws", account, region, kind), region, reported)


def _document(dice: random.Random, kind: str, index: int) -> dict[str, object]:
    start = dice.randrange(3000)
    document: dict[str, object] = {
        "name": f"{kind[4:]}-{index}",
        "ctime": f"20{dice.randrange(20, 27)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 28):02}T{dice.randrange(24):02}:00:00Z",
        "tags": {"Name": f"{kind}-{index}", "env": dice.choice(("prod", "dev")), f"k8s.io/{FILLER[start : start + 6]}": "owned"},
        "arn": f"arn:aws:bench:::{kind}/{index}",
        "description": FILLER[start : start + 500],
        "rules": [{"port": dice.randrange(65536), "cidr": f"10.{dice.randrange(256)}.0.0/16"} for _ in range(dice.randrange(1, 5))],
        "state": {"code": dice.randrange(5), "detail": {"reason": FILLER[start : start + 60], "score": dice.random()}},
    }
    if owner := dice.choice(OWNERS):
        document["tags"]["owner"] = owner  # type: ignore[index]
    if kind == "aws_ec2_volume":
        document |= {"volume_size": dice.choice((8, 20, 100, 500)), "volume_status": dice.choice(("in-use", "in-use", "available"))}
    if kind == "aws_ec2_instance":
        document |= {
            "instance_type": dice.choice(TYPES),
            "instance_status": dice.choice(("running", "stopped")),
            "instance_cores": dice.choice((2, 4, 8)),
        }
        document |= {"user_data": FILLER[start : start + 900]}
    return document
