"""Certificates: as the Certificate Manager describes them, and on a moto server."""

from __future__ import annotations

from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

KIND = "aws_acm_certificate"
ARN = "arn:aws:acm:eu-west-1:1:certificate/c-1"


def test_properties_and_edges(world: World) -> None:
    reported = world.add(
        KIND,
        {
            "CertificateArn": ARN,
            "DomainName": "example.com",
            "SubjectAlternativeNames": ["example.com", "www.example.com"],
            "NotAfter": "2027-11-01T00:00:00Z",
            "KeyUsages": [{"Name": "DIGITAL_SIGNATURE"}],
            "Options": {"CertificateTransparencyLoggingPreference": "ENABLED"},
            "InUseBy": ["arn:alb"],
        },
    )
    assert [reported[key] for key in ("id", "name", "arn")] == ["c-1", "example.com", ARN]
    assert reported["dns_names"] == reported["subject_alternative_names"] == ["example.com", "www.example.com"]
    assert reported["expires"] == reported["not_after"] == "2027-11-01T00:00:00Z"
    assert (reported["key_usages"], reported["certificate_transparency_logging"]) == (["DIGITAL_SIGNATURE"], "ENABLED")
    world.add("aws_alb", {"LoadBalancerName": "shop", "LoadBalancerArn": "arn:alb"})
    assert (world.edges("default"), world.edges("delete")) == ({"shop > c-1"}, {"c-1 > shop"})


def test_on_a_server(cloud: Cloud) -> None:
    acm = cloud.client("acm")
    arn = acm.request_certificate(DomainName="example.com", Tags=[{"Key": "owner", "Value": "ada"}])["CertificateArn"]
    listed = {one["CertificateArn"] for one in acm.list_certificates()["CertificateSummaryList"]}
    assert {document["reported"]["arn"] for document in cloud.documents(KIND)} == listed
    document = cloud.find(KIND, arn.rpartition("/")[2])
    assert document["reported"]["exported"] is False
    assert cloud.takes_tags(document)
    assert cloud.looks_the_same(cloud.find(KIND, document["reported"]["id"]))
    assert cloud.goes(document)
