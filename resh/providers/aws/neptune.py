"""Neptune: clusters, the instances in them, snapshots and parameters of both. The catalog of `aws/provider.py`."""

from __future__ import annotations

from dataclasses import replace

from resh.providers.aws import rds, rds_cluster
from resh.providers.aws.rds_cluster import TAG, UNTAG
from resh.providers.aws.rds_shared import DEFAULTS, FINAL_SNAPSHOT, TAGS, cluster_parameter_group, own_kind
from resh.providers.catalog import Action, Call, Link, Resource

CLUSTER = own_kind(
    rds_cluster.CLUSTER,
    "neptune",
    "Instances of a graph database that share their storage.",
    Action("delete_db_cluster", {"DBClusterIdentifier": "{id}", "SkipFinalSnapshot": True}),
    FINAL_SNAPSHOT,
)
INSTANCE = own_kind(
    rds.INSTANCE,
    "neptune",
    "A machine in a cluster of Neptune.",
    Action("delete_db_instance", {"DBInstanceIdentifier": "{id}", "SkipFinalSnapshot": True}),
)
SNAPSHOT = own_kind(
    rds_cluster.CLUSTER_SNAPSHOT,
    "neptune",
    "A copy of a Neptune cluster's data at one moment, owned by the account.",
    Action("delete_db_cluster_snapshot", {"DBClusterSnapshotIdentifier": "{id}"}),
)
CLUSTER_PARAMETER_GROUP = cluster_parameter_group("neptune", "Settings of Neptune that clusters are run with.")
PARAMETER_GROUP = Resource(
    kind="aws_neptune_parameter_group",
    description="Settings of Neptune that the instances of clusters are run with.",
    call=Call("rds", "describe_db_parameter_groups", "DBParameterGroups"),
    keep="starts_with(DBParameterGroupFamily, 'neptune')",
    id="DBParameterGroupName",
    name="DBParameterGroupName",
    arn="DBParameterGroupArn",
    tags="TagList",
    prefix="neptune",
    details=(TAGS,),
    read={"DBParameterGroupName": "{id}"},
    gone=("DBParameterGroupNotFound",),
    fixed=DEFAULTS,
    delete=Action("delete_db_parameter_group", {"DBParameterGroupName": "{id}"}, service="neptune"),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (
    replace(CLUSTER, edges=(*CLUSTER.edges, Link(CLUSTER_PARAMETER_GROUP.kind, "DBClusterParameterGroup", delete=True))),
    replace(INSTANCE, edges=(*INSTANCE.edges, Link(PARAMETER_GROUP.kind, "DBParameterGroups[].DBParameterGroupName", delete=True))),
    SNAPSHOT,
    CLUSTER_PARAMETER_GROUP,
    PARAMETER_GROUP,
)
