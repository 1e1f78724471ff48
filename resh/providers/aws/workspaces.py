"""WorkSpaces: desktops that people reach from afar, and the directories that they are in. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("create_tags", {"ResourceId": "{id}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("delete_tags", {"ResourceId": "{id}", "TagKeys": ["{key}"]})
GONE = ("ResourceNotFoundException",)
TAGS = Detail(Call("workspaces", "describe_tags", "TagList", {"ResourceId": "{id}"}), into="Tags", absent=GONE)

DIRECTORY = Resource(
    kind="aws_workspaces_directory",
    description="A directory of people that desktops can be made for; it goes after them, and stays a directory.",
    call=Call("workspaces", "describe_workspace_directories", "Directories"),
    id="DirectoryId",
    name="WorkspaceDirectoryName || DirectoryName || Alias",
    arn="arn:{partition}:workspaces:{region}:{account}:directory/{id}",
    details=(TAGS,),
    edges=(
        Link("aws_ec2_subnet", "SubnetIds", delete=True),
        Link("aws_ec2_security_group", "WorkspaceSecurityGroupId", child=True, delete="reverse"),
        Link("aws_iam_role", "IamRoleId", by="arn"),
    ),
    read={"DirectoryIds": ["{id}"]},
    gone=GONE,
    ended="state == 'DEREGISTERED'",
    delete=Action("deregister_workspace_directory", {"DirectoryId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

WORKSPACE = Resource(
    kind="aws_workspaces_workspace",
    description="A desktop of one person; what is on it goes with it.",
    call=Call("workspaces", "describe_workspaces", "Workspaces"),
    id="WorkspaceId",
    name="WorkspaceName || UserName",
    arn="arn:{partition}:workspaces:{region}:{account}:workspace/{id}",
    fields={"user_name": "UserName"},
    details=(TAGS,),
    edges=(
        Link(DIRECTORY.kind, "DirectoryId", delete=True),
        Link("aws_ec2_subnet", "SubnetId", delete=True),
        encrypted_by("VolumeEncryptionKey"),
    ),
    read={"WorkspaceIds": ["{id}"]},
    gone=(*GONE, "ResourceNotFound.Workspace"),
    ended="state == 'TERMINATED' || state == 'TERMINATING'",
    volatile=("state",),
    delete=Action("terminate_workspaces", {"TerminateWorkspaceRequests": [{"WorkspaceId": "{id}"}]}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (DIRECTORY, WORKSPACE)
