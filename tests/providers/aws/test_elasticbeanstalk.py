"""Applications and environments of Elastic Beanstalk, as it describes them, and on a moto server as far as that goes."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/awseb-1/50dc6c495c0c9188"


def test_properties_and_edges(world: World) -> None:
    application = {
        "ApplicationName": "shop", "ApplicationArn": "arn:app/shop", "DateCreated": "2026-01-02T03:04:05Z", "Description": "The shop",
        "DateUpdated": "2026-02-02T03:04:05Z", "Versions": ["v1"], "ConfigurationTemplates": [],
        "ResourceLifecycleConfig": {"VersionLifecycleConfig": {"MaxCountRule": {"Enabled": True, "MaxCount": 200}}},
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add("aws_beanstalk_application", application)
    assert [reported[name] for name in ("id", "name", "arn", "mtime", "description")] == [
        "shop", "shop", "arn:app/shop", "2026-02-02T03:04:05Z", "The shop",
    ]  # fmt: skip
    assert reported["beanstalk_versions"] == ["v1"]
    rule = reported["beanstalk_resource_lifecycle_config"]["version_lifecycle_config"]["max_count_rule"]
    assert (rule, reported["tags"]) == ({"enabled": True, "max_count": 200}, {"owner": "ada"})
    environment = {
        "EnvironmentId": "e-1", "EnvironmentName": "shop-live", "ApplicationName": "shop", "EnvironmentArn": "arn:env", "Status": "Ready",
        "EndpointURL": "awseb.example.com", "CNAME": "shop.example.com", "Health": "Green", "Tier": {"Name": "WebServer"},
        "Resources": {
            "AutoScalingGroups": [{"AutoScalingGroupName": "group"}],
            "Instances": [{"InstanceId": "i-1"}],
            "LoadBalancers": [{"LoadBalancerName": BALANCER}, {"LoadBalancerName": "classic"}],
            "Queues": [{"QueueName": "worker", "QueueUrl": "https://sqs/1/worker"}],
        },
    }  # fmt: skip
    reported = world.add("aws_beanstalk_environment", environment)
    assert [reported[f"beanstalk_{name}"] for name in ("application_name", "endpoint_url", "cname", "status", "health")] == [
        "shop", "awseb.example.com", "shop.example.com", "Ready", "Green",
    ]  # fmt: skip
    assert reported["beanstalk_resources"]["instances"] == [{"instance_id": "i-1"}]
    assert reported["beanstalk_resources"]["queues"] == [{"queue_name": "worker", "queue_url": "https://sqs/1/worker"}]
    world.add("aws_autoscaling_group", {"AutoScalingGroupName": "group"})
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    world.add("aws_alb", {"LoadBalancerName": "awseb-1", "LoadBalancerArn": BALANCER})
    world.add("aws_elb", {"LoadBalancerName": "classic", "DNSName": "classic.example.com"})
    world.add("aws_sqs_queue", {"QueueUrl": "https://sqs/1/worker"})
    ends = ("group", "i-1", "awseb-1", "classic.example.com", "worker")
    assert world.edges("default") == {"shop > e-1", *(f"e-1 > {end}" for end in ends)}
    assert world.edges("delete") == {"shop > e-1", *(f"{end} > e-1" for end in ends)}


def test_nothing_waits_for_an_environment_that_has_ended(world: World) -> None:
    world.add("aws_beanstalk_application", {"ApplicationName": "shop"})
    world.add("aws_beanstalk_environment", {"EnvironmentId": "e-1", "ApplicationName": "shop", "Status": "Terminated"})
    assert (world.edges("default"), world.edges("delete")) == ({"shop > e-1"}, set())


def test_on_a_server(cloud: Cloud, name: str) -> None:
    cloud.client("elasticbeanstalk").create_application(ApplicationName=name)
    document = cloud.find("aws_beanstalk_application", name)
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
