"""Lambda functions. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

ABSENT = ("ResourceNotFoundException",)

# Told of a single function, not in a list: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
NOT_LISTED = (
    "function_state",
    "function_state_reason",
    "function_state_reason_code",
    "function_last_update_status",
    "function_last_update_status_reason",
    "function_last_update_status_reason_code",
    "function_runtime_version_config",
)

FUNCTION = Resource(
    kind="aws_lambda_function",
    bases=("serverless_function",),
    description="A function that runs on demand, without servers of one's own.",
    call=Call("lambda", "list_functions", "Functions"),
    id="FunctionName",
    console="lambda/home?region={region}#/functions/{name}",
    name="FunctionName",
    arn="FunctionArn",
    prefix="function",
    fields={
        "mtime": "LastModified",
        "function_dead_letter_config": "DeadLetterConfig.TargetArn",
        "function_tracing_config": "TracingConfig.Mode",
        "function_ephemeral_storage": "EphemeralStorage.Size",
    },
    details=(
        Detail(Call("lambda", "list_tags", "Tags", {"Resource": "{arn}"}), into="Tags", absent=ABSENT),
        Detail(Call("lambda", "get_policy", "Policy", {"FunctionName": "{name}"}), into="Policy", absent=ABSENT, json=True),
        Detail(
            Call(
                "lambda",
                "get_function_url_config",
                "{FunctionUrl: FunctionUrl, FunctionArn: FunctionArn, AuthType: AuthType, Cors: Cors, InvokeMode: InvokeMode, "
                "CreationTime: CreationTime, LastModifiedTime: LastModifiedTime}",
                {"FunctionName": "{name}"},
            ),
            into="UrlConfig",
            absent=ABSENT,
        ),
    ),
    edges=(
        Link("aws_vpc", "VpcConfig.VpcId", delete=True),
        Link("aws_ec2_subnet", "VpcConfig.SubnetIds", delete=True),
        Link("aws_ec2_security_group", "VpcConfig.SecurityGroupIds", delete=True),
        Link("aws_iam_role", "Role", by="arn", delete=True),
        Link("aws_cloudwatch_log_group", "LoggingConfig.LogGroup", by="name", child=True),
        encrypted_by("KMSKeyArn"),
    ),
    read=Call("lambda", "get_function", "[Configuration]", {"FunctionName": "{name}"}),
    gone=ABSENT,
    volatile=NOT_LISTED,
    delete=Action("delete_function", {"FunctionName": "{name}"}),
    tag=Action("tag_resource", {"Resource": "{arn}", "Tags": {"{key}": "{value}"}}),
    untag=Action("untag_resource", {"Resource": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (FUNCTION,)
