"""What CloudWatch measures of instances, volumes, databases and load balancers, as data; other kinds are in `further_metrics.py`.

    wanted(settings)                                     # the metrics that a collect asks for

Names are those that Resoto gave them, where it had them. What each metric means, and how often AWS measures it:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
"""

from __future__ import annotations

from resh.providers.aws.further_metrics import FURTHER
from resh.providers.aws.metric import PERIOD, Measured, Metric
from resh.providers.selection import fits
from resh.settings import Settings


def _instance() -> tuple[Metric, ...]:
    instance = Measured("aws_ec2_instance", "AWS/EC2", {"InstanceId": "id"})
    return (
        *instance.level("percent", cpu_utilization="CPUUtilization"),
        *instance.rate("bytes", network_in="NetworkIn", network_out="NetworkOut", disk_read="DiskReadBytes", disk_write="DiskWriteBytes"),
    )


def _volume() -> tuple[Metric, ...]:
    volume = Measured("aws_ec2_volume", "AWS/EBS", {"VolumeId": "id"})
    return (
        *volume.rate("bytes", volume_read="VolumeReadBytes", volume_write="VolumeWriteBytes"),
        *volume.rate("operations", volume_read_ops="VolumeReadOps", volume_write_ops="VolumeWriteOps"),
        *volume.total("percent", 100 / PERIOD, volume_idle="VolumeIdleTime"),
    )


def _database(database: Measured) -> tuple[Metric, ...]:
    return (
        *database.level("percent", cpu_utilization="CPUUtilization"),
        *database.level("connections", database_connections="DatabaseConnections"),
    )


def _databases() -> tuple[Metric, ...]:
    by = {"DBInstanceIdentifier": "id"}
    relational = Measured("aws_rds_instance", "AWS/RDS", by)
    return (
        *_database(relational),
        *relational.level("bytes", free_storage_space="FreeStorageSpace"),
        *relational.level("seconds", read_latency="ReadLatency", write_latency="WriteLatency"),
        *relational.level("bytes a second", disk_read="ReadThroughput", disk_write="WriteThroughput"),
        *_database(Measured("aws_docdb_instance", "AWS/DocDB", by)),
        *_database(Measured("aws_neptune_instance", "AWS/Neptune", by)),
    )


def _answers(of: Measured, latency: str, code: str, end: str = "") -> tuple[Metric, ...]:
    """What is asked over HTTP, how long the answers take, and how they end."""
    return (
        *of.rate("requests", request_count="RequestCount"),
        *of.level("seconds", latency=latency),
        *of.rate("answers", **{f"status_code_{n}xx": f"HTTPCode_{code}_{n}XX{end}" for n in (2, 4, 5)}),
    )


def _load_balancers() -> tuple[Metric, ...]:
    """`aws_alb` has three sorts, which CloudWatch knows by the end of their ARN: `app/orders/50dc6c495c0c9188`."""
    application, network, gateway = (
        Measured("aws_alb", f"AWS/{space}ELB", {"LoadBalancer": _of_sort(sort, "arn")}, quiet=True)
        for sort, space in (("app", "Application"), ("net", "Network"), ("gwy", "Gateway"))
    )
    classic = Measured("aws_elb", "AWS/ELB", {"LoadBalancerName": "name"}, quiet=True)
    group = {"TargetGroup": "split(arn, ':')[5]", "LoadBalancer": _of_sort("app", "alb_lb_arns[0]")}
    return (
        *_answers(classic, "Latency", "Backend"),
        *_answers(application, "TargetResponseTime", "Target", "_Count"),
        *application.rate("bytes", processed_bytes="ProcessedBytes"),
        *application.rate("connections", new_connection_count="NewConnectionCount"),
        *application.total("connections", 60 / PERIOD, active_connection_count="ActiveConnectionCount"),  # counted each minute
        *(
            metric
            for balancer in (network, gateway)
            for metric in (
                *balancer.rate("bytes", processed_bytes="ProcessedBytes"),
                *balancer.rate("connections", new_connection_count="NewFlowCount"),
                *balancer.level("connections", active_connection_count="ActiveFlowCount"),
            )
        ),
        *_answers(Measured("aws_alb_target_group", "AWS/ApplicationELB", group, quiet=True), "TargetResponseTime", "Target", "_Count"),
    )


def _of_sort(sort: str, arn: str) -> str:
    return f"[split({arn}, ':loadbalancer/')[1]][?@ && starts_with(@, '{sort}/')] | [0]"


METRICS = (*_instance(), *_volume(), *_databases(), *_load_balancers())
EVERY = (*METRICS, *FURTHER)

LAST_USES = (
    Metric("aws_ec2_volume", "atime", "AWS/EBS", "VolumeReadOps", {"VolumeId": "id"}, "operations", ("Sum",)),
    Metric("aws_ec2_volume", "mtime", "AWS/EBS", "VolumeWriteOps", {"VolumeId": "id"}, "operations", ("Sum",)),
    *(
        Metric(f"aws_{name}_instance", "atime", f"AWS/{space}", "DatabaseConnections", {"DBInstanceIdentifier": "id"}, "", ("Maximum",))
        for name, space in (("rds", "RDS"), ("docdb", "DocDB"), ("neptune", "Neptune"))
    ),
)
"""What tells by values above zero when a resource was used: `name` is the property that gets the last such day."""


def wanted(settings: Settings) -> tuple[Metric, ...]:
    """Those that are switched on; of kinds that have to be named, only where they are."""
    return _of_kinds(settings, METRICS, EVERY)


def wanted_uses(settings: Settings) -> tuple[Metric, ...]:
    return _of_kinds(settings, LAST_USES, LAST_USES)


def _of_kinds(settings: Settings, most: tuple[Metric, ...], all: tuple[Metric, ...]) -> tuple[Metric, ...]:
    if not settings.flag("aws.usage"):
        return ()
    kinds = settings.list("aws.usage_kinds")
    return tuple(metric for metric in all if fits(metric.kind, kinds)) if kinds else most
