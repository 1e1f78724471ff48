"""Pipes: as EventBridge describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

PIPE = "aws_eventbridge_pipe"
QUEUE, STATES = "arn:aws:sqs:eu-west-1:123456789012:orders", "arn:aws:sns:eu-west-1:123456789012:paid"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:enrich"
ROLE = "arn:aws:iam::123456789012:role/pipe"


def test_properties_and_edges(world: World) -> None:
    logs = {"CloudwatchLogsLogDestination": {"LogGroupArn": "arn:aws:logs:eu-west-1:1:log-group:/pipes"}, "Level": "INFO"}
    pipe = {
        "Name": "orders", "Arn": "arn:pipe", "Source": QUEUE, "Target": STATES, "Enrichment": FUNCTION, "RoleArn": ROLE,
        "CurrentState": "RUNNING", "LogConfiguration": logs, "KmsKeyIdentifier": "k-1", "Tags": {"owner": "ada"},
        "CreationTime": "2026-11-01T10:00:00Z", "SourceParameters": {"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}},
    }  # fmt: skip
    reported = world.add(PIPE, pipe)
    names = ("id", "arn", "ctime", "pipe_source", "pipe_target", "pipe_current_state", "tags")
    assert [reported[name] for name in names] == [
        "orders", "arn:pipe", "2026-11-01T10:00:00Z", QUEUE, STATES, "RUNNING", {"owner": "ada"},
    ]  # fmt: skip
    assert reported["pipe_source_parameters"] == {"filter_criteria": {"filters": [{"pattern": "{}"}]}}
    world.add("aws_sqs_queue", {"QueueUrl": "https://sqs/in", "QueueArn": QUEUE})
    world.add("aws_sns_topic", {"TopicArn": STATES})
    world.add("aws_lambda_function", {"FunctionName": "enrich", "FunctionArn": FUNCTION})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/pipes"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": ROLE})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    feeds = {f"orders > {fed}" for fed in (STATES, "enrich", "/pipes", "k-1")}
    assert world.edges("default") == feeds | {"in > orders", "role > orders"}
    assert world.edges("delete") == {"role > orders", "k-1 > orders"}


def test_a_pipe_from_a_table(world: World) -> None:
    table = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    world.add(PIPE, {"Name": "changes", "Source": f"{table}/stream/2026-11-01T10:00:00.000"})
    world.add("aws_dynamodb_table", {"TableId": "t-1", "TableName": "orders", "TableArn": table})
    assert world.edges("default") == {"t-1 > changes"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    pipes = cloud.client("pipes")
    pipes.create_pipe(Name=name, Source=QUEUE, Target=STATES, RoleArn=ROLE, Tags={"owner": "ada"})
    assert {document["reported"]["name"] for document in cloud.documents(PIPE)} == {pipe["Name"] for pipe in pipes.list_pipes()["Pipes"]}
    document = cloud.document(PIPE, name)
    assert (document["reported"]["pipe_role_arn"], document["reported"]["tags"]) == (ROLE, {"owner": "ada"})
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)
