"""What the mock of AWS is filled with: a little of everything that the tests ask for, by ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.config import Config

REGIONS = ("eu-west-1", "us-east-1")
TAGS = [{"Key": "Name", "Value": "data"}, {"Key": "owner", "Value": "ada"}]


@dataclass(slots=True)
class World:
    url: str
    volumes: dict[str, str] = field(default_factory=dict)
    """The volume of each region."""
    instances: dict[str, str] = field(default_factory=dict)

    def client(self, service: str, region: str) -> Any:
        session = botocore.session.Session()
        session.set_credentials("AKIAIOSFODNN7EXAMPLE", "a-secret-of-no-account")
        config = Config(s3={"addressing_style": "path"})
        return session.create_client(service, region_name=region, endpoint_url=self.url, config=config)


def fill(url: str) -> World:
    world = World(url)
    for region in REGIONS:
        ec2 = world.client("ec2", region)
        tags = [{"ResourceType": "volume", "Tags": TAGS}]
        world.volumes[region] = ec2.create_volume(AvailabilityZone=f"{region}a", Size=8, TagSpecifications=tags)["VolumeId"]
        image = ec2.register_image(Name="image", RootDeviceName="/dev/sda1")["ImageId"]
        world.instances[region] = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro")["Instances"][0][
            "InstanceId"
        ]
    iam = world.client("iam", "us-east-1")
    iam.create_account_alias(AccountAlias="example")
    for user in ("ada", "bob"):
        iam.create_user(UserName=user)
    iam.create_access_key(UserName="ada")
    s3 = world.client("s3", "us-east-1")
    s3.create_bucket(Bucket="near")
    s3.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(Bucket="far", Tagging={"TagSet": [{"Key": "owner", "Value": "ada"}]})
    return world
