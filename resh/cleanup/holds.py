"""What has no deletion of its own, goes with a planned resource, and names others of the plan: it lets go of them before they go.

    holds = Holds(documents, refused, store, kinds, lets_go, home)
    holds.passes("group", "default")         # True: when the VPC of the default group goes, its rules are in nobody's way
    holds.refused                            # {'default of another VPC': 'default (aws_ec2_security_group) is in the way, and goes with …'}
    holds.stays(found)                       # what cannot go after all, because that VPC does not

A VPC's default security group is the example. Where it may not be touched, it is in the way like anything that is not marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from resh.cleanup.marking import label
from resh.cleanup.order import Verdict
from resh.cleanup.protection import refusal
from resh.graph.base import Document, GraphStore
from resh.model.kinds import Kinds


@dataclass(slots=True)
class Holds:
    """`lets_go(one, other)` is the call by which one document lets go of the other, `home(document)` the id of what it goes with."""

    documents: Mapping[str, Document]
    may_not_go: Mapping[str, str]
    store: GraphStore
    kinds: Kinds
    lets_go: Callable[[Document, Document], str]
    home: Callable[[Document], str]
    refused: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    """The homes of those that let go, by them and what they let go of."""
    _holders: dict[str, Document | None] = field(default_factory=dict)

    def passes(self, id: str, other: str) -> bool:
        """Whether a planned resource need not wait for what names it, because that will have let go."""
        document = self.documents.get(id)
        if document is None or (other in self.documents and other not in self.may_not_go):
            return False
        holder = self._holder(other)
        if holder is None or not (home := self.home(holder)) or not self.lets_go(holder, document):
            return False
        if why := self._objection(holder, home):
            self.refused[other] = f"{label(holder)} is in the way: {why}"
            return False
        self.found[other, id] = home
        return True

    def stays(self, found: Mapping[str, Verdict]) -> Mapping[str, str]:
        """What must stay, because that which goes with its home stays."""
        return {
            id: f"{self.name(other)} names it and goes with {label(self.documents[home])}, which is refused"
            for (other, id), home in self.found.items()
            if found[home].why and not found[id].why
        }

    def name(self, id: str) -> str:
        holder = self._holders[id]
        return label(holder) if holder else id

    def holder(self, id: str) -> Document:
        found = self._holders[id]
        assert found is not None
        return found

    def _objection(self, holder: Document, home: str) -> str:
        if why := refusal(holder, self.kinds):
            return why
        if home in self.documents and home not in self.may_not_go:
            return ""
        root = self.documents.get(home) or self.store.node(home)
        named = label(root) if root else "something that is not in the graph"
        stays = self.may_not_go.get(home) or "not marked"
        return f"it goes with {named}, which stays ({stays}), and not by itself; what it names can go when its rules name it no longer"

    def _holder(self, id: str) -> Document | None:
        if id not in self._holders:
            self._holders[id] = self.documents.get(id) or self.store.node(id)
        return self._holders[id]
