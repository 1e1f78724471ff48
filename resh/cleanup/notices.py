"""Who must be told of a grace period: first of its beginning, then, `cleanup.warn_before` its end, of what is coming.

    for notice in due(documents, now, before=86400):
        ...                                        # an event, a message
        told(store, notice, now)

Nothing is deleted after a grace period of which nobody was warned (`policy.py`). Where the time for that was missed, because nothing ran
meanwhile or clean-up was off, the warning comes late and the period lasts as much longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from resh.clock import iso
from resh.durations import parse_time
from resh.errors import BadValue
from resh.graph.base import Document, GraphStore


@dataclass(frozen=True, slots=True)
class Notice:
    """Resources that one rule, job or person marked. `until` (epoch seconds) is when the first of them may be deleted."""

    by: str
    warns: bool
    """Whether it is the last one, shortly before the end."""
    late: bool
    """Whether their grace periods were over: now they last until `until`."""
    until: float
    documents: tuple[Document, ...]

    @property
    def text(self) -> str:
        return f"{len(self.documents)} marked by {self.by} will be deleted from {iso(self.until)} on"


def due(marked: Iterable[Document], now: float, before: float) -> list[Notice]:
    """Of the marked resources, what is to be told now; with `before` 0 nobody is warned."""
    groups: dict[tuple[str, bool, bool], list[tuple[float, Document]]] = {}
    for document in marked:
        desired = document.get("desired") or {}
        end = None if desired.get("clean_warned") else _end(desired, now)
        if end is not None:
            warns = bool(before) and end - before <= now
            if warns or not desired.get("clean_told"):
                key = (str(desired.get("clean_by") or "unknown"), warns, warns and end <= now)
                groups.setdefault(key, []).append((end, document))
    return [
        Notice(by, warns, late, now + before if late else min(end for end, _ in group), tuple(document for _, document in group))
        for (by, warns, late), group in groups.items()
    ]


def _end(desired: Mapping[str, Any], now: float) -> float | None:
    """Of its grace period; None where there is none, or one that cannot be read: then nothing is deleted."""
    try:
        return parse_time(str(desired["clean_after"]), now) if desired.get("clean_after") else None
    except BadValue:
        return None


def told(store: GraphStore, notice: Notice, now: float) -> None:
    """Note that people know of it."""
    patch: dict[str, Any] = {"clean_told": iso(now)}
    if notice.warns:
        patch["clean_warned"] = iso(now)
    if notice.late:
        patch["clean_after"] = iso(notice.until)
    store.mark([document["id"] for document in notice.documents], "desired", patch, by=notice.by)


def unwarned(document: Document) -> bool:
    """Whether its mark has a grace period of whose end nobody was warned."""
    desired = document.get("desired") or {}
    return bool(desired.get("clean_after")) and not desired.get("clean_warned")
