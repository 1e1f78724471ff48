"""Partitions: AWS's separate worlds, each with regions, credentials and a console of its own."""

from __future__ import annotations

HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where a partition keeps what is global."""

_PREFIXES = {
    "cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b", "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e", "eusc-": "aws-eusc",
}  # fmt: skip


def home_of(partition: str) -> str:
    return HOME.get(partition, HOME["aws"])


def partition_of(region: str) -> str:
    """Regions of the other partitions begin with letters of their own."""
    return next((partition for prefix, partition in _PREFIXES.items() if region.startswith(prefix)), "aws")
