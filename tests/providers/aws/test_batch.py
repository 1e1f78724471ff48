"""Environments, queues and job definitions: as Batch describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import CallFailed
from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused

ENVIRONMENT, QUEUE = "aws_batch_compute_environment", "aws_batch_job_queue"
DEFINITION, POLICY = "aws_batch_job_definition", "aws_batch_scheduling_policy"
ARN = "arn:aws:batch:eu-west-1:123456789012"
CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/AWSBatch-nightly"


def environment(**more: Any) -> dict[str, Any]:
    name, arn = "nightly", f"{ARN}:compute-environment/nightly"
    return {"computeEnvironmentName": name, "computeEnvironmentArn": arn, "state": "ENABLED", "status": "VALID", **more}


def test_an_environment_and_what_it_needs(world: World) -> None:
    resources = {
        "type": "SPOT", "maxvCpus": 64, "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"], "instanceRole": "arn:profile",
        "spotIamFleetRole": "arn:fleet", "ec2KeyPair": "ops", "launchTemplate": {"launchTemplateId": "lt-1"}, "tags": {"Team Name": "data"},
    }  # fmt: skip
    item = environment(type="MANAGED", serviceRole="arn:role", ecsClusterArn=CLUSTER, computeResources=resources, tags={"owner": "ada"})
    reported = world.add(ENVIRONMENT, item)
    names = ("id", "name", "environment_type", "environment_state", "environment_status", "tags")
    assert [reported[name] for name in names] == ["nightly", "nightly", "MANAGED", "ENABLED", "VALID", {"owner": "ada"}]
    assert reported["environment_compute_resources"]["maxv_cpus"] == 64
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    for role in ("role", "fleet"):
        world.add("aws_iam_role", {"RoleId": role, "Arn": f"arn:{role}"})
    world.add("aws_iam_instance_profile", {"InstanceProfileId": "profile", "Arn": "arn:profile"})
    world.add("aws_ec2_launch_template", {"LaunchTemplateId": "lt-1"})
    world.add("aws_ec2_keypair", {"KeyPairId": "key-1", "KeyName": "ops"})
    world.add("aws_ecs_cluster", {"clusterName": "AWSBatch-nightly", "clusterArn": CLUSTER})
    needs = {f"{one} > nightly" for one in ("subnet-1", "sg-1", "role", "fleet", "profile")}
    assert world.edges("default") == needs | {"lt-1 > nightly", "nightly > key-1", "nightly > AWSBatch-nightly"}
    assert world.edges("delete") == needs | {"AWSBatch-nightly > nightly"}


def test_queues_wait_before_their_environment_and_policy_go(world: World) -> None:
    order = [{"order": 1, "computeEnvironment": f"{ARN}:compute-environment/nightly"}]
    queue = {
        "jobQueueName": "low",
        "jobQueueArn": f"{ARN}:job-queue/low",
        "state": "ENABLED",
        "priority": 1,
        "computeEnvironmentOrder": order,
    }
    assert world.add(QUEUE, {**queue, "schedulingPolicyArn": "arn:fair"})["queue_priority"] == 1
    world.add(ENVIRONMENT, environment())
    shares = {"shareDecaySeconds": 60, "shareDistribution": [{"shareIdentifier": "web", "weightFactor": 0.5}]}
    reported = world.add(POLICY, {"name": "fair", "arn": "arn:fair", "fairsharePolicy": shares})
    assert reported["policy_fairshare_policy"]["share_decay_seconds"] == 60
    world.add("aws_eventbridge_rule", {"Name": "nightly-job", "Arn": "arn:rule", "Targets": [{"Arn": f"{ARN}:job-queue/low"}]})
    assert world.edges("delete") == {"nightly > low", "fair > low"}
    assert world.edges("default") == {"nightly > low", "fair > low", "arn:rule > low"}


def test_a_job_definition_and_its_roles(world: World) -> None:
    definition = {"jobDefinitionName": "report", "jobDefinitionArn": f"{ARN}:job-definition/report:7", "revision": 7, "status": "ACTIVE"}
    container = {"image": "report", "jobRoleArn": "arn:job", "executionRoleArn": "arn:run"}
    node = {"nodeRangeProperties": [{"targetNodes": "0:", "container": {"jobRoleArn": "arn:node"}}]}
    task = {"taskProperties": [{"taskRoleArn": "arn:task"}]}
    reported = world.add(DEFINITION, {**definition, "containerProperties": container, "nodeProperties": node, "ecsProperties": task})
    assert [reported[name] for name in ("id", "name", "definition_revision", "definition_status")] == ["report:7", "report", 7, "ACTIVE"]
    for role in ("job", "run", "node", "task"):
        world.add("aws_iam_role", {"RoleId": role, "Arn": f"arn:{role}"})
    assert world.edges("delete") == {f"{role} > report:7" for role in ("job", "run", "node", "task")}


@pytest.fixture
def filled(cloud: Cloud, name: str) -> str:
    """The name of an environment, a queue, a job definition and a policy."""
    batch, role = cloud.client("batch"), "arn:aws:iam::123456789012:role/web"
    tags = {"owner": "ada"}
    batch.create_compute_environment(computeEnvironmentName=name, type="UNMANAGED", state="ENABLED", serviceRole=role, tags=tags)
    policy = batch.create_scheduling_policy(name=name, fairsharePolicy={"shareDecaySeconds": 60}, tags=tags)["arn"]
    order = [{"order": 1, "computeEnvironment": name}]
    batch.create_job_queue(
        jobQueueName=name, state="ENABLED", priority=1, computeEnvironmentOrder=order, schedulingPolicyArn=policy, tags=tags
    )
    job = {"image": "busybox", "vcpus": 1, "memory": 128}
    for _ in range(2):
        batch.register_job_definition(jobDefinitionName=name, type="container", containerProperties=job, tags=tags)
    batch.deregister_job_definition(jobDefinition=f"{name}:1")
    return name


def test_on_a_server(cloud: Cloud, filled: str) -> None:
    found = cloud.collect("aws_batch_*")
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    definitions = [node.reported["id"] for node in found.all_nodes if node.kind == DEFINITION]
    assert (f"{filled}:1" in definitions, f"{filled}:2" in definitions) == (False, True)
    for kind in (DEFINITION, QUEUE, ENVIRONMENT, POLICY):
        document = cloud.document(kind, filled)
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)


def test_what_is_being_disabled_is_tried_again_later(cloud: Cloud, scripted: Scripted) -> None:
    scripted("batch", "update_compute_environment", {})
    scripted("batch", "delete_compute_environment", refused("ClientException", "Cannot delete, resource is being modified."))
    with pytest.raises(CallFailed) as busy:
        cloud.provider.delete(cloud.placed({"kind": ENVIRONMENT, "reported": {"id": "nightly", "name": "nightly"}}))
    assert busy.value.error == "ResourceInUse"
    assert scripted.asked("batch", "update_compute_environment") == [{"computeEnvironment": "nightly", "state": "DISABLED"}]


def test_the_cluster_goes_with_its_environment(cloud: Cloud) -> None:
    reported = {"id": "nightly", "name": "nightly", "environment_ecs_cluster_arn": CLUSTER}
    (loss,) = cloud.provider.losses(cloud.placed({"kind": ENVIRONMENT, "reported": reported}))
    assert loss.name == "aws_ecs_cluster AWSBatch-nightly"
