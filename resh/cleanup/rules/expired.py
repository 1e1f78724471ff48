"""The rule `expired`: what has outlived the time that its owner gave it by tag (`expiration`, `resh:expires`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Documents, age
from resh.clock import iso
from resh.durations import parse_time
from resh.graph.base import Document
from resh.settings import Settings


@dataclass(frozen=True, slots=True)
class Expired:
    name: str = "expired"
    description: str = "what is past the time that its tags give it"

    def find(self, documents: Documents, settings: Settings, now: float) -> Iterator[tuple[str, str]]:
        for document in documents(f'/metadata.expires < "{iso(now)}"'):
            expires = (document.get("metadata") or {}).get("expires")
            if expires and (late := now - parse_time(str(expires), now)) > 0 and not _is_over(document):
                yield document["id"], f"expired {age(late)} ago ({expires})"


def _is_over(document: Document) -> bool:
    """Whether the cloud still lists it although it is deleted."""
    reported = document["reported"]
    return (reported.get("instance_status"), reported.get("volume_status")) in (("terminated", None), (None, "deleted"))
