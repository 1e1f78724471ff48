"""The rule `expired`: what has outlived the time that its owner gave it by tag (`expiration`, `resh:expires`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey
from resh.clock import iso
from resh.graph.base import Document


@dataclass(frozen=True, slots=True)
class Expired:
    name: str = "expired"
    description: str = "what is past the time that its tags give it"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        for document in survey.documents(f'/metadata.expires < "{iso(survey.now)}"'):
            expires = (document.get("metadata") or {}).get("expires")
            if (late := survey.since(expires)) and late > 0 and not _is_over(document):
                yield Found(document["id"], f"expired {age(late)} ago ({expires})")


def _is_over(document: Document) -> bool:
    """Whether the cloud still lists it although it is deleted."""
    reported = document["reported"]
    return (reported.get("instance_status"), reported.get("volume_status")) in (("terminated", None), (None, "deleted"))
