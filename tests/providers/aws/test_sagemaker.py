"""SageMaker's notebooks, models, endpoints and the like: as its API describes them, and on a moto server."""

from __future__ import annotations

import pytest

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

ROLE = "arn:aws:iam::123456789012:role/maker"
MADE = {"UserProfileArn": "arn:user", "UserProfileName": "ada", "DomainId": "d-1"}


@pytest.fixture
def around(world: World) -> World:
    """With what many kinds hang from."""
    world.add("aws_iam_role", {"RoleId": "role", "Arn": ROLE})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet"})
    world.add("aws_ec2_security_group", {"GroupId": "sg"})
    world.add("aws_kms_key", {"KeyId": "key"})
    world.add("aws_s3_bucket", {"Name": "models"})
    world.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    return world


def test_a_notebook(around: World) -> None:
    notebook = {
        "NotebookInstanceName": "lab", "NotebookInstanceArn": "arn:lab", "NotebookInstanceStatus": "InService", "Url": "lab.example.com",
        "InstanceType": "ml.t3.medium", "SubnetId": "subnet", "SecurityGroups": ["sg"], "RoleArn": ROLE, "KmsKeyId": "arn:key/key",
        "NetworkInterfaceId": "eni", "CreationTime": "2026-01-02T03:04:05Z", "LastModifiedTime": "2026-02-02T03:04:05Z",
        "VolumeSizeInGB": 5, "DefaultCodeRepository": "code", "AdditionalCodeRepositories": ["more"], "DirectInternetAccess": "Disabled",
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"}, "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = around.add("aws_sagemaker_notebook", notebook)
    assert [reported[name] for name in ("id", "name", "arn", "ctime", "mtime", "tags")] == [
        "lab", "lab", "arn:lab", "2026-01-02T03:04:05Z", "2026-02-02T03:04:05Z", {"owner": "ada"},
    ]  # fmt: skip
    names = ("instance_status", "url", "instance_type", "volume_size_in_gb", "instance_metadata_service_configuration")
    assert [reported[f"notebook_{name}"] for name in names] == ["InService", "lab.example.com", "ml.t3.medium", 5, "2"]
    around.add("aws_ec2_network_interface", {"NetworkInterfaceId": "eni"})
    code = around.add("aws_sagemaker_code_repository", {"CodeRepositoryName": "code", "GitConfig": {"RepositoryUrl": "https://code"}})
    assert code["code_repository_url"] == "https://code"
    around.add("aws_sagemaker_code_repository", {"CodeRepositoryName": "more"})
    waits = {"role > lab", "subnet > lab", "sg > lab"}
    assert around.edges("default") == waits | {"code > lab", "more > lab", "lab > eni", "lab > key"}
    assert around.edges("delete") == waits | {"eni > lab", "key > lab"}


def test_a_model_and_where_it_answers(around: World) -> None:
    model = {
        "ModelName": "shop", "ModelArn": "arn:shop", "ExecutionRoleArn": ROLE, "InferenceExecutionConfig": {"Mode": "Serial"},
        "PrimaryContainer": {"Image": "image", "ModelDataUrl": "s3://models/shop.tar.gz"},
        "VpcConfig": {"SecurityGroupIds": ["sg"], "Subnets": ["subnet"]}, "EnableNetworkIsolation": True,
    }  # fmt: skip
    reported = around.add("aws_sagemaker_model", model)
    assert [reported[f"model_{name}"] for name in ("inference_execution_config", "enable_network_isolation")] == ["Serial", True]
    assert reported["model_primary_container"]["image"] == "image"
    endpoint = {
        "EndpointName": "live", "EndpointArn": "arn:live", "EndpointConfigName": "config", "EndpointStatus": "InService",
        "DataCaptureConfig": {"DestinationS3Uri": "s3://models/seen", "KmsKeyId": "key"},
        "AsyncInferenceConfig": {"OutputConfig": {"NotificationConfig": {"SuccessTopic": "arn:topic"}}},
        "LastDeploymentConfig": {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}},
    }  # fmt: skip
    reported = around.add("aws_sagemaker_endpoint", endpoint)
    assert [reported[f"endpoint_{name}"] for name in ("config_name", "status")] == ["config", "InService"]
    around.add("aws_cloudwatch_alarm", {"AlarmName": "errors"})
    waits = {"role > shop", "sg > shop", "subnet > shop"}
    used = {"shop > models", "live > models", "live > key", "live > errors", "live > arn:topic"}
    assert around.edges("default") == waits | used
    assert around.edges("delete") == waits | {"key > live"}


