"""EventBridge: buses of events, rules with their targets, archives, connections and API destinations.

The catalog of `aws/provider.py`; other catalogs say with `invokes` what they start.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Json, Link, Resource
from resh.providers.ending import Quarantine

GONE = ("ResourceNotFoundException",)
TAG = Action("tag_resource", {"ResourceARN": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceARN": "{arn}", "TagKeys": ["{key}"]})
TAGS = Detail(Call("events", "list_tags_for_resource", "Tags", {"ResourceARN": "{arn}"}), into="Tags", absent=GONE)
MANAGED = "a service of AWS manages it"
NAME = {"Name": "{name}"}
RULE = {"EventBusName": "{rule_event_bus_name}"}

INVOKED = (
    "aws_sqs_queue",
    "aws_sns_topic",
    "aws_kinesis_stream",
    "aws_ecs_cluster",
    "aws_redshift_cluster",
    "aws_sagemaker_pipeline",
    "aws_stepfunctions_state_machine",
    "aws_batch_job_queue",
    "aws_codebuild_project",
    "aws_codepipeline_pipeline",
    "aws_eventbridge_bus",
    "aws_eventbridge_api_destination",
)


def invokes(arns: str) -> tuple[Link, ...]:
    """What is started or fed hangs below: `arns` is a JMESPath to a list of ARNs. A version or an alias of a function is the function."""
    return (
        Link("aws_lambda_function", f"{arns} | [?contains(@, ':function:')].join(':', split(@, ':')[:7])", by="arn", child=True),
        Link("aws_cloudwatch_log_group", f"{arns} | [?contains(@, ':log-group:')].split(@, ':')[6]", by="name", child=True),
        *(Link(kind, arns, by="arn", child=True) for kind in INVOKED),
    )


BUS = Resource(
    kind="aws_eventbridge_bus",
    description="Takes events in, and passes them on to the targets of its rules.",
    call=Call("events", "list_event_buses", "EventBuses"),
    id="Name",
    console="events/home?region={region}#/eventbus/{name}",
    name="Name",
    ctime="CreationTime",
    arn="Arn",
    prefix="bus",
    fields={"mtime": "LastModifiedTime", "bus_policy": Json("Policy")},
    details=(
        Detail(Call("events", "describe_event_bus", "@", NAME), into="", absent=GONE),
        TAGS,
    ),
    edges=(Link("aws_sqs_queue", "DeadLetterConfig.Arn", by="arn", child=True), encrypted_by("KmsKeyIdentifier")),
    read={"NamePrefix": "{name}"},
    gone=GONE,
    fixed={"name == 'default'": "every region has this bus", "bus_managed_by": MANAGED},
    delete=Action("delete_event_bus", NAME),
    tag=TAG,
    untag=UNTAG,
)

TARGETS = "[Targets[].Arn, Targets[].DeadLetterConfig.Arn][]"

EVENT_RULE = Resource(
    kind="aws_eventbridge_rule",
    description="Which events of a bus, or which times, start which targets.",
    call=Call("events", "list_rules", "Rules", {"EventBusName": "{name}"}),
    each="aws_eventbridge_bus",
    id="last(Arn, ':rule/')",  # names are unique on a bus only
    name="Name",
    arn="Arn",
    prefix="rule",
    fields={"rule_event_pattern": Json("EventPattern")},
    details=(
        Detail(Call("events", "list_targets_by_rule", "Targets", {"Rule": "{name}", **RULE}), into="Targets"),
        TAGS,
    ),
    edges=(
        Link("aws_eventbridge_bus", "EventBusName", delete=True),
        Link("aws_iam_role", "[RoleArn, Targets[].RoleArn][]", by="arn", delete=True),
        Link("aws_ecs_task_definition", "Targets[].EcsParameters.TaskDefinitionArn", by="arn", child=True),
        *invokes(TARGETS),
    ),
    read=Call("events", "list_rules", "Rules", {"NamePrefix": "{name}", **RULE}),
    gone=GONE,
    fixed={"rule_managed_by": MANAGED},
    before_delete=(Action("remove_targets", {"Rule": "{name}", **RULE, "Ids": ["{each}"]}, each="rule_targets[].id"),),
    quarantine=Quarantine(
        "rule_state != 'DISABLED'",
        Action("disable_rule", {"Name": "{name}", **RULE}),
        Action("enable_rule", {"Name": "{name}", **RULE}),
    ),
    delete=Action("delete_rule", {**NAME, **RULE}),
    tag=TAG,
    untag=UNTAG,
)

ARCHIVE = Resource(
    kind="aws_eventbridge_archive",
    description="Keeps events of a bus, so that they can be replayed.",
    call=Call("events", "list_archives", "Archives"),
    id="ArchiveName",
    name="ArchiveName",
    ctime="CreationTime",
    arn="ArchiveArn",
    prefix="archive",
    tags="",
    fields={"archive_event_pattern": Json("EventPattern")},
    details=(Detail(Call("events", "describe_archive", "@", {"ArchiveName": "{name}"}), into="", absent=GONE),),
    edges=(Link("aws_eventbridge_bus", "EventSourceArn", by="arn", delete=True), encrypted_by("KmsKeyIdentifier")),
    read={"NamePrefix": "{name}"},
    gone=GONE,
    volatile=("archive_size_bytes", "archive_event_count"),
    delete=Action("delete_archive", {"ArchiveName": "{name}"}),
)

CONNECTION = Resource(
    kind="aws_eventbridge_connection",
    description="How API destinations prove who they are.",
    call=Call("events", "list_connections", "Connections"),
    id="Name",
    name="Name",
    ctime="CreationTime",
    arn="ConnectionArn",
    prefix="connection",
    tags="",
    fields={"mtime": "LastModifiedTime"},
    details=(Detail(Call("events", "describe_connection", "@", NAME), into="", absent=GONE),),
    edges=(
        # EventBridge makes the secret with the connection, and deletes it likewise.
        Link("aws_secretsmanager_secret", "SecretArn", by="arn", child=True),
        encrypted_by("KmsKeyIdentifier"),
    ),
    read=Call("events", "describe_connection", "@", NAME),
    gone=GONE,
    ended="connection_connection_state == 'DELETING'",
    volatile=("connection_last_authorized_time",),
    delete=Action("delete_connection", NAME),
)

API_DESTINATION = Resource(
    kind="aws_eventbridge_api_destination",
    description="An address in the web that rules and pipes send events to.",
    call=Call("events", "list_api_destinations", "ApiDestinations"),
    id="Name",
    name="Name",
    ctime="CreationTime",
    arn="ApiDestinationArn",
    prefix="destination",
    tags="",
    fields={"mtime": "LastModifiedTime"},
    edges=(Link("aws_eventbridge_connection", "ConnectionArn", by="arn", delete=True),),
    read={"NamePrefix": "{name}"},
    gone=GONE,
    delete=Action("delete_api_destination", NAME),
)

RESOURCES = (BUS, EVENT_RULE, ARCHIVE, CONNECTION, API_DESTINATION)
