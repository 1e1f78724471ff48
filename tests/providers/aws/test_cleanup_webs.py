"""Whole webs of resources against a strict mock of AWS: exactly what is marked goes, in an order that is accepted at the first try."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup.marking import clean
from resh.cleanup.outcome import Report
from resh.graph.base import Document
from resh.providers.aws.request import Requests
from tests.commands.conftest import Shell
from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy
from tests.providers.strict import Clients, be_strict

REGION = "ca-central-1"
IMAGE = "ami-12c6146b"
TRUST = (
    '{"Version": "2012-10-17", "Statement": '
    '[{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}'
)
RIGHTS = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
KINDS = (
    "aws_vpc,aws_ec2_subnet,aws_ec2_security_group,aws_ec2_network_interface,aws_ec2_route_table,aws_ec2_internet_gateway,"
    "aws_ec2_nat_gateway,aws_vpc_endpoint,aws_ec2_network_acl,aws_ec2_instance,aws_ec2_volume,aws_ec2_elastic_ip,aws_ec2_snapshot,"
    "aws_ec2_image,aws_vpc_peering_connection,aws_ec2_flow_log,aws_ec2_vpn_gateway,aws_alb,aws_alb_target_group,aws_elb,"
    "aws_autoscaling_group,aws_rds_instance,aws_rds_subnet_group,aws_efs_file_system,aws_efs_mount_target,aws_s3_bucket,"
    "aws_iam_role,aws_iam_policy,aws_iam_instance_profile,aws_iam_user,aws_iam_access_key,aws_iam_group,aws_dynamodb_table"
)


@pytest.fixture
def clients(aws: World, credentials: pytest.MonkeyPatch) -> Clients:
    """Past the strict layer."""
    return lambda service: boto3.client(service, region_name=REGION, endpoint_url=aws.url)  # type: ignore[call-overload]


class Inventory:
    """resh, once it has collected what a test has made."""

    def __init__(self, app: App) -> None:
        self.app = app

    def collect(self) -> None:
        shell = Shell(self.app)
        shell("workflows run collect")
        assert shell.status == 0, shell.notes

    def of(self, search: str) -> list[Document]:
        return list(self.app.documents(search))

    def below(self, rid: str) -> list[Document]:
        """The resource and whatever must be gone before it."""
        (top,) = self.of(f"id = {rid}")
        documents, frontier = {top["id"]: top}, [top["id"]]
        while frontier:
            below = {target for source, target in self.app.graph.neighbours(frontier, "delete") if source in frontier}
            frontier = sorted(below - documents.keys())
            documents |= {id: node for id in frontier if (node := self.app.graph.node(id)) is not None}
        return list(documents.values())

    def ids(self) -> set[str]:
        return {document["id"] for document in self.of("is(resource)")}

    def clean(self, documents: list[Document]) -> Report:
        ids = [document["id"] for document in documents]
        clean(self.app.graph, self.app.kinds, ids, reason="forgotten", by="ada", now=self.app.clock.now())
        return self.app.cleanup.execute(self.app.cleanup.plan(), run="", cancel=Cancel(), emit=self.app.bus.emit)

    def first_tries(self) -> float:
        """Which part of the resources went at the first try."""
        tried: dict[str, list[str]] = {}
        for entry in self.app.cleanup.journal.entries():
            tried.setdefault(entry.document["id"], []).append(entry.result)
        return sum(results[0] == "deleted" for results in tried.values()) / len(tried)


@pytest.fixture
def inventory(home: Path, proxy: FaultProxy, clients: Clients, credentials: pytest.MonkeyPatch) -> Iterator[Inventory]:
    credentials.setenv("AWS_ENDPOINT_URL", proxy.url)
    aws = (f"aws.regions={REGION}", f"aws.collect={KINDS}", "aws.retries=1", "aws.prices.source=none")
    clean_up = ("enabled=true", "dry_run=false", "accounts=*", "min_age=0s", "max_percent=100", "max_kind_percent=100")
    be_strict(proxy, clients)
    with App(home, environ=os.environ, overrides=[*aws, *(f"cleanup.{one}" for one in clean_up)]) as app:
        yield Inventory(app)


def assert_gone(report: Report, documents: list[Document], inventory: Inventory) -> None:
    """All of them, nothing else, and nearly all at the first try."""
    assert {(str(one.item), str(one.outcome), one.why) for one in report.results if not one.outcome.is_out_of_the_way} == set()
    refused = {one.item.id for one in report.plan.refused}
    marked = {document["id"] for document in documents}
    before = inventory.ids() | marked
    left = {document["id"]: document for document in inventory.of("is(resource)")}
    inventory.collect()
    gone = before - inventory.ids()
    provider = inventory.app.cleanup.providers["aws"]
    taken = {loss.id for document in documents for loss in provider.losses(document)}  # volumes of instances
    tied = {id for id, document in left.items() if provider.undeletable(document)}  # the default group goes with its VPC
    assert gone - marked - taken - tied == set()
    listed = [document for id in marked - refused - gone if (document := inventory.app.graph.node(id))]
    assert [document for document in listed if provider.read(document) is not None] == []  # the cloud lists what is gone for a while
    assert inventory.first_tries() >= 0.95


def network(clients: Clients) -> str:
    """A VPC with some twenty kinds of resources in it."""
    ec2 = clients("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    public = subnets[0]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=public)
    ec2.create_network_acl(VpcId=vpc)
    groups = [ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("web", "app", "db")]
    for group, other in zip(groups[1:], groups, strict=False):
        rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": other}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    instance = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=public, SecurityGroupIds=groups[:1])
    id = instance["Instances"][0]["InstanceId"]
    ec2.associate_address(AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"], InstanceId=id)
    card = ec2.create_network_interface(SubnetId=subnets[1], Groups=groups[1:2])["NetworkInterface"]["NetworkInterfaceId"]
    ec2.attach_network_interface(DeviceIndex=1, InstanceId=id, NetworkInterfaceId=card)
    ec2.create_nat_gateway(SubnetId=public, AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"])
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.sqs", VpcEndpointType="Interface", SubnetIds=subnets[1:])
    private = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpcId=vpc, VpnGatewayId=private)
    other = ec2.create_vpc(CidrBlock="10.21.0.0/16")["Vpc"]["VpcId"]
    ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)
    balanced(clients, vpc, subnets, groups[:1], id)
    rds = clients("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="dbs", DBSubnetGroupDescription="dbs", SubnetIds=subnets)
    database = {"DBInstanceIdentifier": "shop", "Engine": "mysql", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20}
    rds.create_db_instance(**database, DBSubnetGroupName="dbs", VpcSecurityGroupIds=groups[2:])
    share = clients("efs").create_file_system(CreationToken="share")["FileSystemId"]
    clients("efs").create_mount_target(FileSystemId=share, SubnetId=subnets[1], SecurityGroups=groups[1:2])
    scaling = clients("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="lc", ImageId=IMAGE, InstanceType="t3.micro", SecurityGroups=groups[:1])
    sizes = {"MinSize": 1, "MaxSize": 1, "DesiredCapacity": 1}
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web", LaunchConfigurationName="lc", VPCZoneIdentifier=",".join(subnets), **sizes
    )
    return str(vpc)


def balanced(clients: Clients, vpc: str, subnets: list[str], groups: list[str], instance: str) -> str:
    """A load balancer that sends to an instance by a target group, and a classic one."""
    elb = clients("elbv2")
    target = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=target, Targets=[{"Id": instance}])
    arn = elb.create_load_balancer(Name="web", Subnets=subnets, SecurityGroups=groups)["LoadBalancers"][0]["LoadBalancerArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    listener = {"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 80}
    clients("elb").create_load_balancer(LoadBalancerName="old", Listeners=[listener], Subnets=subnets[:1], SecurityGroups=groups)
    return str(arn)


def test_a_whole_vpc(inventory: Inventory, clients: Clients) -> None:
    vpc = network(clients)
    inventory.collect()
    documents = inventory.below(vpc)
    kinds = {document["kind"] for document in documents}
    assert len(kinds) >= 15, kinds
    assert_gone(inventory.clean(documents), documents, inventory)
    assert not clients("ec2").describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Vpcs"]


def test_profiles_with_roles_and_policies_and_users_with_everything(inventory: Inventory, clients: Clients) -> None:
    iam = clients("iam")
    policies = [iam.create_policy(PolicyName=f"web-{name}", PolicyDocument=RIGHTS)["Policy"]["Arn"] for name in "abc"]
    iam.create_policy_version(PolicyArn=policies[0], PolicyDocument=RIGHTS)
    iam.create_role(RoleName="web-role", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="web-role", PolicyName="own", PolicyDocument=RIGHTS)
    iam.create_instance_profile(InstanceProfileName="web-profile")
    iam.add_role_to_instance_profile(InstanceProfileName="web-profile", RoleName="web-role")
    iam.create_user(UserName="web-user")
    iam.create_access_key(UserName="web-user")
    iam.put_user_policy(UserName="web-user", PolicyName="own", PolicyDocument=RIGHTS)
    iam.create_group(GroupName="web-group")
    iam.add_user_to_group(UserName="web-user", GroupName="web-group")
    for policy in policies:
        iam.attach_role_policy(RoleName="web-role", PolicyArn=policy)
    iam.attach_user_policy(UserName="web-user", PolicyArn=policies[0])
    iam.attach_group_policy(GroupName="web-group", PolicyArn=policies[1])
    inventory.collect()
    documents = inventory.of('name =~ "^web-"')
    assert {document["kind"].removeprefix("aws_iam_") for document in documents} == {
        "role", "policy", "instance_profile", "user", "access_key", "group",
    }  # fmt: skip
    assert_gone(inventory.clean(documents), documents, inventory)
    assert {user["UserName"] for user in iam.list_users()["Users"]} >= {"ada", "bob"}


def test_images_with_their_snapshots(inventory: Inventory, clients: Clients) -> None:
    ec2 = clients("ec2")
    images, snapshots = [], []
    for number in range(4):
        volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
        snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        devices = [{"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": snapshot}}]
        images.append(ec2.register_image(Name=f"image-{number}", RootDeviceName="/dev/sda1", BlockDeviceMappings=devices)["ImageId"])
        snapshots.append(snapshot)
    inventory.collect()
    documents = [document for rid in (*images[:3], *snapshots[:3]) for document in inventory.of(f"id = {rid}")]
    assert len(documents) == 6
    assert_gone(inventory.clean(documents), documents, inventory)
    assert ec2.describe_images(ImageIds=[images[3]])["Images"]
    assert ec2.describe_snapshots(SnapshotIds=[snapshots[3]])["Snapshots"]


def test_a_bucket_is_emptied_only_where_that_is_wished(inventory: Inventory, clients: Clients) -> None:
    s3 = clients("s3")
    s3.create_bucket(Bucket="full", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="full", VersioningConfiguration={"Status": "Enabled"})
    for key in [f"k{number}" for number in range(12)] * 2:
        s3.put_object(Bucket="full", Key=key, Body=b"x")
    s3.delete_object(Bucket="full", Key="k1")
    inventory.collect()
    (bucket,) = inventory.of("is(aws_s3_bucket) and name = full")
    (result,) = inventory.clean([bucket]).results
    assert (str(result.outcome), result.code) == ("failed", "BucketNotEmpty")
    assert "cleanup.empty_buckets=true" in result.why
    assert len(s3.list_object_versions(Bucket="full")["Versions"]) == 24
    inventory.app.settings.set("cleanup.empty_buckets", True, "option")
    (result,) = inventory.clean([bucket]).results
    assert (str(result.outcome), result.why) == ("deleted", "")
    assert "full" not in {one["Name"] for one in s3.list_buckets()["Buckets"]}


def test_last_snapshots_are_kept(inventory: Inventory, clients: Clients) -> None:
    ec2 = clients("ec2")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    instance = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    database = {"DBInstanceIdentifier": "kept", "Engine": "mysql", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20}
    clients("rds").create_db_instance(**database)
    key = {"AttributeName": "id", "AttributeType": "S"}
    schema = [{"AttributeName": "id", "KeyType": "HASH"}]
    clients("dynamodb").create_table(TableName="kept", AttributeDefinitions=[key], KeySchema=schema, BillingMode="PAY_PER_REQUEST")
    inventory.app.settings.set("cleanup.snapshot_before_delete", True, "option")
    inventory.collect()
    kinds = "is(aws_rds_instance) or is(aws_dynamodb_table) and id = kept"
    documents = [*inventory.of(f"({kinds}) and id = kept"), *inventory.of(f"id = {volume}"), *inventory.of(f"id = {instance}")]
    assert len(documents) == 4
    report = inventory.clean(documents)
    assert {(str(one.item), str(one.outcome), one.why) for one in report.results if not one.outcome.is_out_of_the_way} == set()
    kept = {entry.document["kind"]: entry.snapshots for entry in inventory.app.cleanup.journal.entries()}
    ((snapshot,), (of_database,), (backup,)) = (kept[f"aws_{kind}"] for kind in ("ec2_volume", "rds_instance", "dynamodb_table"))
    (made,) = ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"]
    assert (made["VolumeId"], {tag["Key"] for tag in made["Tags"]}) == (volume, {"Name", "resh:final-snapshot-of"})
    assert clients("rds").describe_db_snapshots(DBSnapshotIdentifier=of_database)["DBSnapshots"]
    assert clients("dynamodb").describe_backup(BackupArn=backup)["BackupDescription"]
    calls = [call for entry in inventory.app.cleanup.journal.entries() for call in entry.calls]
    assert {"ec2:CreateSnapshot", "ec2:DeleteVolume", "dynamodb:DeleteTable"} <= {call["operation"] for call in calls}
    assert all(call["request"] for call in calls if not call["operation"].startswith("dynamodb:"))  # the mock's has none


def test_a_quarantine_stops_detaches_and_denies_and_all_of_it_is_undone(inventory: Inventory, clients: Clients) -> None:
    ec2, iam = clients("ec2"), clients("iam")
    instance = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    subnet = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]["SubnetId"]
    card = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=address, NetworkInterfaceId=card)
    iam.create_user(UserName="suspect")
    key = iam.create_access_key(UserName="suspect")["AccessKey"]["AccessKeyId"]
    iam.create_role(RoleName="suspect-role", AssumeRolePolicyDocument=TRUST)

    def state() -> tuple[str, bool, str, list[str], list[str]]:
        (found,) = ec2.describe_instances(InstanceIds=[instance])["Reservations"]
        (ip,) = ec2.describe_addresses(AllocationIds=[address])["Addresses"]
        (used,) = iam.list_access_keys(UserName="suspect")["AccessKeyMetadata"]
        denied = iam.list_user_policies(UserName="suspect")["PolicyNames"], iam.list_role_policies(RoleName="suspect-role")["PolicyNames"]
        return found["Instances"][0]["State"]["Name"], bool(ip.get("AssociationId")), used["Status"], *denied

    before = state()
    inventory.app.settings.set("cleanup.quarantine", "1d", "option")
    inventory.collect()
    wanted = ('name = suspect or name = "suspect-role"', f"id = {instance}", f"ip_allocation_id = {address}")
    documents = [document for search in wanted for document in inventory.of(search)]
    assert len(documents) == 5
    report = inventory.clean(documents)
    outcomes = {one.item.rid: (str(one.outcome), one.why) for one in report.results}
    assert {outcome for outcome, _ in outcomes.values()} == {"put in quarantine"}, outcomes
    isolated = {one["reported"]["id"] for one in inventory.of("/metadata.quarantined != null")}
    assert {instance, key} <= isolated
    assert state()[:3] == ("stopped", False, "Inactive")
    assert state()[3:] == (["resh-quarantine"], ["resh-quarantine"])
    inventory.collect()
    shell = Shell(inventory.app)
    shell("search /metadata.quarantined != null | unclean")
    assert shell.status == 0, shell.notes
    assert state() == before
    assert inventory.of("/metadata.quarantined != null") == []


def test_what_was_deleted_is_created_again_by_the_lines_that_tell_how(inventory: Inventory, clients: Clients) -> None:
    ec2, iam = clients("ec2"), clients("iam")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=3, VolumeType="gp3")["VolumeId"]
    ec2.create_tags(Resources=[volume], Tags=[{"Key": "owner", "Value": "ada"}])
    vpc = ec2.create_vpc(CidrBlock="10.31.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="again", Description="made again", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    iam.create_role(RoleName="again", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="again", PolicyName="own", PolicyDocument=RIGHTS)
    inventory.app.settings.set("cleanup.snapshot_before_delete", True, "option")
    inventory.collect()
    documents = [*inventory.of(f"id = {volume}"), *inventory.of(f"id = {group}"), *inventory.of("is(aws_iam_role) and name = again")]
    report = inventory.clean(documents)
    assert {str(result.outcome) for result in report.results} == {"deleted"}, report.results
    made = {}
    for entry in list(inventory.app.cleanup.journal.entries()):
        shell = Shell(inventory.app)
        lines = [str(line) for line in shell(f"cleanup recreate {entry.id}")]
        made[entry.document["kind"]] = carried_out([line for line in lines if line.startswith("aws ")], clients)
    (again,) = ec2.describe_volumes(VolumeIds=[made["aws_ec2_volume"]["VolumeId"]])["Volumes"]
    assert (again["Size"], again["VolumeType"], again["Tags"]) == (3, "gp3", [{"Key": "owner", "Value": "ada"}])
    assert again["SnapshotId"].startswith("snap-")
    (found,) = ec2.describe_security_groups(GroupIds=[made["aws_ec2_security_group"]["GroupId"]])["SecurityGroups"]
    assert [one["IpRanges"][0]["CidrIp"] for one in found["IpPermissions"]] == ["10.0.0.0/8"]
    assert iam.list_role_policies(RoleName="again")["PolicyNames"] == ["own"]


def carried_out(lines: list[str], clients: Clients) -> dict[str, Any]:
    """The answer to the first call, whose id the others take."""
    first: dict[str, Any] = {}
    for line in lines:
        ids = [value for key, value in first.items() if key.endswith("Id")]
        request = Requests().read(shlex.split(line.replace("<id of the new", f"{ids[0]}<" if ids else "<"))[1:])
        params = request.params(lambda text: text.partition("<")[0])
        answer = getattr(clients(request.call.service), request.call.operation)(**params)
        first = first or answer
    return first
