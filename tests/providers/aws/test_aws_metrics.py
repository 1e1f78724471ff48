"""What is declared of CloudWatch's metrics fits the kinds of the catalog."""

from __future__ import annotations

from typing import Any

import pytest

from resh.providers.aws.catalogs import catalog
from resh.providers.aws.metrics import LAST_USES, METRICS, Metric, wanted
from resh.providers.mapping import expression
from resh.settings import Settings

BASES = {resource.kind: resource.bases for resource in catalog().resources}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/"


def of(kind: str, **reported: Any) -> dict[str, Metric]:
    """By name: those that a resource has. Two of one name would overwrite each other in the graph."""
    found: dict[str, Metric] = {}
    for metric in METRICS:
        if metric.kind == kind and all(expression(path)(reported) for path in metric.dimensions.values()):
            assert metric.name not in found
            found[metric.name] = metric
    return found


def test_every_kind_is_in_the_catalog() -> None:
    assert {metric.kind for metric in METRICS} <= BASES.keys()
    assert {base for metric in METRICS for base in BASES[metric.kind]} == {"instance", "volume", "database", "load_balancer"}


def test_times_of_use_are_those_that_the_cloud_does_not_tell_itself() -> None:
    fields = {resource.kind: resource.fields for resource in catalog().resources}
    assert {(use.kind, use.name) for use in LAST_USES if use.name in fields[use.kind]} == set()
    assert {use.name for use in LAST_USES} == {"atime", "mtime"}
    assert all(len(use.statistics) == 1 for use in LAST_USES)
    assert {use.kind for use in LAST_USES} < {metric.kind for metric in METRICS}, "so that its regions are asked"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: f"{metric.kind}-{metric.name}-{metric.namespace}")
def test_one_statistic_stands_for_all_three_or_there_are_three(metric: Metric) -> None:
    assert metric.statistics in (("Sum",), ("Minimum", "Average", "Maximum"))
    assert (metric.factor != 1) == (metric.statistics == ("Sum",))


@pytest.mark.parametrize(
    ("end", "namespace", "names"),
    [
        ("app/orders/50dc6c495c0c9188", "AWS/ApplicationELB", {"request_count", "processed_bytes", "new_connection_count"}),
        ("net/orders/50dc6c495c0c9188", "AWS/NetworkELB", {"processed_bytes", "new_connection_count"}),
        ("gwy/orders/50dc6c495c0c9188", "AWS/GatewayELB", {"processed_bytes", "new_connection_count"}),
    ],
)
def test_load_balancers_by_their_sort(end: str, namespace: str, names: set[str]) -> None:
    found = of("aws_alb", arn=ARN + end)
    assert found.keys() == names
    assert {metric.namespace for metric in found.values()} == {namespace}
    assert {expression(metric.dimensions["LoadBalancer"])({"arn": ARN + end}) for metric in found.values()} == {end}


@pytest.mark.parametrize("reported", [{}, {"arn": None}, {"arn": "odd"}, {"arn": ARN + "xyz/orders/1"}])
def test_a_load_balancer_of_no_known_sort_has_none(reported: dict[str, Any]) -> None:
    assert of("aws_alb", **reported) == {}


def test_nothing_is_asked_unless_it_is_switched_on() -> None:
    assert wanted(Settings()) == ()
    assert wanted(Settings.load(overrides=["aws.usage=true"])) == METRICS
    some = wanted(Settings.load(overrides=["aws.usage=true", "aws.usage_kinds=aws_ec2_*,aws_elb"]))
    assert {metric.kind for metric in some} == {"aws_ec2_instance", "aws_ec2_volume", "aws_elb"}
