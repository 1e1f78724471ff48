"""The rule `protector`: resources that a list names are protected, whatever marks them. It runs before all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey, identity
from resh.errors import BadValue
from resh.graph.base import Document

_PARTS = 4


@dataclass(frozen=True, slots=True)
class Protector:
    name: str = "protector"
    description: str = "resources that cleanup.rules.protector.ids lists, to be protected"
    effect: Effect = Effect.PROTECT

    def find(self, survey: Survey) -> Iterator[Found]:
        wanted = [_split(text) for text in survey.settings.list("cleanup.rules.protector.ids")]
        if not wanted:
            return
        for document in survey.documents("all"):
            if any(_fits(document, parts) for parts in wanted):
                yield Found(document["id"], "listed in cleanup.rules.protector.ids")


def _split(text: str) -> list[str]:
    """Account, region, kind and id. An id may have slashes in it, and stands alone when it has no stars before it."""
    parts = text.split("/", _PARTS - 1)
    if len(parts) == _PARTS:
        return parts
    if "/" in text and "*" in text.partition("/")[0]:
        raise BadValue(f"cleanup.rules.protector.ids: '{text}' has {len(parts)} parts", "write an id, or account/region/kind/id")
    return ["*", "*", "*", text]


def _fits(document: Document, parts: list[str]) -> bool:
    rid = str((document.get("reported") or {}).get("id") or "")
    values = (identity(document, "account"), identity(document, "region"), document["kind"], rid)
    return all(fnmatchcase(value, part) for value, part in zip(values, parts, strict=True))
