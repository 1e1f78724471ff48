"""Auto scaling groups. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource
from resh.providers.ending import Takes

NAMED_TAG = {"ResourceId": "{name}", "ResourceType": "auto-scaling-group", "Key": "{key}"}
TEMPLATES = (
    "[LaunchTemplate, MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification,"
    " MixedInstancesPolicy.LaunchTemplate.Overrides[].LaunchTemplateSpecification][]"
)

GROUP = Resource(
    kind="aws_autoscaling_group",
    bases=("autoscaling_group",),
    description="A group of EC2 instances that is kept at a wanted size.",
    call=Call("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
    id="AutoScalingGroupName",
    console="ec2/home?region={region}#AutoScalingGroupDetails:id={id}",
    name="AutoScalingGroupName",
    ctime="CreatedTime",
    arn="AutoScalingGroupARN",
    prefix="autoscaling",
    fields={"min_size": "MinSize", "max_size": "MaxSize", "autoscaling_tags": "Tags[]"},
    edges=(
        # A group replaces instances that end while it lives, so it has to go first.
        Link("aws_ec2_instance", "Instances[].InstanceId", child=True, delete="reverse"),
        Link("aws_ec2_launch_template", f"{TEMPLATES}.LaunchTemplateId"),
        Link("aws_ec2_subnet", "split(VPCZoneIdentifier, ',')"),
    ),
    read={"AutoScalingGroupNames": ["{name}"]},
    ended="autoscaling_status == 'Delete in progress'",
    # Without force AWS refuses a group that has instances; with it they end with their group, protected or not.
    takes=(Takes("aws_ec2_instance", "autoscaling_instances[].instance_id", marked=True),),
    awaited="",
    delete=Action("delete_auto_scaling_group", {"AutoScalingGroupName": "{name}", "ForceDelete": True}),
    tag=Action("create_or_update_tags", {"Tags": [{**NAMED_TAG, "Value": "{value}", "PropagateAtLaunch": False}]}),
    untag=Action("delete_tags", {"Tags": [NAMED_TAG]}),
)

RESOURCES = (GROUP,)
