"""Clusters of EMR: as it describes them, and on a moto server."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_emr_cluster"


def test_properties_and_edges(world: World) -> None:
    cluster = {
        "Id": "j-1", "Name": "nightly", "ClusterArn": "arn:j-1", "ReleaseLabel": "emr-7.1.0", "TerminationProtected": False,
        "Status": {"State": "WAITING", "Timeline": {"CreationDateTime": "2026-01-02T03:04:05Z"}},
        "Ec2InstanceAttributes": {
            "Ec2SubnetId": "subnet-1", "EmrManagedMasterSecurityGroup": "sg-1", "AdditionalSlaveSecurityGroups": ["sg-2"],
            "IamInstanceProfile": "machines", "Ec2KeyName": "ada",
        },
        "ServiceRole": "emr",
        "KerberosAttributes": {"Realm": "EC2.INTERNAL", "KdcAdminPassword": "open-sesame"},
        "Configurations": [{"Classification": "spark", "Properties": {"maximizeResourceAllocation": "true"}}],
        "Tags": [{"Key": "owner", "Value": "ada"}],
    }  # fmt: skip
    reported = world.add(KIND, cluster)
    assert [reported[name] for name in ("id", "name", "arn", "ctime", "release_label", "tags")] == [
        "j-1", "nightly", "arn:j-1", "2026-01-02T03:04:05Z", "emr-7.1.0", {"owner": "ada"},
    ]  # fmt: skip
    assert reported["kerberos_attributes"] == {"realm": "EC2.INTERNAL"}
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-2"})
    world.add("aws_iam_role", {"RoleId": "role", "RoleName": "emr", "Arn": "arn:role"})
    world.add("aws_iam_instance_profile", {"InstanceProfileId": "profile", "InstanceProfileName": "machines"})
    world.add("aws_ec2_keypair", {"KeyPairId": "key", "KeyName": "ada"})
    waits = {"subnet-1 > j-1", "sg-1 > j-1", "sg-2 > j-1", "role > j-1"}
    assert world.edges("default") == waits | {"profile > j-1", "j-1 > key"}
    assert world.edges("delete") == waits


def test_one_that_is_protected_stays(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match="termination protection"):
        cloud.provider.delete(cloud.placed({"kind": KIND, "reported": {"id": "j-1", "termination_protected": True}}))


def test_on_a_server(cloud: Cloud, name: str) -> None:
    machines = {"MasterInstanceType": "m5.xlarge", "InstanceCount": 1, "KeepJobFlowAliveWhenNoSteps": True}
    tags = [{"Key": "owner", "Value": "ada"}]
    id = cloud.client("emr").run_job_flow(
        Name=name, Instances=machines, JobFlowRole="machines", ServiceRole="emr", ReleaseLabel="emr-7.1.0", Tags=tags
    )["JobFlowId"]
    document = cloud.find(KIND, id)
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
    assert id not in [other["reported"]["id"] for other in cloud.documents(KIND)]
