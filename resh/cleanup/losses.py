"""What else a deletion would destroy, and whether that may be: an instance takes volumes with it, an auto scaling group its instances.

    objection(document, store, kinds, provider)      # 'would destroy aws_ec2_volume vol-0f3a too: protected: database of the shop'

The plan asks when it is drawn up, the guard again just before the call.
"""

from __future__ import annotations

from resh.cleanup.marking import is_marked
from resh.cleanup.protection import refusal
from resh.graph.base import Document, GraphStore
from resh.model.kinds import Kinds
from resh.providers.base import Loss, Provider


def objection(document: Document, store: GraphStore, kinds: Kinds, provider: Provider) -> str:
    """Why the resource must stay for the sake of others; empty when nothing is lost that should not be."""
    for loss in provider.losses(document):
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
