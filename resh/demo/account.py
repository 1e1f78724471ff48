"""The example account: a small shop that has grown for two years, with what is used, what is forgotten and what is past its date.

`fill` creates it through the AWS API of a moto server; `age` then sets creation times back, inside the server's process, because every
resource of a mock cloud is born now. The same account comes out each time, but for the ids that the cloud makes up.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

OWNERS = ("ada", "grace", "linus", "platform", "payments")
TEAM_TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}}]}  # fmt: skip
READ_LOGS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:Get*", "Resource": "*"}]}


def fill(endpoint: str, regions: Sequence[str]) -> None:
    """Create everything; regions side by side."""
    clients = Clients(endpoint)
    _identities(clients)
    with ThreadPoolExecutor(len(regions)) as pool:
        for done in [pool.submit(_region, clients, region, number) for number, region in enumerate(regions)]:
            done.result()


class Clients:
    def __init__(self, endpoint: str) -> None:
        import boto3
        from botocore.config import Config

        self._session: Any = boto3.Session(aws_access_key_id="demo", aws_secret_access_key="demo")
        self._endpoint = endpoint
        self._config = Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}, parameter_validation=False)

    def __call__(self, service: str, region: str) -> Any:
        return self._session.client(service, region_name=region, endpoint_url=self._endpoint, config=self._config)


def _tags(name: str, number: int = 0, **more: str) -> list[dict[str, str]]:
    """Every fourth resource has no owner."""
    tags = {"Name": name, **({"owner": OWNERS[number % len(OWNERS)]} if number % 4 != 3 else {}), **more}
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _spec(kind: str, tags: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": tags}]


def _identities(clients: Clients) -> None:
    iam = clients("iam", "us-east-1")
    iam.create_account_alias(AccountAlias="demo")
    policy = iam.create_policy(PolicyName="read-logs", PolicyDocument=json.dumps(READ_LOGS))["Policy"]["Arn"]
    iam.create_group(GroupName="engineers")
    iam.attach_group_policy(GroupName="engineers", PolicyArn=policy)
    for number, user in enumerate(("ada", "grace", "linus", "former-intern", "ci")):
        iam.create_user(UserName=user, Tags=_tags(user, number))
        iam.create_access_key(UserName=user)
        if user not in ("former-intern", "ci"):
            iam.add_user_to_group(GroupName="engineers", UserName=user)
    for role in ("web", "worker", "abandoned"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TEAM_TRUST))
        iam.create_instance_profile(InstanceProfileName=role)
        iam.add_role_to_instance_profile(InstanceProfileName=role, RoleName=role)
    iam.attach_role_policy(RoleName="worker", PolicyArn=policy)


def _region(clients: Clients, region: str, number: int) -> None:
    ec2 = clients("ec2", region)
    network = _network(ec2, region, number)
    instances = _instances(ec2, region, network)
    _volumes(ec2, region, instances)
    _balancers(clients, region, network, instances)
    _stores(clients, region, number, network)
    _functions(clients, region, instances)


def _network(ec2: Any, region: str, number: int) -> dict[str, Any]:
    vpc = ec2.create_vpc(CidrBlock=f"10.{number + 1}.0.0/16", TagSpecifications=_spec("vpc", _tags("shop")))["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway(TagSpecifications=_spec("internet-gateway", _tags("shop")))["InternetGateway"][
        "InternetGatewayId"
    ]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number + 1}.{i}.0/24", AvailabilityZone=f"{region}{zone}",
                          TagSpecifications=_spec("subnet", _tags(name, i)))["Subnet"]["SubnetId"]
        for i, (name, zone) in enumerate((("public-a", "a"), ("public-b", "b"), ("private-a", "a")))
    ]  # fmt: skip
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=_spec("elastic-ip", _tags("nat")))["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address, TagSpecifications=_spec("natgateway", _tags("nat")))
    ec2.allocate_address(Domain="vpc", TagSpecifications=_spec("elastic-ip", _tags("forgotten", 3)))
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{region}.s3", RouteTableIds=[table])
    groups = [
        ec2.create_security_group(GroupName=name, Description=text, VpcId=vpc,
                                  TagSpecifications=_spec("security-group", _tags(name, i)))["GroupId"]
        for i, (name, text) in enumerate((("web", "from the world"), ("database", "from web"), ("unused", "left behind")))
    ]  # fmt: skip
    ec2.authorize_security_group_ingress(GroupId=groups[0], IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])  # fmt: skip
    ec2.create_network_interface(SubnetId=subnets[2], Description="left behind", Groups=[groups[2]])
    return {"vpc": vpc, "subnets": subnets, "groups": groups}


def _instances(ec2: Any, region: str, network: dict[str, Any]) -> list[str]:
    ec2.create_key_pair(KeyName=f"shop-{region}")
    plan: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("web-1", "t3.medium", {}),
        ("web-2", "t3.medium", {}),
        ("worker", "m5.xlarge", {}),
        ("load-test", "c5.2xlarge", {"expiration": "2d"}),
        ("laptop-of-linus", "t3.large", {}),
    )
    image = ec2.register_image(Name=f"base-{region}", RootDeviceName="/dev/sda1", Architecture="x86_64")["ImageId"]
    made = [
        ec2.run_instances(
            ImageId=image, MinCount=1, MaxCount=1, InstanceType=size, KeyName=f"shop-{region}", SubnetId=network["subnets"][i % 3],
            SecurityGroupIds=[network["groups"][0]], TagSpecifications=_spec("instance", _tags(name, i, **more)),
        )["Instances"][0]["InstanceId"]
        for i, (name, size, more) in enumerate(plan)
    ]  # fmt: skip
    ec2.stop_instances(InstanceIds=[made[4]])
    ec2.create_image(InstanceId=made[0], Name=f"web-golden-{region}")
    return made


def _volumes(ec2: Any, region: str, instances: list[str]) -> None:
    plan = (("data-web-1", 100, "gp3", 0), ("data-worker", 500, "gp3", 2), ("scratch-old", 500, "gp2", None),
            ("migration-2024", 1000, "st1", None), ("fresh", 20, "gp3", None))  # fmt: skip
    for i, (name, size, kind, instance) in enumerate(plan):
        volume = ec2.create_volume(AvailabilityZone=f"{region}a", Size=size, VolumeType=kind,
                                   TagSpecifications=_spec("volume", _tags(name, i)))["VolumeId"]  # fmt: skip
        if instance is not None:
            ec2.attach_volume(VolumeId=volume, InstanceId=instances[instance], Device="/dev/sdf")
        if i < 3:
            ec2.create_snapshot(
                VolumeId=volume, Description=f"before the move of {name}", TagSpecifications=_spec("snapshot", _tags(name, i))
            )


def _balancers(clients: Clients, region: str, network: dict[str, Any], instances: list[str]) -> None:
    elbv2 = clients("elbv2", region)
    for name, used in (("shop", True), ("old-campaign", False)):
        balancer = elbv2.create_load_balancer(
            Name=name, Subnets=network["subnets"][:2], SecurityGroups=[network["groups"][0]], Tags=_tags(name)
        )
        group = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=network["vpc"], TargetType="instance")
        arn = group["TargetGroups"][0]["TargetGroupArn"]
        elbv2.create_listener(LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"], Protocol="HTTP", Port=80,
                              DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}])  # fmt: skip
        if used:
            elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": instance} for instance in instances[:2]])
    elb = clients("elb", region)
    elb.create_load_balancer(LoadBalancerName="legacy", Listeners=[{"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 80}],
                             AvailabilityZones=[f"{region}a"])  # fmt: skip
    clients("autoscaling", region).create_launch_configuration(
        LaunchConfigurationName="worker", ImageId="ami-12c6146b", InstanceType="m5.large"
    )
    clients("autoscaling", region).create_auto_scaling_group(
        AutoScalingGroupName="worker", LaunchConfigurationName="worker", MinSize=0, MaxSize=3, DesiredCapacity=1,
        VPCZoneIdentifier=network["subnets"][2], Tags=[{"Key": "owner", "Value": "platform", "PropagateAtLaunch": True}],
    )  # fmt: skip


def _stores(clients: Clients, region: str, number: int, network: dict[str, Any]) -> None:
    s3 = clients("s3", region)
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    for i, name in enumerate(("assets", "logs", "backup-of-backup")):
        s3.create_bucket(Bucket=f"demo-shop-{name}-{region}", **place)
        s3.put_bucket_tagging(Bucket=f"demo-shop-{name}-{region}", Tagging={"TagSet": _tags(name, i + number)})
    rds = clients("rds", region)
    rds.create_db_subnet_group(DBSubnetGroupName="shop", DBSubnetGroupDescription="shop", SubnetIds=network["subnets"][:2])
    rds.create_db_instance(DBInstanceIdentifier=f"orders-{region}", Engine="postgres", DBInstanceClass="db.m5.large", AllocatedStorage=100,
                           MasterUsername="shop", MasterUserPassword="not-a-secret", DBSubnetGroupName="shop",
                           Tags=_tags("orders"))  # fmt: skip


def _functions(clients: Clients, region: str, instances: list[str]) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context):\n    return 'ok'\n")
    role = "arn:aws:iam::123456789012:role/worker"
    for name in ("resize-images", "send-invoices"):
        clients("lambda", region).create_function(FunctionName=name, Runtime="python3.12", Role=role, Handler="main.handler",
                                                  Code={"ZipFile": code.getvalue()}, Tags={"owner": "platform"})  # fmt: skip
    cloudwatch = clients("cloudwatch", region)
    for instance in instances[:2]:
        cloudwatch.put_metric_alarm(AlarmName=f"cpu-{instance}", Namespace="AWS/EC2", MetricName="CPUUtilization", Statistic="Average",
                                    Period=300, EvaluationPeriods=2, Threshold=90, ComparisonOperator="GreaterThanThreshold",
                                    Dimensions=[{"Name": "InstanceId", "Value": instance}])  # fmt: skip


def age(regions: Sequence[str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Set creation times back, in the process that holds the mock cloud: about one to two years, but for what the names call fresh."""
    from moto.backends import get_backend

    account: Any = get_backend("ec2")["123456789012"]
    for region in regions:
        for number, volume in enumerate(account[region].volumes.values()):
            days = 0.2 if "fresh" in _name(volume) else 92 + 31 * (number % 9)
            volume.create_time = (now() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        for number, reservation in enumerate(account[region].reservations.values()):
            for instance in reservation.instances:
                instance.launch_time = (now() - timedelta(days=12 + 40 * (number % 7))).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _name(resource: Any) -> str:
    return next((tag["value"] for tag in resource.get_tags() if tag["key"] == "Name"), "")
