"""Route 53: zones, their record sets, and each record of those. Global. The catalog of `aws/provider.py`.

The ids of record sets and records are made of all that tells them apart: names alone are not unique.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAGGED = {"ResourceType": "hostedzone", "ResourceId": "{id}"}
RECORD_SETS = Call("route53", "list_resource_record_sets", "ResourceRecordSets", {"HostedZoneId": "{id}"})

ZONE = Resource(
    kind="aws_route53_zone",
    bases=("dns_zone",),
    description="A part of the domain name system, public or for VPCs; AWS deletes none that still has records of people's own.",
    call=Call("route53", "list_hosted_zones", "HostedZones"),
    id="last(Id, '/')",
    console="route53/v2/hostedzones#ListRecordSets/{id}",
    name="Name",
    arn="arn:{partition}:route53:::hostedzone/{id}",
    prefix="zone",
    is_global=True,
    fields={"private_zone": "Config.PrivateZone"},
    details=(
        Detail(Call("route53", "list_tags_for_resource", "ResourceTagSet.Tags", TAGGED), into="Tags"),
        Detail(
            Call("route53", "list_query_logging_configs", "QueryLoggingConfigs[0]", {"HostedZoneId": "{id}"}),
            into="LoggingConfig",
            absent=("NoSuchHostedZone",),
        ),
    ),
    edges=(Link("aws_cloudwatch_log_group", "LoggingConfig.CloudWatchLogsLogGroupArn", by="arn", child=True),),
    read=Call("route53", "get_hosted_zone", "HostedZone", {"Id": "{id}"}),
    gone=("NoSuchHostedZone",),
    fixed={"zone_linked_service": "it belongs to an AWS service, which deletes it"},
    volatile=("zone_resource_record_set_count",),
    delete=Action("delete_hosted_zone", {"Id": "{id}"}),
    tag=Action("change_tags_for_resource", {**TAGGED, "AddTags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("change_tags_for_resource", {**TAGGED, "RemoveTagKeys": ["{key}"]}),
)

RECORD_SET = Resource(
    kind="aws_route53_resource_record_set",
    bases=("dns_record_set",),
    description="All records of one name and type, or the AWS resource that answers in their place.",
    call=RECORD_SETS,
    each="aws_route53_zone",
    inherits={"record_zone_id": "id"},
    id="join('/', [_parent.id, Name, Type, SetIdentifier || ''])",
    name="Name",
    tags="",
    prefix="record",
    is_global=True,
    fields={"record_values": "ResourceRecords[].Value", "record_fail_over": "Failover"},
    edges=(Link("aws_route53_zone", "_parent.id"),),
    read={"HostedZoneId": "{record_zone_id}", "StartRecordName": "{name}", "StartRecordType": "{record_type}"},
    gone=("NoSuchHostedZone",),
    no_delete="records are edited in their zone",
)


def _number(type: str, place: int) -> str:
    """A number in a record of that type, by its place; null in others.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
    """
    return f"([[_parent.record_type, split(record_value, ' ')]][?[0]=='{type}'].to_number([1][{place}]) | [0])"


RECORD = Resource(
    kind="aws_route53_resource_record",
    bases=("dns_record",),
    description="One record of a record set.",
    call=RECORD_SETS,
    each="aws_route53_resource_record_set",
    within="record_values[].{record_value: @}",
    inherits={"record_type": "record_type", "record_ttl": "record_ttl", "record_set_identifier": "record_set_identifier"},
    id="join('/', [_parent.id, record_value])",
    name="_parent.name",
    tags="",
    is_global=True,
    fields={
        "record_priority": f"{_number('MX', 0)} || {_number('SRV', 0)}",
        "record_weight": _number("SRV", 1),
        "record_port": _number("SRV", 2),
    },
    edges=(Link("aws_route53_resource_record_set", "_parent.id", delete=True),),
    phantom=True,
    no_delete="it is a part of its record set",
)

RESOURCES = (ZONE, RECORD_SET, RECORD)
