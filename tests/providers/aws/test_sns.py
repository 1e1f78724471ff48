"""Topics, subscriptions and mobile push: from items as SNS gives them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud


def test_a_topic(world: World) -> None:
    reported = world.add(
        "aws_sns_topic",
        {
            "TopicArn": "arn:aws:sns:eu-west-1:1:news",
            "DisplayName": "",
            "SubscriptionsConfirmed": "2",
            "FifoTopic": "false",
            "Policy": '{"Statement": []}',
            "EffectiveDeliveryPolicy": '{"http": {}}',
            "KmsMasterKeyId": "alias/aws/sns",
            "Tags": [{"Key": "owner", "Value": "ada"}],
        },
    )
    assert (reported["id"], reported["name"]) == ("arn:aws:sns:eu-west-1:1:news", "news")
    assert (reported["topic_subscriptions_confirmed"], reported["topic_fifo_topic"]) == (2, False)
    assert (reported["topic_policy"], reported["topic_effective_delivery_policy"]) == ({"Statement": []}, '{"http": {}}')
    assert reported["topic_kms_master_key_id"] == "alias/aws/sns"
    assert reported["tags"] == {"owner": "ada"}


def test_a_subscription_hangs_below_its_topic_and_above_what_it_feeds(world: World) -> None:
    topic, queue = {"TopicArn": "arn:topic"}, {"QueueUrl": "https://sqs/1/orders", "QueueArn": "arn:orders"}
    more = {"Protocol": "sqs", "Endpoint": "arn:orders", "RawMessageDelivery": "true", "SubscriptionRoleArn": "arn:role"}
    reported = world.add("aws_sns_subscription", {"SubscriptionArn": "arn:subscription", **topic, **more})
    assert (reported["subscription_raw_message_delivery"], reported["subscription_role_arn"]) == (True, "arn:role")
    assert (reported["subscription_topic_arn"], reported["subscription_protocol"]) == ("arn:topic", "sqs")
    world.add("aws_sns_topic", topic)
    world.add("aws_sqs_queue", queue)
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    assert world.edges("default") == {"arn:topic > arn:subscription", "arn:subscription > orders", "role > arn:subscription"}
    assert world.edges("delete") == {"role > arn:subscription"}


def test_applications_and_their_endpoints(world: World) -> None:
    application = {"PlatformApplicationArn": "arn:app/GCM/shop", "EventDeliveryFailure": "arn:topic", "ApplePlatformTeamID": "T"}
    reported = world.add("aws_sns_platform_application", application)
    assert (reported["name"], reported["application_event_endpoint_failure"]) == ("shop", "arn:topic")
    assert reported["application_apple_platform_team_id"] == "T"
    endpoint = world.add("aws_sns_endpoint", {"EndpointArn": "arn:phone", "Enabled": "true", "Token": "t", "_parent": reported})
    assert (endpoint["endpoint_enabled"], endpoint["endpoint_token"]) == (True, "t")
    assert endpoint["endpoint_application_arn"] == "arn:app/GCM/shop"
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    assert world.edges("default") == {"arn:app/GCM/shop > arn:phone", "arn:app/GCM/shop > arn:topic"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    subscription = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ada@example.com", ReturnSubscriptionArn=True)
    application = sns.create_platform_application(Name=name, Platform="GCM", Attributes={"EventDeliveryFailure": topic})
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application["PlatformApplicationArn"], Token="t")
    listed = {topic["TopicArn"] for topic in sns.list_topics()["Topics"]}
    assert {document["reported"]["id"] for document in cloud.documents("aws_sns_topic")} == listed
    found = {
        "aws_sns_endpoint": endpoint["EndpointArn"],
        "aws_sns_platform_application": application["PlatformApplicationArn"],
        "aws_sns_subscription": subscription["SubscriptionArn"],
        "aws_sns_topic": topic,
    }
    assert cloud.takes_tags(cloud.find("aws_sns_topic", topic))
    for kind, id in found.items():
        document = cloud.find(kind, id)
        assert cloud.looks_the_same(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
