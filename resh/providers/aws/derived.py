"""The long tail: kinds that no catalog describes, made of `derived.json`, for those who set `aws.derived_kinds`.

    resources(catalog.resources)        # a Resource for each kind that these do not cover

What a catalog reads by any of its calls, or names alike, it covers. The kinds are `aws_derived` beside `resource`; types and descriptions
of their properties come from the service model, as for every other kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from resh.model.kinds import Kind
from resh.providers.aws.operations import Operation, reads
from resh.providers.catalog import Call, Link, Resource
from resh.record import Record

FILE = Path(__file__).with_name("derived.json")

BASE = Kind("aws_derived", ("resource",), "A resource of AWS that no catalog describes: its kind is derived from the API.")

_PARTLY_COVERED = frozenset(("aws_rds_db_parameter_group", "aws_rds_db_cluster_parameter_group"))
"""Catalogs read their listings, and take only what is of DocumentDB and Neptune."""

_NOUN = re.compile(r"(?:list|describe|get)_(\w+?)s?$")


class Derived(Record):
    """One kind: names as botocore has them. `everywhere`: the service has one endpoint for all regions. `links` are (kind, member, by)."""

    name: str
    service: str
    operation: str
    items: str
    id: str
    called: str = ""
    ctime: str = ""
    arn: str = ""
    tags: str = ""
    everywhere: bool = False
    links: tuple[tuple[str, str, str], ...] = ()


def kinds() -> list[Derived]:
    return [Derived(**dict(zip(Derived._fields, row, strict=True))) for row in json.loads(FILE.read_text("utf-8"))]


def resources(others: Iterable[Resource]) -> Iterator[Resource]:
    others = tuple(others)
    names = {other.kind for other in others}
    covered = {_noun(operation) for other in others for operation in (*reads(other), (other.call.service, other.call.operation))}
    for kind in kinds():
        is_covered = _noun((kind.service, kind.operation)) in covered and kind.name not in _PARTLY_COVERED
        if kind.name not in names and not is_covered:
            yield _resource(kind, names)


def _noun(operation: Operation) -> Operation:
    """`list_clusters` and `describe_clusters` are about the same."""
    found = _NOUN.match(operation[1])
    return operation[0], found[1] if found else operation[1]


def _resource(kind: Derived, known: set[str]) -> Resource:
    noun = kind.name.split("_", 2)[2]
    return Resource(
        kind=kind.name,
        bases=(BASE.name,),
        description=f"What {kind.service}:{_title(kind.operation)} lists; derived from the API.",
        call=Call(kind.service, kind.operation, kind.items),
        id=kind.id,
        prefix=noun,
        name=kind.called,
        ctime=kind.ctime,
        arn=kind.arn,
        tags=kind.tags,
        is_global=kind.everywhere,
        edges=tuple(Link(other, path, by) for other, path, by in kind.links if other in known),
        no_delete="its kind is derived, and no call to delete it is known: aws <service> <operation> can",
    )


def _title(operation: str) -> str:
    return "".join(part.capitalize() for part in operation.split("_"))
