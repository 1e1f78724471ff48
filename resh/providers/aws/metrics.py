"""What CloudWatch measures of which kinds, as data; `usage.py` asks for it and the graph has it under `/usage.<name>`.

    Metric("aws_ec2_instance", "cpu_utilization", "AWS/EC2", "CPUUtilization", {"InstanceId": "id"}, "percent")

Names are those that Resoto gave them, where it had them. What each metric means, and how often AWS measures it:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resh.providers.selection import fits
from resh.settings import Settings

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


def _rate(
    kind: str, namespace: str, dimensions: Mapping[str, str], unit: str, names: Mapping[str, str], quiet: bool = False
) -> tuple[Metric, ...]:
    """What is counted over a period, a second."""
    return tuple(
        Metric(kind, name, namespace, metric, dimensions, f"{unit} a second", ("Sum",), 1 / PERIOD, quiet) for name, metric in names.items()
    )


def _instance() -> tuple[Metric, ...]:
    kind, namespace, by = "aws_ec2_instance", "AWS/EC2", {"InstanceId": "id"}
    return (
        Metric(kind, "cpu_utilization", namespace, "CPUUtilization", by, "percent"),
        *_rate(kind, namespace, by, "bytes", {"network_in": "NetworkIn", "network_out": "NetworkOut"}),
        *_rate(kind, namespace, by, "bytes", {"disk_read": "DiskReadBytes", "disk_write": "DiskWriteBytes"}),
    )


def _volume() -> tuple[Metric, ...]:
    kind, namespace, by = "aws_ec2_volume", "AWS/EBS", {"VolumeId": "id"}
    return (
        *_rate(kind, namespace, by, "bytes", {"volume_read": "VolumeReadBytes", "volume_write": "VolumeWriteBytes"}),
        *_rate(kind, namespace, by, "operations", {"volume_read_ops": "VolumeReadOps", "volume_write_ops": "VolumeWriteOps"}),
        Metric(kind, "volume_idle", namespace, "VolumeIdleTime", by, "percent", ("Sum",), 100 / PERIOD),
    )


def _database(kind: str, namespace: str) -> tuple[Metric, ...]:
    by = {"DBInstanceIdentifier": "id"}
    return (
        Metric(kind, "cpu_utilization", namespace, "CPUUtilization", by, "percent"),
        Metric(kind, "database_connections", namespace, "DatabaseConnections", by, "connections"),
    )


def _relational() -> tuple[Metric, ...]:
    kind, namespace, by = "aws_rds_instance", "AWS/RDS", {"DBInstanceIdentifier": "id"}
    return (
        *_database(kind, namespace),
        Metric(kind, "free_storage_space", namespace, "FreeStorageSpace", by, "bytes"),
        Metric(kind, "read_latency", namespace, "ReadLatency", by, "seconds"),
        Metric(kind, "write_latency", namespace, "WriteLatency", by, "seconds"),
        Metric(kind, "disk_read", namespace, "ReadThroughput", by, "bytes a second"),
        Metric(kind, "disk_write", namespace, "WriteThroughput", by, "bytes a second"),
    )


def _load_balancers() -> tuple[Metric, ...]:
    """`aws_alb` has three sorts, which CloudWatch knows by the end of their ARN: `app/orders/50dc6c495c0c9188`."""
    by = {
        sort: {"LoadBalancer": f"[split(arn, ':loadbalancer/')[1]][?@ && starts_with(@, '{sort}/')] | [0]"}
        for sort in ("app", "net", "gwy")
    }
    alb, application, network = "aws_alb", "AWS/ApplicationELB", "AWS/NetworkELB"
    return (
        *_rate("aws_elb", "AWS/ELB", {"LoadBalancerName": "name"}, "requests", {"request_count": "RequestCount"}, quiet=True),
        *_rate(alb, application, by["app"], "requests", {"request_count": "RequestCount"}, quiet=True),
        *_rate(alb, application, by["app"], "bytes", {"processed_bytes": "ProcessedBytes"}, quiet=True),
        *_rate(alb, application, by["app"], "connections", {"new_connection_count": "NewConnectionCount"}, quiet=True),
        *_rate(alb, network, by["net"], "bytes", {"processed_bytes": "ProcessedBytes"}, quiet=True),
        *_rate(alb, network, by["net"], "connections", {"new_connection_count": "NewFlowCount"}, quiet=True),
        *_rate(alb, "AWS/GatewayELB", by["gwy"], "bytes", {"processed_bytes": "ProcessedBytes"}, quiet=True),
        *_rate(alb, "AWS/GatewayELB", by["gwy"], "connections", {"new_connection_count": "NewFlowCount"}, quiet=True),
    )


METRICS = (
    *_instance(),
    *_volume(),
    *_relational(),
    *_database("aws_docdb_instance", "AWS/DocDB"),
    *_database("aws_neptune_instance", "AWS/Neptune"),
    *_load_balancers(),
)


LAST_USES = (
    Metric("aws_ec2_volume", "atime", "AWS/EBS", "VolumeReadOps", {"VolumeId": "id"}, "operations", ("Sum",)),
    Metric("aws_ec2_volume", "mtime", "AWS/EBS", "VolumeWriteOps", {"VolumeId": "id"}, "operations", ("Sum",)),
    *(
        Metric(f"aws_{name}_instance", "atime", f"AWS/{space}", "DatabaseConnections", {"DBInstanceIdentifier": "id"}, "", ("Maximum",))
        for name, space in (("rds", "RDS"), ("docdb", "DocDB"), ("neptune", "Neptune"))
    ),
)
"""What tells by values above zero when a resource was used: `name` is the property that gets the last such day."""


def wanted(settings: Settings, of: tuple[Metric, ...] = METRICS) -> tuple[Metric, ...]:
    """Those that are switched on."""
    kinds = settings.list("aws.usage_kinds")
    return tuple(metric for metric in of if not kinds or fits(metric.kind, kinds)) if settings.flag("aws.usage") else ()
