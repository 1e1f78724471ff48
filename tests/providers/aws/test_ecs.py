"""Clusters and what is in them: as ECS describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

ARN = "arn:aws:ecs:eu-west-1:1:"
CLUSTER = f"{ARN}cluster/shop"


def service(**more: Any) -> dict[str, Any]:
    return {"serviceArn": f"{ARN}service/shop/web", "serviceName": "web", "clusterArn": CLUSTER, "status": "ACTIVE", **more}


def task(**more: Any) -> dict[str, Any]:
    return {"taskArn": f"{ARN}task/shop/t1", "clusterArn": CLUSTER, "lastStatus": "RUNNING", **more}


def test_properties(world: World) -> None:
    cluster = world.add("aws_ecs_cluster", {"clusterArn": CLUSTER, "clusterName": "shop", "status": "ACTIVE", "runningTasksCount": 1})
    assert [cluster[key] for key in ("id", "name", "arn", "cluster_status")] == ["shop", "shop", CLUSTER, "ACTIVE"]
    web = world.add("aws_ecs_service", service(tags=[{"key": "owner", "value": "ada"}], deploymentController={"type": "ECS"}))
    assert [web[key] for key in ("id", "name", "cluster_arn", "status")] == ["shop/web", "web", CLUSTER, "ACTIVE"]
    assert (web["service_deployment_controller"], web["tags"]) == ("ECS", {"owner": "ada"})
    one = world.add("aws_ecs_task", task(ephemeralStorage={"sizeInGiB": 20}, cpu="256"))
    assert [one[key] for key in ("id", "task_cluster_arn", "task_ephemeral_storage", "task_cpu")] == ["t1", CLUSTER, 20, "256"]
    machine = {"containerInstanceArn": f"{ARN}container-instance/shop/c1", "version": 3, "ec2InstanceId": "i-1", "_parent": cluster}
    reported = world.add("aws_ecs_container_instance", machine)
    assert [reported[key] for key in ("id", "version", "ec2_instance_id", "cluster_link")] == ["c1", "3", "i-1", CLUSTER]
    definition = {"taskDefinitionArn": f"{ARN}task-definition/web:7", "family": "web", "revision": 7, "networkMode": "awsvpc"}
    reported = world.add("aws_ecs_task_definition", definition)
    assert [reported[key] for key in ("id", "family", "revision", "network_mode")] == ["web:7", "web", 7, "awsvpc"]


def test_a_cluster_waits_for_what_is_in_it(world: World) -> None:
    cluster = world.add("aws_ecs_cluster", {"clusterArn": CLUSTER, "clusterName": "shop", "capacityProviders": ["machines"]})
    world.add("aws_ecs_service", service(capacityProviderStrategy=[{"capacityProvider": "machines"}]))
    machine = f"{ARN}container-instance/shop/c1"
    world.add("aws_ecs_task", task(group="service:web", containerInstanceArn=machine))
    world.add("aws_ecs_container_instance", {"containerInstanceArn": machine, "ec2InstanceId": "i-1", "_parent": cluster})
    world.add("aws_ecs_capacity_provider", {"name": "machines"})
    world.add("aws_ec2_instance", {"InstanceId": "i-1"})
    in_cluster = {"shop > shop/web", "shop > t1", "shop > c1"}
    shared = {"c1 > t1", "c1 > i-1"}
    assert world.edges("default") == in_cluster | shared | {"shop/web > t1", "shop > machines", "shop/web > machines"}
    assert world.edges("delete") == in_cluster | shared | {"t1 > shop/web", "machines > shop", "machines > shop/web"}


def test_what_a_service_and_its_definition_use(world: World) -> None:
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
    definition = f"{ARN}task-definition/web:7"
    balancers = [{"targetGroupArn": "arn:group"}, {"loadBalancerName": "old"}]
    more = {"deployments": [{"networkConfiguration": network}], "loadBalancers": balancers, "taskDefinition": definition}
    world.add("aws_ecs_service", service(roleArn="arn:role", **more))
    world.add("aws_ecs_task_definition", {"taskDefinitionArn": definition, "taskRoleArn": "arn:role"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_alb_target_group", {"TargetGroupName": "group", "TargetGroupArn": "arn:group"})
    world.add("aws_elb", {"DNSName": "old.elb", "LoadBalancerName": "old"})
    needs = {"role > shop/web", "subnet-1 > shop/web", "sg-1 > shop/web", "role > web:7"}
    assert world.edges("default") == needs | {"shop/web > group", "shop/web > old.elb", "shop/web > web:7"}
    assert world.edges("delete") == needs | {"group > shop/web", "old.elb > shop/web"}


@pytest.fixture
def filled(cloud: Cloud, name: str) -> str:
    """The name of a cluster with a task definition and a service of the same name."""
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName=name, tags=[{"key": "owner", "value": "ada"}])
    containers = [{"name": "web", "image": "web", "memory": 128}]
    ecs.register_task_definition(family=name, containerDefinitions=containers, tags=[{"key": "owner", "value": "ada"}])
    ecs.create_service(cluster=name, serviceName=name, taskDefinition=name, desiredCount=0)
    return name


def test_on_a_server(cloud: Cloud, filled: str) -> None:
    ecs = cloud.client("ecs")
    found = cloud.collect("aws_ecs_cluster", "aws_ecs_service", "aws_ecs_task*", "aws_ecs_container_instance")
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    arns = {node.reported.get("arn") for node in found.all_nodes}
    services = {arn for cluster in ecs.list_clusters()["clusterArns"] for arn in ecs.list_services(cluster=cluster)["serviceArns"]}
    listed = {*services, *ecs.list_clusters()["clusterArns"], *ecs.list_task_definitions()["taskDefinitionArns"]}
    assert listed <= arns
    for kind in ("aws_ecs_task_definition", "aws_ecs_service", "aws_ecs_cluster"):
        (document,) = (one for one in cloud.documents(kind) if filled in one["reported"]["arn"])
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)


def test_fargate_is_not_the_accounts(cloud: Cloud) -> None:
    node = {"reported": {"id": "FARGATE", "name": "FARGATE"}, "kind": "aws_ecs_capacity_provider"}
    assert "belongs to AWS" in cloud.provider.undeletable(node)
    with pytest.raises(UsageError, match="belongs to AWS"):
        cloud.provider.delete(cloud.placed(node))
