"""SageMaker Studio: as its API describes it, and on a moto server."""

from __future__ import annotations

from resh.providers.aws.sagemaker_studio import APP_NAME
from resh.providers.template import fill
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

ROLE = "arn:aws:iam::123456789012:role/maker"
IMAGE = {"DefaultResourceSpec": {"SageMakerImageArn": "arn:image"}}


def test_domains_people_and_apps(world: World) -> None:
    domain = {
        "DomainId": "d-1", "DomainName": "shop", "DomainArn": "arn:d-1", "Status": "InService", "AuthMode": "IAM", "VpcId": "vpc",
        "SubnetIds": ["subnet"], "HomeEfsFileSystemId": "fs-1", "KmsKeyId": "key", "LastModifiedTime": "2026-02-02T03:04:05Z",
        "DefaultUserSettings": {
            "ExecutionRole": ROLE, "SecurityGroups": ["sg"], "KernelGatewayAppSettings": IMAGE,
            "SharingSettings": {"S3OutputPath": "s3://shared/notebooks"},
        },
    }  # fmt: skip
    reported = world.add("aws_sagemaker_domain", domain)
    assert [reported[name] for name in ("id", "name", "arn", "mtime", "domain_status", "domain_vpc_id")] == [
        "d-1", "shop", "arn:d-1", "2026-02-02T03:04:05Z", "InService", "vpc",
    ]  # fmt: skip
    assert reported["domain_default_user_settings"]["execution_role"] == ROLE
    for team in ("d-1", "d-2"):  # two domains may have people and apps of the same names
        person = {"DomainId": team, "UserProfileName": "ada", "UserProfileArn": f"arn:{team}/ada", "Status": "InService"}
        reported = world.add("aws_sagemaker_user_profile", person)
        assert [reported[name] for name in ("id", "name", "user_profile_domain_id")] == [f"{team}/ada", "ada", team]
        app = {"DomainId": team, "UserProfileName": "ada", "AppType": "JupyterLab", "AppName": "default", "Status": "InService"}
        reported = world.add("aws_sagemaker_app", app)
        assert (reported["id"], reported["name"]) == (f"{team}/ada/JupyterLab/default", "default")
        assert [reported[f"app_{name}"] for name in ("type", "domain_id", "user_profile_name", "status")] == [
            "JupyterLab", team, "ada", "InService",
        ]  # fmt: skip
    world.add("aws_iam_role", {"RoleId": "role", "Arn": ROLE})
    world.add("aws_vpc", {"VpcId": "vpc"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet"})
    world.add("aws_ec2_security_group", {"GroupId": "sg"})
    world.add("aws_efs_file_system", {"FileSystemId": "fs-1"})
    world.add("aws_kms_key", {"KeyId": "key"})
    world.add("aws_sagemaker_image", {"ImageName": "tools", "ImageArn": "arn:image"})
    world.add("aws_s3_bucket", {"Name": "shared"})
    waits = {f"{needed} > d-1" for needed in ("role", "vpc", "subnet", "sg")}
    inside = {"d-1 > d-1/ada", "d-1 > d-1/ada/JupyterLab/default"}
    inside |= {f"{team}/ada > {team}/ada/JupyterLab/default" for team in ("d-1", "d-2")}
    assert world.edges("default") == waits | inside | {f"d-1 > {used}" for used in ("fs-1", "key", "tools", "shared")}
    assert world.edges("delete") == waits | inside | {"fs-1 > d-1", "key > d-1"}


def test_an_app_belongs_to_a_person_or_to_a_space(world: World) -> None:
    app = {"DomainId": "d-1", "SpaceName": "team", "AppType": "CodeEditor", "AppName": "default", "Status": "InService"}
    reported = world.add("aws_sagemaker_app", app)
    assert reported["id"] == "d-1/team/CodeEditor/default"
    assert fill(APP_NAME, reported) == {"DomainId": "d-1", "SpaceName": "team", "AppType": "CodeEditor", "AppName": "default"}


def test_trials_of_experiments(world: World) -> None:
    reported = world.add("aws_sagemaker_experiment", {"ExperimentName": "prices", "ExperimentArn": "arn:prices", "DisplayName": "Prices"})
    assert [reported[name] for name in ("id", "experiment_display_name")] == ["prices", "Prices"]
    trial = {
        "TrialName": "first", "TrialArn": "arn:first", "ExperimentName": "prices", "CreatedBy": {"DomainId": "d-1"}, "LastModifiedBy": {},
        "MetadataProperties": {"ProjectId": "p-1"},
    }  # fmt: skip
    reported = world.add("aws_sagemaker_trial", trial)
    assert (reported["id"], reported["trial_experiment_name"]) == ("first", "prices")
    world.add("aws_sagemaker_domain", {"DomainId": "d-1"})
    reported = world.add("aws_sagemaker_project", {"ProjectId": "p-1", "ProjectName": "shop", "ProjectStatus": "CreateCompleted"})
    assert [reported[name] for name in ("id", "name", "project_status")] == ["p-1", "shop", "CreateCompleted"]
    assert world.edges("default") == {"prices > first", "d-1 > first", "p-1 > first"}
    assert world.edges("delete") == {"prices > first"}


def test_a_domain_goes(cloud: Cloud, name: str) -> None:
    sagemaker = cloud.client("sagemaker")
    settings = {"ExecutionRole": ROLE}
    sagemaker.create_domain(DomainName=name, AuthMode="IAM", DefaultUserSettings=settings, SubnetIds=["subnet-1"], VpcId="vpc-1")
    (domain,) = sagemaker.list_domains()["Domains"]
    document = cloud.placed({"kind": "aws_sagemaker_domain", "reported": {"id": domain["DomainId"], "name": name}})
    cloud.provider.delete(document)
    cloud.provider.delete(document)
    assert sagemaker.list_domains()["Domains"] == []


def test_on_a_server(cloud: Cloud, name: str) -> None:
    sagemaker = cloud.client("sagemaker")
    sagemaker.create_experiment(ExperimentName=name)
    sagemaker.create_trial(TrialName=name, ExperimentName=name)
    sagemaker.create_trial_component(TrialComponentName=name)
    sagemaker.associate_trial_component(TrialComponentName=name, TrialName=name)
    for kind in ("trial", "experiment"):
        document = cloud.find(f"aws_sagemaker_{kind}", name)
        assert cloud.looks_the_same(document)
        assert cloud.takes_tags(document)
        cloud.provider.delete(document)
    assert name not in [trial["TrialName"] for trial in sagemaker.list_trials()["TrialSummaries"]]
    assert name in [component["TrialComponentName"] for component in sagemaker.list_trial_components()["TrialComponentSummaries"]]
