"""Detectors and what belongs to them: as GuardDuty describes them, through a collect, and on a moto server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.errors import CallFailed, UsageError
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws.catalog_world import ACCOUNT, World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.test_collect_aws import collect
from tests.providers.faults import FaultProxy, body

DETECTOR, MEMBER, FILTER, IP_SET, THREATS, DESTINATION = (
    f"aws_guardduty_{what}" for what in ("detector", "member", "filter", "ip_set", "threat_intel_set", "publishing_destination")
)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/guardduty"
FEATURES = [{"name": "S3_DATA_EVENTS", "status": "ENABLED", "updatedAt": 1767323045.0}]


def test_a_detector(world: World) -> None:
    detector = {
        "DetectorId": "d-1", "CreatedAt": "2026-01-02T03:04:05.678Z", "UpdatedAt": "2026-02-02T03:04:05.678Z", "ServiceRole": ROLE,
        "Status": "ENABLED", "FindingPublishingFrequency": "SIX_HOURS", "Features": [{"Name": "RDS_LOGIN_EVENTS", "Status": "DISABLED"}],
        "Administrator": {"AccountId": "210987654321", "RelationshipStatus": "Enabled"}, "Tags": {"owner": "ada"},
    }  # fmt: skip
    reported = world.add(DETECTOR, detector)
    assert [reported[name] for name in ("id", "arn", "ctime", "mtime", "tags", "status")] == [
        "d-1", "arn:aws:guardduty:eu-west-1:123456789012:detector/d-1", "2026-01-02T03:04:05Z", "2026-02-02T03:04:05Z",
        {"owner": "ada"}, "ENABLED",
    ]  # fmt: skip
    assert reported["features"] == [{"name": "RDS_LOGIN_EVENTS", "status": "DISABLED"}]
    world.add("aws_iam_role", {"RoleId": "role", "Arn": ROLE})
    assert world.edges("default") == {"role > d-1"}


def test_what_belongs_to_a_detector(world: World) -> None:
    detector = world.add(DETECTOR, {"DetectorId": "d-1"})
    member = {
        "AccountId": "210987654321",
        "DetectorId": "d-9",
        "RelationshipStatus": "Enabled",
        "Email": "ada@example.com",
        "_parent": detector,
    }
    reported = world.add(MEMBER, member)
    assert [reported[name] for name in ("detector_id", "administrator_detector_id", "email")] == ["d-9", "d-1", "ada@example.com"]
    criterion = {"service.action.actionType": {"Eq": ["DNS_REQUEST"]}}
    quiet = world.add(FILTER, {"Name": "quiet", "Action": "ARCHIVE", "FindingCriteria": {"Criterion": criterion}, "_parent": detector})
    assert (quiet["arn"], quiet["detector_id"]) == ("arn:aws:guardduty:eu-west-1:123456789012:detector/d-1/filter/quiet", "d-1")
    for kind, key in ((IP_SET, "IpSetId"), (THREATS, "ThreatIntelSetId")):
        world.add(kind, {key: kind, "Name": "list", "Location": "https://s3.amazonaws.com/lists/a.txt", "_parent": detector})
    where = {"DestinationArn": "arn:aws:s3:::findings/all", "KmsKeyArn": "arn:aws:kms:eu-west-1:1:key/k-1"}
    world.add(DESTINATION, {"DestinationId": "to-1", "DestinationProperties": where, "_parent": detector})
    world.add("aws_s3_bucket", {"Name": "lists"})
    world.add("aws_s3_bucket", {"Name": "findings"})
    world.add("aws_kms_key", {"KeyId": "k-1"})
    world.know_account("210987654321")
    assert world.edges("default") == {
        "210987654321 > 210987654321",  # the account has what it is a member by
        *(f"d-1 > {one}" for one in ("210987654321", "quiet", IP_SET, THREATS, "to-1")),
        f"{IP_SET} > lists", f"{THREATS} > lists", "to-1 > findings", "to-1 > k-1",
    }  # fmt: skip
    assert world.edges("delete") == {"d-1 > 210987654321", "k-1 > to-1"}


def answers(**found: Any) -> Any:
    return body(json.dumps(found).encode(), type="application/json")


@pytest.fixture
def guarded(provider: AwsProvider, proxy: FaultProxy) -> AwsProvider:
    """An account that administers the detector of another one, and archives what is harmless."""
    proxy.fault("GET /detector", answers(detectorIds=["d-1"]))
    proxy.fault("GET /detector/d-1", answers(status="ENABLED", serviceRole=ROLE, features=FEATURES, tags={"owner": "ada"}))
    proxy.fault("GET /detector/d-1/administrator", answers(administrator={}))
    proxy.fault("GET /detector/d-1/member", answers(members=[{"accountId": "210987654321", "relationshipStatus": "Enabled"}]))
    proxy.fault("GET /detector/d-1/filter", answers(filterNames=["quiet"]))
    criteria = {"criterion": {"service.action.actionType": {"eq": ["DNS_REQUEST"]}}}
    proxy.fault("GET /detector/d-1/filter/quiet", answers(name="quiet", action="ARCHIVE", findingCriteria=criteria, tags={}))
    settings = [f"aws.collect={DETECTOR},{MEMBER},{FILTER}", "aws.regions=eu-west-1", "aws.retries=1"]
    return AwsProvider(Settings.load(overrides=settings))


def test_collected(guarded: AwsProvider) -> None:
    sink = collect(guarded)
    assert sink.bad() == {}
    detector, member, quiet = (sink.node(id).reported for id in ("d-1", "210987654321", "quiet"))
    assert (detector["features"], detector["tags"]) == (
        [{"name": "S3_DATA_EVENTS", "status": "ENABLED", "updated_at": "2026-01-02T03:04:05Z"}], {"owner": "ada"},
    )  # fmt: skip
    assert (member["administrator_detector_id"], quiet["detector_id"]) == ("d-1", "d-1")
    assert quiet["finding_criteria"] == {"criterion": {"service.action.actionType": {"eq": ["DNS_REQUEST"]}}}


def test_a_member_leaves_before_it_is_deleted(guarded: AwsProvider, proxy: FaultProxy, cloud: Cloud) -> None:
    known = {"id": "210987654321", "administrator_detector_id": "d-1", "relationship_status": "Enabled"}
    proxy.fault("POST /detector/d-1/member/(disassociate|delete)", answers(unprocessedAccounts=[]), times=2)
    guarded.delete(cloud.placed({"kind": MEMBER, "reported": known}))
    assert [operation for operation, _ in proxy.texts if "member" in operation] == [
        f"POST /detector/d-1/member/{what}" for what in ("disassociate", "delete")
    ]
    refused = [{"accountId": "210987654321", "result": "it is not associated"}]
    proxy.fault("POST /detector/d-1/member/delete", answers(unprocessedAccounts=refused))
    with pytest.raises(CallFailed, match="it is not associated"):
        guarded.delete(cloud.placed({"kind": MEMBER, "reported": {**known, "relationship_status": "Removed"}}))


def test_a_detector_that_another_account_administers_stays(cloud: Cloud) -> None:
    reported = {"id": "d-1", "administrator": {"relationship_status": "Enabled"}}
    with pytest.raises(UsageError, match="administers GuardDuty"):
        cloud.provider.delete(cloud.placed({"kind": DETECTOR, "reported": reported}))


def test_on_a_server(cloud: Cloud) -> None:
    id = cloud.client("guardduty").create_detector(Enable=True, Tags={"owner": "ada"})["DetectorId"]
    document = cloud.find(DETECTOR, id)
    assert (document["reported"]["status"], document["reported"]["tags"]) == ("ENABLED", {"owner": "ada"})
    assert cloud.looks_the_same(document)
    assert cloud.goes(document)
