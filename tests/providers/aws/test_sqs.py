"""Queues: from attributes as SQS gives them, and on a moto server."""

from __future__ import annotations

import json
from typing import Any

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_sqs_queue"


def queue(name: str = "orders", **more: Any) -> dict[str, Any]:
    return {"QueueUrl": f"https://sqs.eu-west-1.amazonaws.com/1/{name}", "QueueArn": f"arn:{name}", **more}


def test_attributes_are_texts_and_become_numbers_truths_and_documents(world: World) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": "everyone", "Principal": "*"}]}
    reported = world.add(
        KIND,
        queue(
            CreatedTimestamp="1795411980",
            LastModifiedTimestamp="1795411981",
            ApproximateNumberOfMessages="7",
            VisibilityTimeout="30",
            FifoQueue="true",
            SqsManagedSseEnabled="false",
            Policy=json.dumps(policy),
            RedrivePolicy='{"deadLetterTargetArn": "arn:dead", "maxReceiveCount": 3}',
            RedriveAllowPolicy='{"redrivePermission": "denyAll"}',
            NewAttribute="kept",
            Tags={"owner": "ada"},
        ),
    )
    assert (reported["id"], reported["name"], reported["arn"]) == ("orders", "orders", "arn:orders")
    assert (reported["ctime"], reported["mtime"]) == ("2026-11-23T05:33:00Z", "2026-11-23T05:33:01Z")
    assert (reported["sqs_approximate_number_of_messages"], reported["sqs_visibility_timeout"]) == (7, 30)
    assert (reported["sqs_fifo_queue"], reported["sqs_managed_sse_enabled"]) == (True, False)
    assert "sqs_content_based_deduplication" not in reported
    assert reported["sqs_policy"] == policy
    assert reported["sqs_redrive_policy"] == {"dead_letter_target_arn": "arn:dead", "max_receive_count": 3}
    assert reported["sqs_redrive_allow_policy"] == "denyAll"
    assert reported["sqs_new_attribute"] == "kept"
    assert reported["tags"] == {"owner": "ada"}


def test_it_needs_its_key_and_names_its_dead_letters(world: World) -> None:
    world.add(KIND, queue(KmsMasterKeyId="arn:aws:kms:eu-west-1:1:key/k-1", RedrivePolicy='{"deadLetterTargetArn": "arn:dead"}'))
    world.add(KIND, queue("dead", KmsMasterKeyId="k-1"))
    world.add("aws_kms_key", {"KeyId": "k-1"})
    assert world.edges("default") == {"orders > k-1", "dead > k-1", "orders > dead"}
    assert world.edges("delete") == {"k-1 > orders", "k-1 > dead"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    sqs = cloud.client("sqs")
    sqs.create_queue(QueueName=name, tags={"owner": "ada"})
    sqs.create_queue(QueueName=f"{name}-2", Attributes={"VisibilityTimeout": "5"})
    listed = {url.rpartition("/")[2] for url in sqs.list_queues()["QueueUrls"]}
    assert {document["reported"]["id"] for document in cloud.documents(KIND)} == listed
    document = cloud.find(KIND, name)
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)
    assert cloud.find(KIND, f"{name}-2")["reported"]["sqs_visibility_timeout"] == 5
