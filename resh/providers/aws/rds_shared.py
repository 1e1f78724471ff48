"""What RDS, DocumentDB and Neptune have in common, because one service runs all three: groups of subnets, and what their kinds are made of.

RDS lists the clusters, databases and snapshots of all, with their tags, which the other two do not tell there. Each is of the kind that its
engine says: `docdb.py` and `neptune.py` make theirs of those of RDS with `own_kind`. The catalog of `aws/provider.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from resh.providers.aws.rds_cluster import TAG, UNTAG
from resh.providers.catalog import Action, Call, Detail, Link, Resource
from resh.providers.ending import Snapshot

TAGS = Detail(Call("rds", "list_tags_for_resource", "TagList", {"ResourceName": "{arn}"}), into="TagList")
SHARED = ("aws_rds_subnet_group",)
"""Kinds that are the same for every engine."""


def own_kind(of: Resource, engine: str, description: str, delete: Action, snapshot: Action | None = None) -> Resource:
    """A kind of RDS for an engine that is a service of its own: `aws_rds_cluster` as `aws_docdb_cluster`, `rds_port` as `docdb_port`."""

    def renamed(text: str) -> str:
        return text if text in SHARED else text.replace("rds_", f"{engine}_")

    def keys(mapping: Mapping[str, Any]) -> dict[str, Any]:
        return {renamed(key): value for key, value in mapping.items()}

    return replace(
        of,
        kind=renamed(of.kind),
        description=description,
        call=replace(of.call, params={"Filters": [{"Name": "engine", "Values": [engine]}]}),
        read=Call(of.call.service, of.call.operation, of.call.items, of.read) if isinstance(of.read, Mapping) else of.read,
        keep=f"Engine == '{engine}'",
        name=of.id,
        prefix=engine,
        fields=keys(of.fields),
        edges=tuple(replace(link, kind=renamed(link.kind)) for link in of.edges),
        fixed=keys(of.fixed),
        released={renamed(name): renamed(condition) for name, condition in of.released.items()},
        volatile=tuple(map(renamed, of.volatile)),
        delete=replace(delete, service=engine),
        quarantine=None,
        snapshot_apart=None,
        snapshot=Snapshot(replace(snapshot, service=engine)) if snapshot else None,
    )


FINAL_SNAPSHOT = Action(
    "delete_db_cluster", {"DBClusterIdentifier": "{id}", "SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": "{snapshot}"}
)


def cluster_parameter_group(engine: str, description: str) -> Resource:
    return Resource(
        kind=f"aws_{engine}_cluster_parameter_group",
        description=description,
        call=Call("rds", "describe_db_cluster_parameter_groups", "DBClusterParameterGroups"),
        keep=f"starts_with(DBParameterGroupFamily, '{engine}')",
        id="DBClusterParameterGroupName",
        name="DBClusterParameterGroupName",
        arn="DBClusterParameterGroupArn",
        tags="TagList",
        prefix=engine,
        details=(TAGS,),
        read={"DBClusterParameterGroupName": "{id}"},
        gone=("DBParameterGroupNotFound",),
        fixed=DEFAULTS,
        delete=Action("delete_db_cluster_parameter_group", {"DBClusterParameterGroupName": "{id}"}, service=engine),
        tag=TAG,
        untag=UNTAG,
    )


DEFAULTS = {"starts_with(name, 'default.')": "AWS made it, and every cluster without one of its own has it"}

SUBNET_GROUP = Resource(
    kind="aws_rds_subnet_group",
    description="The subnets of a VPC that databases may be put in, those of DocumentDB and Neptune among them.",
    call=Call("rds", "describe_db_subnet_groups", "DBSubnetGroups"),
    id="DBSubnetGroupName",
    console="rds/home?region={region}#db-subnet-group:id={id}",
    name="DBSubnetGroupName",
    arn="DBSubnetGroupArn",
    tags="TagList",
    prefix="rds",
    details=(TAGS,),
    edges=(Link("aws_vpc", "VpcId"), Link("aws_ec2_subnet", "Subnets[].SubnetIdentifier")),
    read={"DBSubnetGroupName": "{id}"},
    gone=("DBSubnetGroupNotFoundFault",),
    delete=Action("delete_db_subnet_group", {"DBSubnetGroupName": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (SUBNET_GROUP,)
