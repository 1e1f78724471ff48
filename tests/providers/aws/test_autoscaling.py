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
