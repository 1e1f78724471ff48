"""SQS queues. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Json, Link, Resource

URL = {"QueueUrl": "{sqs_queue_url}"}

# All attributes are texts: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
MESSAGES = {
    "sqs_approximate_number_of_messages": "to_number(ApproximateNumberOfMessages)",
    "sqs_approximate_number_of_messages_not_visible": "to_number(ApproximateNumberOfMessagesNotVisible)",
    "sqs_approximate_number_of_messages_delayed": "to_number(ApproximateNumberOfMessagesDelayed)",
}
SETTINGS = {
    "sqs_kms_data_key_reuse_period_seconds": "to_number(KmsDataKeyReusePeriodSeconds)",
    "sqs_visibility_timeout": "to_number(VisibilityTimeout)",
    "sqs_maximum_message_size": "to_number(MaximumMessageSize)",
    "sqs_message_retention_period": "to_number(MessageRetentionPeriod)",
    "sqs_delay_seconds": "to_number(DelaySeconds)",
    "sqs_receive_message_wait_time_seconds": "to_number(ReceiveMessageWaitTimeSeconds)",
    "sqs_fifo_queue": "FifoQueue && FifoQueue == 'true'",
    "sqs_content_based_deduplication": "ContentBasedDeduplication && ContentBasedDeduplication == 'true'",
    "sqs_managed_sse_enabled": "SqsManagedSseEnabled && SqsManagedSseEnabled == 'true'",
}

QUEUE = Resource(
    kind="aws_sqs_queue",
    description="A queue of messages between programs.",
    # Without MaxResults the answer ends after 1000 queues and does not say so:
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
    call=Call("sqs", "list_queues", "QueueUrls[].{QueueUrl: @}", {"MaxResults": 1000}),
    id="last(QueueUrl, '/')",
    name="last(QueueUrl, '/')",
    ctime="to_number(CreatedTimestamp)",
    arn="QueueArn",
    prefix="sqs",
    fields={
        **MESSAGES,
        **SETTINGS,
        "mtime": "to_number(LastModifiedTimestamp)",
        "sqs_policy": Json("Policy"),
        "sqs_redrive_policy": "from_json(RedrivePolicy)",
        "sqs_redrive_allow_policy": "from_json(RedriveAllowPolicy).redrivePermission",
    },
    details=(
        Detail(Call("sqs", "get_queue_attributes", "Attributes", {**URL, "AttributeNames": ["All"]}), into=""),
        Detail(Call("sqs", "list_queue_tags", "Tags", URL), into="Tags"),
    ),
    edges=(
        encrypted_by("KmsMasterKeyId"),
        Link("aws_sqs_queue", "from_json(RedrivePolicy).deadLetterTargetArn", by="arn", child=True),
    ),
    read={"QueueNamePrefix": "{name}", "MaxResults": 1000},
    gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    volatile=tuple(MESSAGES),
    delete=Action("delete_queue", URL),
    tag=Action("tag_queue", {**URL, "Tags": {"{key}": "{value}"}}),
    untag=Action("untag_queue", {**URL, "TagKeys": ["{key}"]}),
)

RESOURCES = (QUEUE,)
