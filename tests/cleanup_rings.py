"""A cloud of things that name each other, like security groups: what another one names cannot be deleted, but one can let go of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from resh.graph.base import Document
from tests.cleanup_fakes import FakeCloud, node, refused
from tests.cleanup_world import World

Pairs = Iterable[tuple[str, str]]


class RingCloud(FakeCloud):
    """Only volumes let go, and only of volumes. `detach_errors` are raised by the detachment of an id, one after the other."""

    def __init__(self, documents: Iterable[Document]) -> None:
        super().__init__(documents)
        self.cut: list[tuple[str, str]] = []
        self.detach_errors: dict[str, list[BaseException]] = {}
        self.on_ties: Callable[[str], None] = lambda id: None
        self.on_users: Callable[[str], None] = lambda id: None

    def home(self, node: Document) -> str:
        return str(node["reported"].get("home") or "")

    def detaches(self, kind: str, other: str) -> str:
        return "ec2:LetGo" if kind == other == "aws_ec2_volume" else ""

    def ties(self, node: Document, others: Collection[str]) -> Sequence[Mapping[str, Any]]:
        self.on_ties(node["id"])
        return [{"of": node["id"], "names": name} for name in self.live[node["id"]]["names"] if name in others]

    def users(self, node: Document) -> Sequence[str]:
        self.on_users(node["id"])
        return [id for id, live in self.live.items() if node["id"] in live["names"]]

    def detach(self, node: Document, ties: Sequence[Mapping[str, Any]]) -> None:
        for tie in ties:
            if self.detach_errors.get(node["id"]):
                raise self.detach_errors[node["id"]].pop(0)
            assert tie["of"] == node["id"]
            self.live[node["id"]]["names"].remove(tie["names"])
            self.cut.append((node["id"], tie["names"]))

    def delete(self, document: Document) -> None:
        if any(document["id"] in other["names"] for id, other in self.live.items() if id != document["id"]):
            raise refused("DependencyViolation")
        super().delete(document)


def naming(pairs: Pairs, states: Mapping[str, str] | None = None, kinds: Mapping[str, str] | None = None) -> list[Document]:
    """Of pairs (who names, who is named); all are marked but those with another state."""
    listed = [*pairs]
    documents = []
    for id in sorted({id for pair in listed for id in pair}):
        state = (states or {}).get(id, "marked")
        metadata = {state: True} if state in ("protected", "stale") else {}
        names = sorted(other for one, other in listed if one == id)
        kind = (kinds or {}).get(id, "aws_ec2_volume")
        documents.append(node(id, kind, clean="" if state == "unmarked" else "old", metadata=metadata, names=names))
    return documents


def ring(folder: Path, pairs: Pairs, **options: Any) -> tuple[World, RingCloud]:
    """`states` and `kinds` are those of the nodes; the rest are settings."""
    listed = [*pairs]
    documents = naming(listed, options.pop("states", None), options.pop("kinds", None))
    edges = {(named, namer) for namer, named in listed}
    world = World(folder / "journal.jsonl", documents, edges, {"max_graph_age": "100y", **options}, RingCloud)
    assert isinstance(world.cloud, RingCloud)
    return world, world.cloud
