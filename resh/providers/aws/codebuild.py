"""CodeBuild: projects, the fleets that they build on, and groups of reports. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Link, Resource

NAMES = {"names": "{batch}"}
TAGS = "{small_tag_list}"
SOURCES = "[source, secondarySources[]][]"
ARTIFACTS = "[artifacts, secondaryArtifacts[]][]"
# Without the secret that it is called with.
WEBHOOK = (
    "webhook.{url: url, payloadUrl: payloadUrl, branchFilter: branchFilter, filterGroups: filterGroups, buildType: buildType, "
    "manualCreation: manualCreation, lastModifiedSecret: lastModifiedSecret, scopeConfiguration: scopeConfiguration, status: status, "
    "statusMessage: statusMessage, pullRequestBuildPolicy: pullRequestBuildPolicy}"
)


def _network(path: str) -> tuple[Link, ...]:
    return (
        Link("aws_vpc", f"{path}.vpcId", delete=True),
        Link("aws_ec2_subnet", f"{path}.subnets", delete=True),
        Link("aws_ec2_security_group", f"{path}.securityGroupIds", delete=True),
    )


PROJECT = Resource(
    kind="aws_codebuild_project",
    description="How something is built, tested or deployed, and on what.",
    call=Call("codebuild", "list_projects", "projects", describe=Call("codebuild", "batch_get_projects", "projects", NAMES)),
    id="name",
    console="codesuite/codebuild/{account}/projects/{name}?region={region}",
    name="name",
    ctime="created",
    arn="arn",
    tags="tags",
    prefix="project",
    fields={"mtime": "lastModified", "project_webhook": WEBHOOK},
    edges=(
        Link("aws_iam_role", "[serviceRole, resourceAccessRole, buildBatchConfig.serviceRole]", by="arn", delete=True),
        *_network("vpcConfig"),
        Link("aws_codebuild_fleet", "environment.fleet.fleetArn", by="arn", delete=True),
        Link("aws_codecommit_repository", f"{SOURCES} | [?type == 'CODECOMMIT'].last(location, '/')", by="name"),
        Link("aws_s3_bucket", f"{SOURCES} | [?type == 'S3'].split(location, '/')[0]", by="name"),
        Link("aws_s3_bucket", f"{ARTIFACTS} | [?type == 'S3'].location", by="name", child=True),
        Link("aws_s3_bucket", "[cache, logsConfig.s3Logs][].split(location, '/')[0]", by="name", child=True),
        Link(
            "aws_cloudwatch_log_group",
            "logsConfig.cloudWatchLogs.groupName || join('', ['/aws/codebuild/', name])",
            by="name",
            child=True,
        ),
        Link("aws_efs_file_system", "fileSystemLocations[].split(location, '.')[0]"),
        encrypted_by("encryptionKey"),
    ),
    read=Call("codebuild", "batch_get_projects", "projects", {"names": ["{name}"]}),
    delete=Action("delete_project", {"name": "{name}"}),
    tag=Action("update_project", {"name": "{name}", "tags": TAGS}),
    untag=Action("update_project", {"name": "{name}", "tags": TAGS}),
)

FLEET = Resource(
    kind="aws_codebuild_fleet",
    description="Machines that are kept ready for builds.",
    call=Call("codebuild", "list_fleets", "fleets", describe=Call("codebuild", "batch_get_fleets", "fleets", NAMES)),
    id="name",
    name="name",
    ctime="created",
    arn="arn",
    tags="tags",
    prefix="fleet",
    fields={"mtime": "lastModified"},
    edges=(Link("aws_iam_role", "fleetServiceRole", by="arn", delete=True), *_network("vpcConfig")),
    read=Call("codebuild", "batch_get_fleets", "fleets", {"names": ["{arn}"]}),
    ended="fleet_status.status_code == 'DELETING' || fleet_status.status_code == 'PENDING_DELETION'",
    delete=Action("delete_fleet", {"arn": "{arn}"}),
    tag=Action("update_fleet", {"arn": "{arn}", "tags": TAGS}),
    untag=Action("update_fleet", {"arn": "{arn}", "tags": TAGS}),
)

REPORT_GROUP = Resource(
    kind="aws_codebuild_report_group",
    description="Results of tests, build by build; only an empty one can be deleted.",
    call=Call(
        "codebuild",
        "list_report_groups",
        "reportGroups",
        describe=Call("codebuild", "batch_get_report_groups", "reportGroups", {"reportGroupArns": "{batch}"}),
    ),
    id="name",
    name="name",
    ctime="created",
    arn="arn",
    tags="tags",
    prefix="report_group",
    fields={"mtime": "lastModified"},
    edges=(
        Link("aws_s3_bucket", "exportConfig.s3Destination.bucket", by="name", child=True),
        encrypted_by("exportConfig.s3Destination.encryptionKey"),
    ),
    read=Call("codebuild", "batch_get_report_groups", "reportGroups", {"reportGroupArns": ["{arn}"]}),
    ended="report_group_status == 'DELETING'",
    delete=Action("delete_report_group", {"arn": "{arn}"}),
    tag=Action("update_report_group", {"arn": "{arn}", "tags": TAGS}),
    untag=Action("update_report_group", {"arn": "{arn}", "tags": TAGS}),
)

RESOURCES = (PROJECT, FLEET, REPORT_GROUP)
