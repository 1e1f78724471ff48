"""Addresses of resources in the AWS console."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from resh.providers.aws.catalogs import catalog
from resh.providers.aws.console import HOSTS, console
from resh.providers.aws.provider import AwsProvider
from resh.providers.base import Facts
from resh.providers.catalog import Resource
from resh.settings import Settings

ACCOUNT = "123456789012"
DECLARED = [resource for resource in catalog(False).all if resource.console]


@pytest.fixture
def provider() -> AwsProvider:
    return AwsProvider(Settings())


def facts(kind: str, id: str = "x-1", name: str = "web", arn: str = "", region: str = "eu-west-1") -> Facts:
    return Facts(kind, id, name, arn, region, ACCOUNT)


@pytest.mark.parametrize(
    ("known", "url"),
    [
        (facts("aws_ec2_instance", "i-1"), "https://console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-1"),
        (facts("aws_s3_bucket", "shop", "shop"), "https://console.aws.amazon.com/s3/buckets/shop?region=eu-west-1"),
        (
            facts("aws_iam_role", "AROA1", "ci deploy", region="global"),
            "https://console.aws.amazon.com/iam/home#/roles/details/ci%20deploy",
        ),
        (
            facts("aws_cloudwatch_log_group", name="/aws/lambda/shop"),
            "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fshop",
        ),
        (
            facts("aws_cloudformation_stack", arn=f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/shop/1"),
            "https://console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId="
            f"arn%3Aaws%3Acloudformation%3Aeu-west-1%3A{ACCOUNT}%3Astack%2Fshop%2F1",
        ),
    ],
)
def test_well_known_kinds_have_addresses_of_their_own(provider: AwsProvider, known: Facts, url: str) -> None:
    assert provider.console(known) == url


def test_other_kinds_are_looked_up_by_their_arn(provider: AwsProvider) -> None:
    arn = f"arn:aws:backup:eu-west-1:{ACCOUNT}:backup-plan:1"
    found = provider.console(facts("aws_backup_plan", arn=arn))
    assert found == f"https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3Abackup%3Aeu-west-1%3A{ACCOUNT}%3Abackup-plan%3A1"


@pytest.mark.parametrize(
    "known",
    [
        facts("aws_backup_plan"),
        facts("aws_ec2_instance_type", "t3.micro"),
        facts("aws_account", arn=f"arn:aws:iam::{ACCOUNT}:root"),
        facts("aws_ec2_volume", id=""),
        facts("aws_ec2_volume", region=""),
        facts("aws_nothing", arn="arn:aws:x:::y"),
        facts("aws_ec2_volume", arn=f"arn:aws-iso:ec2:us-iso-east-1:{ACCOUNT}:volume/vol-1"),
        facts("aws_ec2_volume", region="us-iso-east-1"),
    ],
)
def test_what_is_not_known_has_none(provider: AwsProvider, known: Facts) -> None:
    assert provider.console(known) == ""


@pytest.mark.parametrize(
    ("region", "arn", "host"),
    [
        ("us-gov-west-1", "", "https://console.amazonaws-us-gov.com/"),
        ("cn-north-1", "", "https://console.amazonaws.cn/"),
        ("global", "arn:aws-cn:iam::1:role/x", "https://console.amazonaws.cn/"),
        ("global", "arn:aws-us-gov:iam::1:role/x", "https://console.amazonaws-us-gov.com/"),
        ("global", "", "https://console.aws.amazon.com/"),
    ],
)
def test_each_partition_has_its_own_console(provider: AwsProvider, region: str, arn: str, host: str) -> None:
    assert provider.console(facts("aws_iam_role", arn=arn, region=region)).startswith(f"{host}iam/home")


@pytest.mark.parametrize("hostile", ["\x1b]8;;http://evil\x1b\\", "a#b?c&d=e", "../..", "\x07\x9c\n", "https://evil/", "\ud800", "日本"])
def test_values_are_no_more_than_a_part_of_the_address(provider: AwsProvider, hostile: str) -> None:
    found = provider.console(facts("aws_s3_bucket", name=hostile))
    assert re.fullmatch(r"https://console\.aws\.amazon\.com/s3/buckets/[A-Za-z0-9%._~-]+\?region=eu-west-1", found)


@pytest.mark.parametrize("resource", DECLARED, ids=lambda resource: str(resource.kind))
def test_each_declared_address_can_be_made(resource: Resource) -> None:
    slots = set(re.findall(r"\{(.*?)\}", resource.console))
    assert slots
    assert slots <= {"id", "name", "arn", "region", "account", "name:twice"}
    found = console(resource.console, facts(resource.kind, arn=f"arn:aws:x:eu-west-1:{ACCOUNT}:y"))
    assert urlsplit(found).netloc == urlsplit(HOSTS["aws"]).netloc
    assert "{" not in found
