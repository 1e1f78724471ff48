"""What else a deletion would destroy, and whether that may be: an instance takes volumes with it, an auto scaling group its instances.

    objection(document, store, kinds, provider)      # 'would destroy aws_ec2_volume vol-0f3a too: protected: database of the shop'

The plan asks when it is drawn up, the guard again just before the call.
"""

from __future__ import annotations

from collections.abc import Iterator

from resh.cleanup.marking import is_marked
from resh.cleanup.protection import refusal
from resh.graph.base import Document, GraphStore
from resh.model.kinds import Kinds
from resh.providers.base import Loss, Provider, TakingBelow


def losses(document: Document, store: GraphStore, provider: Provider) -> Iterator[Loss]:
    """What the resource names by ids, and what its edges lead to."""
    yield from provider.losses(document)
    kinds = provider.takes_below(document["kind"]) if isinstance(provider, TakingBelow) else ()
    for source, target in store.neighbours([document["id"]], "default") if kinds else ():
        other = store.node(target) if source == document["id"] else None
        if other is not None and other["kind"] in kinds:
            yield Loss(target, f"{other['kind']} {other['reported'].get('id')}", marked=False)


def objection(document: Document, store: GraphStore, kinds: Kinds, provider: Provider) -> str:
    """Why the resource must stay for the sake of others; empty when nothing is lost that should not be."""
    for loss in losses(document, store, provider):
        if why := _objection(loss, store, kinds, provider):
            return f"would destroy {loss.name} too: {why}"
    return ""


def _objection(loss: Loss, store: GraphStore, kinds: Kinds, provider: Provider) -> str:
    other = store.node(loss.id)
    if other is None:
        return "not in the graph" if loss.marked else ""
    if loss.marked and not is_marked(other):
        return "not marked"
    return refusal(other, kinds) or objection(other, store, kinds, provider)
