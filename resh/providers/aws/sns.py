"""SNS: topics, who is subscribed to them, and the applications of mobile push services. The catalog of `aws/provider.py`.

All attributes are texts; documents among them stay texts where Resoto has them so.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Json, Link, Resource

GONE = ("NotFound", "NotFoundException", "ResourceNotFound", "ResourceNotFoundException")
EVENTS = ("EventEndpointCreated", "EventEndpointDeleted", "EventEndpointUpdated", "EventDeliveryFailure")


def _true(key: str) -> str:
    return f"{key} && {key} == 'true'"


TOPIC = Resource(
    kind="aws_sns_topic",
    description="What messages are sent to for everyone who is subscribed; its subscriptions end with it.",
    call=Call("sns", "list_topics", "Topics"),
    id="TopicArn",
    console="sns/v3/home?region={region}#/topic/{arn}",
    name="DisplayName || last(TopicArn, ':')",
    arn="TopicArn",
    prefix="topic",
    fields={
        "topic_subscriptions_confirmed": "to_number(SubscriptionsConfirmed)",
        "topic_subscriptions_deleted": "to_number(SubscriptionsDeleted)",
        "topic_subscriptions_pending": "to_number(SubscriptionsPending)",
        "topic_policy": Json("Policy"),
        "topic_fifo_topic": _true("FifoTopic"),
        "topic_content_based_deduplication": _true("ContentBasedDeduplication"),
    },
    details=(
        Detail(Call("sns", "get_topic_attributes", "Attributes", {"TopicArn": "{id}"}), into=""),
        Detail(Call("sns", "list_tags_for_resource", "Tags", {"ResourceArn": "{id}"}), into="Tags"),
    ),
    edges=(encrypted_by("KmsMasterKeyId"),),
    read=Call("sns", "get_topic_attributes", "Attributes", {"TopicArn": "{id}"}),
    gone=GONE,
    delete=Action("delete_topic", {"TopicArn": "{arn}"}),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

SUBSCRIPTION = Resource(
    kind="aws_sns_subscription",
    description="Where a topic sends its messages; one that nobody has confirmed yet has no name of its own and is left out.",
    call=Call("sns", "list_subscriptions", "Subscriptions"),
    id="SubscriptionArn",
    name="SubscriptionArn",
    arn="SubscriptionArn",
    tags="",
    prefix="subscription",
    fields={
        "subscription_confirmation_was_authenticated": _true("ConfirmationWasAuthenticated"),
        "subscription_pending_confirmation": _true("PendingConfirmation"),
        "subscription_raw_message_delivery": _true("RawMessageDelivery"),
        "subscription_role_arn": "SubscriptionRoleArn",
    },
    details=(Detail(Call("sns", "get_subscription_attributes", "Attributes", {"SubscriptionArn": "{id}"}), into=""),),
    edges=(
        Link("aws_sns_topic", "TopicArn", by="arn"),
        Link("aws_iam_role", "SubscriptionRoleArn", by="arn", delete=True),
        Link("aws_sqs_queue", "Endpoint", by="arn", child=True),
        Link("aws_lambda_function", "Endpoint", by="arn", child=True),
    ),
    keep="starts_with(SubscriptionArn, 'arn:')",
    read=Call("sns", "get_subscription_attributes", "Attributes", {"SubscriptionArn": "{id}"}),
    gone=GONE,
    delete=Action("unsubscribe", {"SubscriptionArn": "{arn}"}),
)

PLATFORM_APPLICATION = Resource(
    kind="aws_sns_platform_application",
    description="An app as a push service knows it; its endpoints end with it.",
    call=Call(
        "sns",
        "list_platform_applications",
        "PlatformApplications[].merge(Attributes || `{}`, {PlatformApplicationArn: PlatformApplicationArn})",
    ),
    id="PlatformApplicationArn",
    name="last(PlatformApplicationArn, '/')",
    arn="PlatformApplicationArn",
    tags="",
    prefix="application",
    fields={"application_event_endpoint_failure": "EventDeliveryFailure"},
    edges=tuple(Link("aws_sns_topic", event, by="arn", child=True) for event in EVENTS),
    read={},
    # Regions without push notifications do not know the call.
    gone=(*GONE, "InvalidAction"),
    delete=Action("delete_platform_application", {"PlatformApplicationArn": "{arn}"}),
)

ENDPOINT = Resource(
    kind="aws_sns_endpoint",
    description="An app on one device, to be reached through a push service.",
    call=Call(
        "sns",
        "list_endpoints_by_platform_application",
        "Endpoints[].merge(Attributes || `{}`, {EndpointArn: EndpointArn})",
        {"PlatformApplicationArn": "{arn}"},
    ),
    each="aws_sns_platform_application",
    id="EndpointArn",
    arn="EndpointArn",
    tags="",
    prefix="endpoint",
    fields={"endpoint_enabled": _true("Enabled")},
    inherits={"endpoint_application_arn": "arn"},
    edges=(Link("aws_sns_platform_application", "_parent.arn", by="arn"),),
    read={"PlatformApplicationArn": "{endpoint_application_arn}"},
    gone=(*GONE, "InvalidAction"),
    delete=Action("delete_endpoint", {"EndpointArn": "{arn}"}),
)

RESOURCES = (TOPIC, SUBSCRIPTION, PLATFORM_APPLICATION, ENDPOINT)
