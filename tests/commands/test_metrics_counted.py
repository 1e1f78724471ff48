"""Every default metric against a plain count over the exported documents, on accounts that are made up at random.

Nothing here asks resh which resources are meant: kinds are told by their bases, conditions are written in Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup.journal import Journal
from resh.metrics.definitions import defaults
from resh.model.scope import Status
from tests.commands.made_up import ACCOUNTS, BLOCK, EVERYBODY, Document, exported, fill, kinds_of

GIB, TIB, HOURS = 1024**3, 1024**4, 730
PLACE = ("cloud", "account", "region")


@pytest.fixture(params=[1, 2, 3, 4])
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@dataclass(frozen=True)
class Plain:
    """Which documents count, what each of them counts (None: nothing), and the labels beside those of its place."""

    fits: Callable[[Document], bool]
    value: Callable[[Document], float | None] = lambda document: 1
    labels: Mapping[str, str] | None = None
    place: tuple[str, ...] = PLACE


def of(base: str, **conditions: Any) -> Callable[[Document], bool]:
    return lambda document: (
        base in kinds_of(document["kind"]) and all(document["reported"].get(name) == value for name, value in conditions.items())
    )


def product(name: str, factor: float = 1) -> Callable[[Document], float | None]:
    def value(document: Document) -> float | None:
        found = document["reported"].get(name)
        return None if found is None else found * factor

    return value


def cost(document: Document) -> float | None:
    """What the resource costs at the price of its type: an instance an hour, a volume a month for each GB."""
    size = document["reported"].get("volume_size") if document["kind"] == "test_volume" else 1
    price = document["above"].get("ondemand_cost")
    return None if size is None or price is None else size * price


def quota(base: str, names: str) -> Callable[[Document], bool]:
    """Of a kind of quotas, or a quota with such a name."""
    return lambda document: (
        base in kinds_of(document["kind"])
        or ("quota" in kinds_of(document["kind"]) and re.search(names, document["reported"]["name"], re.IGNORECASE) is not None)
    )


def existing(document: Document) -> bool:
    kinds = kinds_of(document["kind"])
    return "resource" in kinds and "phantom_resource" not in kinds


def public(document: Document) -> bool:
    kinds, reported = kinds_of(document["kind"]), document["reported"]
    facing = "internet-facing" in (reported.get("scheme"), reported.get("alb_scheme"))
    address = reported.get("public_ip_address") is not None
    return bool(
        ("instance" in kinds and address)
        or ("database" in kinds and reported.get("db_publicly_accessible"))
        or ("load_balancer" in kinds and (facing or address))
        or ("network_interface" in kinds and reported.get("public_ips"))
        or ("bucket" in kinds and open_bucket(reported, document["above"].get(BLOCK, {})))
    )


def open_bucket(reported: Mapping[str, Any], of_account: Mapping[str, Any]) -> bool:
    blocked = {name for block in (reported[BLOCK], of_account) for name, is_on in block.items() if is_on}
    statements = (reported.get("bucket_policy") or {}).get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    granted = any(grant["grantee"].get("uri") == EVERYBODY for grant in reported["bucket_acl"]["grants"])
    allowed = any(
        statement["Effect"] == "Allow" and "Condition" not in statement and "*" in _principals(statement["Principal"])
        for statement in statements
    )
    return (allowed and "restrict_public_buckets" not in blocked) or (granted and "ignore_public_acls" not in blocked)


def _principals(principal: Any) -> list[str]:
    found = principal["AWS"] if isinstance(principal, dict) else principal
    return found if isinstance(found, list) else [found]


COUNTED = (
    "autoscaling_group", "bucket", "certificate", "endpoint", "gateway", "group", "instance_profile", "ip_address", "keypair",
    "network_acl", "network", "peering_connection", "role", "routing_table", "security_group", "serverless_function", "subnet", "tunnel",
    "user",
)  # fmt: skip
RUNNING, DISK = of("instance", instance_status="running"), {"type": "volume_type", "status": "volume_status"}
BY_TYPE, BY_KIND = {"type": "instance_type"}, {"kind": "kind"}
DATABASES = {"type": "db_type", "instance_type": "instance_type"}
METRICS = {f"{kind}s_total" if kind != "ip_address" else "ip_addresses_total": Plain(of(kind)) for kind in COUNTED} | {
    "access_keys_total": Plain(of("access_key"), labels={"status": "access_key_status"}),
    "accounts_total": Plain(of("account"), place=("cloud",)),
    "buckets_quotas_total": Plain(quota("bucket_quota", "^(General purpose )?buckets$"), product("quota")),
    "certificates_quotas_total": Plain(quota("certificate_quota", "^ACM certificates$"), product("quota")),
    "cores_total": Plain(RUNNING, product("instance_cores"), BY_TYPE),
    "databases_bytes": Plain(of("database"), product("volume_size", GIB), DATABASES),
    "databases_total": Plain(of("database"), labels=DATABASES),
    "gateways_quotas_total": Plain(quota("gateway_quota", "^Internet gateways per Region$"), product("quota")),
    "health_checks_total": Plain(of("health_check"), labels={"type": "health_check_type"}),
    "instances_hourly_cost_estimate": Plain(RUNNING, cost, BY_TYPE),
    "instances_quotas_total": Plain(quota("instance_quota", "^Running On-Demand "), product("quota"), {"type": "name"}),
    "instances_total": Plain(of("instance"), labels={**BY_TYPE, "status": "instance_status"}),
    "load_balancers_quotas_total": Plain(quota("load_balancer_quota", "Load Balancers per Region$"), product("quota"), {"type": "name"}),
    "load_balancers_total": Plain(of("load_balancer"), labels={"type": "lb_type"}),
    "memory_bytes": Plain(RUNNING, product("instance_memory", GIB), BY_TYPE),
    "network_interfaces_total": Plain(of("network_interface"), labels={"status": "network_interface_status"}),
    "networks_quotas_total": Plain(quota("network_quota", "^VPCs per Region$"), product("quota")),
    "policies_total": Plain(of("policy")),
    "public_resources_total": Plain(public, labels=BY_KIND),
    "reserved_instances_total": Plain(
        lambda document: of("instance_type")(document) and (document["reported"].get("reservations") or 0) > 0,
        product("reservations"),
        BY_TYPE,
    ),
    "resources_total": Plain(existing, labels=BY_KIND),
    "snapshots_total": Plain(of("snapshot"), labels={"status": "snapshot_status"}),
    "snapshots_volumes_bytes": Plain(of("snapshot"), product("volume_size", GIB), {"status": "snapshot_status"}),
    "stacks_total": Plain(of("stack"), labels={"status": "stack_status"}),
    "untagged_resources_total": Plain(lambda document: existing(document) and not document["reported"].get("tags"), labels=BY_KIND),
    "volume_bytes": Plain(of("volume"), product("volume_size", GIB), DISK),
    "volumes_monthly_cost_estimate": Plain(of("volume"), cost, DISK),
    "volumes_quotas_bytes": Plain(quota("none", "^Storage for "), product("quota", TIB), {"type": "name"}),
    "volumes_total": Plain(of("volume"), labels=DISK),
}
OWN = {"cleanup_deleted_total", "cleanup_saved_monthly_cost", "collect_duration_seconds", "scopes_failed_total"}
Series = dict[tuple[tuple[str, str], ...], float]


def counted(documents: Sequence[Document], plain: Plain) -> Series:
    found: Series = {}
    for document in documents:
        if plain.fits(document) and (value := plain.value(document)) is not None:
            labels = [(name, document["ancestors"].get(name, {}).get("reported", {}).get("name", "")) for name in plain.place]
            labels += [(name, _text(document["reported"].get(path))) for name, path in (plain.labels or {}).items()]
            key = tuple(sorted(labels))
            found[key] = found.get(key, 0) + value
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def measured(app: App, name: str) -> Series:
    (definition,) = (definition for definition in defaults() if definition.name == name)
    return {tuple(sorted(sample.labels.items())): sample.value for sample in app.generator.measure(definition, Cancel())}


def test_there_is_a_plain_count_for_each() -> None:
    assert METRICS.keys() | OWN == {definition.name for definition in defaults()}


def test_each_equals_a_plain_count(app: App, seed: int) -> None:
    above = fill(app, seed)
    documents = [{**document, "above": above.get(document["id"], {})} for document in exported(app)]
    assert len(documents) >= 800
    for name, plain in METRICS.items():
        wanted = counted(documents, plain)
        assert wanted, f"{name}: nothing was made up for it"
        assert measured(app, name) == pytest.approx(wanted), name


def test_scopes_and_collects_equal_plain_counts(app: App, seed: int) -> None:
    fill(app, seed)
    failed: Series = {}
    for report, _ in app.graph.scopes():
        if report.status is Status.DENIED:
            place = ("account", ACCOUNTS[report.scope.account]), ("cloud", "aws"), ("region", report.scope.region), ("status", "denied")
            failed[place] = failed.get(place, 0) + 1
    assert measured(app, "scopes_failed_total") == failed
    last = {run.workflow: run.steps[0].ended - run.steps[0].started for run in app.tables.runs.all()}
    assert measured(app, "collect_duration_seconds") == {(("workflow", name),): took for name, took in last.items()}


def test_deletions_and_savings_equal_plain_counts(app: App, seed: int) -> None:
    fill(app, seed)
    prices: dict[tuple[str, str, str], float] = {}
    for document in exported(app, "is(instance_type) or is(volume_type)"):
        kind, reported = document["kind"].removeprefix("test_"), document["reported"]
        key = (kind, document["ancestors"]["region"]["reported"]["name"], reported[kind])
        prices[key] = max(prices.get(key, 0), reported.get("ondemand_cost") or 0)
    costs: dict[int, float] = {}
    documents = []
    for entry in Journal(app.home / "journal.jsonl").entries():
        if entry.result == "deleted":
            documents.append(entry.document)
            cost = entry.monthly_cost if entry.monthly_cost is not None else monthly(entry.document, prices)
            costs |= {id(entry.document): cost} if cost else {}
    assert measured(app, "cleanup_deleted_total") == counted(documents, Plain(lambda document: True, labels=BY_KIND))
    saved = counted(documents, Plain(lambda document: True, lambda document: costs.get(id(document)), BY_KIND))
    assert measured(app, "cleanup_saved_monthly_cost") == pytest.approx(saved)


def monthly(document: Document, prices: Mapping[tuple[str, str, str], float]) -> float | None:
    reported, region = document["reported"], document["ancestors"]["region"]["reported"]["name"]
    if document["kind"] == "test_volume":
        return (reported.get("volume_size") or 0) * prices.get(("volume_type", region, reported.get("volume_type") or ""), 0)
    if reported.get("instance_status") == "running":
        return HOURS * prices.get(("instance_type", region, reported["instance_type"]), 0)
    return None
