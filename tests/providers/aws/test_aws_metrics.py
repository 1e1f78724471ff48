"""What is declared of CloudWatch's metrics fits the kinds of the catalog."""

from __future__ import annotations

from typing import Any

import pytest

from resh.providers.aws.catalogs import catalog
from resh.providers.aws.metric import Metric
from resh.providers.aws.metrics import EVERY, LAST_USES, METRICS, wanted, wanted_uses
from resh.providers.mapping import expression
from resh.settings import Settings

BASES = {resource.kind: resource.bases for resource in catalog().resources}
ANSWERS = {"request_count", "latency", "status_code_2xx", "status_code_4xx", "status_code_5xx"}
CONNECTIONS = {"processed_bytes", "new_connection_count", "active_connection_count"}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/"


def of(kind: str, **reported: Any) -> dict[str, Metric]:
    """By name: those that a resource has. Two of one name would overwrite each other in the graph."""
    found: dict[str, Metric] = {}
    for metric in EVERY:
        if metric.kind == kind and all(expression(path)(reported) for path in metric.dimensions.values()):
            assert metric.name not in found
            found[metric.name] = metric
    return found


def test_every_kind_is_in_the_catalog() -> None:
    assert {metric.kind for metric in EVERY} <= BASES.keys()
    assert {base for metric in METRICS for base in BASES[metric.kind]} == {"instance", "volume", "database", "load_balancer", "resource"}
    assert {metric.kind for metric in METRICS if BASES[metric.kind] == ("resource",)} == {"aws_alb_target_group"}


def test_times_of_use_are_those_that_the_cloud_does_not_tell_itself() -> None:
    fields = {resource.kind: resource.fields for resource in catalog().resources}
    assert {(use.kind, use.name) for use in LAST_USES if use.name in fields[use.kind]} == set()
    assert {use.name for use in LAST_USES} == {"atime", "mtime"}
    assert all(len(use.statistics) == 1 for use in LAST_USES)
    assert {use.kind for use in LAST_USES} < {metric.kind for metric in METRICS}, "so that its regions are asked"


@pytest.mark.parametrize("metric", EVERY, ids=lambda metric: f"{metric.kind}-{metric.name}-{metric.namespace}")
def test_one_statistic_stands_for_all_three_or_there_are_three(metric: Metric) -> None:
    assert metric.statistics in (("Sum",), ("Minimum", "Average", "Maximum"))
    assert metric.factor != 1 or metric.statistics != ("Sum",)
    assert not metric.quiet or metric.statistics == ("Sum",), "a level is not known where nothing is"


@pytest.mark.parametrize(
    ("end", "namespace", "names"),
    [
        ("app/orders/50dc6c495c0c9188", "AWS/ApplicationELB", {*ANSWERS, *CONNECTIONS}),
        ("net/orders/50dc6c495c0c9188", "AWS/NetworkELB", CONNECTIONS),
        ("gwy/orders/50dc6c495c0c9188", "AWS/GatewayELB", CONNECTIONS),
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


def test_a_target_group_is_known_by_its_load_balancer() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/73e2d6bc24d8a067"
    found = of("aws_alb_target_group", arn=arn, alb_lb_arns=[f"{ARN}app/orders/50dc6c495c0c9188"])
    assert found.keys() == ANSWERS
    values = {
        name: expression(path)({"arn": arn, "alb_lb_arns": [f"{ARN}app/orders/1"]}) for name, path in found["latency"].dimensions.items()
    }
    assert values == {"TargetGroup": "targetgroup/web/73e2d6bc24d8a067", "LoadBalancer": "app/orders/1"}
    assert of("aws_alb_target_group", arn=arn, alb_lb_arns=[]) == of("aws_alb_target_group", arn=arn) == {}


@pytest.mark.parametrize(
    ("kind", "reported", "expected"),
    [
        ("aws_ecs_service", {"name": "web", "cluster_arn": "arn:aws:ecs:r:1:cluster/main"}, {"ClusterName": "main", "ServiceName": "web"}),
        ("aws_opensearch_domain", {"name": "logs", "arn": "arn:aws:es:r:123:domain/logs"}, {"DomainName": "logs", "ClientId": "123"}),
    ],
)
def test_dimensions_that_no_property_has_alone(kind: str, reported: dict[str, str], expected: dict[str, str]) -> None:
    dimensions = of(kind, **reported)["cpu_utilization"].dimensions
    assert {name: expression(path)(reported) for name, path in dimensions.items()} == expected


def test_nothing_is_asked_unless_it_is_switched_on() -> None:
    assert wanted(Settings()) == ()
    assert wanted(Settings.load(overrides=["aws.usage=true"])) == METRICS
    some = wanted(Settings.load(overrides=["aws.usage=true", "aws.usage_kinds=aws_ec2_*,aws_elb"]))
    assert {metric.kind for metric in some} == {"aws_ec2_instance", "aws_ec2_volume", "aws_ec2_nat_gateway", "aws_elb"}


def test_kinds_of_which_there_may_be_very_many_have_to_be_named() -> None:
    def kinds(*settings: str) -> set[str]:
        return {metric.kind for metric in wanted(Settings.load(overrides=["aws.usage=true", *settings]))}

    assert "aws_lambda_function" not in kinds()
    assert kinds("aws.usage_kinds=aws_lambda_function") == {"aws_lambda_function"}
    assert kinds("aws.usage_kinds=*") == {metric.kind for metric in EVERY}


def test_times_of_use_are_asked_for_of_the_same_kinds() -> None:
    assert wanted_uses(Settings()) == ()
    assert wanted_uses(Settings.load(overrides=["aws.usage=true"])) == LAST_USES
    assert {use.kind for use in wanted_uses(Settings.load(overrides=["aws.usage=true", "aws.usage_kinds=aws_rds_*"]))} == {
        "aws_rds_instance"
    }