def test_images_algorithms_and_pipelines(around: World) -> None:
    image = around.add("aws_sagemaker_image", {"ImageName": "tools", "ImageStatus": "CREATED", "RoleArn": ROLE, "DisplayName": "Tools"})
    assert (image["image_image_status"], image["image_display_name"]) == ("CREATED", "Tools")
    profiles = {"ValidationRole": ROLE, "ValidationProfiles": [{"ProfileName": "p"}]}
    algorithm = around.add("aws_sagemaker_algorithm", {"AlgorithmName": "trees", "ValidationSpecification": profiles})
    assert algorithm["algorithm_validation_profiles"] == [{"profile_name": "p"}]
    pipeline = {
        "PipelineName": "daily", "PipelineDefinition": "{}", "RoleArn": ROLE, "LastRunTime": "2026-02-02T03:04:05Z", "CreatedBy": MADE,
        "LastModifiedBy": {}, "ParallelismConfiguration": {"MaxParallelExecutionSteps": 2},
    }  # fmt: skip
    reported = around.add("aws_sagemaker_pipeline", pipeline)
    assert [reported[name] for name in ("atime", "pipeline_definition", "pipeline_parallelism_configuration")] == [
        "2026-02-02T03:04:05Z", "{}", 2,
    ]  # fmt: skip
    around.add("aws_sagemaker_user_profile", {"DomainId": "d-1", "UserProfileName": "ada", "UserProfileArn": "arn:user"})
    waits = {f"role > {kind}" for kind in ("tools", "trees", "daily")}
    assert around.edges("default") == waits | {"d-1/ada > daily"}
    assert around.edges("delete") == waits


def test_artifacts_and_work_teams(around: World) -> None:
    origin = {"Repository": "code", "ProjectId": "p-1", "CommitId": "abc"}
    artifact = {
        "ArtifactArn": "arn:artifact", "ArtifactName": "data", "ArtifactType": "DataSet", "CreatedBy": MADE, "MetadataProperties": origin,
    }  # fmt: skip
    reported = around.add("aws_sagemaker_artifact", artifact)
    assert [reported[name] for name in ("id", "name", "artifact_artifact_type")] == ["arn:artifact", "data", "DataSet"]
    around.add("aws_sagemaker_code_repository", {"CodeRepositoryName": "code"})
    around.add("aws_sagemaker_project", {"ProjectId": "p-1", "ProjectName": "shop"})
    around.add("aws_sagemaker_domain", {"DomainId": "d-1"})
    members = [{"CognitoMemberDefinition": {"UserPool": "pool", "UserGroup": "labellers"}}, {"OidcMemberDefinition": {"Groups": ["x"]}}]
    team = {
        "WorkteamName": "team", "CreateDate": "2026-01-02T03:04:05Z", "MemberDefinitions": members, "Description": "who label",
        "NotificationConfiguration": {"NotificationTopicArn": "arn:topic"},
    }  # fmt: skip
    reported = around.add("aws_sagemaker_workteam", team)
    assert [reported[f"workteam_{name}"] for name in ("description", "notification_configuration")] == ["who label", "arn:topic"]
    around.add("aws_cognito_user_pool", {"Id": "pool"})
    around.add("aws_cognito_group", {"UserPoolId": "pool", "GroupName": "labellers"})
    made = {f"{origin} > arn:artifact" for origin in ("code", "p-1", "d-1")}
    assert around.edges("default") >= made | {f"team > {other}" for other in ("pool", "pool:labellers", "arn:topic")}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    sagemaker, tags = cloud.client("sagemaker"), [{"Key": "owner", "Value": "ada"}]
    sagemaker.create_notebook_instance(NotebookInstanceName=name, InstanceType="ml.t3.medium", RoleArn=ROLE, Tags=tags)
    container = {"Image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1"}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container, Tags=tags)
    variant = {"VariantName": "all", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.t2.medium"}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name, Tags=tags)
    sagemaker.create_pipeline(PipelineName=name, PipelineDefinition="{}", RoleArn=ROLE, ClientRequestToken="x" * 32, Tags=tags)
    for kind in ("notebook", "model", "endpoint", "pipeline"):
        document = cloud.find(f"aws_sagemaker_{kind}", name)
        assert document["reported"]["tags"] == {"owner": "ada"}
        assert "response_metadata" not in document["reported"]
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
