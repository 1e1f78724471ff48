"""Last snapshots of what is deleted, and of all that its deletion destroys as well (`losses.py`): nothing goes before they are complete.

keeping = Keeping(providers, store)
kept = keeping.begin(item, document, "20261129104500")     # Kept(name, ids, …): begun
keeping.pending(kept)                                      # ids that are not complete yet
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from resh.cleanup.deed import Stopped
from resh.cleanup.losses import losses
from resh.cleanup.plan import PlanItem
from resh.clock import iso
from resh.errors import UsageError
from resh.graph.base import Document, GraphStore
from resh.providers.base import Careful, Provider

_NAME = 30
"""Characters of an id in the name of a snapshot: some services allow 50 in all."""


class Lost(NamedTuple):
    """One that goes with something else, and its snapshots."""

    document: Document
    ids: tuple[str, ...]


class Kept(NamedTuple):
    """`name` is that of its own last snapshot, `own` what the cloud calls it; `lost` are others that go with it."""

    cloud: str
    document: Document
    name: str
    own: tuple[str, ...]
    lost: tuple[Lost, ...]

    @property
    def ids(self) -> list[str]:
        return [*self.own, *(id for lost in self.lost for id in lost.ids)]


@dataclass(frozen=True, slots=True)
class Keeping:
    providers: Mapping[str, Provider]
    store: GraphStore

    def begin(self, item: PlanItem, document: Document, now: float) -> Kept:
        """Raises CallFailed; Stopped where something that goes with it cannot be kept: then nothing is deleted."""
        provider = self.providers[item.cloud]
        if not isinstance(provider, Careful):
            return Kept(item.cloud, document, "", (), ())
        name = snapshot_name(item.rid, now)
        own = tuple(provider.keep(document, name))
        lost = () if own else tuple(self._lost(provider, document, now, {document["id"]}))
        return Kept(item.cloud, document, name, own, lost)

    def pending(self, kept: Kept) -> list[str]:
        """Raises CallFailed, also when one will never be complete."""
        provider = self.providers[kept.cloud]
        if not isinstance(provider, Careful):
            return []
        own = [] if not kept.own or provider.is_kept(kept.document, kept.own) else [*kept.own]
        return own + [id for lost in kept.lost if not provider.is_lost_kept(lost.document, lost.ids) for id in lost.ids]

    def _lost(self, provider: Provider, document: Document, now: float, seen: set[str]) -> Iterator[Lost]:
        """What is kept of something has all that goes with that in it: the snapshots of an instance are those of its volumes."""
        for loss in losses(document, self.store, provider):
            other = None if loss.id in seen else self.store.node(loss.id)
            seen.add(loss.id)
            if other is None or provider.read(other) is None:
                continue
            if ids := self._begun(provider, other, now):
                yield Lost(other, ids)
            else:
                yield from self._lost(provider, other, now, seen)

    def _begun(self, provider: Provider, other: Document, now: float) -> tuple[str, ...]:
        assert isinstance(provider, Careful)
        try:
            return tuple(provider.keep_lost(other, snapshot_name(str(other["reported"].get("id") or other["id"]), now)))
        except UsageError as error:
            raise Stopped(f"it takes others along, and {error.message}") from None


def snapshot_name(rid: str, now: float) -> str:
    """`resh-vol-0f3a91c2aa01e77d1-20261129104500`: within what all services allow."""
    name = re.sub(r"[^a-z0-9]+", "-", rid.lower()).strip("-")[:_NAME].rstrip("-")
    return f"resh-{name}-{re.sub('[^0-9]', '', iso(now))[:14]}"
