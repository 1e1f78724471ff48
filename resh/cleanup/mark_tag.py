"""The tag that tells in the cloud itself that a resource is marked, and from when on it is deleted: of marks with a grace period.

    tag = MarkTag(store, change, key="resh:clean", concurrency=4)
    tag.settle(documents(MARKED), documents(NOTED), cancel)      # sets and removes it wherever the cloud has it otherwise
    tag.withdraw(unmarked, cancel)                               # of resources that were unmarked just now

`metadata.clean_tag` holds key and value of what was set, so that nothing but our own tag is ever taken off. Where nothing may be changed,
or a kind has no tags, there is none, and that is no problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from resh.cancel import Cancel
from resh.cleanup.marking import is_marked
from resh.errors import CallFailed, UsageError
from resh.graph.base import Document, GraphStore
from resh.providers.counting import carried

NOTED = "/metadata.clean_tag != null"
LONGEST = 256
"""Characters that AWS takes as a tag's value."""
_ODD = re.compile(r"[^\w +\-=.:/@]+")
"""What some services of AWS refuse in a tag's value."""

Tag = tuple[str, str]
Change = Callable[[Document, str, str | None], None]
"""Sets a tag in the cloud, or removes it (None). Raises ReshError."""


@dataclass(frozen=True, slots=True)
class MarkTag:
    """`key` is empty where no tag is to be set."""

    store: GraphStore
    change: Change
    key: str
    concurrency: int

    def settle(self, marked: Iterable[Document], noted: Iterable[Document], cancel: Cancel) -> list[str]:
        """Of all that is marked, and all whose tag we set: make the cloud say what is true. What went wrong, in words."""
        known = {document["id"]: document for document in (*marked, *noted)}
        wanted = {id: wish for id, document in known.items() if (wish := self._wanted(document)) != _set(document)}
        return self._carry_out([(known[id], wish) for id, wish in wanted.items()], cancel)

    def withdraw(self, documents: Iterable[Document], cancel: Cancel) -> list[str]:
        """Take the tag off again where we set it, and nothing asks for it any more."""
        return self.settle((), (document for document in documents if _set(document)), cancel)

    def _wanted(self, document: Document) -> Tag | None:
        desired = document.get("desired") or {}
        if not self.key or not is_marked(document) or not desired.get("clean_after"):
            return None
        text = f"delete from {desired['clean_after']} by {desired.get('clean_by')}: {desired.get('clean_reason') or ''}"
        return self.key, " ".join(_ODD.sub(" ", text).split())[:LONGEST].rstrip()

    def _carry_out(self, changes: list[tuple[Document, Tag | None]], cancel: Cancel) -> list[str]:
        def attempt(change: tuple[Document, Tag | None]) -> str:
            return "" if cancel else self._attempt(*change)

        with ThreadPoolExecutor(max(self.concurrency, 1), thread_name_prefix="mark-tag") as pool:
            problems = [text for text in pool.map(carried(attempt), changes) if text]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return [f"{problems[0]}{more}"] if problems else []

    def _attempt(self, document: Document, wish: Tag | None) -> str:
        before = _set(document)
        try:
            if before and (wish is None or wish[0] != before[0]):
                self.change(document, before[0], None)
            if wish:
                self.change(document, *wish)
        except Exception as error:  # also a provider's defect: one resource must not keep the others from their tags
            return "" if _is_no_problem(error) else f"the tag {self.key} of {document['kind']} {_rid(document)}: {error}"
        self.store.mark([document["id"]], "metadata", {"clean_tag": list(wish) if wish else None}, by="cleanup")
        return ""


def with_own_tag(document: Document, live: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the graph has of it, with the tag that was set since it was collected, where the cloud still has it."""
    reported: Mapping[str, Any] = document["reported"]
    own, there = _set(document), live.get("tags")
    if own is None or not isinstance(there, Mapping) or there.get(own[0]) != own[1]:
        return reported
    return {**reported, "tags": {**(reported.get("tags") or {}), own[0]: own[1]}}


def _set(document: Document) -> Tag | None:
    """The tag as we have set it."""
    noted = (document.get("metadata") or {}).get("clean_tag")
    return (str(noted[0]), str(noted[1])) if isinstance(noted, list) and len(noted) == 2 else None


def _is_no_problem(error: Exception) -> bool:
    """The kind has no tags, or nothing may be changed there."""
    return isinstance(error, UsageError) or (isinstance(error, CallFailed) and error.error == "ReadOnly")


def _rid(document: Document) -> str:
    return str((document.get("reported") or {}).get("id") or document["id"])
