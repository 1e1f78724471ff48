"""Distributions, and all that they use: as CloudFront describes them, and on a moto server."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest

from resh.errors import UsageError
from resh.providers.aws.cloudfront import DISTRIBUTION
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud


def items(*found: Any) -> dict[str, Any]:
    return {"Quantity": len(found), "Items": list(found)}


def distribution(**config: Any) -> dict[str, Any]:
    return {"Id": "E1", "ARN": "arn:E1", "DomainName": "e1.cloudfront.net", "Status": "Deployed", "DistributionConfig": config}


def test_lists_are_lists(world: World) -> None:
    origin = {"Id": "site", "DomainName": "site.s3.eu-west-1.amazonaws.com", "CustomHeaders": {"Quantity": 0}}
    reported = world.add("aws_cloudfront_distribution", distribution(Enabled=True, Origins=items(origin), Aliases=items("www.example.com")))
    assert [reported[key] for key in ("id", "name", "arn", "distribution_status")] == ["E1", "e1.cloudfront.net", "arn:E1", "Deployed"]
    config = reported["distribution_config"]
    assert (config["enabled"], config["aliases"]) == (True, ["www.example.com"])
    assert config["origins"] == [{"id": "site", "domain_name": "site.s3.eu-west-1.amazonaws.com", "custom_headers": []}]


def test_what_a_distribution_uses_waits_for_it(world: World) -> None:
    default = {"CachePolicyId": "cp-1", "FunctionAssociations": items({"FunctionARN": "arn:f-1"}), "RealtimeLogConfigArn": "arn:log"}
    other = {"ResponseHeadersPolicyId": "rh-1", "FieldLevelEncryptionId": "fle-1", "LambdaFunctionAssociations": {"Quantity": 0}}
    origin = {"DomainName": "site.s3.amazonaws.com", "OriginAccessControlId": "oac-1"}
    certificate = {"ACMCertificateArn": "arn:acm/c-1", "IAMCertificateId": "ASC"}
    world.add(
        "aws_cloudfront_distribution",
        distribution(
            DefaultCacheBehavior=default, CacheBehaviors=items(other), Origins=items(origin), ViewerCertificate=certificate
        ),
    )  # fmt: skip
    world.add("aws_cloudfront_cache_policy", {"Id": "cp-1"})
    world.add("aws_cloudfront_response_headers_policy", {"Id": "rh-1"})
    world.add("aws_cloudfront_function", {"Name": "f-1", "FunctionMetadata": {"FunctionARN": "arn:f-1"}})
    world.add("aws_cloudfront_realtime_log_config", {"Name": "log", "ARN": "arn:log"})
    profiles = {"ContentTypeProfiles": items({"ProfileId": "p-1"})}
    world.add("aws_cloudfront_field_level_encryption_config", {"Id": "fle-1", "ContentTypeProfileConfig": profiles})
    world.add("aws_cloudfront_field_level_encryption_profile", {"Id": "p-1", "EncryptionEntities": items({"PublicKeyId": "k-1"})})
    world.add("aws_cloudfront_public_key", {"Id": "k-1"})
    world.add("aws_cloudfront_origin_access_control", {"Id": "oac-1"})
    world.add("aws_acm_certificate", {"CertificateArn": "arn:acm/c-1"})
    world.add("aws_iam_server_certificate", {"ServerCertificateId": "ASC"})
    world.add("aws_s3_bucket", {"Name": "site"})
    used = {"cp-1", "rh-1", "f-1", "log", "fle-1", "oac-1", "c-1", "ASC"}
    assert world.edges("default") == {f"E1 > {id}" for id in (*used, "site")} | {"fle-1 > p-1", "p-1 > k-1"}
    assert world.edges("delete") == {f"{id} > E1" for id in used} | {"p-1 > fle-1", "k-1 > p-1"}


@pytest.mark.parametrize(
    ("kind", "item", "properties"),
    [
        (
            "aws_cloudfront_cache_policy",
            {"Config": {"Name": "long", "MinTTL": 60}},
            {"name": "long", "cache_policy_config": {"min_ttl": 60}},
        ),
        ("aws_cloudfront_response_headers_policy", {"Type": "custom"}, {"response_headers_policy_type": "custom"}),
        ("aws_cloudfront_public_key", {"EncodedKey": "key"}, {"public_key_encoded_key": "key"}),
        ("aws_cloudfront_streaming_distribution", {"Aliases": items("tv")}, {"streaming_distribution_aliases": ["tv"]}),
        (
            "aws_cloudfront_origin_access_control",
            {"OriginAccessControlOriginType": "s3"},
            {"origin_access_control_origin_access_control_origin_type": "s3"},
        ),
        (
            "aws_cloudfront_field_level_encryption_profile",
            {"EncryptionEntities": items({"PublicKeyId": "k-1"})},
            {"field_level_encryption_profile_encryption_entities": [{"public_key_id": "k-1"}]},
        ),
    ],
)
def test_properties_of_the_others(world: World, kind: str, item: dict[str, Any], properties: dict[str, Any]) -> None:
    reported = world.add(kind, {"Id": "x", **item})
    for name, value in properties.items():
        assert reported[name] == ({"name": "long", **value} if isinstance(value, dict) else value)


def test_a_realtime_log(world: World) -> None:
    stream = {"StreamType": "Kinesis", "KinesisStreamConfig": {"StreamARN": "arn:stream", "RoleARN": "arn:role"}}
    reported = world.add("aws_cloudfront_realtime_log_config", {"Name": "log", "SamplingRate": 5, "EndPoints": [stream]})
    assert reported["realtime_log_sampling_rate"] == 5
    assert reported["realtime_log_end_points"][0]["stream_type"] == "Kinesis"
    world.add("aws_kinesis_stream", {"StreamName": "stream", "StreamARN": "arn:stream"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    assert (world.edges("default"), world.edges("delete")) == ({"log > stream", "role > log"}, {"role > log"})


@pytest.mark.parametrize(("enabled", "configs"), [(True, [{"Enabled": False, "Comment": "shop"}]), (False, [])])
def test_only_what_is_enabled_is_disabled(enabled: bool, configs: list[Any]) -> None:
    call = DISTRIBUTION.before_delete[0].each
    assert not isinstance(call, str)
    found = jmespath.search(call.items, {"ETag": "v1", "DistributionConfig": {"Enabled": enabled, "Comment": "shop"}})
    assert [one["Config"] for one in found] == configs


def test_what_aws_manages_stays(cloud: Cloud) -> None:
    document = cloud.placed({"kind": "aws_cloudfront_cache_policy", "reported": {"id": "x", "cache_policy_type": "managed"}}, "global")
    with pytest.raises(UsageError, match="belongs to AWS"):
        cloud.provider.delete(document)


def test_on_a_server(cloud: Cloud, name: str) -> None:
    cloudfront = cloud.client("cloudfront")
    origin = {"Id": name, "DomainName": f"{name}.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    config = {
        "CallerReference": name, "Comment": "of a test", "Enabled": True, "Origins": items(origin),
        "DefaultCacheBehavior": {"TargetOriginId": name, "ViewerProtocolPolicy": "allow-all", "MinTTL": 60,
                                 "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}},
    }  # fmt: skip
    id = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    key = cloudfront.create_public_key(PublicKeyConfig={"CallerReference": name, "Name": name, "EncodedKey": "key"})["PublicKey"]["Id"]
    access = {"Name": name, "SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "s3"}
    control = cloudfront.create_origin_access_control(OriginAccessControlConfig=access)["OriginAccessControl"]["Id"]
    listed = {one["Id"] for one in cloudfront.list_distributions()["DistributionList"]["Items"]}
    assert {document["reported"]["id"] for document in cloud.documents("aws_cloudfront_distribution")} == listed
    assert cloud.takes_tags(cloud.find("aws_cloudfront_distribution", id))
    for kind, one in (("distribution", id), ("public_key", key), ("origin_access_control", control)):
        document = cloud.find(f"aws_cloudfront_{kind}", one)
        assert cloud.looks_the_same(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)
