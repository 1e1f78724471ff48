"""Elastic Beanstalk: applications and the environments that they run in. The catalog of `aws/provider.py`.

An environment makes and ends its resources itself: https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_TerminateEnvironment.html
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Takes

TAG = Action("update_tags_for_resource", {"ResourceArn": "{arn}", "TagsToAdd": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("update_tags_for_resource", {"ResourceArn": "{arn}", "TagsToRemove": ["{key}"]})
GONE = ("ResourceNotFound", "ResourceNotFoundException")
TAGS = Detail(Call("elasticbeanstalk", "list_tags_for_resource", "ResourceTags", {"ResourceArn": "{arn}"}), into="Tags", absent=GONE)

APPLICATION = Resource(
    kind="aws_beanstalk_application",
    description="An application with its versions; it goes after its environments.",
    call=Call("elasticbeanstalk", "describe_applications", "Applications"),
    id="ApplicationName",
    name="ApplicationName",
    ctime="DateCreated",
    arn="ApplicationArn",
    prefix="beanstalk",
    fields={"mtime": "DateUpdated", "description": "Description"},
    details=(TAGS,),
    read={"ApplicationNames": ["{name}"]},
    gone=GONE,
    delete=Action("delete_application", {"ApplicationName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

_RESOURCES = (
    "EnvironmentResources.{AutoScalingGroups: AutoScalingGroups[].{AutoScalingGroupName: Name}, Instances: Instances[].{InstanceId: Id}, "
    "LoadBalancers: LoadBalancers[].{LoadBalancerName: Name}, Queues: Queues[].{QueueName: Name, QueueUrl: URL}, "
    "LaunchConfigurations: LaunchConfigurations[].{Name: Name}, LaunchTemplates: LaunchTemplates[].{Id: Id}}"
)

ENVIRONMENT = Resource(
    kind="aws_beanstalk_environment",
    description="One version of an application at work, with all that it runs on; listed for a while after its end.",
    call=Call("elasticbeanstalk", "describe_environments", "Environments"),
    id="EnvironmentId",
    name="EnvironmentName",
    ctime="DateCreated",
    arn="EnvironmentArn",
    prefix="beanstalk",
    fields={
        "mtime": "DateUpdated",
        "description": "Description",
        "beanstalk_application_name": "ApplicationName",
        "beanstalk_endpoint_url": "EndpointURL",
    },
    details=(
        TAGS,
        Detail(
            Call("elasticbeanstalk", "describe_environment_resources", _RESOURCES, {"EnvironmentId": "{id}"}),
            into="Resources",
            absent=("InvalidParameterValue", "ResourceNotFound"),  # of an environment that has ended
        ),
    ),
    edges=(
        Link("aws_beanstalk_application", "ApplicationName", delete=True),
        Link("aws_autoscaling_group", "Resources.AutoScalingGroups[].AutoScalingGroupName", by="name", child=True, delete="reverse"),
        Link("aws_ec2_instance", "Resources.Instances[].InstanceId", child=True, delete="reverse"),
        Link("aws_elb", "Resources.LoadBalancers[].LoadBalancerName", by="name", child=True, delete="reverse"),
        Link("aws_alb", "Resources.LoadBalancers[].LoadBalancerName", by="name", child=True, delete="reverse"),
        Link("aws_alb", "Resources.LoadBalancers[].LoadBalancerName", by="arn", child=True, delete="reverse"),
        Link("aws_sqs_queue", "Resources.Queues[].QueueName", by="name", child=True, delete="reverse"),
    ),
    read={"EnvironmentIds": ["{id}"]},
    gone=GONE,
    ended="beanstalk_status == 'Terminated' || beanstalk_status == 'Terminating'",
    volatile=("beanstalk_health", "beanstalk_health_status"),
    awaited="beanstalk_status == 'Terminated'",
    delete=Action("terminate_environment", {"EnvironmentId": "{id}"}),
    takes=(
        Takes("aws_autoscaling_group", "beanstalk_resources.auto_scaling_groups[].auto_scaling_group_name"),
        Takes("aws_ec2_instance", "beanstalk_resources.instances[].instance_id"),
    ),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (APPLICATION, ENVIRONMENT)
