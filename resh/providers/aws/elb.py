"""Classic load balancers. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.service_quotas import CLASSIC, limited_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

LOAD_BALANCER = Resource(
    kind="aws_elb",
    bases=("load_balancer",),
    description="A classic load balancer: spreads connections over EC2 instances.",
    call=Call("elb", "describe_load_balancers", "LoadBalancerDescriptions"),
    id="DNSName",
    name="LoadBalancerName",
    ctime="CreatedTime",
    arn="arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{name}",
    prefix="elb",
    fields={
        "lb_type": "'elb'",
        "backends": "Instances[].InstanceId",
        "scheme": "Scheme",
    },
    details=(
        Detail(
            Call("elb", "describe_tags", "TagDescriptions[].Tags[]", {"LoadBalancerNames": ["{name}"]}),
            into="Tags",
            absent=("LoadBalancerNotFound",),
        ),
        Detail(
            Call(
                "elb",
                "describe_load_balancer_attributes",
                "LoadBalancerAttributes.{CrossZoneLoadBalancing: CrossZoneLoadBalancing.Enabled, AccessLog: AccessLog, "
                "ConnectionDraining: ConnectionDraining, ConnectionSettings: ConnectionSettings.IdleTimeout, "
                "AdditionalAttributes: AdditionalAttributes}",
                {"LoadBalancerName": "{name}"},
            ),
            into="Attributes",
            absent=("LoadBalancerNotFound",),
        ),
    ),
    edges=(
        Link("aws_vpc", "VPCId", delete=True),
        Link("aws_ec2_subnet", "Subnets", delete=True),
        Link("aws_ec2_security_group", "SecurityGroups", delete=True),
        Link("aws_ec2_instance", "Instances[].InstanceId", child=True),
        limited_by(CLASSIC),
    ),
    read={"LoadBalancerNames": ["{name}"]},
    gone=("LoadBalancerNotFound",),
    loses={"backends": "@"},
    delete=Action("delete_load_balancer", {"LoadBalancerName": "{name}"}),
    tag=Action("add_tags", {"LoadBalancerNames": ["{name}"], "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("remove_tags", {"LoadBalancerNames": ["{name}"], "Tags": [{"Key": "{key}"}]}),
)

RESOURCES = (LOAD_BALANCER,)
