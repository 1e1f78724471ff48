"""SageMaker: notebooks, images, algorithms, models and where they answer. The catalog of `aws/provider.py`.

Studio is in `sagemaker_studio.py`, jobs are in `sagemaker_job.py`; both use what these have in common.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.s3 import stored_in
from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Quarantine

TAGS = Detail(Call("sagemaker", "list_tags", "Tags", {"ResourceArn": "{arn}"}), into="Tags")
TAG = Action("add_tags", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("delete_tags", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]})
GONE = ("ResourceNotFound",)


def described(operation: str, key: str) -> Call:
    """What the API says of one resource, which goes by its name."""
    return Call("sagemaker", operation, "@", {key: "{name}"})


def details(operation: str, key: str) -> tuple[Detail, Detail]:
    return Detail(described(operation, key), into="", absent=GONE), TAGS


def role(*paths: str) -> Link:
    """A role that is needed as long as this exists."""
    return Link("aws_iam_role", f"[{', '.join(paths)}][]", by="arn", delete=True)


def network(path: str) -> tuple[Link, Link]:
    """Security groups and subnets of a VpcConfig."""
    return (
        Link("aws_ec2_security_group", f"{path}.SecurityGroupIds", delete=True),
        Link("aws_ec2_subnet", f"{path}.Subnets", delete=True),
    )


def made_by(*paths: str) -> tuple[Link, Link]:
    """The people of Studio, and their domain, behind what happened at the paths."""
    return (
        Link("aws_sagemaker_user_profile", f"[{', '.join(f'{path}.UserProfileArn' for path in paths)}]", by="arn"),
        Link("aws_sagemaker_domain", f"[{', '.join(f'{path}.DomainId' for path in paths)}]"),
    )


NOTEBOOK = Resource(
    kind="aws_sagemaker_notebook",
    description="A machine with notebooks in which models are made; it is stopped before it goes.",
    call=Call("sagemaker", "list_notebook_instances", "NotebookInstances"),
    id="NotebookInstanceName",
    name="NotebookInstanceName",
    ctime="CreationTime",
    arn="NotebookInstanceArn",
    prefix="notebook",
    fields={
        "mtime": "LastModifiedTime",
        "notebook_instance_metadata_service_configuration": "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
    },
    details=details("describe_notebook_instance", "NotebookInstanceName"),
    edges=(
        Link("aws_ec2_subnet", "SubnetId", delete=True),
        Link("aws_ec2_security_group", "SecurityGroups", delete=True),
        role("RoleArn"),
        Link("aws_ec2_network_interface", "NetworkInterfaceId", child=True, delete="reverse"),
        Link("aws_sagemaker_code_repository", "[DefaultCodeRepository, AdditionalCodeRepositories]"),
        encrypted_by("KmsKeyId"),
    ),
    read=described("describe_notebook_instance", "NotebookInstanceName"),
    gone=GONE,
    ended="notebook_instance_status == 'Deleting'",
    volatile=("mtime",),  # stopping it changes it
    # One that is stopped already is refused; one that is not stopped yet cannot go, and is tried again.
    before_delete=(Action("stop_notebook_instance", {"NotebookInstanceName": "{name}"}, absent=("ValidationException",)),),
    awaited="",
    broken="notebook_instance_status == 'Failed' && (notebook_failure_reason || `true`)",
    quarantine=Quarantine(
        "notebook_instance_status == 'InService'",
        Action("stop_notebook_instance", {"NotebookInstanceName": "{name}"}),
        Action("start_notebook_instance", {"NotebookInstanceName": "{name}"}),
    ),
    delete=Action("delete_notebook_instance", {"NotebookInstanceName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

CODE_REPOSITORY = Resource(
    kind="aws_sagemaker_code_repository",
    description="A Git repository that notebooks and Studio clone.",
    call=Call("sagemaker", "list_code_repositories", "CodeRepositorySummaryList"),
    id="CodeRepositoryName",
    name="CodeRepositoryName",
    ctime="CreationTime",
    arn="CodeRepositoryArn",
    prefix="code_repository",
    fields={"mtime": "LastModifiedTime", "code_repository_url": "GitConfig.RepositoryUrl"},
    details=(TAGS,),
    edges=(Link("aws_secretsmanager_secret", "GitConfig.SecretArn", by="arn", child=True, delete="reverse"),),
    read=described("describe_code_repository", "CodeRepositoryName"),
    gone=GONE,
    delete=Action("delete_code_repository", {"CodeRepositoryName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

IMAGE = Resource(
    kind="aws_sagemaker_image",
    description="A container image, in its versions, that Studio works in.",
    call=Call("sagemaker", "list_images", "Images"),
    id="ImageName",
    name="ImageName",
    ctime="CreationTime",
    arn="ImageArn",
    prefix="image",
    fields={"mtime": "LastModifiedTime", "image_image_status": "ImageStatus"},
    details=details("describe_image", "ImageName"),
    edges=(role("RoleArn"),),
    read=described("describe_image", "ImageName"),
    gone=GONE,
    ended="image_image_status == 'DELETING'",
    delete=Action("delete_image", {"ImageName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

ALGORITHM = Resource(
    kind="aws_sagemaker_algorithm",
    description="A way to train and to use models, packed for others.",
    call=Call("sagemaker", "list_algorithms", "AlgorithmSummaryList"),
    id="AlgorithmName",
    name="AlgorithmName",
    ctime="CreationTime",
    arn="AlgorithmArn",
    prefix="algorithm",
    fields={"algorithm_validation_profiles": "ValidationSpecification.ValidationProfiles"},
    details=details("describe_algorithm", "AlgorithmName"),
    edges=(role("ValidationSpecification.ValidationRole"),),
    read=described("describe_algorithm", "AlgorithmName"),
    gone=GONE,
    ended="algorithm_status == 'Deleting'",
    delete=Action("delete_algorithm", {"AlgorithmName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

MODEL = Resource(
    kind="aws_sagemaker_model",
    description="A trained model, and the container that it works in.",
    call=Call("sagemaker", "list_models", "Models"),
    id="ModelName",
    name="ModelName",
    ctime="CreationTime",
    arn="ModelArn",
    prefix="model",
    fields={"model_inference_execution_config": "InferenceExecutionConfig.Mode"},
    details=details("describe_model", "ModelName"),
    edges=(
        role("ExecutionRoleArn"),
        *network("VpcConfig"),
        stored_in("PrimaryContainer.ModelDataUrl", "Containers[].ModelDataUrl"),
    ),
    read=described("describe_model", "ModelName"),
    gone=GONE,
    delete=Action("delete_model", {"ModelName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

ENDPOINT = Resource(
    kind="aws_sagemaker_endpoint",
    description="Where models answer; it costs as long as it exists.",
    call=Call("sagemaker", "list_endpoints", "Endpoints"),
    id="EndpointName",
    name="EndpointName",
    ctime="CreationTime",
    arn="EndpointArn",
    prefix="endpoint",
    fields={"mtime": "LastModifiedTime"},
    details=details("describe_endpoint", "EndpointName"),
    edges=(
        stored_in("DataCaptureConfig.DestinationS3Uri", "AsyncInferenceConfig.OutputConfig.S3OutputPath"),
        encrypted_by("DataCaptureConfig.KmsKeyId", "AsyncInferenceConfig.OutputConfig.KmsKeyId"),
        Link("aws_cloudwatch_alarm", "LastDeploymentConfig.AutoRollbackConfiguration.Alarms[].AlarmName", child=True),
        Link("aws_sns_topic", "AsyncInferenceConfig.OutputConfig.NotificationConfig.[SuccessTopic, ErrorTopic]", by="arn", child=True),
    ),
    read=described("describe_endpoint", "EndpointName"),
    gone=GONE,
    ended="endpoint_status == 'Deleting'",
    awaited="",
    broken="endpoint_status == 'Failed' && (endpoint_failure_reason || `true`)",
    delete=Action("delete_endpoint", {"EndpointName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

ARTIFACT = Resource(
    kind="aws_sagemaker_artifact",
    description="A data set, a model or another thing whose origin SageMaker keeps track of.",
    call=Call("sagemaker", "list_artifacts", "ArtifactSummaries"),
    id="ArtifactArn",
    name="ArtifactName",
    ctime="CreationTime",
    arn="ArtifactArn",
    prefix="artifact",
    fields={"mtime": "LastModifiedTime", "artifact_artifact_type": "ArtifactType"},
    details=(Detail(Call("sagemaker", "describe_artifact", "@", {"ArtifactArn": "{arn}"}), into="", absent=GONE), TAGS),
    edges=(
        *made_by("CreatedBy", "LastModifiedBy"),
        Link("aws_sagemaker_code_repository", "MetadataProperties.Repository"),
        Link("aws_sagemaker_project", "MetadataProperties.ProjectId"),
    ),
    read=Call("sagemaker", "describe_artifact", "@", {"ArtifactArn": "{arn}"}),
    gone=GONE,
    delete=Action("delete_artifact", {"ArtifactArn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

PIPELINE = Resource(
    kind="aws_sagemaker_pipeline",
    description="The steps, one after the other, from data to a model.",
    call=Call("sagemaker", "list_pipelines", "PipelineSummaries"),
    id="PipelineName",
    name="PipelineName",
    ctime="CreationTime",
    arn="PipelineArn",
    prefix="pipeline",
    fields={
        "mtime": "LastModifiedTime",
        "atime": "LastRunTime",
        "pipeline_parallelism_configuration": "ParallelismConfiguration.MaxParallelExecutionSteps",
    },
    details=details("describe_pipeline", "PipelineName"),
    edges=(role("RoleArn"), *made_by("CreatedBy", "LastModifiedBy")),
    read=described("describe_pipeline", "PipelineName"),
    gone=GONE,
    ended="pipeline_status == 'Deleting'",
    delete=Action("delete_pipeline", {"PipelineName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

WORKTEAM = Resource(
    kind="aws_sagemaker_workteam",
    description="People who label data by hand.",
    call=Call("sagemaker", "list_workteams", "Workteams"),
    id="WorkteamName",
    name="WorkteamName",
    ctime="CreateDate",
    arn="WorkteamArn",
    prefix="workteam",
    fields={"mtime": "LastUpdatedDate", "workteam_notification_configuration": "NotificationConfiguration.NotificationTopicArn"},
    details=(TAGS,),
    edges=(
        Link("aws_cognito_user_pool", "MemberDefinitions[].CognitoMemberDefinition.UserPool", child=True),
        Link(
            "aws_cognito_group",
            "MemberDefinitions[?CognitoMemberDefinition].CognitoMemberDefinition.join(':', [UserPool, UserGroup])",
            child=True,
        ),
        Link("aws_sns_topic", "NotificationConfiguration.NotificationTopicArn", by="arn", child=True),
    ),
    read=Call("sagemaker", "describe_workteam", "Workteam", {"WorkteamName": "{name}"}),
    gone=GONE,
    delete=Action("delete_workteam", {"WorkteamName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (NOTEBOOK, CODE_REPOSITORY, IMAGE, ALGORITHM, MODEL, ENDPOINT, ARTIFACT, PIPELINE, WORKTEAM)
