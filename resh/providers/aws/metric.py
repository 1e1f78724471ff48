"""How a metric of CloudWatch's is declared, as data: `metrics.py` and `further_metrics.py` do it, `usage.py` asks for them.

    Metric("aws_ec2_instance", "cpu_utilization", "AWS/EC2", "CPUUtilization", {"InstanceId": "id"}, "percent")

The graph has its values under `/usage.<name>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PERIOD = 300
"""Seconds that a value of CloudWatch's stands for: EC2 measures no finer unless it is paid for."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One measurement of one kind.

    `dimensions` has a JMESPath over the reported properties for each dimension; a resource for which one of them gives nothing does not
    have the metric. `statistics` are those that CloudWatch is asked for, with least, average and most in that order, or one that
    stands for all three; `factor` makes its values the `unit`. `quiet` says that AWS sends nothing while nothing happens: then no value
    is zero, not unknown.
    """

    kind: str
    name: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    unit: str
    statistics: tuple[str, ...] = ("Minimum", "Average", "Maximum")
    factor: float = 1
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A kind, and where CloudWatch has its metrics: makes several of them, by the names that they get."""

    kind: str
    namespace: str
    dimensions: Mapping[str, str]
    quiet: bool = False

    def level(self, unit: str, factor: float = 1, **names: str) -> tuple[Metric, ...]:
        """What is so high at any time."""
        return tuple(
            Metric(self.kind, name, self.namespace, metric, self.dimensions, unit, factor=factor) for name, metric in names.items()
        )

    def rate(self, unit: str, **names: str) -> tuple[Metric, ...]:
        """What is counted over a period, a second."""
        return self.total(f"{unit} a second", 1 / PERIOD, **names)

    def total(self, unit: str, factor: float, **names: str) -> tuple[Metric, ...]:
        """What has to be summed up over a period."""
        return tuple(
            Metric(self.kind, name, self.namespace, metric, self.dimensions, unit, ("Sum",), factor, self.quiet)
            for name, metric in names.items()
        )
