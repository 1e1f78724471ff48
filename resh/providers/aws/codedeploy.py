"""CodeDeploy: applications, the groups of machines that they are deployed to, and how. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]})
GONE = ("ApplicationDoesNotExistException", "DeploymentGroupDoesNotExistException", "DeploymentConfigDoesNotExistException")
TAGS = Detail(Call("codedeploy", "list_tags_for_resource", "Tags", {"ResourceArn": "{arn}"}), into="Tags", absent=GONE)
CONFIG_NAME = {"deploymentConfigName": "{name}"}

APPLICATION = Resource(
    kind="aws_codedeploy_application",
    description="What is deployed; its deletion would delete its deployment groups.",
    call=Call(
        "codedeploy",
        "list_applications",
        "applications",
        describe=Call("codedeploy", "batch_get_applications", "applicationsInfo", {"applicationNames": "{batch}"}),
    ),
    id="applicationName",
    console="codesuite/codedeploy/applications/{name}?region={region}",
    name="applicationName",
    ctime="createTime",
    arn="arn:{partition}:codedeploy:{region}:{account}:application:{name}",
    prefix="application",
    details=(TAGS,),
    read=Call("codedeploy", "get_application", "application", {"applicationName": "{name}"}),
    gone=GONE,
    delete=Action("delete_application", {"applicationName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

BALANCED = "loadBalancerInfo.[elbInfoList[], targetGroupInfoList[], targetGroupPairInfoList[].targetGroups[]][].name"

DEPLOYMENT_GROUP = Resource(
    kind="aws_codedeploy_deployment_group",
    description="The machines, tasks or functions that an application is deployed to.",
    call=Call(
        "codedeploy",
        "list_deployment_groups",
        "deploymentGroups",
        {"applicationName": "{name}"},
        describe=Call(
            "codedeploy",
            "batch_get_deployment_groups",
            "deploymentGroupsInfo",
            {"applicationName": "{name}", "deploymentGroupNames": "{batch}"},
        ),
    ),
    each="aws_codedeploy_application",
    id="join('/', [applicationName, deploymentGroupName])",  # names are unique in an application only
    name="deploymentGroupName",
    arn="arn:{partition}:codedeploy:{region}:{account}:deploymentgroup:{id}",
    prefix="group",
    fields={"application_name": "applicationName"},
    details=(TAGS,),
    edges=(
        Link("aws_codedeploy_application", "applicationName", delete=True),
        Link("aws_codedeploy_deployment_config", "deploymentConfigName", delete=True),
        Link("aws_iam_role", "serviceRoleArn", by="arn", delete=True),
        Link("aws_autoscaling_group", "autoScalingGroups[].name", by="name", child=True),
        Link("aws_ecs_service", "ecsServices[].join('/', [clusterName, serviceName])", child=True),
        Link("aws_alb_target_group", BALANCED, by="name", child=True),
        Link("aws_elb", BALANCED, by="name", child=True),
        Link("aws_cloudwatch_alarm", "alarmConfiguration.alarms[].name", child=True),
        Link("aws_sns_topic", "triggerConfigurations[].triggerTargetArn", by="arn", child=True),
        Link("aws_s3_bucket", "targetRevision.s3Location.bucket", by="name", child=True),
    ),
    read=Call(
        "codedeploy",
        "get_deployment_group",
        "deploymentGroupInfo",
        {"applicationName": "{application_name}", "deploymentGroupName": "{name}"},
    ),
    gone=GONE,
    volatile=("group_target_revision", "group_last_successful_deployment", "group_last_attempted_deployment"),
    delete=Action("delete_deployment_group", {"applicationName": "{application_name}", "deploymentGroupName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

DEPLOYMENT_CONFIG = Resource(
    kind="aws_codedeploy_deployment_config",
    description="How many machines may be deployed to at once; those of the account, not of AWS.",
    call=Call(
        "codedeploy",
        "list_deployment_configs",
        "deploymentConfigsList[?!starts_with(@, 'CodeDeployDefault.')].{deploymentConfigName: @}",
    ),
    id="deploymentConfigName",
    name="deploymentConfigName",
    ctime="createTime",
    arn="arn:{partition}:codedeploy:{region}:{account}:deploymentconfig:{name}",
    tags="",
    prefix="config",
    details=(Detail(Call("codedeploy", "get_deployment_config", "deploymentConfigInfo", CONFIG_NAME), into="", absent=GONE),),
    read=Call("codedeploy", "get_deployment_config", "deploymentConfigInfo", CONFIG_NAME),
    gone=GONE,
    delete=Action("delete_deployment_config", CONFIG_NAME),
)

RESOURCES = (APPLICATION, DEPLOYMENT_GROUP, DEPLOYMENT_CONFIG)
