"""Pipelines: as CodePipeline describes them, and on a moto server."""

from __future__ import annotations

import json
from typing import Any

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

PIPELINE = "aws_codepipeline_pipeline"


def action(provider: str, **configuration: str) -> dict[str, Any]:
    return {"name": provider, "actionTypeId": {"provider": provider, "version": "1"}, "configuration": configuration}


def test_properties_and_edges(world: World) -> None:
    actions = [
        action("CodeCommit", RepositoryName="web"), action("S3", S3Bucket="inputs"), action("ECR", RepositoryName="base"),
        action("CodeBuild", ProjectName="shop"), action("Manual", NotificationArn="arn:topic"), action("Manual"),
        action("CodeDeploy", ApplicationName="shop", DeploymentGroupName="web"), action("CloudFormation", StackName="stack"),
        action("ECS", ClusterName="main", ServiceName="web"), action("Lambda", FunctionName="check"),
        action("StepFunctions", StateMachineArn="arn:steps"), action("GitHub", Repo="web"),
    ]  # fmt: skip
    store = {"type": "S3", "location": "artifacts", "encryptionKey": {"id": "arn:key/k-1", "type": "KMS"}}
    more = {
        "created": "2026-11-01T10:00:00Z",
        "updated": "2026-11-02T10:00:00Z",
        "pipelineType": "V2",
        "tags": [{"key": "a", "value": "b"}],
    }
    stages = [{"name": "Source", "actions": actions[:3]}, {"name": "Rest", "actions": actions[3:]}]
    item = {"name": "release", "pipelineArn": "arn:release", "roleArn": "arn:role", "artifactStore": store, "stages": stages, **more}
    reported = world.add(PIPELINE, item)
    names = ("id", "arn", "ctime", "mtime", "pipeline_type", "tags")
    assert [reported[name] for name in names] == [
        "release", "arn:release", "2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z", "V2", {"a": "b"},
    ]  # fmt: skip
    assert [stage["name"] for stage in reported["pipeline_stages"]] == ["Source", "Rest"]
    world.add("aws_codecommit_repository", {"repositoryId": "r-1", "repositoryName": "web"})
    for bucket in ("inputs", "artifacts"):
        world.add("aws_s3_bucket", {"Name": bucket})
    world.add("aws_ecr_repository", {"repositoryName": "base", "repositoryArn": "arn:base"})
    world.add("aws_codebuild_project", {"name": "shop"})
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    world.add("aws_codedeploy_deployment_group", {"applicationName": "shop", "deploymentGroupName": "web"})
    world.add("aws_cloudformation_stack", {"StackId": "arn:stack", "StackName": "stack"})
    service = {"serviceArn": "arn:aws:ecs:eu-west-1:1:service/main/web", "clusterArn": "arn:aws:ecs:eu-west-1:1:cluster/main"}
    world.add("aws_ecs_service", {**service, "serviceName": "web"})
    world.add("aws_lambda_function", {"FunctionName": "check"})
    world.add("aws_stepfunctions_state_machine", {"name": "steps", "stateMachineArn": "arn:steps"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    used = {edge.removeprefix("release > ") for edge in world.edges("default") if edge.startswith("release > ")}
    assert used >= {"r-1", "inputs", "artifacts", "shop", "arn:topic", "shop/web", "arn:stack", "main/web", "check", "steps", "k-1"}
    assert len(used) == 12  # the repository of images among them
    assert world.edges("delete") == {"role > release", "k-1 > release"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    role = cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

    def act(category: str, provider: str) -> list[dict[str, Any]]:
        return [{"name": category, "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"}}]

    stages = [{"name": "Source", "actions": act("Source", "S3")}, {"name": "Build", "actions": act("Build", "CodeBuild")}]
    pipeline = {"name": name, "roleArn": role, "artifactStore": {"type": "S3", "location": "artifacts"}, "stages": stages}
    cloud.client("codepipeline").create_pipeline(pipeline=pipeline, tags=[{"key": "owner", "value": "ada"}])
    document = cloud.document(PIPELINE, name)
    assert (document["reported"]["pipeline_role_arn"], document["reported"]["tags"]) == (role, {"owner": "ada"})
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert name not in [one["name"] for one in cloud.client("codepipeline").list_pipelines()["pipelines"]]
    cloud.client("iam").delete_role(RoleName=name)
