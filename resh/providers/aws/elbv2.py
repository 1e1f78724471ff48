"""Application, network and gateway load balancers and their target groups. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.service_quotas import LOAD_BALANCERS, limited_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("add_tags", {"ResourceArns": ["{arn}"], "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("remove_tags", {"ResourceArns": ["{arn}"], "TagKeys": ["{key}"]})

LOAD_BALANCER_GONE = ("LoadBalancerNotFound",)
TARGET_GROUP_GONE = ("TargetGroupNotFound",)

LOAD_BALANCER = Resource(
    kind="aws_alb",
    bases=("load_balancer",),
    description="An application, network or gateway load balancer: forwards what its listeners take to target groups.",
    call=Call("elbv2", "describe_load_balancers", "LoadBalancers"),
    id="LoadBalancerName",
    console="ec2/home?region={region}#LoadBalancer:loadBalancerArn={arn}",
    name="LoadBalancerName",
    ctime="CreatedTime",
    arn="LoadBalancerArn",
    prefix="alb",
    fields={
        "lb_type": "Type",
        "alb_type": "Type",
        "public_ip_address": "AvailabilityZones[].LoadBalancerAddresses[].IpAddress | [0]",
        "backends": "Backends",
    },
    details=(
        Detail(
            Call("elbv2", "describe_tags", "TagDescriptions[].Tags[]", {"ResourceArns": ["{arn}"]}),
            into="Tags",
            absent=LOAD_BALANCER_GONE,
        ),
        Detail(
            Call("elbv2", "describe_load_balancer_attributes", "Attributes", {"LoadBalancerArn": "{arn}"}),
            into="Attributes",
            absent=LOAD_BALANCER_GONE,
        ),
        Detail(
            Call("elbv2", "describe_listeners", "Listeners", {"LoadBalancerArn": "{arn}"}),
            into="Listener",
            absent=LOAD_BALANCER_GONE,
        ),
        Detail(
            Call("elbv2", "describe_target_groups", "TargetGroups[].TargetGroupArn", {"LoadBalancerArn": "{arn}"}),
            into="TargetGroupArns",
            absent=(*LOAD_BALANCER_GONE, *TARGET_GROUP_GONE),
        ),
        Detail(
            Call("elbv2", "describe_target_health", "TargetHealthDescriptions[].Target.Id", {"TargetGroupArn": "{each}"}),
            into="Backends",
            each="TargetGroupArns",
            absent=TARGET_GROUP_GONE,
        ),
    ),
    edges=(
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_ec2_subnet", "AvailabilityZones[].SubnetId", delete=True),
        Link("aws_ec2_security_group", "SecurityGroups", delete=True),
        limited_by(LOAD_BALANCERS),
    ),
    read={"LoadBalancerArns": ["{arn}"]},
    gone=LOAD_BALANCER_GONE,
    fixed={"alb_attributes[?key=='deletion_protection.enabled' && value=='true']": "its deletion protection is on"},
    loses={"backends": "@"},
    awaited="",
    delete=Action("delete_load_balancer", {"LoadBalancerArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

TARGET_GROUP = Resource(
    kind="aws_alb_target_group",
    description="A target group: the instances, addresses, functions or load balancers that a listener forwards to.",
    call=Call("elbv2", "describe_target_groups", "TargetGroups"),
    id="TargetGroupName",
    console="ec2/home?region={region}#TargetGroup:targetGroupArn={arn}",
    name="TargetGroupName",
    arn="TargetGroupArn",
    prefix="alb",
    fields={
        "target_type": "TargetType",
        "protocol": "Protocol",
        "port": "Port",
        "alb_lb_arns": "LoadBalancerArns",
    },
    details=(
        Detail(
            Call("elbv2", "describe_tags", "TagDescriptions[].Tags[]", {"ResourceArns": ["{arn}"]}),
            into="Tags",
            absent=TARGET_GROUP_GONE,
        ),
        Detail(
            Call("elbv2", "describe_target_group_attributes", "Attributes", {"TargetGroupArn": "{arn}"}),
            into="Attributes",
            absent=TARGET_GROUP_GONE,
        ),
        Detail(
            Call("elbv2", "describe_target_health", "TargetHealthDescriptions", {"TargetGroupArn": "{arn}"}),
            into="TargetHealth",
            absent=TARGET_GROUP_GONE,
        ),
    ),
    edges=(
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_alb", "LoadBalancerArns", by="arn", delete="reverse"),
        Link("aws_ec2_instance", "TargetHealth[].Target.Id", child=True),
        Link("aws_lambda_function", "TargetHealth[].Target.Id", by="arn", child=True),
        Link("aws_alb", "TargetHealth[].Target.Id", by="arn", child=True, delete="reverse"),
    ),
    read={"TargetGroupArns": ["{arn}"]},
    gone=TARGET_GROUP_GONE,
    released=dict.fromkeys(("alb_lb_arns", "alb_target_health"), "!alb_lb_arns"),
    loses={"alb_target_health": "target.id"},
    delete=Action("delete_target_group", {"TargetGroupArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (LOAD_BALANCER, TARGET_GROUP)
