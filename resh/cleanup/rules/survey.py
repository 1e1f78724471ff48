"""What a rule sees: the graph, the settings, the time.

    for document in survey.documents("is(aws_ec2_snapshot)"):
        if survey.read(document, "aws_ec2_image") and survey.age(document) > survey.seconds("old_snapshots", "min_age"):
            ...

Whoever concludes from something that is not there asks `read` first: what could not be read is not missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from resh.durations import parse_time
from resh.errors import BadValue
from resh.graph.base import Document, GraphStore
from resh.model.kinds import Kinds
from resh.model.scope import Status
from resh.settings import Settings

Documents = Callable[[str], Iterable[Document]]
"""Runs a search and yields node documents."""


@dataclass(frozen=True)
class Survey:
    documents: Documents
    store: GraphStore
    kinds: Kinds
    settings: Settings
    now: float

    def seconds(self, rule: str, name: str) -> float:
        return self.settings.seconds(f"cleanup.rules.{rule}.{name}")

    def since(self, text: Any) -> float | None:
        """Seconds since a time that the cloud reports; None without one, or one that cannot be read."""
        try:
            return self.now - parse_time(str(text), self.now) if text else None
        except BadValue:
            return None

    def age(self, document: Document) -> float | None:
        """Since its ctime, else since the graph first saw it. None where neither is known."""
        return self.since((document.get("reported") or {}).get("ctime") or document.get("created"))

    def below(self, ids: Iterable[str], edge_type: str = "default") -> Mapping[str, list[str]]:
        """What is one step below each of the nodes: on delete edges, what must be gone before it."""
        asked = dict.fromkeys(ids)
        found: dict[str, list[str]] = {id: [] for id in asked}
        for source, target in self.store.neighbours(list(asked), edge_type) if asked else ():
            if source in found:
                found[source].append(target)
        return found

    def above(self, ids: Iterable[str], edge_type: str = "default") -> Mapping[str, list[str]]:
        """What is one step above each of the nodes."""
        asked = dict.fromkeys(ids)
        found: dict[str, list[str]] = {id: [] for id in asked}
        for source, target in self.store.neighbours(list(asked), edge_type) if asked else ():
            if target in found:
                found[target].append(source)
        return found

    def nodes(self, ids: Iterable[str]) -> list[Document]:
        return [document for id in ids if (document := self.store.node(id)) is not None]

    def read(self, document: Document, *kinds: str) -> bool:
        """Whether each of the kinds was read whole, the last time it was asked for, where the resource lives."""
        place = (identity(document, "cloud"), identity(document, "account"), identity(document, "region"))
        return all((*place, kind) in self._read for kind in kinds)

    def of_kinds(self, patterns: Iterable[str]) -> str:
        """A search for all kinds that a pattern fits: `is(aws_vpc) or is(aws_elb)`."""
        names = [kind.name for kind in self.kinds]
        found = []
        for pattern in patterns:
            fitting = [name for name in names if fnmatchcase(name, pattern)]
            if not fitting:
                raise BadValue(f"no kind is called '{pattern}'", "kinds lists them all")
            found += fitting
        return " or ".join(f"is({name})" for name in dict.fromkeys(found))

    @cached_property
    def _read(self) -> frozenset[tuple[str, str, str, str]]:
        scopes = (report.scope for report, _ in self.store.scopes() if report.status is Status.OK)
        return frozenset((scope.cloud, scope.account, scope.region, scope.kind) for scope in scopes)


def identity(document: Document, level: str, key: str = "id") -> str:
    """The id, or what else there is, of the account, region or cloud that a resource is in."""
    ancestor = (document.get("ancestors") or {}).get(level) or {}
    return str((ancestor.get("reported") or {}).get(key) or "")


def is_alive(instance: Document) -> bool:
    return (instance.get("reported") or {}).get("instance_status") != "terminated"
