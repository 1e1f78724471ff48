"""Kinds out of the service models that botocore ships: every operation that lists something and asks for nothing.

    for kind in derive(model): kind.name, kind.operation, kind.id       # aws_amp_workspace, list_workspaces, workspaceId

`python -m resh.providers.aws.derive` writes them to `derived.json`, which is what a collect reads: to go through four hundred models takes
half a minute. Which of them a catalog covers better is not decided here, see `derived.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore import xform_name

from resh.providers.aws.derived import FILE, Derived
from resh.providers.mapping import snake

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel

_LISTS = re.compile(r"(?:List|Describe|Get)([A-Z]\w*?)$")
_NOT_THINGS = re.compile(
    r"Offering|Pricing|Price|Version|Catalog|Event|Histor|Metric|Statistic|Quota|Limit|Finding|Recommendation|Suggest|Prediction"
    r"|Tags?$|TagKeys|TagValues|Attributes?$|Settings?$|Options?$|Status(?:es)?$|Availab|Supported|Eligib|Orderable|Types?$|Classes$"
    r"|Blueprint|Bundles?$|Foundation|Public|Managed|Shared|Default|Received|Pending|Languages?$|Locations?$|Regions?$|Zones?$|Operations?$"
    r"|Executions?$|Jobs?$|Runs?$|Tasks?$|Sessions?$|Messages?$|Records?$|Logs?$|Activit|Notification|Usage|Cost|Summar|Estimat|Forecast"
    r"|Orders?$|Invoic|Credentials|Tokens?$|Permissions?$|Modifications?$|Actions?$|Errors?$|Trends?$|Insights?$|For[A-Z]|Format$"
    r"|Voices?$|SslPolic|^SecurityPolic|RulesPackages|SigningPlatforms?$|^Resources?$|Levels?$|Results?$|Data$|Assessments?$|Steps?$|LoadBalancerPolic|Recycle|Proposals?$|Delegated|Provider(?:Services|Types)$"
)
"""What is no resource of the account: what AWS offers, what happened, what was measured, what is about another thing."""
_THINGS = re.compile(
    r"DhcpOptions|EventSourceMappings|EventDataStores|EventSubscriptions|InstanceEventWindows|TrafficMirrorSessions|MetricStreams|FleetMetrics"
    r"|EventTrackers|ReplicationTasks|ScheduledActions|UsageLimits|UsagePlans|UsageProfiles|LFTags|TagOptions|ThingTypes|LandingZones"
    r"|SourceLocations|NotificationRules|NotificationChannels|NotificationConfigurations|Findings?(?:Filters|Aggregators)|MitigationActions"
    r"|CostCategoryDefinitions|PricingPlans|PricingRules|ServiceSpecificCredentials|SourceCredentials|ServiceActions|SignalCatalogs"
    r"|(?:Browser|DataProtection|IpAccess|Network|User|UserAccessLogging)Settings"
)
"""What people make and keep all the same, though its name has such a word."""
_JOBS = frozenset(("glue", "databrew"))
"""Services whose jobs are what is run again and again, not a run."""
_TWINS = frozenset(("docdb", "neptune", "es", "kinesisanalytics", "sdb", "support", "health", "mturk", "importexport"))
"""Services that list what another one lists as well, under an API of theirs, or nothing that is the account's own."""
_LINKS = {
    "vpcid": ("aws_vpc", "id"),
    "subnetid": ("aws_ec2_subnet", "id"),
    "securitygroupid": ("aws_ec2_security_group", "id"),
    "rolearn": ("aws_iam_role", "arn"),
    "servicerolearn": ("aws_iam_role", "arn"),
    "executionrolearn": ("aws_iam_role", "arn"),
    "kmskeyarn": ("aws_kms_key", "arn"),
    "kmskeyid": ("aws_kms_key", "id"),
}
"""Members that name a resource of another kind: the kind, and what it is known by."""
_PARTS = ("Id", "Identifier", "Arn", "ARN", "Name")
_CREATED = re.compile(r"(?i)^(?:\w*creat\w*|launch\w*|start)(?:time|date|at|on|timestamp|datetime|d)?$")
_TEXTS = re.compile(r"\w+(?:Name|Id|Arn|ARN)s$")
_PAGES = re.compile(r"(?i)token|marker|next|truncated|max|total|count|results|hasmore")


class _Listing(NamedTuple):
    items: str
    """The JMESPath to the list."""
    members: Mapping[str, Any]
    """What an item has, by name."""


def derive(model: ServiceModel, everywhere: bool = False) -> Iterator[Derived]:
    """Each noun once: the operation that tells most of it."""
    if model.service_name in _TWINS:
        return
    best: dict[str, tuple[int, Derived]] = {}
    for name in model.operation_names:
        operation = model.operation_model(name)
        noun = _LISTS.match(name)
        if not noun or not _is_thing(model.service_name, noun[1]) or _is_closed(operation):
            continue
        listing = _listing(operation)
        found = listing and _of(operation, noun[1], listing, everywhere)
        if listing and found and (found.name not in best or best[found.name][0] < len(listing.members)):
            best[found.name] = len(listing.members), found
    for _, found in best.values():
        yield found


