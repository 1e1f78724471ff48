"""Data warehouses: as Redshift describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_redshift_cluster"


def test_properties_and_edges(world: World) -> None:
    network = {"VpcId": "vpc-1", "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}], "KmsKeyId": "arn:key/k-1"}
    logging = {"LoggingEnabled": True, "BucketName": "logs"}
    more = {"ClusterStatus": "available", "NodeType": "ra3.xlplus", "IamRoles": [{"IamRoleArn": "arn:role"}], "LoggingStatus": logging}
    reported = world.add(KIND, {"ClusterIdentifier": "dw", "DBName": "dev", **network, **more})
    assert [reported[key] for key in ("id", "name")] == ["dw", "dw"]
    assert reported["arn"] == "arn:aws:redshift:eu-west-1:123456789012:cluster:dw"
    assert [reported[key] for key in ("redshift_cluster_status", "redshift_db_name")] == ["available", "dev"]
    assert reported["redshift_logging_status"] == {"logging_enabled": True, "bucket_name": "logs"}
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.add("aws_s3_bucket", {"Name": "logs"})
    needs = {"vpc-1 > dw", "sg-1 > dw", "role > dw"}
    assert (world.edges("default"), world.edges("delete")) == (needs | {"dw > k-1", "dw > logs"}, needs | {"k-1 > dw"})


def test_on_a_server(cloud: Cloud, name: str) -> None:
    redshift = cloud.client("redshift")
    user = {"MasterUsername": "shop", "MasterUserPassword": "Not-a-secret-1"}
    redshift.create_cluster(ClusterIdentifier=name, NodeType="ra3.xlplus", Tags=[{"Key": "owner", "Value": "ada"}], **user)
    listed = {one["ClusterIdentifier"] for one in redshift.describe_clusters()["Clusters"]}
    assert {document["reported"]["id"] for document in cloud.documents(KIND)} == listed
    document = cloud.find(KIND, name)
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    assert cloud.goes(document)
