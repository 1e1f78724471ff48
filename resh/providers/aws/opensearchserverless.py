"""OpenSearch Serverless: collections, the ways into them from VPCs, and policies. The catalog of `aws/provider.py`.

A policy is for all collections whose names fit its patterns; of each sort it has a name of its own.
"""

from __future__ import annotations

from typing import Any

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Json, Link, Resource

SERVICE = "opensearchserverless"
GONE = ("ResourceNotFoundException",)

COLLECTION = Resource(
    kind="aws_opensearch_serverless_collection",
    description="Indexes of OpenSearch without machines of one's own.",
    call=Call(
        SERVICE,
        "list_collections",
        "collectionSummaries[].id",
        describe=Call(SERVICE, "batch_get_collection", "collectionDetails", {"ids": "{batch}"}),
    ),
    id="id",
    name="name",
    ctime="createdDate",
    arn="arn",
    tags="tags",
    prefix="collection",
    fields={"mtime": "lastModifiedDate"},
    details=(Detail(Call(SERVICE, "list_tags_for_resource", "tags", {"resourceArn": "{arn}"}), into="tags", absent=GONE),),
    edges=(encrypted_by("kmsKeyArn"),),
    read=Call(SERVICE, "batch_get_collection", "collectionDetails", {"ids": ["{id}"]}),
    gone=GONE,
    ended="collection_status == 'DELETING'",
    fixed={"collection_deletion_protection == 'ENABLED'": "its deletion protection is on"},
    awaited="",
    broken="collection_status == 'FAILED' && (collection_failure_message || `true`)",
    delete=Action("delete_collection", {"id": "{id}"}),
    tag=Action("tag_resource", {"resourceArn": "{arn}", "tags": [{"key": "{key}", "value": "{value}"}]}),
    untag=Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]}),
)

VPC_ENDPOINT = Resource(
    kind="aws_opensearch_serverless_vpc_endpoint",
    bases=("endpoint",),
    description="A way from a VPC to collections that does not leave the network.",
    call=Call(
        SERVICE,
        "list_vpc_endpoints",
        "vpcEndpointSummaries[].id",
        describe=Call(SERVICE, "batch_get_vpc_endpoint", "vpcEndpointDetails", {"ids": "{batch}"}),
    ),
    id="id",
    name="name",
    ctime="createdDate",
    tags="",
    prefix="endpoint",
    edges=(
        Link("aws_vpc", "vpcId", delete=True),
        Link("aws_ec2_subnet", "subnetIds", delete=True),
        Link("aws_ec2_security_group", "securityGroupIds", delete=True),
        Link("aws_vpc_endpoint", "id", child=True),
    ),
    read=Call(SERVICE, "batch_get_vpc_endpoint", "vpcEndpointDetails", {"ids": ["{id}"]}),
    gone=GONE,
    ended="endpoint_status == 'DELETING'",
    awaited="",
    broken="endpoint_status == 'FAILED' && (endpoint_failure_message || `true`)",
    delete=Action("delete_vpc_endpoint", {"id": "{id}"}),
)


_SAME: dict[str, Any] = {
    "bases": ("policy",),
    "id": "name",
    "name": "name",
    "ctime": "createdDate",
    "tags": "",
    "prefix": "policy",
    "fields": {"mtime": "lastModifiedDate", "policy": Json("policy")},
    "gone": GONE,
}
"""What policies of all sorts have."""


def _policy(sort: str, type: str, called: str, description: str, *edges: Link) -> Resource:
    """`called` is what the operations for the sort are called."""
    this = {"type": type, "name": "{name}"}
    get = Call(SERVICE, f"get_{called}_policy", f"{called}PolicyDetail", this)
    return Resource(
        kind=f"aws_opensearch_serverless_{sort}_policy",
        description=description,
        call=Call(SERVICE, f"list_{called}_policies", f"{called}PolicySummaries", {"type": type}),
        details=(Detail(get, into="", absent=GONE),),
        edges=edges,
        read=get,
        delete=Action(f"delete_{called}_policy", this),
        **_SAME,
    )


ENCRYPTION_POLICY = _policy("encryption", "encryption", "security", "Which key encrypts collections.", encrypted_by("policy.KmsARN"))
NETWORK_POLICY = _policy(
    "network",
    "network",
    "security",
    "From where collections can be reached: from everywhere, or through endpoints of VPCs.",
    Link("aws_opensearch_serverless_vpc_endpoint", "policy[].SourceVPCEs"),
)
ACCESS_POLICY = _policy(
    "access",
    "data",
    "access",
    "Who may read and write the data of collections.",
    *(Link(kind, "policy[].Principal", by="arn") for kind in ("aws_iam_role", "aws_iam_user")),
)

LIFECYCLE_POLICY = Resource(
    kind="aws_opensearch_serverless_lifecycle_policy",
    description="How long the data of collections is kept.",
    call=Call(
        SERVICE,
        "list_lifecycle_policies",
        "lifecyclePolicySummaries[].{type: type, name: name}",
        {"type": "retention"},
        describe=Call(SERVICE, "batch_get_lifecycle_policy", "lifecyclePolicyDetails", {"identifiers": "{batch}"}),
    ),
    read=Call(SERVICE, "batch_get_lifecycle_policy", "lifecyclePolicyDetails", {"identifiers": [{"type": "retention", "name": "{name}"}]}),
    delete=Action("delete_lifecycle_policy", {"type": "retention", "name": "{name}"}),
    **_SAME,
)

RESOURCES = (COLLECTION, VPC_ENDPOINT, ENCRYPTION_POLICY, NETWORK_POLICY, ACCESS_POLICY, LIFECYCLE_POLICY)
