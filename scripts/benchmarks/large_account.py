"""The memory of a large account: `python large_account.py 200000` collects that many resources into a new graph and prints the peak in MB.

The cloud is made up here, page by page, as a region's answers to AWS's own catalog: nothing of it is kept, so that what is measured is the
collect and its merge. A process of its own, because a peak never goes down again.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from resh.cancel import Cancel
from resh.clock import SystemClock
from resh.graph.sqlite import SqliteStore
from resh.providers.aws.catalogs import catalog
from resh.providers.base import Account, Heard
from resh.providers.catalog import Call, Resource
from resh.providers.collector import Collection, Options
from resh.providers.limiter import Limiter, Place
from resh.providers.mapping import FreeKeys
from resh.providers.pool import Pool
from resh.providers.session import Region

PAGE = 500
KINDS = ("aws_ec2_instance", "aws_ec2_volume", "aws_ec2_snapshot", "aws_ec2_network_interface")


class LargeAccount:
    partition = "aws"

    def __init__(self, size: int) -> None:
        self.account = Account("aws", "123456789012", "large")
        self._each = size // len(KINDS)

    def regions(self) -> Sequence[Region]:
        return [Region("eu-west-1")]

    def expected_regions(self) -> Sequence[str]:
        return ["eu-west-1"]

    def offers(self, service: str, region: str) -> bool:
        return True

    def pages(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        make = _MAKERS.get(call.operation)
        for start in range(0, self._each if make else 0, PAGE):
            assert make is not None
            yield make(range(start, min(start + PAGE, self._each)))

    def act(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> None:
        """Nothing changes here."""

    def free_keys(self, resource: Resource) -> FreeKeys:
        return FreeKeys()


class Deaf:
    def progress(self, region: str, done: int, total: int) -> None:
        """Nobody looks."""

    def called(self, place: Place, heard: Heard) -> None:
        """Nobody counts."""


def _tags(number: int) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": f"node-{number}"}, {"Key": "owner", "Value": f"team-{number % 50}"}, {"Key": "stage", "Value": "live"}]


def _instances(numbers: range) -> Any:
    return {"Reservations": [{"ReservationId": f"r-{n:017x}", "OwnerId": "123456789012", "Instances": [_instance(n)]} for n in numbers]}


def _instance(n: int) -> dict[str, Any]:
    return {
        "InstanceId": f"i-{n:017x}", "InstanceType": "m5.large", "ImageId": f"ami-{n % 90:017x}", "LaunchTime": "2026-01-02T03:04:05Z",
        "State": {"Name": "running", "Code": 16}, "VpcId": f"vpc-{n % 20:017x}", "SubnetId": f"subnet-{n % 60:017x}",
        "PrivateIpAddress": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", "Placement": {"AvailabilityZone": "eu-west-1a"},
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": f"vol-{n:017x}", "Status": "attached"}}],
        "SecurityGroups": [{"GroupId": f"sg-{n % 300:017x}", "GroupName": f"group-{n % 300}"}], "Monitoring": {"State": "disabled"},
        "Architecture": "x86_64", "Hypervisor": "xen", "VirtualizationType": "hvm", "RootDeviceType": "ebs", "Tags": _tags(n),
        "MetadataOptions": {"HttpTokens": "required", "State": "applied", "HttpEndpoint": "enabled"}, "EbsOptimized": True,
    }  # fmt: skip


def _volumes(numbers: range) -> Any:
    return {
        "Volumes": [
            {
                "VolumeId": f"vol-{n:017x}", "Size": 100, "State": "in-use", "VolumeType": "gp3", "Iops": 3000, "Encrypted": True,
                "CreateTime": "2026-01-02T03:04:05Z", "AvailabilityZone": "eu-west-1a", "SnapshotId": f"snap-{n:017x}", "Tags": _tags(n),
                "Attachments": [{"InstanceId": f"i-{n:017x}", "Device": "/dev/xvda", "State": "attached", "DeleteOnTermination": True}],
            }
            for n in numbers
        ]
    }  # fmt: skip


def _snapshots(numbers: range) -> Any:
    return {
        "Snapshots": [
            {
                "SnapshotId": f"snap-{n:017x}", "VolumeId": f"vol-{n:017x}", "VolumeSize": 100, "State": "completed", "Progress": "100%",
                "StartTime": "2026-01-02T03:04:05Z", "OwnerId": "123456789012", "Description": f"nightly of {n}", "Tags": _tags(n),
            }
            for n in numbers
        ]
    }  # fmt: skip


def _interfaces(numbers: range) -> Any:
    return {
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": f"eni-{n:017x}", "VpcId": f"vpc-{n % 20:017x}", "SubnetId": f"subnet-{n % 60:017x}",
                "Status": "in-use", "Attachment": {"InstanceId": f"i-{n:017x}", "Status": "attached", "DeviceIndex": 0},
                "InterfaceType": "interface",
                "Groups": [{"GroupId": f"sg-{n % 300:017x}"}],
                "MacAddress": f"02:00:00:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}",
                "PrivateIpAddress": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", "SourceDestCheck": True, "TagSet": _tags(n),
            }
            for n in numbers
        ]
    }  # fmt: skip


_MAKERS = {
    "describe_instances": _instances,
    "describe_volumes": _volumes,
    "describe_snapshots": _snapshots,
    "describe_network_interfaces": _interfaces,
}


def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder, Pool(8, Limiter()).guest() as guest:
        store = SqliteStore(Path(folder) / "graph.sqlite3", SystemClock())
        with store.merge("aws", "123456789012", "large") as merge:
            Collection(LargeAccount(size), catalog(), merge, Deaf(), Cancel(), guest, Options(collect=KINDS)).run()
        found = merge.result.created, merge.result.edges
        store.close()
    assert found[0] >= size, found
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, *found)


if __name__ == "__main__":
    main(int(sys.argv[1]))
