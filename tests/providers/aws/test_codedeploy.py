"""Applications, groups and configurations: as CodeDeploy describes them; applications on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused

APPLICATION, GROUP, CONFIG = "aws_codedeploy_application", "aws_codedeploy_deployment_group", "aws_codedeploy_deployment_config"
ARN = "arn:aws:codedeploy:eu-west-1:123456789012"


def test_properties_and_edges(world: World) -> None:
    reported = world.add(
        APPLICATION, {"applicationName": "shop", "applicationId": "x", "computePlatform": "Server", "linkedToGitHub": False}
    )
    assert [reported[key] for key in ("id", "arn", "application_compute_platform")] == ["shop", f"{ARN}:application:shop", "Server"]
    group = {
        "applicationName": "shop", "deploymentGroupName": "web", "deploymentConfigName": "one-by-one", "serviceRoleArn": "arn:role",
        "autoScalingGroups": [{"name": "asg", "hook": "h"}], "ecsServices": [{"clusterName": "main", "serviceName": "web"}],
        "loadBalancerInfo": {"targetGroupInfoList": [{"name": "blue"}], "elbInfoList": [{"name": "old"}]},
        "alarmConfiguration": {"enabled": True, "alarms": [{"name": "errors"}]},
        "triggerConfigurations": [{"triggerTargetArn": "arn:topic"}],
        "targetRevision": {"revisionType": "S3", "s3Location": {"bucket": "built", "key": "web.zip"}},
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add(GROUP, group)
    names = ("id", "name", "application_name", "arn", "tags")
    assert [reported[name] for name in names] == ["shop/web", "web", "shop", f"{ARN}:deploymentgroup:shop/web", {"owner": "ada"}]
    healthy = {"type": "HOST_COUNT", "value": 1}
    reported = world.add(CONFIG, {"deploymentConfigName": "one-by-one", "minimumHealthyHosts": healthy})
    assert (reported["arn"], reported["config_minimum_healthy_hosts"]) == (f"{ARN}:deploymentconfig:one-by-one", healthy)
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_autoscaling_group", {"AutoScalingGroupName": "asg"})
    service = {
        "serviceName": "web",
        "serviceArn": "arn:aws:ecs:eu-west-1:1:service/main/web",
        "clusterArn": "arn:aws:ecs:eu-west-1:1:cluster/main",
    }
    world.add("aws_ecs_service", service)
    world.add("aws_alb_target_group", {"TargetGroupName": "blue", "TargetGroupArn": "arn:blue"})
    world.add("aws_elb", {"DNSName": "old.elb", "LoadBalancerName": "old"})
    world.add("aws_cloudwatch_alarm", {"AlarmName": "errors"})
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    world.add("aws_s3_bucket", {"Name": "built"})
    waits = {"shop > shop/web", "one-by-one > shop/web", "role > shop/web"}
    uses = {f"shop/web > {one}" for one in ("asg", "main/web", "blue", "old.elb", "errors", "arn:topic", "built")}
    assert (world.edges("default"), world.edges("delete")) == (waits | uses, waits)


def test_on_a_server(cloud: Cloud, name: str, scripted: Scripted) -> None:
    codedeploy = cloud.client("codedeploy")
    codedeploy.create_application(applicationName=name, computePlatform="Server", tags=[{"Key": "owner", "Value": "ada"}])
    role = "arn:aws:iam::123456789012:role/web"
    codedeploy.create_deployment_group(applicationName=name, deploymentGroupName="web", serviceRoleArn=role)
    info = codedeploy.get_deployment_group(applicationName=name, deploymentGroupName="web")["deploymentGroupInfo"]
    scripted("codedeploy", "batch_get_deployment_groups", {"deploymentGroupsInfo": [info]})
    for operation in ("delete_deployment_group", "delete_application"):
        scripted("codedeploy", operation, {})
    document = cloud.find(GROUP, f"{name}/web")
    assert scripted.asked("codedeploy", "batch_get_deployment_groups") == [{"applicationName": name, "deploymentGroupNames": ["web"]}]
    assert document["reported"]["group_service_role_arn"] == role
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert scripted.asked("codedeploy", "delete_deployment_group") == [{"applicationName": name, "deploymentGroupName": "web"}]
    document = cloud.find(APPLICATION, name)
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert scripted.asked("codedeploy", "delete_application") == [{"applicationName": name}]
    scripted("codedeploy", "get_application", refused("ApplicationDoesNotExistException"))
    assert cloud.is_gone(document)


def test_only_configurations_of_the_account(cloud: Cloud, scripted: Scripted) -> None:
    scripted("codedeploy", "list_deployment_configs", {"deploymentConfigsList": ["CodeDeployDefault.AllAtOnce", "one-by-one"]})
    scripted("codedeploy", "get_deployment_config", {"deploymentConfigInfo": {"deploymentConfigName": "one-by-one"}})
    scripted("codedeploy", "delete_deployment_config", {})
    (document,) = cloud.documents(CONFIG)
    assert document["reported"]["id"] == "one-by-one"
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert scripted.asked("codedeploy", "delete_deployment_config") == [{"deploymentConfigName": "one-by-one"}]
