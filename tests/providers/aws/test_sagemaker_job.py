"""SageMaker's jobs: as its API describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from resh.model.base import BASE_KINDS
from resh.model.kinds import Kinds
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

ROLE = "arn:aws:iam::123456789012:role/maker"
VPC = {"SecurityGroupIds": ["sg"], "Subnets": ["subnet"]}
NEEDED = ("role", "sg", "subnet")
KEPT = ("auto_ml", "inference_recommendations", "labeling", "transform")


def s3(key: str) -> dict[str, Any]:
    return {"DataSource": {"S3DataSource": {"S3Uri": f"s3://data/{key}"}}}


@pytest.fixture
def around(world: World) -> World:
    """With what jobs read, write and need."""
    world.add("aws_iam_role", {"RoleId": "role", "Arn": ROLE})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet"})
    world.add("aws_ec2_security_group", {"GroupId": "sg"})
    for name in ("data", "out", "more"):
        world.add("aws_s3_bucket", {"Name": name})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.add("aws_kms_key", {"KeyId": "k-2"})
    return world


def check(world: World, job: str, used: set[str], above: tuple[str, ...] = (), keys: tuple[str, ...] = ("k-1", "k-2")) -> None:
    """`used` hangs below the job, and what is `above` only holds it."""
    waits = {f"{needed} > {job}" for needed in NEEDED}
    assert world.edges("default") == waits | {f"{one} > {job}" for one in above} | {f"{job} > {one}" for one in (*used, *keys)}
    assert world.edges("delete") == waits | {f"{key} > {job}" for key in keys}


def test_training(around: World) -> None:
    job = {
        "TrainingJobName": "train", "TrainingJobArn": "arn:train", "TrainingJobStatus": "Completed", "RoleArn": ROLE, "VpcConfig": VPC,
        "ModelArtifacts": {"S3ModelArtifacts": "s3://out/model.tar.gz"}, "AlgorithmSpecification": {"AlgorithmName": "trees"},
        "InputDataConfig": [s3("a"), s3("b")], "OutputDataConfig": {"KmsKeyId": "k-1", "S3OutputPath": "s3://out/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "arn:key/k-2"}, "LabelingJobArn": "arn:label",
        "RetryStrategy": {"MaximumRetryAttempts": 2}, "ProfilerRuleConfigurations": [{"S3OutputPath": "s3://more/"}],
        "ExperimentConfig": {"ExperimentName": "prices", "TrialName": "first", "TrialComponentDisplayName": "Training"},
    }  # fmt: skip
    reported = around.add("aws_sagemaker_training_job", job)
    names = ("training_job_status", "model_artifacts", "retry_strategy", "trial_component_display_name")
    assert [reported[f"training_job_{name}"] for name in names] == ["Completed", "s3://out/model.tar.gz", 2, "Training"]
    around.add("aws_sagemaker_algorithm", {"AlgorithmName": "trees"})
    around.add("aws_sagemaker_experiment", {"ExperimentName": "prices"})
    around.add("aws_sagemaker_trial", {"TrialName": "first"})
    around.add("aws_sagemaker_labeling_job", {"LabelingJobName": "label", "LabelingJobArn": "arn:label"})
    check(around, "train", {"trees", "data", "out", "more"}, ("prices", "first", "label"))


def test_tuning(around: World) -> None:
    def training(out: str, key: str) -> dict[str, Any]:
        output = {"S3OutputPath": f"s3://{out}/", "KmsKeyId": key}
        return {"RoleArn": ROLE, "VpcConfig": VPC, "InputDataConfig": [s3("a")], "OutputDataConfig": output}

    job = {
        "HyperParameterTuningJobName": "tune", "HyperParameterTuningJobStatus": "Completed",
        "TrainingJobDefinition": training("out", "k-1"), "TrainingJobDefinitions": [training("more", "k-2")],
        "BestTrainingJob": {"TrainingJobArn": "arn:train"}, "HyperParameterTuningEndTime": "2026-01-02T03:04:05Z",
    }  # fmt: skip
    reported = around.add("aws_sagemaker_hyper_parameter_tuning_job", job)
    names = ("status", "hyper_parameter_tuning_end_time")
    assert [reported[f"hyper_parameter_tuning_job_{name}"] for name in names] == ["Completed", "2026-01-02T03:04:05Z"]
    around.add("aws_sagemaker_training_job", {"TrainingJobName": "train", "TrainingJobArn": "arn:train"})
    check(around, "tune", {"data", "out", "more", "train"})


def test_compilation(around: World) -> None:
    job = {
        "CompilationJobName": "compile", "CompilationStartTime": "2026-01-02T03:04:05Z", "CompilationEndTime": "2026-01-02T04:04:05Z",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://out/m"}, "ModelDigests": {"ArtifactDigest": "abc"}, "RoleArn": ROLE, "VpcConfig": VPC,
        "InputConfig": {"S3Uri": "s3://data/model"}, "OutputConfig": {"S3OutputLocation": "s3://more/", "KmsKeyId": "k-1"},
    }  # fmt: skip
    reported = around.add("aws_sagemaker_compilation_job", job)
    names = ("start_time", "end_time", "model_artifacts", "model_digests")
    assert [reported[f"compilation_job_{name}"] for name in names] == [
        "2026-01-02T03:04:05Z", "2026-01-02T04:04:05Z", "s3://out/m", "abc",
    ]  # fmt: skip
    check(around, "compile", {"data", "out", "more"}, keys=("k-1",))


def test_auto_ml(around: World) -> None:
    table = {"ProblemType": "Regression", "GenerateCandidateDefinitionsOnly": False, "Mode": "AUTO"}
    job = {
        "AutoMLJobName": "auto", "AutoMLJobStatus": "Completed", "AutoMLJobObjective": {"MetricName": "MSE"}, "RoleArn": ROLE,
        "AutoMLProblemTypeConfig": {"TabularJobConfig": table}, "AutoMLJobInputDataConfig": [s3("a")],
        "OutputDataConfig": {"S3OutputPath": "s3://out/", "KmsKeyId": "k-1"}, "PartialFailureReasons": [{"PartialFailureMessage": "odd"}],
        "SecurityConfig": {"VolumeKmsKeyId": "k-2", "VpcConfig": VPC}, "ModelDeployResult": {"EndpointName": "live"},
        "BestCandidate": {"CandidateSteps": [{"CandidateStepType": "AWS::SageMaker::TrainingJob", "CandidateStepArn": "arn:train"}]},
    }  # fmt: skip
    reported = around.add("aws_sagemaker_auto_ml_job", job)
    names = ("objective", "problem_type", "status", "partial_failure_reasons", "model_deploy_result")
    assert [reported[f"auto_ml_job_{name}"] for name in names] == ["MSE", "Regression", "Completed", ["odd"], "live"]
    assert reported["auto_ml_job_config"]["mode"] == "AUTO"
    assert reported["auto_ml_job_config"]["security_config"]["volume_kms_key_id"] == "k-2"
    around.add("aws_sagemaker_training_job", {"TrainingJobName": "train", "TrainingJobArn": "arn:train"})
    check(around, "auto", {"data", "out", "train"})


def test_processing(around: World) -> None:
    athena = {"Catalog": "catalog", "WorkGroup": "group", "OutputS3Uri": "s3://more/", "KmsKeyId": "k-2"}
    redshift = {"ClusterId": "cluster", "ClusterRoleArn": ROLE}
    job = {
        "ProcessingJobName": "process", "ProcessingJobStatus": "Completed", "RoleArn": ROLE, "NetworkConfig": {"VpcConfig": VPC},
        "ProcessingInputs": [
            {"S3Input": {"S3Uri": "s3://data/in"}},
            {"DatasetDefinition": {"AthenaDatasetDefinition": athena}},
            {"DatasetDefinition": {"RedshiftDatasetDefinition": redshift}},
        ],
        "ProcessingOutputConfig": {"Outputs": [{"S3Output": {"S3Uri": "s3://out/"}}], "KmsKeyId": "k-1"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60}, "ExperimentConfig": {"ExperimentName": "prices"}, "TrainingJobArn": "arn:train",
    }  # fmt: skip
    reported = around.add("aws_sagemaker_processing_job", job)
    assert [reported[f"processing_job_{name}"] for name in ("status", "stopping_condition")] == ["Completed", 60]
    assert len(reported["processing_job_processing_inputs"]) == 3
    around.add("aws_athena_data_catalog", {"Name": "catalog"})
    around.add("aws_athena_work_group", {"Name": "group"})
    around.add("aws_redshift_cluster", {"ClusterIdentifier": "cluster"})
    around.add("aws_sagemaker_experiment", {"ExperimentName": "prices"})
    around.add("aws_sagemaker_training_job", {"TrainingJobName": "train", "TrainingJobArn": "arn:train"})
    check(around, "process", {"data", "out", "more", "train"}, ("catalog", "group", "cluster", "prices"))


def test_labelling(around: World) -> None:
    job = {
        "LabelingJobName": "label", "LabelingJobStatus": "Completed", "JobReferenceCode": "ref", "RoleArn": ROLE,
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://data/m"}, "SnsDataSource": {"SnsTopicArn": "arn:topic"}}},
        "OutputConfig": {"S3OutputPath": "s3://out/", "KmsKeyId": "k-1"}, "LabelingJobOutput": {"OutputDatasetS3Uri": "s3://more/"},
        "LabelingJobAlgorithmsConfig": {"LabelingJobResourceConfig": {"VolumeKmsKeyId": "k-2", "VpcConfig": VPC}},
        "HumanTaskConfig": {"WorkteamArn": "arn:team", "PreHumanTaskLambdaArn": "arn:before"}, "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = around.add("aws_sagemaker_labeling_job", job)
    assert [reported[f"labeling_job_{name}"] for name in ("status", "job_reference_code")] == ["Completed", "ref"]
    assert (reported["labeling_job_output"], reported["tags"]) == ({"output_dataset_s3_uri": "s3://more/"}, {"owner": "ada"})
    around.add("aws_sns_topic", {"TopicArn": "arn:topic"})
    around.add("aws_lambda_function", {"FunctionName": "before", "FunctionArn": "arn:before"})
    around.add("aws_sagemaker_workteam", {"WorkteamName": "team", "WorkteamArn": "arn:team"})
    check(around, "label", {"data", "out", "more", "arn:topic", "before"}, ("team",))


def test_recommendations(around: World) -> None:
    payload = {"PayloadConfig": {"SamplePayloadUrl": "s3://data/sample"}}
    job = {
        "JobName": "advise", "JobDescription": "of the shop", "JobType": "Default", "Status": "COMPLETED", "RoleArn": ROLE,
        "InputConfig": {"VolumeKmsKeyId": "k-1", "ContainerConfig": payload, "VpcConfig": VPC},
        "InferenceRecommendations": [{"EndpointConfiguration": {"EndpointName": "live"}}],
    }  # fmt: skip
    reported = around.add("aws_sagemaker_inference_recommendations_job", job)
    assert [reported[f"inference_recommendations_job_{name}"] for name in ("description", "type", "status")] == [
        "of the shop", "Default", "COMPLETED",
    ]  # fmt: skip
    around.add("aws_sagemaker_endpoint", {"EndpointName": "live"})
    check(around, "advise", {"data", "live"}, keys=("k-1",))


def test_transformation(around: World) -> None:
    job = {
        "TransformJobName": "transform", "TransformJobStatus": "Completed", "ModelName": "shop", "MaxPayloadInMB": 6,
        "TransformInput": s3("in"), "TransformOutput": {"S3OutputPath": "s3://out/", "KmsKeyId": "k-1"},
        "DataCaptureConfig": {"DestinationS3Uri": "s3://more/", "KmsKeyId": "k-2"},
        "ExperimentConfig": {"TrialName": "first", "TrialComponentDisplayName": "Transformation"},
    }  # fmt: skip
    reported = around.add("aws_sagemaker_transform_job", job)
    names = ("status", "max_payload_in_mb", "trial_component_display_name")
    assert [reported[f"transform_job_{name}"] for name in names] == ["Completed", 6, "Transformation"]
    around.add("aws_sagemaker_model", {"ModelName": "shop"})
    around.add("aws_sagemaker_trial", {"TrialName": "first"})
    held = {"shop > transform", "first > transform"}
    assert around.edges("default") == held | {f"transform > {one}" for one in ("data", "out", "more", "k-1", "k-2")}
    assert around.edges("delete") == {"k-1 > transform", "k-2 > transform"}


def test_all_jobs_are_jobs() -> None:
    kinds = Kinds((*BASE_KINDS, *AwsProvider(Settings()).kinds()))
    jobs = kinds.leaves("aws_sagemaker_job")
    assert len(jobs) == 9
    assert {"aws_sagemaker_job", "aws_sagemaker_training_job"} <= jobs <= kinds.leaves("resource")


@pytest.mark.parametrize("kind", KEPT)
def test_some_jobs_stay(cloud: Cloud, kind: str) -> None:
    with pytest.raises(UsageError, match="no call that deletes"):
        cloud.provider.delete(cloud.placed({"kind": f"aws_sagemaker_{kind}_job", "reported": {"id": "job", "name": "job"}}))


def test_on_a_server(cloud: Cloud, name: str) -> None:
    sagemaker = cloud.client("sagemaker")
    stop = {"MaxRuntimeInSeconds": 60}
    machine = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}
    sagemaker.create_training_job(
        TrainingJobName=name, AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"}, RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://out/"}, ResourceConfig=machine, StoppingCondition=stop,
    )  # fmt: skip
    sagemaker.create_processing_job(
        ProcessingJobName=name, AppSpecification={"ImageUri": "image"}, RoleArn=ROLE, ProcessingResources={"ClusterConfig": machine},
    )  # fmt: skip
    for kind in ("training", "processing"):
        document = cloud.find(f"aws_sagemaker_{kind}_job", name)
        assert "response_metadata" not in document["reported"]
        assert cloud.looks_the_same(document)


def test_a_job_goes(cloud: Cloud, name: str) -> None:
    sagemaker = cloud.client("sagemaker")  # moto deletes these, and does not know their tags
    sagemaker.create_compilation_job(
        CompilationJobName=name, RoleArn=ROLE, OutputConfig={"S3OutputLocation": "s3://out/", "TargetDevice": "ml_m5"},
        StoppingCondition={"MaxRuntimeInSeconds": 60}, InputConfig={"S3Uri": "s3://in/m", "DataInputConfig": "{}", "Framework": "PYTORCH"},
    )  # fmt: skip
    document = cloud.placed({"kind": "aws_sagemaker_compilation_job", "reported": {"id": name, "name": name}})
    cloud.provider.delete(document)
    cloud.provider.delete(document)
    assert sagemaker.list_compilation_jobs()["CompilationJobSummaries"] == []