def _is_thing(service: str, noun: str) -> bool:
    return bool(_THINGS.fullmatch(noun)) or (service in _JOBS and noun == "Jobs") or not _NOT_THINGS.search(noun)


def _is_closed(operation: OperationModel) -> bool:
    """It asks for something, streams, or is gone."""
    shape = operation.input_shape
    return bool(shape and shape.required_members) or operation.has_streaming_output or operation.deprecated


def _listing(operation: OperationModel) -> _Listing | None:
    """The one list of an answer that has nothing else but pages; one of texts where its name says what they are (`StreamNames`)."""
    found: Mapping[str, Any] = operation.output_shape.members if operation.output_shape else {}
    lists = {name: member.member for name, member in found.items() if member.type_name == "list"}
    things = [name for name, item in lists.items() if item.type_name == "structure"] or [name for name in lists if _TEXTS.match(name)]
    if len(things) != 1 or not all(_PAGES.search(name) for name in found if name != things[0]):
        return None
    name, item = things[0], lists[things[0]]
    if item.type_name == "structure":
        return _Listing(name, item.members)
    return _Listing(f"{name}[].{{{name[:-1]}: @}}", {name[:-1]: item})


def _of(operation: OperationModel, noun: str, listing: _Listing, everywhere: bool) -> Derived | None:
    single, members = singular(noun), listing.members
    id = _identity(members, single) or _identity(members, noun)
    if not id:
        return None
    service = operation.service_model.service_name
    return Derived(
        kind_name(service, single),
        service,
        xform_name(operation.name),
        listing.items,
        id,
        _named(members, single, ("Name",), "string"),
        _created(members, noun.startswith("Scheduled")),
        _named(members, single, ("Arn", "ARN"), "string"),
        next((name for name, member in members.items() if name.lower() in ("tags", "taglist", "tagset") and _is_tags(member)), ""),
        everywhere,
        tuple(_links(members)),
    )


def _links(members: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, member in members.items():
        kind, by = _LINKS.get(name.lower(), _LINKS.get(singular(name).lower(), ("", "")))
        if kind and (member.type_name == "string" or (member.type_name == "list" and member.member.type_name == "string")):
            yield kind, name, by


def _created(members: Mapping[str, Any], is_planned: bool) -> str:
    """What is planned was there before it starts."""
    times = [name for name, member in members.items() if member.type_name == "timestamp" and _CREATED.match(name)]
    return next((name for name in times if not (is_planned and name.lower().startswith("start"))), "")


def _identity(members: Mapping[str, Any], single: str) -> str:
    """The member that says which one it is."""
    return next((found for part in _PARTS if (found := _named(members, single, (part,), "string"))), "")


def _named(members: Mapping[str, Any], single: str, parts: tuple[str, ...], type: str) -> str:
    """`WorkspaceId`, `workspaceId`, `Id` or `id`; the last word of the noun does, too (`DBParameterGroup`: `GroupName`)."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", single)
    nouns = ["".join(words[start:]) for start in range(len(words))]
    wanted = [f"{noun}{part}".lower() for part in parts for noun in (*nouns, "")]
    lower = {name.lower(): name for name, member in members.items() if member.type_name == type}
    return next((lower[name] for name in wanted if name in lower), "")


def _is_tags(member: Any) -> bool:
    if member.type_name == "map":
        return bool(member.value.type_name == "string")
    pairs = member.type_name == "list" and member.member.type_name == "structure"
    return pairs and {name.lower() for name in member.member.members} >= {"key", "value"}


def singular(noun: str) -> str:
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if re.search(r"(?:ss|x|ch|sh|us)es$", noun):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


def kind_name(service: str, single: str) -> str:
    own = snake(single)
    short = re.sub(r"[^a-z0-9]", "", service)
    return f"aws_{short}_{own.removeprefix(f'{short}_')}"


def derive_all() -> Iterator[Derived]:
    """Of every service that botocore knows."""
    import botocore.session

    session = botocore.session.Session()
    endpoints = session.get_component("data_loader").load_data("endpoints")["partitions"][0]["services"]
    for service in session.get_available_services():
        model = session.get_service_model(service)
        yield from derive(model, not endpoints.get(model.endpoint_prefix, {}).get("isRegionalized", True))


def write(found: Iterator[Derived], path: Path = FILE) -> None:
    """A kind a line, in the order of their names, so that a difference can be read."""
    rows = sorted(json.dumps([getattr(one, name) for name in Derived._fields], separators=(",", ":")) for one in found)
    path.write_text("[\n" + ",\n".join(rows) + "\n]\n", "utf-8")


if __name__ == "__main__":
    write(derive_all())
