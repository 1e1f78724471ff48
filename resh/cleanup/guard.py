"""The last look before a deletion: is the mark still there, and the resource still what it was when it was planned?

    seen = guard.look(item)
    if isinstance(seen, Result):
        ...                          # gone, or skipped with the reason
    else:
        delete(item, seen)           # the document as it stands

The graph is asked twice, before and after the cloud: reading the cloud takes long enough for a person to press unclean or protect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resh.cleanup import losses
from resh.cleanup.drift import changes, fingerprint
from resh.cleanup.mark_tag import with_own_tag
from resh.cleanup.marking import is_marked
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import PlanItem, Say, nothing
from resh.cleanup.policy import protecting_tag
from resh.cleanup.protection import TAG, refusal, tagged
from resh.graph.base import Document, GraphStore
from resh.model.kinds import Kinds
from resh.providers.base import Provider

_SHOWN = 3
"""Changed properties named in a reason."""


@dataclass(frozen=True, slots=True)
class Guard:
    store: GraphStore
    kinds: Kinds
    providers: Mapping[str, Provider]
    objection: Say = nothing
    """What else speaks against a resource."""
    protected_tags: tuple[str, ...] = ()

    def look(self, item: PlanItem, *, again: bool = False) -> Document | Result:
        """The document to delete, or what keeps it from being deleted. Raises CallFailed when the cloud cannot be read.

        `again`: its deletion was begun before, and what came before the last call of it may have been done.
        """
        before = self.in_graph(item)
        if isinstance(before, Result):
            return before
        live = self.providers[item.cloud].read(before)
        if live is None:
            return Result(item, Outcome.GONE)
        if tagged(live):
            return Result(item, Outcome.SKIPPED, f"protected by its tag {TAG}")
        if why := protecting_tag(live.get("tags"), self.protected_tags):
            return Result(item, Outcome.SKIPPED, why)
        if changed := changes(with_own_tag(before, live), live, less=again):
            return Result(item, Outcome.SKIPPED, f"changed since it was collected: {_listed(changed)}")
        return self.in_graph(item)

    def in_graph(self, item: PlanItem) -> Document | Result:
        """The same, as far as the graph tells: no call is made."""
        document = self.store.node(item.id)
        if document is None:
            return Result(item, Outcome.SKIPPED, "no longer in the graph")
        if not is_marked(document):
            return Result(item, Outcome.SKIPPED, "no longer marked")
        if why := refusal(document, self.kinds) or losses.objection(document, self.store, self.kinds, self.providers[item.cloud]):
            return Result(item, Outcome.SKIPPED, why)
        if fingerprint(document["reported"]) != item.fingerprint:
            return Result(item, Outcome.SKIPPED, "changed since it was planned")
        if why := self.objection(document):
            return Result(item, Outcome.SKIPPED, why)
        return document


def _listed(paths: tuple[str, ...]) -> str:
    more = len(paths) - _SHOWN
    return ", ".join(paths[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
