"""What Lightsail has in the web: buckets, containers, certificates, distributions, domains. Moto does not have it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted, refused

ARN = "arn:aws:lightsail:eu-west-1:123456789012"
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
TAGS = [{"key": "owner", "value": "ada"}]


def item(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "arn": f"{ARN}:X/{name}", "createdAt": THEN, "tags": TAGS, **more}


def container(name: str, **more: Any) -> dict[str, Any]:
    return {"containerServiceName": name, "arn": f"{ARN}:ContainerService/{name}", "createdAt": THEN, **more}


def certificate(name: str, **more: Any) -> dict[str, Any]:
    detail = {"createdAt": THEN, "notAfter": datetime(2027, 11, 1, tzinfo=UTC), "subjectAlternativeNames": ["example.com"], **more}
    return {
        "certificateName": name,
        "certificateArn": f"{ARN}:Certificate/{name}",
        "domainName": "example.com",
        "certificateDetail": detail,
    }


def test_properties(world: World) -> None:
    reported = world.add("aws_lightsail_bucket", item("media", objectVersioning="Enabled", bundleId="small_1_0"))
    names = ("id", "arn", "ctime", "versioning_enabled", "lightsail_bundle_id", "tags")
    assert [reported[name] for name in names] == ["media", f"{ARN}:X/media", "2026-11-01T10:00:00Z", True, "small_1_0", {"owner": "ada"}]
    reported = world.add("aws_lightsail_certificate", certificate("proof", status="ISSUED"))
    told = ("id", "ctime", "expires", "dns_names", "lightsail_domain_name")
    assert [reported[name] for name in told] == [
        "proof", "2026-11-01T10:00:00Z", "2027-11-01T00:00:00Z", ["example.com"], "example.com",
    ]  # fmt: skip
    reported = world.add("aws_lightsail_container_service", container("api", power="nano", scale=2, state="RUNNING"))
    assert [reported[f"lightsail_{name}"] for name in ("power", "scale", "state")] == ["nano", 2, "RUNNING"]
    reported = world.add("aws_lightsail_domain", item("example.com", domainEntries=[{"name": "example.com", "type": "A"}]))
    assert (reported["private_zone"], reported["lightsail_domain_entries"]) == (False, [{"name": "example.com", "type": "A"}])


def test_edges(world: World) -> None:
    world.add("aws_lightsail_instance", item("web"))
    access = [{"name": "web", "resourceType": "Instance"}, {"name": "other", "resourceType": "Unknown"}]
    world.add(
        "aws_lightsail_bucket", item("media", resourcesReceivingAccess=access, accessLogConfig={"enabled": True, "destination": "logs"})
    )
    world.add("aws_lightsail_bucket", item("logs", accessLogConfig={"enabled": False}))
    world.add("aws_lightsail_certificate", certificate("proof"))
    world.add("aws_lightsail_container_service", container("api", publicDomainNames={"proof": ["api.example.com"]}))
    world.add("aws_lightsail_container_service", container("hidden"))
    for name, type in (("web", "Instance"), ("media", "Bucket"), ("api", "ContainerService")):
        origin = {"name": name, "resourceType": type}
        world.add("aws_lightsail_distribution", item(f"near-{name}", origin=origin, certificateName="proof"))
    proofs = {f"proof > {one}" for one in ("api", "near-web", "near-media", "near-api")}
    origins = {f"near-{one} > {one}" for one in ("web", "media", "api")}
    assert world.edges("default") == proofs | origins | {"web > media", "media > logs"}
    assert world.edges("delete") == proofs


@pytest.mark.parametrize(
    ("kind", "answer", "asked", "delete"),
    [
        ("bucket", {"buckets": [item("site")]}, {"bucketName": "site", "includeConnectedResources": True}, {"bucketName": "site"}),
        ("container_service", {"containerServices": [container("site")]}, {"serviceName": "site"}, {"serviceName": "site"}),
        (
            "certificate",
            {"certificates": [certificate("site")]},
            {"certificateName": "site", "includeCertificateDetails": True},
            {"certificateName": "site"},
        ),
        ("distribution", {"distributions": [item("site")]}, {"distributionName": "site"}, {"distributionName": "site"}),
    ],
)
def test_read_and_deleted(
    cloud: Cloud, scripted: Scripted, kind: str, answer: dict[str, Any], asked: dict[str, Any], delete: dict[str, Any]
) -> None:
    scripted("lightsail", f"get_{kind}s", answer, answer, refused("NotFoundException"))
    scripted("lightsail", f"delete_{kind}", {})
    document = cloud.find(f"aws_lightsail_{kind}", "site")
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)
    assert scripted.asked("lightsail", f"get_{kind}s")[1] == asked
    assert scripted.asked("lightsail", f"delete_{kind}") == [delete, delete]


def test_what_lives_in_no_region_is_asked_for_once(cloud: Cloud, scripted: Scripted) -> None:
    scripted("lightsail", "get_domains", {"domains": [item("example.com")]})
    scripted("lightsail", "get_domain", {"domain": item("example.com")}, refused("NotFoundException"))
    scripted("lightsail", "delete_domain", {})
    found = cloud.collect("aws_lightsail_domain")
    assert [report.scope.region for report in found.reports if report.scope.kind == "aws_lightsail_domain"] == ["global"]
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    document = cloud.find("aws_lightsail_domain", "example.com")
    assert document["ancestors"]["region"]["reported"]["id"] == "global"
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)
