"""Single resources of the mock: read, tagged, untagged, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from resh.errors import CallFailed, UsageError
from resh.providers.aws.provider import AwsProvider
from tests.providers.aws_world import World
from tests.providers.faults import FaultProxy, deny


def document(kind: str, id: str, region: str, **reported: Any) -> dict[str, Any]:
    ancestors = {name: {"reported": {"id": value}} for name, value in (("account", "123456789012"), ("region", region))}
    return {"kind": kind, "reported": {"id": id, "name": id, "kind": kind, **reported}, "ancestors": ancestors}


@pytest.fixture
def volume(provider: AwsProvider, aws: World) -> dict[str, Any]:
    made = aws.client("ec2", "eu-west-1").create_volume(AvailabilityZone="eu-west-1a", Size=1)
    return document("aws_ec2_volume", made["VolumeId"], "eu-west-1")


def test_a_volume_is_tagged_read_and_deleted(provider: AwsProvider, volume: dict[str, Any]) -> None:
    provider.tag(volume, "owner", "ada")
    found = provider.read(volume)
    assert found is not None
    assert (found["volume_size"], found["tags"]) == (1, {"owner": "ada"})
    provider.untag(volume, "owner")
    assert (provider.read(volume) or {})["tags"] == {}
    provider.delete(volume)
    assert provider.read(volume) is None
    provider.delete(volume)


def test_tags_of_a_bucket_are_kept(provider: AwsProvider, aws: World) -> None:
    bucket = document("aws_s3_bucket", "tagged", "eu-west-1")
    s3 = aws.client("s3", "eu-west-1")
    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(Bucket="tagged", Tagging={"TagSet": [{"Key": "owner", "Value": "ada"}]})
    provider.tag(bucket, "team", "blue")
    assert (provider.read(bucket) or {})["tags"] == {"owner": "ada", "team": "blue"}
    provider.delete(bucket)
    assert provider.read(bucket) is None


def test_a_refused_deletion(provider: AwsProvider, proxy: FaultProxy, volume: dict[str, Any]) -> None:
    proxy.fault("DeleteVolume", deny("not today"))
    with pytest.raises(CallFailed, match="not today") as found:
        provider.delete(volume)
    assert (found.value.operation, found.value.error) == ("ec2:DeleteVolume", "UnauthorizedOperation")
    proxy.heal()
    provider.delete(volume)


def test_what_has_no_deletion(provider: AwsProvider) -> None:
    assert provider.undeletable(document("aws_region", "eu-west-1", "eu-west-1")) == "aws_region cannot be deleted: a region belongs to AWS"
    assert provider.undeletable(document("c_box", "b1", "eu-west-1")) == "AWS has no kind 'c_box'"
    assert provider.undeletable(document("aws_ec2_volume", "vol-1", "eu-west-1")) == ""
    with pytest.raises(UsageError, match="belongs to AWS"):
        provider.delete(document("aws_region", "eu-west-1", "eu-west-1"))
    with pytest.raises(UsageError, match="no kind"):
        provider.read(document("c_box", "b1", "eu-west-1"))
