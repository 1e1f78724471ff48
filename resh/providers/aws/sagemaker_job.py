"""SageMaker's jobs: what is computed once, and stays listed. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.model.kinds import Kind
from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.s3 import stored_in
from resh.providers.aws.sagemaker import GONE, TAG, UNTAG, described, details, network, role
from resh.providers.catalog import Action, Call, Detail, Link, Resource

JOB = Kind("aws_sagemaker_job", ("resource",), "A job of SageMaker, whatever it computes.")
KEPT = "a job stays listed: AWS has no call that deletes one of this kind"
# What a job belongs to in experiments.
TRIED = (Link("aws_sagemaker_experiment", "ExperimentConfig.ExperimentName"), Link("aws_sagemaker_trial", "ExperimentConfig.TrialName"))

_TABLES = "AutoMLProblemTypeConfig.TabularJobConfig"
_STEPS = "BestCandidate.CandidateSteps[].CandidateStepArn"

AUTO_ML_JOB = Resource(
    kind="aws_sagemaker_auto_ml_job",
    bases=(JOB.name,),
    description="The search for the best model of a data set.",
    call=Call("sagemaker", "list_auto_ml_jobs", "AutoMLJobSummaries"),
    id="AutoMLJobName",
    name="AutoMLJobName",
    ctime="CreationTime",
    arn="AutoMLJobArn",
    prefix="auto_ml_job",
    # The second version of the API tells of jobs of both; names are those of the first.
    fields={
        "mtime": "LastModifiedTime",
        "auto_ml_job_objective": "AutoMLJobObjective.MetricName",
        "auto_ml_job_problem_type": f"{_TABLES}.ProblemType || AutoMLProblemTypeConfigName",
        "auto_ml_job_generate_candidate_definitions_only": f"{_TABLES}.GenerateCandidateDefinitionsOnly",
        "auto_ml_job_config": "{SecurityConfig: SecurityConfig, DataSplitConfig: DataSplitConfig, "
        f"CompletionCriteria: {_TABLES}.CompletionCriteria, CandidateGenerationConfig: {_TABLES}.CandidateGenerationConfig, "
        f"Mode: {_TABLES}.Mode}}",
        "auto_ml_job_partial_failure_reasons": "PartialFailureReasons[].PartialFailureMessage",
        "auto_ml_job_model_deploy_result": "ModelDeployResult.EndpointName",
    },
    details=details("describe_auto_ml_job_v2", "AutoMLJobName"),
    edges=(
        role("RoleArn"),
        *network("SecurityConfig.VpcConfig"),
        stored_in(
            "AutoMLJobInputDataConfig[].DataSource.S3DataSource.S3Uri",
            "OutputDataConfig.S3OutputPath",
            f"{_TABLES}.FeatureSpecificationS3Uri",
        ),
        encrypted_by("OutputDataConfig.KmsKeyId", "SecurityConfig.VolumeKmsKeyId"),
        *(Link(f"aws_sagemaker_{kind}_job", _STEPS, by="arn", child=True) for kind in ("training", "transform", "processing")),
    ),
    read=described("describe_auto_ml_job_v2", "AutoMLJobName"),
    gone=GONE,
    no_delete=KEPT,
    tag=TAG,
    untag=UNTAG,
)

COMPILATION_JOB = Resource(
    kind="aws_sagemaker_compilation_job",
    bases=(JOB.name,),
    description="The translation of a model for the machines that it is to run on.",
    call=Call("sagemaker", "list_compilation_jobs", "CompilationJobSummaries"),
    id="CompilationJobName",
    name="CompilationJobName",
    ctime="CreationTime",
    arn="CompilationJobArn",
    prefix="compilation_job",
    fields={
        "mtime": "LastModifiedTime",
        "compilation_job_start_time": "CompilationStartTime",
        "compilation_job_end_time": "CompilationEndTime",
        "compilation_job_model_artifacts": "ModelArtifacts.S3ModelArtifacts",
        "compilation_job_model_digests": "ModelDigests.ArtifactDigest",
    },
    details=details("describe_compilation_job", "CompilationJobName"),
    edges=(
        role("RoleArn"),
        *network("VpcConfig"),
        stored_in("ModelArtifacts.S3ModelArtifacts", "InputConfig.S3Uri", "OutputConfig.S3OutputLocation"),
        encrypted_by("OutputConfig.KmsKeyId"),
    ),
    read=described("describe_compilation_job", "CompilationJobName"),
    gone=GONE,
    delete=Action("delete_compilation_job", {"CompilationJobName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

_TRAININGS = "[TrainingJobDefinition, TrainingJobDefinitions][]"

HYPER_PARAMETER_TUNING_JOB = Resource(
    kind="aws_sagemaker_hyper_parameter_tuning_job",
    bases=(JOB.name,),
    description="Many trainings of one model, to find what it is best trained with.",
    call=Call("sagemaker", "list_hyper_parameter_tuning_jobs", "HyperParameterTuningJobSummaries"),
    id="HyperParameterTuningJobName",
    name="HyperParameterTuningJobName",
    ctime="CreationTime",
    arn="HyperParameterTuningJobArn",
    prefix="hyper_parameter_tuning_job",
    fields={"mtime": "LastModifiedTime"},
    details=details("describe_hyper_parameter_tuning_job", "HyperParameterTuningJobName"),
    edges=(
        role(f"{_TRAININGS}.RoleArn"),
        *network(f"{_TRAININGS}.VpcConfig"),
        stored_in(
            f"{_TRAININGS}.InputDataConfig[].DataSource.S3DataSource.S3Uri",
            f"{_TRAININGS}.OutputDataConfig.S3OutputPath",
            f"{_TRAININGS}.CheckpointConfig.S3Uri",
        ),
        encrypted_by(
            f"{_TRAININGS}.OutputDataConfig.KmsKeyId",
            f"{_TRAININGS}.ResourceConfig.VolumeKmsKeyId",
            f"{_TRAININGS}.HyperParameterTuningResourceConfig.VolumeKmsKeyId",
        ),
        Link("aws_sagemaker_training_job", "[BestTrainingJob, OverallBestTrainingJob][].TrainingJobArn", by="arn", child=True),
    ),
    read=described("describe_hyper_parameter_tuning_job", "HyperParameterTuningJobName"),
    gone=GONE,
    delete=Action("delete_hyper_parameter_tuning_job", {"HyperParameterTuningJobName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

INFERENCE_RECOMMENDATIONS_JOB = Resource(
    kind="aws_sagemaker_inference_recommendations_job",
    bases=(JOB.name,),
    description="The search for machines that suit a model.",
    call=Call("sagemaker", "list_inference_recommendations_jobs", "InferenceRecommendationsJobs"),
    id="JobName",
    name="JobName",
    ctime="CreationTime",
    arn="JobArn",
    prefix="inference_recommendations_job",
    fields={
        "mtime": "LastModifiedTime",
        "inference_recommendations_job_description": "JobDescription",
        "inference_recommendations_job_type": "JobType",
    },
    details=details("describe_inference_recommendations_job", "JobName"),
    edges=(
        role("RoleArn"),
        *network("InputConfig.VpcConfig"),
        stored_in("InputConfig.ContainerConfig.PayloadConfig.SamplePayloadUrl"),
        encrypted_by("InputConfig.VolumeKmsKeyId"),
        Link(
            "aws_sagemaker_endpoint",
            "[InferenceRecommendations[].EndpointConfiguration.EndpointName, EndpointPerformances[].EndpointInfo.EndpointName]",
            child=True,
        ),
    ),
    read=described("describe_inference_recommendations_job", "JobName"),
    gone=GONE,
    no_delete=KEPT,
    tag=TAG,
    untag=UNTAG,
)

_LABELLING = "LabelingJobAlgorithmsConfig.LabelingJobResourceConfig"

LABELING_JOB = Resource(
    kind="aws_sagemaker_labeling_job",
    bases=(JOB.name,),
    description="Data that people, and what learns from them, put labels on.",
    call=Call("sagemaker", "list_labeling_jobs", "LabelingJobSummaryList"),
    id="LabelingJobName",
    name="LabelingJobName",
    ctime="CreationTime",
    arn="LabelingJobArn",
    prefix="labeling_job",
    fields={"mtime": "LastModifiedTime"},
    details=(Detail(described("describe_labeling_job", "LabelingJobName"), into="", absent=GONE),),
    edges=(
        role("RoleArn"),
        *network(f"{_LABELLING}.VpcConfig"),
        stored_in(
            "InputConfig.DataSource.S3DataSource.ManifestS3Uri",
            "OutputConfig.S3OutputPath",
            "LabelCategoryConfigS3Uri",
            "HumanTaskConfig.UiConfig.UiTemplateS3Uri",
            "LabelingJobOutput.OutputDatasetS3Uri",
        ),
        encrypted_by("OutputConfig.KmsKeyId", f"{_LABELLING}.VolumeKmsKeyId"),
        Link("aws_sns_topic", "[InputConfig.DataSource.SnsDataSource.SnsTopicArn, OutputConfig.SnsTopicArn]", by="arn", child=True),
        Link("aws_lambda_function", "HumanTaskConfig.PreHumanTaskLambdaArn", by="arn", child=True),
        Link("aws_sagemaker_model", "LabelingJobAlgorithmsConfig.InitialActiveLearningModelArn", by="arn"),
        Link("aws_sagemaker_workteam", "HumanTaskConfig.WorkteamArn", by="arn"),
    ),
    read=described("describe_labeling_job", "LabelingJobName"),
    gone=GONE,
    no_delete=KEPT,
    tag=TAG,
    untag=UNTAG,
)

_ATHENA = "ProcessingInputs[].DatasetDefinition.AthenaDatasetDefinition"
_REDSHIFT = "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition"

PROCESSING_JOB = Resource(
    kind="aws_sagemaker_processing_job",
    bases=(JOB.name,),
    description="Data made ready for a model, or a model tested.",
    call=Call("sagemaker", "list_processing_jobs", "ProcessingJobSummaries"),
    id="ProcessingJobName",
    name="ProcessingJobName",
    ctime="CreationTime",
    arn="ProcessingJobArn",
    prefix="processing_job",
    fields={
        "mtime": "LastModifiedTime",
        "processing_job_stopping_condition": "StoppingCondition.MaxRuntimeInSeconds",
        "processing_job_trial_component_display_name": "ExperimentConfig.TrialComponentDisplayName",
    },
    details=details("describe_processing_job", "ProcessingJobName"),
    edges=(
        role("RoleArn", f"{_REDSHIFT}.ClusterRoleArn"),
        *network("NetworkConfig.VpcConfig"),
        stored_in(
            "ProcessingInputs[].S3Input.S3Uri",
            f"{_ATHENA}.OutputS3Uri",
            f"{_REDSHIFT}.OutputS3Uri",
            "ProcessingOutputConfig.Outputs[].S3Output.S3Uri",
        ),
        encrypted_by(
            "ProcessingOutputConfig.KmsKeyId",
            "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
            f"{_ATHENA}.KmsKeyId",
            f"{_REDSHIFT}.KmsKeyId",
        ),
        Link("aws_athena_data_catalog", f"{_ATHENA}.Catalog"),
        Link("aws_athena_work_group", f"{_ATHENA}.WorkGroup"),
        Link("aws_redshift_cluster", f"{_REDSHIFT}.ClusterId"),
        *TRIED,
        Link("aws_sagemaker_training_job", "TrainingJobArn", by="arn", child=True),
    ),
    read=described("describe_processing_job", "ProcessingJobName"),
    gone=GONE,
    delete=Action("delete_processing_job", {"ProcessingJobName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

TRAINING_JOB = Resource(
    kind="aws_sagemaker_training_job",
    bases=(JOB.name,),
    description="A model learns from data.",
    call=Call("sagemaker", "list_training_jobs", "TrainingJobSummaries"),
    id="TrainingJobName",
    name="TrainingJobName",
    ctime="CreationTime",
    arn="TrainingJobArn",
    prefix="training_job",
    fields={
        "mtime": "LastModifiedTime",
        "training_job_training_job_status": "TrainingJobStatus",
        "training_job_model_artifacts": "ModelArtifacts.S3ModelArtifacts",
        "training_job_trial_component_display_name": "ExperimentConfig.TrialComponentDisplayName",
        "training_job_retry_strategy": "RetryStrategy.MaximumRetryAttempts",
    },
    details=details("describe_training_job", "TrainingJobName"),
    edges=(
        Link("aws_sagemaker_labeling_job", "LabelingJobArn", by="arn"),
        Link("aws_sagemaker_algorithm", "AlgorithmSpecification.AlgorithmName", child=True),
        role("RoleArn"),
        *network("VpcConfig"),
        stored_in(
            "ModelArtifacts.S3ModelArtifacts",
            "InputDataConfig[].DataSource.S3DataSource.S3Uri",
            "OutputDataConfig.S3OutputPath",
            "CheckpointConfig.S3Uri",
            "DebugHookConfig.S3OutputPath",
            "DebugRuleConfigurations[].S3OutputPath",
            "TensorBoardOutputConfig.S3OutputPath",
            "ProfilerConfig.S3OutputPath",
            "ProfilerRuleConfigurations[].S3OutputPath",
        ),
        encrypted_by("OutputDataConfig.KmsKeyId", "ResourceConfig.VolumeKmsKeyId"),
        *TRIED,
    ),
    read=described("describe_training_job", "TrainingJobName"),
    gone=GONE,
    ended="training_job_training_job_status == 'Deleting'",
    delete=Action("delete_training_job", {"TrainingJobName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

TRANSFORM_JOB = Resource(
    kind="aws_sagemaker_transform_job",
    bases=(JOB.name,),
    description="A model answers for a whole data set.",
    call=Call("sagemaker", "list_transform_jobs", "TransformJobSummaries"),
    id="TransformJobName",
    name="TransformJobName",
    ctime="CreationTime",
    arn="TransformJobArn",
    prefix="transform_job",
    fields={"transform_job_trial_component_display_name": "ExperimentConfig.TrialComponentDisplayName"},
    details=details("describe_transform_job", "TransformJobName"),
    edges=(
        Link("aws_sagemaker_model", "ModelName"),
        Link("aws_sagemaker_labeling_job", "LabelingJobArn", by="arn"),
        stored_in("TransformInput.DataSource.S3DataSource.S3Uri", "TransformOutput.S3OutputPath", "DataCaptureConfig.DestinationS3Uri"),
        encrypted_by("TransformOutput.KmsKeyId", "DataCaptureConfig.KmsKeyId", "TransformResources.VolumeKmsKeyId"),
        *TRIED,
    ),
    read=described("describe_transform_job", "TransformJobName"),
    gone=GONE,
    no_delete=KEPT,
    tag=TAG,
    untag=UNTAG,
)

BASES = (JOB,)
RESOURCES = (
    AUTO_ML_JOB,
    COMPILATION_JOB,
    HYPER_PARAMETER_TUNING_JOB,
    INFERENCE_RECOMMENDATIONS_JOB,
    LABELING_JOB,
    PROCESSING_JOB,
    TRAINING_JOB,
    TRANSFORM_JOB,
)
