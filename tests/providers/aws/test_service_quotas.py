"""Service quotas, and what they limit."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest

from resh.providers.aws.service_quotas import QUOTA
from tests.providers.aws.catalog_world import World

FAMILIES = {
    "HPC": "HPC", "F": "F", "G": "G and VT", "Inf": "Inf", "High": "High Memory", "X": "X", "DL": "DL", "Trn": "Trn", "P": "P",
    "standard": "Standard (A, C, D, H, I, M, R, T, Z)",
}  # fmt: skip


def quota(code: str, name: str, **more: Any) -> dict[str, Any]:
    return {"ServiceCode": "ec2", "QuotaCode": code, "QuotaName": name, "QuotaArn": f"arn:{code}", "Value": 5.0, **more}


def test_properties(world: World) -> None:
    metric = {"MetricNamespace": "AWS/Usage", "MetricName": "ResourceCount"}
    item = quota("L-1", "Running On-Demand F instances", Unit="None", Adjustable=True, GlobalQuota=False, UsageMetric=metric)
    reported = world.add("aws_service_quota", item)
    assert [reported[name] for name in ("id", "name", "arn", "quota", "quota_adjustable", "quota_global", "quota_unit")] == [
        "L-1", "Running On-Demand F instances", "arn:L-1", 5.0, True, False, "None",
    ]  # fmt: skip
    assert reported["quota_usage_metric"] == {"metric_namespace": "AWS/Usage", "metric_name": "ResourceCount"}
    assert reported["quota_service_code"] == "ec2"


@pytest.mark.parametrize(
    ("type", "code"),
    [
        ("m5.large", "standard"), ("im4gn.large", "standard"), ("t3.micro", "standard"), ("hpc7a.96xlarge", "HPC"), ("f1.2xlarge", "F"),
        ("g4dn.xlarge", "G"), ("vt1.3xlarge", "G"), ("inf2.xlarge", "Inf"), ("u-6tb1.metal", "High"), ("x2gd.medium", "X"),
        ("dl1.24xlarge", "DL"), ("d3.xlarge", "standard"), ("trn1.2xlarge", "Trn"), ("p4d.24xlarge", "P"), ("mac2.metal", None),
    ],
)  # fmt: skip
def test_the_quota_of_an_instance_type(world: World, type: str, code: str | None) -> None:
    for family, name in FAMILIES.items():
        world.add("aws_service_quota", quota(family, f"Running On-Demand {name} instances"))
    world.add("aws_ec2_instance_type", {"InstanceType": type})
    assert world.edges("default") == ({f"{code} > {type}"} if code else set())


def test_quotas_of_other_kinds(world: World) -> None:
    world.add("aws_service_quota", quota("disk", "Storage for General Purpose SSD (gp3) volumes, in TiB"))
    world.add("aws_service_quota", quota("gateways", "Internet gateways per Region"))
    world.add("aws_service_quota", quota("albs", "Application Load Balancers per Region"))
    world.add("aws_service_quota", quota("elbs", "Classic Load Balancers per Region"))
    world.add("aws_ec2_volume_type", {"volume_type": "gp3"})
    world.add("aws_ec2_volume_type", {"volume_type": "gp2"})
    world.add("aws_ec2_volume", {"VolumeId": "vol-1", "VolumeType": "gp3"})
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_alb", {"LoadBalancerName": "alb"})
    world.add("aws_elb", {"DNSName": "elb.example.com"})
    assert world.edges("default") == {
        "disk > gp3", "gp3 > vol-1", "gateways > vpc-1", "albs > alb", "elbs > elb.example.com",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Storage for Cold HDD (sc1) volumes, in TiB", True),
        ("Classic Load Balancers per Region", True),
        ("VPCs per Region", True),
        ("General purpose buckets", True),
        ("ACM certificates", True),
        ("EC2-VPC Elastic IPs", False),
        ("All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", False),
    ],
)
def test_only_what_limits_kinds_of_the_catalog_is_kept(name: str, kept: bool) -> None:
    assert jmespath.search(QUOTA.keep, {"QuotaName": name}) is kept


def test_only_services_of_the_catalog_are_asked() -> None:
    services = {"Services": [{"ServiceCode": code} for code in ("a4b", "ec2", "s3", "vpc")]}
    assert jmespath.search(QUOTA.call.items, services) == ["ec2", "s3", "vpc"]
