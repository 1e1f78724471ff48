from __future__ import annotations

import re
from dataclasses import replace

import pytest

from resh.errors import BadValue
from resh.metrics.definitions import Definition, defaults, differences, dump, load, merged
from resh.model.base import BASE_KINDS

RESOTO = """
access_keys_total accounts_total autoscaling_groups_total buckets_quotas_total buckets_total certificates_quotas_total certificates_total
cores_total databases_bytes databases_total endpoints_total gateways_quotas_total gateways_total groups_total health_checks_total
instance_profiles_total instances_hourly_cost_estimate instances_quotas_total instances_total ip_addresses_total keypairs_total
load_balancers_quotas_total load_balancers_total memory_bytes network_acls_total network_interfaces_total networks_quotas_total
networks_total peering_connections_total policies_total reserved_instances_total roles_total routing_tables_total security_groups_total
snapshots_total snapshots_volumes_bytes stacks_total subnets_total tunnels_total users_total volume_bytes volumes_monthly_cost_estimate
volumes_quotas_bytes volumes_total
"""
NEW = """
resources_total scopes_failed_total collect_duration_seconds cleanup_deleted_total cleanup_saved_monthly_cost untagged_resources_total
public_resources_total
"""


def test_the_defaults_are_those_of_resoto_and_more() -> None:
    definitions = {definition.name: definition for definition in defaults()}
    assert len(RESOTO.split()) == 44
    assert definitions.keys() >= {*RESOTO.split(), *NEW.split()}
    assert list(definitions) == sorted(definitions)


@pytest.mark.parametrize("definition", defaults(), ids=lambda definition: definition.name)
def test_each_default_is_an_aggregate_named_like_the_metric(definition: Definition) -> None:
    assert definition.help
    if definition.search:
        assert re.fullmatch(rf"aggregate\(.+: sum\(.+\) as {definition.name}\): \(?is\(\w+\).*", definition.search)
        assert ("1024 * 1024 * 1024" in definition.search) == (definition.unit == "bytes")
        assert ("sum(quota" in definition.search) == ("_quotas_" in definition.name)


def test_a_text_is_read_as_it_was_written() -> None:
    assert load(dump(defaults())) == defaults()


def test_only_what_differs_is_kept() -> None:
    mine = Definition("mine_total", "Mine", "aggregate(kind: sum(1)): all")
    wanted = [replace(definition, help="Disks") if definition.name == "volumes_total" else definition for definition in defaults()]
    wanted = [definition for definition in wanted if definition.name != "stacks_total"] + [mine]
    changes = differences(wanted, defaults())
    assert set(changes) == {"volumes_total", "mine_total", "stacks_total"}
    assert merged(defaults(), changes) == tuple(sorted(wanted, key=lambda definition: definition.name))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[volumes]", "no mapping"),
        ("a: {help: x", "no YAML"),
        ("a: {help: x}", "metric 'a': help or search is missing"),
        ("a: 3", "metric 'a'"),
        ("a: {help: x, search: y, type: histogram}", "'histogram' is not a type"),
        ("a: {help: x, search: y, units: GB}", "metric 'a': there is no field 'units'"),
        ("a: {help: x, source: weather}", "there is no source 'weather'"),
        ("a: {help: x, search: y, source: scopes}", "it has a search and a source"),
        ("a-b: {help: x, search: y}", "'a-b' is no name for a metric"),
        ("3: {help: x, search: y}", "'3' is no name for a metric"),
        ("a: {help: x, search: y}\nb: {help: x, search: y}\na: {help: x, search: z}", "'a' is there twice, again in line 3"),
        ("a: {help: x, help: y, search: z}", "'help' is there twice, again in line 1"),
        ("sessions: {help: x, search: y}", "'sessions' is the name of what resh tells of itself"),
    ],
)
def test_a_wrong_definition_is_named(text: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        load(text)


def test_defaults_ask_for_base_kinds_only() -> None:
    """Those of a cloud may be unknown to a graph that has others."""
    kinds = {kind for definition in defaults() for kind in re.findall(r"is\((\w+)\)", definition.search)}
    assert kinds <= {kind.name for kind in BASE_KINDS}
