"""Auto scaling groups, from items as the API describes them."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World

ITEM = {
    "AutoScalingGroupName": "worker",
    "AutoScalingGroupARN": "arn:worker",
    "MinSize": 1,
    "MaxSize": 3,
    "DesiredCapacity": 2,
    "TargetGroupARNs": ["arn:group"],
    "Instances": [{"InstanceId": "i-1"}],
    "Tags": [{"ResourceId": "worker", "ResourceType": "auto-scaling-group", "Key": "owner", "Value": "ada", "PropagateAtLaunch": True}],
}


def test_properties(world: World) -> None:
    reported = world.add("aws_autoscaling_group", ITEM)
    assert (reported["id"], reported["name"], reported["arn"]) == ("worker", "worker", "arn:worker")
    assert (reported["min_size"], reported["max_size"], reported["autoscaling_desired_capacity"]) == (1, 3, 2)
    assert reported["autoscaling_target_group_ar_ns"] == ["arn:group"]
    assert reported["tags"] == {"owner": "ada"}
    assert reported["autoscaling_tags"][0]["propagate_at_launch"] is True


def test_it_goes_before_the_instances_that_it_would_replace(world: World) -> None:
    world.add("aws_autoscaling_group", ITEM)
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    assert world.edges("default") == {"worker > i-1"}
    assert world.edges("delete") == {"i-1 > worker"}


def test_it_hangs_below_its_subnets_and_the_templates_that_it_starts_from(world: World) -> None:
    overrides = [{"InstanceType": "m6g.large", "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-3"}}, {"InstanceType": "m5.large"}]
    mixed = {"LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2", "Version": "1"}, "Overrides": overrides}}
    world.add("aws_autoscaling_group", {**ITEM, "VPCZoneIdentifier": "subnet-1,subnet-2", "LaunchTemplate": {"LaunchTemplateId": "lt-1"}})
    world.add("aws_autoscaling_group", {**ITEM, "AutoScalingGroupName": "mixed", "MixedInstancesPolicy": mixed})
    for number in ("1", "2", "3"):
        world.add("aws_ec2_launch_template", {"LaunchTemplateId": f"lt-{number}"})
        world.add("aws_ec2_subnet", {"SubnetId": f"subnet-{number}"})
    assert world.edges("default") == {"lt-1 > worker", "subnet-1 > worker", "subnet-2 > worker", "lt-2 > mixed", "lt-3 > mixed"}
    assert world.edges("delete") == set()
