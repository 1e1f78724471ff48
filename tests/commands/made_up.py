"""Two accounts that are made up at random, with whatever the default metrics count, and what resh did there."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from resh.app import App
from resh.cleanup.journal import Entry, Journal
from resh.model.base import BASE_KINDS
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.state.runs import StepRecord
from tests.commands.conftest import Shell

ACCOUNTS = {"123456789012": "demo", "210987654321": "prod"}
REGIONS = ("eu-west-1", "us-east-1")
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
QUOTAS = (
    "Buckets", "General purpose buckets", "ACM certificates", "VPCs per Region", "Internet gateways per Region",
    "Application Load Balancers per Region", "Running On-Demand Standard instances", "Storage for gp3 volumes, in TiB", "Others",
)  # fmt: skip
_MADE = [kind for kind in BASE_KINDS if not kind.phantom or kind.name in ("quota", "instance_type", "volume_type", "account")]
_MADE += [kind for kind in BASE_KINDS if kind.name.endswith("_quota")]
SETTINGS, BLOCK = "test_bucket_settings", "bucket_public_access_block_configuration"
KINDS = [Kind(f"test_{kind.name}", (kind.name,), "Made up.", phantom=kind.phantom) for kind in _MADE]
_BASES = {kind.name: kind.bases for kind in (*BASE_KINDS, *KINDS)}
_OFTEN = ("test_instance", "test_instance_type", "test_volume", "test_volume_type", "test_bucket") * 5
_OF_KIND: Mapping[str, Mapping[str, Any]] = {
    "test_volume": {"instance_status": None},
    "test_volume_type": {"volume_type": "gp3"},
    "test_instance": {"volume_size": None},
}
Document = dict[str, Any]
Above = Mapping[str, Mapping[str, Any]]
"""What the type, or the settings, say that resources hang below, by the id of the resource: exported documents do not tell."""


def kinds_of(kind: str) -> set[str]:
    return {kind}.union(*(kinds_of(base) for base in _BASES.get(kind, ())))


def policy(chance: random.Random) -> Any:
    principal = chance.choice(["*", {"AWS": "*"}, {"AWS": ["1", "*"]}, {"AWS": "1"}])
    statement = {"Effect": chance.choice(["Allow", "Deny"]), "Principal": principal}
    statement |= chance.choice([{}, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}])
    return chance.choice([None, {"Statement": [{"Effect": "Deny", "Principal": "1"}, statement]}, {"Statement": statement}])


def values(chance: random.Random, kind: str) -> dict[str, Any]:
    flag = chance.choice([True, False, None])
    return {
        "instance_status": chance.choice(["running", "stopped", None]),
        "instance_type": chance.choice(["t3.micro", "m5.large"]),
        "instance_cores": chance.choice([1, 2, 0.5, None]),
        "instance_memory": chance.choice([0.5, 4, None]),
        "volume_size": chance.choice([1, 100, None]),
        "volume_type": chance.choice(["gp3", None, ""]),
        "volume_status": chance.choice(["available", "in-use"]),
        "snapshot_status": chance.choice(["completed", None]),
        "quota": chance.choice([5.0, 32.0, None]),
        "reservations": chance.choice([0, 3, None]),
        "ondemand_cost": chance.choice([0.1, 2.5, None]),
        "tags": chance.choice([{}, {"owner": "ada"}, None]),
        "public_ip_address": chance.choice([None, "203.0.113.7"]),
        "db_publicly_accessible": flag,
        "scheme": chance.choice(["internet-facing", "internal"]),
        "alb_scheme": chance.choice(["internet-facing", "internal"]),
        "public_ips": chance.choice([None, [], ["203.0.113.8"]]),
        "bucket_policy": policy(chance),
        "bucket_acl": {"grants": [{"grantee": {"id": "1"}}, {"grantee": {"uri": chance.choice([EVERYBODY, "…/s3/LogDelivery"])}}]},
        BLOCK: {"restrict_public_buckets": flag, "ignore_public_acls": chance.choice([True, None])},
        **({"name": chance.choice(QUOTAS)} if kind.endswith("quota") else {}),
        **_OF_KIND.get(kind, {}),
    }


def made_up(chance: random.Random, account: str) -> Iterator[Node]:
    for number in range(400):
        kind, region = chance.choice([*(kind.name for kind in KINDS), *_OFTEN]), chance.choice(REGIONS)
        reported = {"id": f"{kind}-{number}", "kind": kind, "name": f"number {number}", **values(chance, kind)}
        yield Node(node_id("aws", account, region, kind, reported["id"]), kind, Scope("aws", account, region, kind), region, reported)


def settings(chance: random.Random, account: str) -> Node:
    block = {"restrict_public_buckets": chance.random() < 0.3, "ignore_public_acls": chance.random() < 0.3}
    reported = {"id": account, "kind": SETTINGS, "name": account, BLOCK: block}
    scope = Scope("aws", account, "global", SETTINGS)
    return Node(node_id("aws", account, "global", SETTINGS, account), SETTINGS, scope, "global", reported)


def hung(chance: random.Random, nodes: list[Node]) -> Iterator[tuple[Node, Node]]:
    """Some instances and volumes are of a type, which may have a price; buckets are under the settings of their account."""
    for below, above in (("test_instance", "test_instance_type"), ("test_volume", "test_volume_type"), ("test_bucket", SETTINGS)):
        types = [node for node in nodes if node.kind == above]
        for node in nodes:
            if node.kind == below and types and chance.random() < 0.7:
                yield chance.choice(types), node


def fill(app: App, seed: int) -> Above:
    chance = random.Random(seed)
    found: dict[str, Mapping[str, Any]] = {}
    for account, name in ACCOUNTS.items():
        nodes = [*made_up(chance, account), settings(chance, account)]
        with app.graph.merge("aws", account, name) as merge:
            merge.kinds(KINDS)
            merge.nodes(nodes)
            pairs = list(hung(chance, nodes))
            merge.edges(Edge(above.id, node.id, "default", node.id) for above, node in pairs)
            for kind in KINDS:
                for region in REGIONS:
                    merge.scope(ScopeReport(Scope("aws", account, region, kind.name), chance.choice([Status.OK, Status.OK, Status.DENIED])))
        found.update({node.id: above.reported for above, node in pairs})
    record(chance, app)
    return found


def record(chance: random.Random, app: App) -> None:
    """Runs, and what was deleted."""
    for number in range(6):
        started = number * 1000.0
        opened = app.tables.runs.open(chance.choice(["collect", "main"]), by="ada", at=started)
        steps = (StepRecord("collect", started, started + chance.randrange(1, 100)),)
        app.tables.runs.save(replace(opened, steps=steps, ended=started + 100, status="ok"))
    journal = Journal(app.home / "journal.jsonl")
    for document in exported(app, "is(volume) or is(instance)"):
        entry = Entry(document, (), "", "", "", "ada", "2026-11-28T00:00:00Z", monthly_cost=chance.choice([None, 12.5, 3.0]))
        journal.start(entry)
        if chance.random() < 0.8:
            journal.finish(entry, chance.choice(["deleted", "failed"]), 1.0)


def exported(app: App, search: str = "all") -> list[Document]:
    return [json.loads(line) for line in Shell(app)(f"search {search} | format --ndjson")]
