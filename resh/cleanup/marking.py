"""Marks that people and rules set: to be cleaned up, or never to be. Used by the commands clean, unclean, protect and unprotect.

    for marking in clean(store, kinds, ids, reason="forgotten", by="ada", now=clock.now()):
        marking.done, marking.why        # False, 'protected: database of the shop'

A mark is part of the graph and survives every collect; what may not be marked is refused one by one, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resh.cleanup.protection import phantom, protection
from resh.clock import iso
from resh.graph.base import Document, GraphStore, Section
from resh.model.kinds import Kinds


@dataclass(frozen=True, slots=True)
class Marking:
    """What became of one resource: `why` says what spoke against it, or that there was nothing to do."""

    id: str
    kind: str
    name: str
    done: bool
    why: str = ""


Objection = Callable[[Document], str]

MARK = ("clean", "clean_reason", "clean_by", "clean_at", "clean_after", "clean_told", "clean_warned", "clean_with")
"""All that a mark is, in `desired`: see `notices.py` for who was told of it, `rules/cascade.py` for what it goes along with."""


def clean(
    store: GraphStore,
    kinds: Kinds,
    ids: Iterable[str],
    *,
    reason: str,
    by: str,
    now: float,
    after: float | None = None,
    along: Sequence[str] = (),
) -> list[Marking]:
    """Mark for clean-up, `after` (epoch seconds) if not at once, `along` with others. Refuses phantom kinds and what is protected."""
    mark = {"clean": True, "clean_reason": reason or None, "clean_by": by, "clean_at": iso(now)}
    more = {"clean_after": after and iso(after), "clean_with": list(along) or None}
    patch = {**dict.fromkeys(MARK), **mark, **more}
    return _mark(store, ids, "desired", patch, by, lambda document: phantom(document, kinds) or protection(document))


def unclean(store: GraphStore, ids: Iterable[str], *, by: str) -> list[Marking]:
    """Take the mark away."""
    return _mark(store, ids, "desired", dict.fromkeys(MARK), by, lambda document: "" if is_marked(document) else "not marked")


def protect(store: GraphStore, kinds: Kinds, ids: Iterable[str], *, reason: str, by: str, now: float) -> list[Marking]:
    """Protect from every clean-up, whatever marks it. Refuses phantom kinds, which nothing deletes anyway."""
    patch = {"protected": True, "protected_reason": reason or None, "protected_by": by, "protected_at": iso(now)}
    return _mark(store, ids, "metadata", patch, by, lambda document: phantom(document, kinds))


def unprotect(store: GraphStore, ids: Iterable[str], *, by: str) -> list[Marking]:
    """Take the protection away. A protecting tag is the cloud's, and stays."""
    patch = dict.fromkeys(("protected", "protected_reason", "protected_by", "protected_at"))
    return _mark(store, ids, "metadata", patch, by, _not_protected)


def is_marked(document: Document) -> bool:
    return bool((document.get("desired") or {}).get("clean"))


def goes_with(document: Document) -> tuple[str, ...]:
    """Ids of what its mark takes it along with; none when it was marked for itself."""
    roots = (document.get("desired") or {}).get("clean_with")
    return tuple(map(str, roots)) if isinstance(roots, list) else ()


def _not_protected(document: Document) -> str:
    if (document.get("metadata") or {}).get("protected"):
        return ""
    return protection(document) or "not protected"


def _mark(
    store: GraphStore, ids: Iterable[str], section: Section, patch: Mapping[str, Any], by: str, objection: Objection
) -> list[Marking]:
    markings = [_judge(store, id, objection) for id in ids]
    accepted = [marking.id for marking in markings if marking.done]
    if accepted:
        store.mark(accepted, section, patch, by=by)
    return markings


def _judge(store: GraphStore, id: str, objection: Objection) -> Marking:
    document = store.node(id)
    if document is None:
        return Marking(id, "", "", False, "not in the graph")
    why = objection(document)
    return Marking(id, document["kind"], name_of(document), not why, why)


def label(document: Document) -> str:
    """How a resource is called in reasons: `scratch (aws_ec2_volume)`."""
    return f"{name_of(document)} ({document['kind']})"


def name_of(document: Document) -> str:
    reported = document.get("reported") or {}
    return str(reported.get("name") or reported.get("id") or document["id"])
