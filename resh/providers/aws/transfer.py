"""Transfer Family: servers that take and give files by SFTP and the like, and their users. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

GONE = ("ResourceNotFoundException",)
_SERVER = Call("transfer", "describe_server", "Server", {"ServerId": "{id}"})

SERVER = Resource(
    kind="aws_transfer_server",
    description="A server for SFTP, FTPS, FTP or AS2 in front of S3 or EFS; it costs by the hour. Its users go with it.",
    call=Call("transfer", "list_servers", "Servers"),
    id="ServerId",
    arn="Arn",
    details=(Detail(_SERVER, into="", absent=GONE),),
    edges=(
        Link("aws_iam_role", "[LoggingRole, IdentityProviderDetails.InvocationRole]", by="arn"),
        Link("aws_vpc", "EndpointDetails.VpcId", delete=True),
        Link("aws_ec2_subnet", "EndpointDetails.SubnetIds", delete=True),
        Link("aws_ec2_security_group", "EndpointDetails.SecurityGroupIds", delete=True),
        Link("aws_vpc_endpoint", "EndpointDetails.VpcEndpointId", child=True, delete="reverse"),
        Link("aws_acm_certificate", "Certificate", by="arn", child=True, delete="reverse"),
        Link("aws_lambda_function", "IdentityProviderDetails.Function", by="arn", child=True),
        Link("aws_cloudwatch_log_group", "StructuredLogDestinations[].split(@, ':')[6]", by="name", child=True),
    ),
    read=_SERVER,
    gone=GONE,
    volatile=("state", "user_count"),
    delete=Action("delete_server", {"ServerId": "{id}"}),
    tag=Action("tag_resource", {"Arn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"Arn": "{arn}", "TagKeys": ["{key}"]}),
)

USER = Resource(
    kind="aws_transfer_user",
    bases=("user",),
    description="Who may use a server, and what of a bucket or a file system is shown.",
    call=Call("transfer", "list_users", "Users", {"ServerId": "{id}"}),
    each=SERVER.kind,
    inherits={"server_id": "id"},
    id="join('/', [_parent.id, UserName])",
    name="UserName",
    arn="Arn",
    tags="",
    edges=(
        Link(SERVER.kind, "_parent.id"),
        Link("aws_iam_role", "Role", by="arn"),
        Link("aws_s3_bucket", "split(HomeDirectory, '/')[1]", by="name", child=True),
    ),
    read={"ServerId": "{server_id}"},
    gone=GONE,
    delete=Action("delete_user", {"ServerId": "{server_id}", "UserName": "{name}"}),
)

RESOURCES = (SERVER, USER)
