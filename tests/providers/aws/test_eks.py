"""Kubernetes clusters and node groups: as EKS describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud


def cluster(**more: Any) -> dict[str, Any]:
    return {"name": "shop", "arn": "arn:shop", "status": "ACTIVE", **more}


def nodegroup(**more: Any) -> dict[str, Any]:
    return {"nodegroupName": "workers", "nodegroupArn": "arn:workers", "clusterName": "shop", "_parent": {"name": "shop"}, **more}


def test_properties(world: World) -> None:
    identity = {"oidc": {"issuer": "https://issuer"}}
    encryption = [{"resources": ["secrets"], "provider": {"keyArn": "arn:key/k-1"}}]
    reported = world.add(
        "aws_eks_cluster",
        cluster(version="1.33", endpoint="https://api", identity=identity, certificateAuthority={"data": "c"}, encryptionConfig=encryption),
    )
    assert [reported[key] for key in ("id", "name", "arn", "cluster_status")] == ["shop", "shop", "arn:shop", "ACTIVE"]
    assert [reported[key] for key in ("version", "endpoint", "cluster_certificate_authority")] == ["1.33", "https://api", "c"]
    assert reported["cluster_identity"] == {"oidc": "https://issuer"}
    assert reported["cluster_encryption_config"] == [{"resources": ["secrets"], "provider": "arn:key/k-1"}]
    group = world.add("aws_eks_nodegroup", nodegroup(version="1.33", capacityType="SPOT", resources={"autoScalingGroups": [{"name": "g"}]}))
    assert [group[key] for key in ("id", "name", "cluster_name", "version")] == ["shop/workers", "workers", "shop", "1.33"]
    assert (group["group_capacity_type"], group["group_resources"]["auto_scaling_groups"]) == ("SPOT", ["g"])


def test_a_cluster_waits_for_its_node_groups_and_its_network_for_both(world: World) -> None:
    network = {"vpcId": "vpc-1", "subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"], "clusterSecurityGroupId": "sg-2"}
    world.add("aws_eks_cluster", cluster(roleArn="arn:role", resourcesVpcConfig=network))
    world.add("aws_eks_nodegroup", nodegroup(subnets=["subnet-1"], resources={"autoScalingGroups": [{"name": "g"}]}))
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-2"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_autoscaling_group", {"AutoScalingGroupName": "g"})
    needs = {"vpc-1 > shop", "subnet-1 > shop", "sg-1 > shop", "role > shop", "shop > shop/workers", "subnet-1 > shop/workers"}
    assert world.edges("default") == needs | {"sg-2 > shop", "shop/workers > g"}
    assert world.edges("delete") == needs | {"g > shop/workers"}


def test_on_a_server(cloud: Cloud, name: str) -> None:
    eks, role = cloud.client("eks"), "arn:aws:iam::123456789012:role/eks"
    eks.create_cluster(name=name, roleArn=role, resourcesVpcConfig={}, tags={"owner": "ada"})
    eks.create_nodegroup(clusterName=name, nodegroupName="workers", nodeRole=role, subnets=["subnet-1"])
    assert {document["reported"]["id"] for document in cloud.documents("aws_eks_cluster")} == set(eks.list_clusters()["clusters"])
    for kind, id in (("aws_eks_nodegroup", f"{name}/workers"), ("aws_eks_cluster", name)):
        document = cloud.find(kind, id)
        assert cloud.looks_the_same(document)
        assert kind == "aws_eks_nodegroup" or cloud.takes_tags(document)  # moto tags clusters only
        assert cloud.goes(document)
