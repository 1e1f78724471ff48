"""GuardDuty: detectors with their features, whom they watch over, and what they are told; not what they find. The catalog of
`aws/provider.py`.

A detector waits for its members; its filters and lists go with it:
https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DeleteDetector.html
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.aws.s3 import stored_in
from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceArn": "{arn}", "Tags": {"{key}": "{value}"}})
UNTAG = Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]})
GONE = ("ResourceNotFound",)
OF_DETECTOR = {"DetectorId": "{detector_id}"}
DETECTOR_ARN = "arn:{partition}:guardduty:{region}:{account}:detector/"


def _described(operation: str, **params: str) -> Detail:
    return Detail(Call("guardduty", operation, "@", {**OF_DETECTOR, **params}), into="", absent=GONE)


DETECTOR = Resource(
    kind="aws_guardduty_detector",
    description="GuardDuty in one region: it looks for threats in logs, and costs by what it reads.",
    call=Call("guardduty", "list_detectors", "DetectorIds[].{DetectorId: @}"),
    id="DetectorId",
    ctime="CreatedAt",
    arn=DETECTOR_ARN + "{id}",
    fields={"mtime": "UpdatedAt"},
    details=(
        Detail(Call("guardduty", "get_detector", "@", {"DetectorId": "{id}"}), into="", absent=GONE),
        Detail(
            Call("guardduty", "get_administrator_account", "Administrator", {"DetectorId": "{id}"}),
            into="Administrator",
            absent=GONE,
        ),
    ),
    edges=(Link("aws_iam_role", "ServiceRole", by="arn"),),
    read={},
    gone=GONE,
    fixed={"administrator.relationship_status == 'Enabled'": "the account that administers GuardDuty keeps it"},
    delete=Action("delete_detector", {"DetectorId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

MEMBER = Resource(
    kind="aws_guardduty_member",
    description="Another account whose detector this one administers.",
    call=Call("guardduty", "list_members", "Members", {"DetectorId": "{id}"}),
    each=DETECTOR.kind,
    inherits={"administrator_detector_id": "id"},  # its own detector is another
    id="AccountId",
    ctime="InvitedAt",
    tags="",
    fields={"mtime": "UpdatedAt"},
    edges=(Link(DETECTOR.kind, "_parent.id", delete=True), Link("aws_account", "AccountId", account=True)),
    read=Call("guardduty", "get_members", "Members", {"DetectorId": "{administrator_detector_id}", "AccountIds": ["{id}"]}),
    gone=GONE,
    volatile=("mtime", "relationship_status"),
    before_delete=(
        Action(
            "disassociate_members",
            {"DetectorId": "{administrator_detector_id}", "AccountIds": ["{each}"]},
            each="[@][?relationship_status == 'Enabled'].id",
        ),
    ),
    delete=Action("delete_members", {"DetectorId": "{administrator_detector_id}", "AccountIds": ["{id}"]}),
)

FILTER = Resource(
    kind="aws_guardduty_filter",
    description="Which findings a detector archives by itself.",
    call=Call("guardduty", "list_filters", "FilterNames[].{Name: @}", {"DetectorId": "{id}"}),
    each=DETECTOR.kind,
    inherits={"detector_id": "id"},
    id="Name",
    name="Name",
    ctime="CreatedAt",
    arn=DETECTOR_ARN + "{detector_id}/filter/{id}",
    fields={"mtime": "UpdatedAt"},
    details=(_described("get_filter", FilterName="{id}"),),
    edges=(Link(DETECTOR.kind, "_parent.id"),),
    read=OF_DETECTOR,
    gone=GONE,
    delete=Action("delete_filter", {**OF_DETECTOR, "FilterName": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

IP_SET = Resource(
    kind="aws_guardduty_ip_set",
    description="Addresses that a detector trusts.",
    call=Call("guardduty", "list_ip_sets", "IpSetIds[].{IpSetId: @}", {"DetectorId": "{id}"}),
    each=DETECTOR.kind,
    inherits={"detector_id": "id"},
    id="IpSetId",
    name="Name",
    arn=DETECTOR_ARN + "{detector_id}/ipset/{id}",
    details=(_described("get_ip_set", IpSetId="{id}"),),
    edges=(Link(DETECTOR.kind, "_parent.id"), stored_in("Location")),
    read=OF_DETECTOR,
    gone=GONE,
    ended="status == 'DELETED' || status == 'DELETE_PENDING'",
    delete=Action("delete_ip_set", {**OF_DETECTOR, "IpSetId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

THREAT_INTEL_SET = Resource(
    kind="aws_guardduty_threat_intel_set",
    description="Addresses that a detector takes for hostile.",
    call=Call("guardduty", "list_threat_intel_sets", "ThreatIntelSetIds[].{ThreatIntelSetId: @}", {"DetectorId": "{id}"}),
    each=DETECTOR.kind,
    inherits={"detector_id": "id"},
    id="ThreatIntelSetId",
    name="Name",
    arn=DETECTOR_ARN + "{detector_id}/threatintelset/{id}",
    details=(_described("get_threat_intel_set", ThreatIntelSetId="{id}"),),
    edges=(Link(DETECTOR.kind, "_parent.id"), stored_in("Location")),
    read=OF_DETECTOR,
    gone=GONE,
    ended="status == 'DELETED' || status == 'DELETE_PENDING'",
    delete=Action("delete_threat_intel_set", {**OF_DETECTOR, "ThreatIntelSetId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

DESTINATION = Resource(
    kind="aws_guardduty_publishing_destination",
    description="Where a detector puts what it finds.",
    call=Call("guardduty", "list_publishing_destinations", "Destinations", {"DetectorId": "{id}"}),
    each=DETECTOR.kind,
    inherits={"detector_id": "id"},
    id="DestinationId",
    arn=DETECTOR_ARN + "{detector_id}/publishingdestination/{id}",
    details=(_described("describe_publishing_destination", DestinationId="{id}"),),
    edges=(
        Link(DETECTOR.kind, "_parent.id"),
        Link("aws_s3_bucket", "DestinationProperties.DestinationArn | split(last(@, ':'), '/')[0]", by="name", child=True),
        encrypted_by("DestinationProperties.KmsKeyArn"),
    ),
    read=OF_DETECTOR,
    gone=GONE,
    delete=Action("delete_publishing_destination", {**OF_DETECTOR, "DestinationId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (DETECTOR, MEMBER, FILTER, IP_SET, THREAT_INTEL_SET, DESTINATION)
