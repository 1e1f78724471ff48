"""SageMaker Studio: domains, who works in them, and what they try. The catalog of `aws/provider.py`.

A domain goes after its people, and they after their apps: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteDomain.html
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.s3 import stored_in
from resh.providers.aws.sagemaker import GONE, TAG, TAGS, UNTAG, described, details, made_by, role
from resh.providers.catalog import Action, Call, Detail, Link, Resource

DOMAIN_ID = {"DomainId": "{id}"}
_PEOPLE, _SPACES = "DefaultUserSettings", "DefaultSpaceSettings"
_RSTUDIO = "DomainSettings.RStudioServerProDomainSettings"
_IMAGES = (
    *(f"{_PEOPLE}.{app}AppSettings" for app in ("JupyterServer", "KernelGateway", "TensorBoard", "RSession", "JupyterLab", "CodeEditor")),
    *(f"{_SPACES}.{app}AppSettings" for app in ("JupyterServer", "KernelGateway", "JupyterLab")),
    _RSTUDIO,
)

DOMAIN = Resource(
    kind="aws_sagemaker_domain",
    description="Where a team works in Studio: people, apps and a file system.",
    call=Call("sagemaker", "list_domains", "Domains"),
    id="DomainId",
    name="DomainName",
    ctime="CreationTime",
    arn="DomainArn",
    prefix="domain",
    fields={"mtime": "LastModifiedTime"},
    details=(Detail(Call("sagemaker", "describe_domain", "@", DOMAIN_ID), into="", absent=GONE), TAGS),
    edges=(
        role(
            f"{_PEOPLE}.ExecutionRole",
            f"{_PEOPLE}.CanvasAppSettings.TimeSeriesForecastingSettings.AmazonForecastRoleArn",
            f"{_SPACES}.ExecutionRole",
            f"{_RSTUDIO}.DomainExecutionRoleArn",
        ),
        Link(
            "aws_ec2_security_group",
            f"[{_PEOPLE}.SecurityGroups, {_SPACES}.SecurityGroups, DomainSettings.SecurityGroupIds]",
            delete=True,
        ),
        Link("aws_ec2_subnet", "SubnetIds", delete=True),
        Link("aws_vpc", "VpcId", delete=True),
        Link("aws_efs_file_system", "HomeEfsFileSystemId", child=True, delete="reverse"),
        Link(
            "aws_sagemaker_image",
            f"[{', '.join(f'{settings}.DefaultResourceSpec.SageMakerImageArn' for settings in _IMAGES)}]",
            by="arn",
            child=True,
        ),
        stored_in(f"{_PEOPLE}.SharingSettings.S3OutputPath"),
        encrypted_by("KmsKeyId", "HomeEfsFileSystemKmsKeyId"),
    ),
    read=Call("sagemaker", "describe_domain", "@", DOMAIN_ID),
    gone=GONE,
    ended="domain_status == 'Deleting'",
    awaited="",
    broken="domain_status == 'Delete_Failed' && (domain_failure_reason || `true`)",
    delete=Action("delete_domain", DOMAIN_ID),  # its file system is kept
    tag=TAG,
    untag=UNTAG,
)

PROFILE = {"DomainId": "{user_profile_domain_id}", "UserProfileName": "{name}"}

USER_PROFILE = Resource(
    kind="aws_sagemaker_user_profile",
    description="Someone who works in a domain of Studio; names are those of the domain.",
    call=Call("sagemaker", "list_user_profiles", "UserProfiles"),
    id="join('/', [DomainId, UserProfileName])",
    name="UserProfileName",
    ctime="CreationTime",
    arn="UserProfileArn",
    prefix="user_profile",
    fields={"mtime": "LastModifiedTime", "user_profile_domain_id": "DomainId"},
    details=(Detail(Call("sagemaker", "describe_user_profile", "@", PROFILE), into="", absent=GONE), TAGS),
    edges=(
        Link("aws_sagemaker_domain", "DomainId", delete=True),
        role("UserSettings.ExecutionRole"),
        Link("aws_ec2_security_group", "UserSettings.SecurityGroups", delete=True),
    ),
    read=Call("sagemaker", "describe_user_profile", "@", PROFILE),
    gone=GONE,
    ended="user_profile_status == 'Deleting'",
    awaited="",
    broken="user_profile_status == 'Delete_Failed' && (user_profile_failure_reason || `true`)",
    delete=Action("delete_user_profile", PROFILE),
    tag=TAG,
    untag=UNTAG,
)

# An app belongs to a person or to a space.
APP_NAME = {
    "DomainId": "{app_domain_id}",
    "UserProfileName": "{app_user_profile_name?}",
    "SpaceName": "{app_space_name?}",
    "AppType": "{app_type}",
    "AppName": "{name}",
}

APP = Resource(
    kind="aws_sagemaker_app",
    description="What runs in Studio for one person or space; listed for a day after its end.",
    call=Call("sagemaker", "list_apps", "Apps"),
    id="join('/', [DomainId, UserProfileName || SpaceName, AppType, AppName])",
    name="AppName",
    ctime="CreationTime",
    arn="AppArn",
    prefix="app",
    fields={"atime": "LastUserActivityTimestamp", "app_last_health_check_timestamp": "LastHealthCheckTimestamp", "app_type": "AppType"},
    details=(Detail(Call("sagemaker", "describe_app", "@", APP_NAME), into="", absent=GONE), TAGS),
    keep="Status != 'Deleted'",
    edges=(
        Link("aws_sagemaker_domain", "DomainId", delete=True),
        Link("aws_sagemaker_user_profile", "UserProfileName && join('/', [DomainId, UserProfileName])", delete=True),
        Link("aws_sagemaker_image", "ResourceSpec.SageMakerImageArn", by="arn", child=True),
    ),
    read=Call("sagemaker", "describe_app", "@", APP_NAME),
    gone=GONE,
    ended="app_status == 'Deleted' || app_status == 'Deleting'",
    volatile=("atime", "app_last_health_check_timestamp"),
    awaited="app_status == 'Deleted'",
    broken="app_status == 'Failed' && (app_failure_reason || `true`)",
    delete=Action("delete_app", APP_NAME),
    tag=TAG,
    untag=UNTAG,
)

PROJECT = Resource(
    kind="aws_sagemaker_project",
    description="Repositories, pipelines and endpoints that were set up together.",
    call=Call("sagemaker", "list_projects", "ProjectSummaryList"),
    id="ProjectId",
    name="ProjectName",
    ctime="CreationTime",
    arn="ProjectArn",
    prefix="project",
    fields={"mtime": "LastModifiedTime"},
    details=details("describe_project", "ProjectName"),
    edges=made_by("CreatedBy", "LastModifiedBy"),
    read=described("describe_project", "ProjectName"),
    gone=GONE,
    ended="project_status == 'DeleteCompleted' || project_status == 'DeleteInProgress'",
    delete=Action("delete_project", {"ProjectName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

EXPERIMENT = Resource(
    kind="aws_sagemaker_experiment",
    description="Trials of one question; it goes after them.",
    call=Call("sagemaker", "list_experiments", "ExperimentSummaries"),
    id="ExperimentName",
    name="ExperimentName",
    ctime="CreationTime",
    arn="ExperimentArn",
    prefix="experiment",
    fields={"mtime": "LastModifiedTime"},
    details=(TAGS,),
    read=described("describe_experiment", "ExperimentName"),
    gone=GONE,
    delete=Action("delete_experiment", {"ExperimentName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

COMPONENTS = Call("sagemaker", "list_trial_components", "TrialComponentSummaries[].TrialComponentName", {"TrialName": "{name}"})

TRIAL = Resource(
    kind="aws_sagemaker_trial",
    description="One try of an experiment, in steps; these stay when it goes.",
    call=Call("sagemaker", "list_trials", "TrialSummaries"),
    id="TrialName",
    name="TrialName",
    ctime="CreationTime",
    arn="TrialArn",
    prefix="trial",
    fields={"mtime": "LastModifiedTime"},
    details=details("describe_trial", "TrialName"),
    edges=(
        Link("aws_sagemaker_experiment", "ExperimentName", delete=True),
        *made_by("CreatedBy", "LastModifiedBy"),
        Link("aws_sagemaker_code_repository", "MetadataProperties.Repository"),
        Link("aws_sagemaker_project", "MetadataProperties.ProjectId"),
    ),
    read=described("describe_trial", "TrialName"),
    gone=GONE,
    before_delete=(
        Action("disassociate_trial_component", {"TrialName": "{name}", "TrialComponentName": "{each}"}, each=COMPONENTS, absent=GONE),
    ),
    delete=Action("delete_trial", {"TrialName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (DOMAIN, USER_PROFILE, APP, PROJECT, EXPERIMENT, TRIAL)
