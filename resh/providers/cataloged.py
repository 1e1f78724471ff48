"""A cloud whose kinds are declared in a catalog, as far as single resources go: what is done with one, and what the catalog tells of it.

    class AwsProvider(Cataloged):
        title = "AWS"
        def _kind(self, name): ...      # how the kind is declared
        def _target(self, node): ...    # the node, and the session that reaches it

A provider adds how accounts are found and collected.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from resh.errors import UsageError
from resh.providers.base import Care, Document, Loss, Tie
from resh.providers.catalog import Resource

if TYPE_CHECKING:
    from resh.providers.actions import Target


class Cataloged(ABC):
    title: str
    """What people call the cloud."""

    @abstractmethod
    def _kind(self, name: str) -> Resource | None:
        """How it is declared; None for what is no kind of this cloud. A plan asks it for thousands."""

    @abstractmethod
    def _target(self, node: Document) -> Target:
        """What acts on it. Raises UsageError for what is no kind of this cloud; NotConfigured when nothing opens its account."""

    def _declared(self, kind: str) -> Resource:
        resource = self._kind(kind)
        if resource is None:
            raise UsageError(self._unknown(kind))
        return resource

    def _unknown(self, kind: str) -> str:
        return f"{self.title} has no kind '{kind}'"

    # -- what the catalog tells: no call is made ---------------------------------------------------------------------------------

    def api(self, kind: str) -> str:
        resource = self._kind(kind)
        return (resource.delete.service or resource.call.service) if resource and resource.delete else kind

    def undeletable(self, node: Document) -> str:
        from resh.providers.fate import undeletable

        resource = self._kind(node["kind"])
        return undeletable(resource, node) if resource else self._unknown(node["kind"])

    def losses(self, node: Document) -> Sequence[Loss]:
        from resh.providers.fate import losses

        resource = self._kind(node["kind"])
        return losses(resource, node) if resource else ()

    def takes_below(self, kind: str) -> Collection[str]:
        resource = self._kind(kind)
        return resource.takes_below if resource else ()

    def home(self, node: Document) -> str:
        from resh.providers.fate import home

        resource = self._kind(node["kind"])
        return home(resource, node) if resource else ""

    def tag_objection(self, key: str, value: str = "") -> str:
        """Why nobody may set or remove such a tag; empty when one may."""
        return ""

    def serves(self, node: Document) -> bool:
        from resh.providers.fate import serves

        resource = self._kind(node["kind"])
        return resource is not None and serves(resource, node)

    def detaches(self, kind: str, other: str) -> str:
        from resh.providers.fate import detaches

        resource = self._kind(kind)
        return detaches(resource, other) if resource else ""

    # -- what is asked of the cloud, and done there ------------------------------------------------------------------------------

    def read(self, node: Document) -> dict[str, Any] | None:
        return self._target(node).read()

    def delete(self, node: Document) -> None:
        self.delete_with(node, Care())

    def delete_with(self, node: Document, care: Care) -> None:
        self._target(node).delete(care)

    def keep(self, node: Document, name: str) -> Sequence[str]:
        return self._target(node).keep(name)

    def is_kept(self, node: Document, snapshots: Sequence[str]) -> bool:
        return self._target(node).is_kept(snapshots)

    def keep_lost(self, node: Document, name: str) -> Sequence[str]:
        return self._target(node).keep_lost(name)

    def is_lost_kept(self, node: Document, snapshots: Sequence[str]) -> bool:
        return self._target(node).is_lost_kept(snapshots)

    def is_going(self, node: Document) -> bool:
        return self._target(node).is_going()

    def isolate(self, node: Document) -> None:
        self._target(node).isolate()

    def release(self, node: Document) -> None:
        self._target(node).release()

    def ties(self, node: Document, others: Collection[str]) -> Sequence[Tie]:
        return self._target(node).ties(others)

    def users(self, node: Document) -> Sequence[str]:
        return self._target(node).users()

    def detach(self, node: Document, ties: Sequence[Tie]) -> None:
        self._target(node).detach(ties)

    def tag(self, node: Document, key: str, value: str) -> None:
        if why := self.tag_objection(key, value):
            raise UsageError(why)
        self._target(node).tag(key, value)

    def untag(self, node: Document, key: str) -> None:
        if why := self.tag_objection(key):
            raise UsageError(why)
        self._target(node).untag(key)
