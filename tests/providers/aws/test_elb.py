"""Classic load balancers, from items as ELB describes them."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World

ITEM = {
    "LoadBalancerName": "legacy",
    "DNSName": "legacy-1.eu-west-1.elb.amazonaws.com",
    "VPCId": "vpc-1",
    "Subnets": ["subnet-1"],
    "SecurityGroups": ["sg-1"],
    "Instances": [{"InstanceId": "i-1"}],
    "ListenerDescriptions": [{"Listener": {"Protocol": "HTTP", "LoadBalancerPort": 80}, "PolicyNames": []}],
    "Scheme": "internal",
    "Tags": [{"Key": "owner", "Value": "ada"}],
}


def test_properties(world: World) -> None:
    reported = world.add("aws_elb", ITEM)
    assert reported["id"] == "legacy-1.eu-west-1.elb.amazonaws.com"
    assert reported["name"] == "legacy"
    assert reported["arn"] == "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/legacy"
    assert (reported["lb_type"], reported["backends"], reported["scheme"]) == ("elb", ["i-1"], "internal")
    assert reported["elb_listener_descriptions"] == [{"listener": {"protocol": "HTTP", "load_balancer_port": 80}, "policy_names": []}]
    assert reported["tags"] == {"owner": "ada"}


def test_its_network_waits_for_it_and_its_instances_do_not(world: World) -> None:
    world.add("aws_elb", {**ITEM, "DNSName": "elb"})
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    assert world.edges("default") == {"vpc-1 > elb", "subnet-1 > elb", "sg-1 > elb", "elb > i-1"}
    assert world.edges("delete") == {"vpc-1 > elb", "subnet-1 > elb", "sg-1 > elb"}
