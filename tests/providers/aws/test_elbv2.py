"""Application, network and gateway load balancers and target groups, from items as ELB describes them."""

from __future__ import annotations

from typing import Any

from tests.providers.aws.catalog_world import World

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app"


def balancer(name: str = "shop", **more: Any) -> dict[str, Any]:
    return {"LoadBalancerName": name, "LoadBalancerArn": f"{ARN}/{name}", "Type": "application", **more}


def target_group(name: str = "group", targets: tuple[str, ...] = (), balancers: tuple[str, ...] = ("shop",)) -> dict[str, Any]:
    return {
        "TargetGroupName": name,
        "TargetGroupArn": f"arn:{name}",
        "Protocol": "HTTP",
        "Port": 80,
        "TargetType": "instance",
        "LoadBalancerArns": [f"{ARN}/{balancer}" for balancer in balancers],
        "TargetHealth": [{"Target": {"Id": target}, "TargetHealth": {"State": "healthy"}} for target in targets],
    }


def test_properties_of_a_load_balancer(world: World) -> None:
    zones = [{"ZoneName": "a", "LoadBalancerAddresses": []}, {"ZoneName": "b", "LoadBalancerAddresses": [{"IpAddress": "198.51.100.7"}]}]
    listener = [{"Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-2016-08"}]
    reported = world.add("aws_alb", balancer(AvailabilityZones=zones, Listener=listener, Backends=["i-1"], State={"Code": "active"}))
    assert (reported["id"], reported["arn"]) == ("shop", f"{ARN}/shop")
    assert (reported["lb_type"], reported["alb_type"]) == ("application", "application")
    assert reported["public_ip_address"] == "198.51.100.7"
    assert reported["backends"] == ["i-1"]
    assert reported["alb_listener"] == [{"protocol": "HTTPS", "port": 443, "ssl_policy": "ELBSecurityPolicy-2016-08"}]
    assert reported["alb_state"] == {"code": "active"}


def test_properties_of_a_target_group(world: World) -> None:
    reported = world.add("aws_alb_target_group", target_group(targets=("i-1",)))
    assert (reported["protocol"], reported["port"], reported["target_type"]) == ("HTTP", 80, "instance")
    assert reported["alb_lb_arns"] == [f"{ARN}/shop"]
    assert reported["alb_target_health"] == [{"target": {"id": "i-1"}, "target_health": {"state": "healthy"}}]


def test_a_load_balancer_goes_before_its_network(world: World) -> None:
    world.add("aws_alb", balancer(VpcId="vpc-1", AvailabilityZones=[{"SubnetId": "subnet-1"}], SecurityGroups=["sg-1"]))
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    assert world.edges("default") == {"vpc-1 > shop", "subnet-1 > shop", "sg-1 > shop"}
    assert world.edges("delete") == world.edges("default")


def test_a_target_group_waits_for_its_load_balancer_and_its_targets_for_nothing(world: World) -> None:
    world.add("aws_alb", balancer())
    world.add("aws_alb_target_group", target_group(targets=("i-1", "10.0.0.1")))
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    assert world.edges("default") == {"shop > group", "group > i-1"}
    assert world.edges("delete") == {"group > shop"}


def test_a_load_balancer_behind_another_waits_for_the_target_group(world: World) -> None:
    world.add("aws_alb", balancer("front"))
    world.add("aws_alb", balancer("back"))
    world.add("aws_alb_target_group", target_group(targets=(f"{ARN}/back",), balancers=("front",)))
    assert world.edges("default") == {"front > group", "group > back"}
    assert world.edges("delete") == {"group > front", "back > group"}


def test_a_function_can_be_a_target(world: World) -> None:
    world.add("aws_alb_target_group", target_group(targets=("arn:function",), balancers=()))
    world.add("aws_lambda_function", {"FunctionName": "resize", "FunctionArn": "arn:function"})
    assert world.edges("default") == {"group > resize"}
    assert world.edges("delete") == set()
