"""Service quotas: how much of a resource an account may have in a region. The catalog of `aws/provider.py`.

There are thousands of them, and few calls a second are allowed. Those are collected that limit kinds of the catalog, which `ec2.py`,
`elb.py` and others say with `limited_by`, and those that metrics tell (`metrics/defaults.yaml`).
"""

from __future__ import annotations

from resh.providers.catalog import Call, Link, Resource

KIND = "aws_service_quota"
GATEWAYS, LOAD_BALANCERS, CLASSIC = (
    "Internet gateways per Region",
    "Application Load Balancers per Region",
    "Classic Load Balancers per Region",
)
_MEASURED = ("ACM certificates", "Buckets", "General purpose buckets", "VPCs per Region")
_NAMED = ", ".join(f"'{name}'" for name in (GATEWAYS, LOAD_BALANCERS, CLASSIC, *_MEASURED))
_ON_DEMAND = {
    "dl": "DL", "hpc": "HPC", "inf": "Inf", "trn": "Trn", "u-": "High Memory", "vt": "G and VT", "f": "F", "g": "G and VT", "p": "P",
    "x": "X",
}  # fmt: skip
"""Families of instance types by how they begin, and what their quota says:
https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
"""
_STANDARD, _NONE = "acdhimrtz", "mac"


def limited_by(quota: str) -> Link:
    """The quota of that name limits the kind."""
    return Link(KIND, f"'{quota}'", by="name")


def _running(beginning: str, quota: str) -> str:
    return f"starts_with(InstanceType, '{beginning}') && 'Running On-Demand {quota} instances'"


def instances_limited() -> Link:
    """The quota of an instance type, which is one of its family."""
    families = [f"starts_with(InstanceType, '{_NONE}') && '-'", *(_running(*family) for family in _ON_DEMAND.items())]
    families += (_running(letter, "Standard (A, C, D, H, I, M, R, T, Z)") for letter in _STANDARD)
    return Link(KIND, " || ".join(families), by="name")


QUOTA = Resource(
    kind=KIND,
    bases=("quota",),
    description="How much of a resource the account may have in a region.",
    call=Call(
        "service-quotas",
        "list_services",
        "Services[?contains(['acm', 'ebs', 'ec2', 'elasticloadbalancing', 's3', 'vpc'], ServiceCode)].ServiceCode",
        describe=Call("service-quotas", "list_service_quotas", "Quotas", {"ServiceCode": "{batch}"}),
        batch=1,
    ),
    keep=f"starts_with(QuotaName, 'Running On-Demand ') || starts_with(QuotaName, 'Storage for ') || contains([{_NAMED}], QuotaName)",
    id="QuotaCode",
    name="QuotaName",
    arn="QuotaArn",
    tags="",
    prefix="quota",
    fields={"quota": "Value", "quota_global": "GlobalQuota"},
    edges=(
        # 'Storage for General Purpose SSD (gp3) volumes, in TiB'
        Link(
            "aws_ec2_volume_type",
            "starts_with(QuotaName, 'Storage for ') && split(split(QuotaName, '(')[1], ')')[0]",
            child=True,
        ),
    ),
    phantom=True,
    no_delete="a quota belongs to AWS",
)

RESOURCES = (QUOTA,)
