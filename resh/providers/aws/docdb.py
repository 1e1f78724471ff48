"""DocumentDB: clusters, the instances in them, snapshots and parameters. The catalog of `aws/provider.py`."""

from __future__ import annotations

from dataclasses import replace

from resh.providers.aws import rds, rds_cluster
from resh.providers.aws.rds_shared import FINAL_SNAPSHOT, cluster_parameter_group, own_kind
from resh.providers.catalog import Action, Link

CLUSTER = own_kind(
    rds_cluster.CLUSTER,
    "docdb",
    "Instances of DocumentDB that share their storage.",
    Action("delete_db_cluster", {"DBClusterIdentifier": "{id}", "SkipFinalSnapshot": True}),
    FINAL_SNAPSHOT,
)
INSTANCE = own_kind(
    rds.INSTANCE,
    "docdb",
    "A machine in a cluster of DocumentDB.",
    Action("delete_db_instance", {"DBInstanceIdentifier": "{id}"}),
)
SNAPSHOT = own_kind(
    rds_cluster.CLUSTER_SNAPSHOT,
    "docdb",
    "A copy of a DocumentDB cluster's data at one moment, owned by the account.",
    Action("delete_db_cluster_snapshot", {"DBClusterSnapshotIdentifier": "{id}"}),
)
PARAMETER_GROUP = cluster_parameter_group("docdb", "Settings of DocumentDB that clusters are run with.")
USED = Link(PARAMETER_GROUP.kind, "DBClusterParameterGroup", delete=True)

RESOURCES = (replace(CLUSTER, edges=(*CLUSTER.edges, USED)), INSTANCE, SNAPSHOT, PARAMETER_GROUP)
