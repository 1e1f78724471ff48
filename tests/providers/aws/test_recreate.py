"""What was deleted, created again by the lines that tell how: they are read, and carried out against the mock."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from resh.errors import UsageError
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.recreate import Recreation
from resh.providers.aws.remakes import REMAKES, Remake
from resh.providers.aws.request import Requests
from resh.providers.catalog import Resource

RESOURCES = {resource.kind: resource for resource in catalog().all}
MADE = (*((kind, remake) for kind, remake in REMAKES.items()), *((kind, one.restore) for kind, one in REMAKES.items() if one.restore))


def recreation(kind: str, *snapshots: str, **reported: Any) -> Recreation:
    document = {"kind": kind, "reported": {"id": "x-1", "name": "x", "kind": kind, "tags": {}, **reported}}
    return Recreation(RESOURCES[kind], document, snapshots, "eu-west-1")


def read(line: str) -> tuple[str, dict[str, Any]]:
    """The operation and the parameters of a line, as resh reads such lines; AWS would take them."""
    aws, *words = shlex.split(line)
    assert aws == "aws"
    request = Requests().read(words)
    params = request.params(lambda text: text)
    model = botocore.session.Session().get_service_model(request.call.service)
    shape = model.operation_model(request.operation.partition(":")[2]).input_shape
    assert shape is not None
    assert not ParamValidator().validate(params, shape).generate_report()
    return request.operation, params


def test_a_volume_with_its_last_snapshot() -> None:
    found = recreation(
        "aws_ec2_volume", "snap-1", id="vol-1", volume_size=8, volume_type="gp3", volume_iops=3000, volume_encrypted=False,
        volume_availability_zone="eu-west-1a", tags={"owner": "ada", "aws:made": "by"}, volume_snapshot_id="snap-0",
        volume_attachments=[{"instance_id": "i-1", "device": "/dev/sdf", "state": "attached"}],
    )  # fmt: skip
    create, attach = found.lines()
    assert read(create) == (
        "ec2:CreateVolume",
        {
            "AvailabilityZone": "eu-west-1a", "Encrypted": False, "Iops": 3000, "Size": 8, "VolumeType": "gp3", "SnapshotId": "snap-1",
            "TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": "owner", "Value": "ada"}]}],
        },
    )  # fmt: skip
    assert "--no-encrypted" in create
    assert read(attach)[1] == {"VolumeId": "<id of the new aws_ec2_volume>", "InstanceId": "i-1", "Device": "/dev/sdf"}
    assert found.lost == ("its id vol-1: AWS gives another one",)


def test_without_a_snapshot_the_data_is_lost() -> None:
    found = recreation("aws_ec2_volume", volume_availability_zone="eu-west-1a", volume_size=1)
    assert "its data, of which no last snapshot was kept" in found.lost
    (line,) = found.lines()
    assert "snapshot" not in line


def test_a_security_group_with_its_rules() -> None:
    rule = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "ip_ranges": [{"cidr_ip": "10.0.0.0/8"}], "user_id_group_pairs": []}
    create, ingress, revoke = recreation(
        "aws_ec2_security_group", name="web", group_description="the web", group_vpc_id="vpc-1", group_ip_permissions=[rule]
    ).lines()
    assert read(create)[1] == {"Description": "the web", "GroupName": "web", "VpcId": "vpc-1"}
    assert read(revoke)[0] == "ec2:RevokeSecurityGroupEgress"  # it let nothing out
    assert read(ingress)[1]["IpPermissions"] == [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ]


def test_a_group_lets_out_what_it_let_out_before() -> None:
    everything = {"ip_protocol": "-1", "ip_ranges": [{"cidr_ip": "0.0.0.0/0"}]}
    one = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "ip_ranges": [{"cidr_ip": "10.0.0.0/8"}]}

    def operations(*rules: Any) -> list[str]:
        group = recreation("aws_ec2_security_group", name="web", group_vpc_id="vpc-1", group_ip_permissions_egress=list(rules))
        return [read(line)[0].removeprefix("ec2:") for line in group.lines()]

    assert operations(everything) == ["CreateSecurityGroup"]
    assert operations(everything, one) == ["CreateSecurityGroup", "AuthorizeSecurityGroupEgress"]
    assert operations(one) == ["CreateSecurityGroup", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"]


def test_a_role_with_its_policies() -> None:
    document = {"Version": "2012-10-17", "Statement": []}
    found = recreation(
        "aws_iam_role", id="AROA", name="web", path="/shop/", role_assume_role_policy_document=document,
        role_policies=[{"policy_name": "own", "policy_document": document}],
        role_attached_managed_policies=[{"policy_name": "read", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
    )  # fmt: skip
    create, put, attach = map(read, found.lines())
    assert (create[0], create[1]["RoleName"], create[1]["Path"]) == ("iam:CreateRole", "web", "/shop/")
    assert json.loads(create[1]["AssumeRolePolicyDocument"]) == document
    assert put[1]["PolicyName"] == "own"
    assert attach == ("iam:AttachRolePolicy", {"RoleName": "web", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})


def test_what_nobody_knows_stands_in_brackets_and_is_told() -> None:
    found = recreation("aws_rds_instance", id="shop", db_type="mysql", instance_type="db.t3.micro", volume_size=20, rds_multi_az=True)
    (line,) = found.lines()
    operation, params = read(line)
    assert (operation, params["DBInstanceIdentifier"], params["Engine"]) == ("rds:CreateDBInstance", "shop", "mysql")
    assert (params["DBInstanceClass"], params["AllocatedStorage"], params["MultiAZ"]) == ("db.t3.micro", 20, True)
    topic = recreation("aws_ec2_subnet", id="subnet-1")
    assert "--vpc-id '<VpcId>'" in next(topic.lines())
    assert "VpcId, which AWS wants and does not tell: put it in" in topic.lost


def test_a_database_comes_from_its_last_snapshot() -> None:
    found = recreation("aws_rds_instance", "resh-shop-1", id="shop", db_type="mysql", instance_type="db.t3.micro")
    (line,) = found.lines()
    operation, params = read(line)
    assert operation == "rds:RestoreDBInstanceFromDBSnapshot"
    assert (params["DBInstanceIdentifier"], params["DBSnapshotIdentifier"]) == ("shop", "resh-shop-1")
    assert not any("data" in lost for lost in found.lost)


def test_nothing_of_a_shell_gets_through() -> None:
    line = next(recreation("aws_sqs_queue", name="a; rm -rf ~ $(id) `id` 'b'").lines())
    assert read(line)[1]["QueueName"] == "a; rm -rf ~ $(id) `id` 'b'"


def test_no_file_of_whoever_runs_it_is_read() -> None:
    found = recreation("aws_ec2_security_group", name="-rf", group_description="file:///home/ada/.aws/credentials", group_vpc_id="vpc-1")
    create = next(found.lines())
    assert "file:" not in create
    assert read(create)[1] == {"Description": "<Description>", "GroupName": "-rf", "VpcId": "vpc-1"}
    assert "Description, which would be taken for a file: file:///home/ada/.aws/credentials" in found.lost


def test_what_cannot_be_created_by_a_call() -> None:
    with pytest.raises(UsageError, match="aws_ecs_task"):
        recreation("aws_ecs_task")


@pytest.mark.parametrize(("kind", "remake"), MADE, ids=lambda value: value if isinstance(value, str) else "")
def test_operations_and_parameters_are_those_of_the_api(kind: str, remake: Remake) -> None:
    resource = RESOURCES[kind]
    assert resource.delete is not None
    found = recreation(kind, *(("snap",) if remake not in REMAKES.values() else ()))
    model = Requests().model(resource.delete.service or resource.call.service)
    names = {botocore.xform_name(name): name for name in model.operation_names}
    operation, _ = found._create()
    assert {*remake.params} <= operation.input_shape.members.keys()
    for then in remake.then:
        shape = model.operation_model(names[then.operation]).input_shape
        assert shape is not None
        assert {*then.params} <= shape.members.keys(), then


def creatable() -> Iterator[Resource]:
    for resource in RESOURCES.values():
        if resource.delete:
            yield resource


def test_nearly_every_kind_has_a_way() -> None:
    lacking = []
    for resource in creatable():
        try:
            list(recreation(resource.kind).lines())
        except UsageError:
            lacking.append(resource.kind)
    assert len(lacking) < 25, lacking
