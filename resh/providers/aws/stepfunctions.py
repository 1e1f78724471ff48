"""Step Functions: state machines, and activities that workers elsewhere carry out. The catalog of `aws/provider.py`.

Executions are no resources: they come and go by the thousand.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Json, Link, Resource

TAG = Action("tag_resource", {"resourceArn": "{arn}", "tags": [{"key": "{key}", "value": "{value}"}]})
UNTAG = Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]})
TAGS = Detail(Call("stepfunctions", "list_tags_for_resource", "tags", {"resourceArn": "{arn}"}), into="tags", absent=("ResourceNotFound",))
MACHINE = {"stateMachineArn": "{arn}"}
ACTIVITY_ARN = {"activityArn": "{arn}"}
NO_MACHINE = ("StateMachineDoesNotExist",)
NO_ACTIVITY = ("ActivityDoesNotExist",)

# The states, and those inside of parallel branches and maps: https://states-language.net
STATES = "from_json(definition) | [States.*, States.*.Branches[].States.*, States.*.[Iterator, ItemProcessor][].States.*][][]"
FUNCTIONS = f"{STATES}.[Resource, Parameters.FunctionName, Arguments.FunctionName] | [] | [?type(@) == 'string']"


def _asked_with(parameter: str) -> str:
    """What tasks name with a parameter, in either language that they are written in."""
    return f"{STATES}.[Parameters.{parameter}, Arguments.{parameter}] | [] | [?type(@) == 'string']"


STATE_MACHINE = Resource(
    kind="aws_stepfunctions_state_machine",
    description="Steps that follow each other, and start other services.",
    call=Call("stepfunctions", "list_state_machines", "stateMachines"),
    id="name",
    console="states/home?region={region}#/statemachines/view/{arn}",
    name="name",
    ctime="creationDate",
    arn="stateMachineArn",
    tags="tags",
    prefix="state_machine",
    fields={"state_machine_definition": Json("definition")},
    details=(Detail(Call("stepfunctions", "describe_state_machine", "@", MACHINE), into="", absent=NO_MACHINE), TAGS),
    edges=(
        Link("aws_iam_role", "roleArn", by="arn", delete=True),
        Link(
            "aws_cloudwatch_log_group",
            "loggingConfiguration.destinations[].cloudWatchLogsLogGroup.split(logGroupArn, ':')[6]",
            by="name",
            child=True,
        ),
        Link("aws_lambda_function", f"{FUNCTIONS} | [?contains(@, ':function:')].join(':', split(@, ':')[:7])", by="arn", child=True),
        Link("aws_lambda_function", f"{_asked_with('FunctionName')} | [?!contains(@, ':')]", by="name", child=True),
        Link("aws_stepfunctions_activity", f"{STATES}.Resource", by="arn", child=True),
        Link("aws_stepfunctions_state_machine", _asked_with("StateMachineArn"), by="arn", child=True),
        Link("aws_sns_topic", _asked_with("TopicArn"), by="arn", child=True),
        Link("aws_sqs_queue", f"{_asked_with('QueueUrl')} | [].last(@, '/')", by="name", child=True),
        Link("aws_dynamodb_table", _asked_with("TableName"), by="name", child=True),
        encrypted_by("encryptionConfiguration.kmsKeyId"),
    ),
    read=Call("stepfunctions", "describe_state_machine", "@", MACHINE),
    gone=NO_MACHINE,
    ended="state_machine_status == 'DELETING'",
    delete=Action("delete_state_machine", MACHINE),
    tag=TAG,
    untag=UNTAG,
)

ACTIVITY = Resource(
    kind="aws_stepfunctions_activity",
    description="A step that a worker somewhere asks for, does and reports.",
    call=Call("stepfunctions", "list_activities", "activities"),
    id="name",
    name="name",
    ctime="creationDate",
    arn="activityArn",
    tags="tags",
    prefix="activity",
    details=(Detail(Call("stepfunctions", "describe_activity", "@", ACTIVITY_ARN), into="", absent=NO_ACTIVITY), TAGS),
    edges=(encrypted_by("encryptionConfiguration.kmsKeyId"),),
    read=Call("stepfunctions", "describe_activity", "@", ACTIVITY_ARN),
    gone=NO_ACTIVITY,
    delete=Action("delete_activity", ACTIVITY_ARN),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (STATE_MACHINE, ACTIVITY)
