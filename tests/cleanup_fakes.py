"""A graph and a cloud in memory, with just what clean-up asks of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from threading import Lock
from typing import Any, cast

from resh.cleanup.mark_tag import NOTED
from resh.cleanup.quarantine import QUARANTINED
from resh.clock import FakeClock, iso
from resh.errors import CallFailed
from resh.graph.base import Account, Document, GraphStore
from resh.graph.freshness import About, Freshness
from resh.model.kinds import Kind, Kinds
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.base import Loss, Provider

ALLOWED = {"accounts": ["*"], "max_deletions": 0, "max_percent": 100, "max_kind_percent": 100}
"""Settings of clean-up that stop nothing."""

KINDS = Kinds(
    (
        Kind("resource", bases=()),
        Kind("volume"),
        Kind("instance"),
        Kind("aws_ec2_volume", bases=("volume",)),
        Kind("aws_ec2_instance", bases=("instance",)),
        Kind("aws_vpc"),
        Kind("aws_ec2_instance_type", phantom=True),
    )
)


def node(id: str, kind: str = "aws_ec2_volume", *, clean: str = "", metadata: Mapping[str, Any] | None = None, **reported: Any) -> Document:
    """A node document; `clean` is the reason of its mark."""
    return {
        "id": id,
        "kind": kind,
        "reported": {"id": id, "kind": kind, "name": id, "tags": {}, **reported},
        "desired": {"clean": True, "clean_reason": clean, "clean_by": "ada"} if clean else {},
        "metadata": {"last_seen": iso(FakeClock().now()), **(metadata or {})},
        "created": "2020-01-01T00:00:00Z",
        "ancestors": {
            level: {"reported": {"id": name, "name": name}} for level, name in (("cloud", "aws"), ("account", "1"), ("region", "eu"))
        },
    }


class FakeGraph:
    def __init__(self, documents: Iterable[Document] = (), edges: Iterable[tuple[str, str]] = ()) -> None:
        self.documents = {document["id"]: document for document in documents}
        self.edges = set(edges)
        self.removed: list[str] = []
        self.stale = Freshness()
        self.defaults: set[tuple[str, str]] = set()
        self.read_kinds: tuple[str, ...] = ()

    def freshness(self, about: About = dict) -> Freshness:
        return self.stale

    def accounts(self) -> list[Account]:
        return []

    def node(self, id: str) -> Document | None:
        return deepcopy(self.documents.get(id))

    def neighbours(self, ids: Sequence[str], edge_type: str) -> list[tuple[str, str]]:
        asked = set(ids)
        return [edge for edge in sorted(self.edges if edge_type == "delete" else self.defaults) if asked & set(edge)]

    def mark(self, ids: Sequence[str], section: str, patch: Mapping[str, Any], *, by: str) -> int:
        for id in ids:
            merged = {**self.documents[id][section], **patch}
            self.documents[id][section] = {key: value for key, value in merged.items() if value is not None}
        return len(ids)

    def remove(self, id: str, *, by: str) -> bool:
        self.removed.append(id)
        return self.documents.pop(id, None) is not None

    def search(self, text: str) -> list[Document]:
        """Understands only what is marked or protected, and by whom."""
        if text == NOTED:
            return [deepcopy(document) for document in self.documents.values() if document["metadata"].get("clean_tag")]
        if text == QUARANTINED:
            return [deepcopy(document) for document in self.documents.values() if document["metadata"].get("quarantined")]
        if text.startswith("/metadata.protected == true"):
            by = text.partition('protected_by == "')[2].rstrip('"')
            return [deepcopy(node) for node in self.documents.values() if node["metadata"].get("protected_by") == by]
        by = text.partition('clean_by == "')[2].rstrip('"')
        desired = ((document, document["desired"]) for document in self.documents.values())
        return [deepcopy(document) for document, wish in desired if wish.get("clean") and (not by or wish.get("clean_by") == by)]

    def scopes(self, *, bad_only: bool = False) -> list[tuple[ScopeReport, float]]:
        """As if all kinds had been read whole."""
        counts = Counter(document["kind"] for document in self.documents.values())
        counts.update(dict.fromkeys(self.read_kinds, 0))
        return [(ScopeReport(Scope("aws", "1", "eu", kind), Status.OK, count), FakeClock().now()) for kind, count in counts.items()]

    @property
    def store(self) -> GraphStore:
        return cast(GraphStore, self)


class FakeCloud:
    """Holds what is really there. `errors` are raised by the delete of an id, one after the other; `on_read` hears of each read.

    `takes` says what an id takes with it, and whether that must be marked.
    """

    name = "aws"

    def __init__(self, documents: Iterable[Document]) -> None:
        self.live = {document["id"]: deepcopy(document["reported"]) for document in documents}
        self.errors: dict[str, list[Exception]] = {}
        self.on_read: Callable[[str], None] = lambda id: None
        self.on_delete: Callable[[str], None] = lambda id: None
        self.deleted: list[str] = []
        self.takes: dict[str, list[tuple[str, bool]]] = {}
        self.arns: list[str] = []
        self.tags: list[tuple[str, str, str]] = []
        self._lock = Lock()

    def tag(self, document: Document, key: str, value: str) -> None:
        self.tags.append((document["id"], key, value))
        reported = self.live.get(document["id"], {})
        reported["tags"] = {**(reported.get("tags") or {}), key: value}

    def untag(self, document: Document, key: str) -> None:
        self.tags.append((document["id"], key, ""))
        reported = self.live.get(document["id"], {})
        reported["tags"] = {other: value for other, value in (reported.get("tags") or {}).items() if other != key}

    def kinds(self) -> list[Kind]:
        return []

    def myself(self) -> list[str]:
        return self.arns

    def undeletable(self, document: Document) -> str:
        return "it belongs to the cloud" if document["kind"] == "aws_fixed" else ""

    def losses(self, document: Document) -> list[Loss]:
        return [Loss(id, id, marked) for id, marked in self.takes.get(document["id"], ())]

    def read(self, document: Document) -> dict[str, Any] | None:
        self.on_read(document["id"])
        return deepcopy(self.live.get(document["id"]))

    def delete(self, document: Document) -> None:
        id = document["id"]
        self.on_delete(id)
        with self._lock:
            if self.errors.get(id):
                raise self.errors[id].pop(0)
            del self.live[id]
            self.deleted.append(id)

    @property
    def provider(self) -> Provider:
        return cast(Provider, self)


def refused(code: str) -> CallFailed:
    return CallFailed("ec2:Delete", code, f"{code} says the cloud")
