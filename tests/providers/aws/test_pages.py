"""Pages of operations for which botocore has no paginator."""

from __future__ import annotations

import botocore.session
import pytest

from resh.model.scope import Status
from resh.providers.aws.pages import Tokens, tokens
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.test_collect_aws import collect
from tests.providers.faults import FaultProxy, body

PLACE = "GET /2020-05-31/field-level-encryption-profile"


@pytest.fixture
def profiles(provider: AwsProvider) -> AwsProvider:
    """Only the profiles of CloudFront, whose listing botocore takes for one page."""
    settings = Settings.load(
        overrides=["aws.collect=aws_cloudfront_field_level_encryption_profile", "aws.regions=eu-west-1", "aws.retries=1"]
    )
    return AwsProvider(settings)


def page(*ids: str, marker: str = "") -> bytes:
    items = "".join(
        f"<FieldLevelEncryptionProfileSummary><Id>{id}</Id><Name>{id}</Name></FieldLevelEncryptionProfileSummary>" for id in ids
    )
    following = f"<NextMarker>{marker}</NextMarker>" if marker else ""
    inside = f"{following}<MaxItems>2</MaxItems><Quantity>{len(ids)}</Quantity><Items>{items}</Items>"
    return f'<FieldLevelEncryptionProfileList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">{inside}</FieldLevelEncryptionProfileList>'.encode()


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("cloudfront", "ListCachePolicies", Tokens("Marker", "CachePolicyList.NextMarker")),
        ("lightsail", "GetBuckets", Tokens("pageToken", "nextPageToken")),
        ("cloudfront", "ListRealtimeLogConfigs", Tokens("Marker", "RealtimeLogConfigs.NextMarker")),
        ("athena", "ListWorkGroups", Tokens("NextToken", "NextToken")),
        ("ecs", "DescribeCapacityProviders", Tokens("nextToken", "nextToken")),
        ("wafv2", "ListWebACLs", Tokens("NextMarker", "NextMarker")),
        ("eks", "DescribeCluster", None),
        ("ec2", "ReleaseHosts", None),
        ("kms", "EnableKey", None),
    ],
)
def test_what_models_tell_of_pages(service: str, operation: str, expected: Tokens | None) -> None:
    assert tokens(botocore.session.Session().get_service_model(service).operation_model(operation)) == expected


def test_pages_are_followed(profiles: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault(PLACE, body(page("p1", "p2", marker="m/1")))
    proxy.fault(f"{PLACE}.Marker=m%2F1", body(page("p3", "p4", marker="m2")))
    proxy.fault(f"{PLACE}.Marker=m2", body(page("p5")))
    sink = collect(profiles)
    assert sink.ids("aws_cloudfront_field_level_encryption_profile") == ["p1", "p2", "p3", "p4", "p5"]
    assert sink.bad() == {}


def test_a_page_that_leads_to_itself_ends_the_scope(profiles: AwsProvider, proxy: FaultProxy) -> None:
    proxy.fault(f"{PLACE}.*", body(page("p1", marker="again")))
    sink = collect(profiles)
    (report,) = (report for report in sink.reports.values() if report.status is not Status.OK)
    assert (report.status, report.message) == (
        Status.FAILED,
        "Error during pagination: the answer leads back to its own page",
    )
    assert sink.ids("aws_cloudfront_field_level_encryption_profile") == ["p1"]
