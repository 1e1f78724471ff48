"""What a rule with `cascade` takes along: all that must be gone before what it found, as far as nothing else has marked it.

    for hit in followers(found, common, survey): ...        # Found(id, "goes along with web (aws_vpc): …", along=(id of web,))

All of it or nothing: where one of them is protected, stale, of another account or too young, nothing goes along, and the plan refuses what
the rule found with the name of what is in its way. What comes along is marked like any other hit, with grace period and all guards, and
stays when that stays (`along.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from resh.cleanup.marking import is_marked, label
from resh.cleanup.protection import lets_pass, refusal
from resh.cleanup.rules.base import Found
from resh.cleanup.rules.common import Common
from resh.cleanup.rules.survey import Survey
from resh.graph.base import Document


def followers(roots: Sequence[tuple[Document, str]], common: Common, survey: Survey, by: str) -> Iterator[tuple[Document, Found]]:
    """Of roots with their reasons; `by` is who marks them."""
    below, documents = _web((document["id"] for document, _ in roots), survey)
    own = {document["id"] for document, _ in roots}
    found: dict[str, tuple[str, list[str]]] = {}
    for root, reason in roots:
        taken = list(_taken(root["id"], below, documents, own, by, survey))
        if all(_may_go(documents[id], common, survey) for id in taken):
            for id in taken:
                found.setdefault(id, (f"goes along with {label(root)}: {reason}", []))[1].append(root["id"])
    for id, (reason, along) in found.items():
        yield documents[id], Found(id, reason, along=tuple(sorted(along)))


def _web(starts: Iterable[str], survey: Survey) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Document]]:
    """Delete edges from there on down, and what they lead to."""
    below: dict[str, list[str]] = {}
    documents: dict[str, Document] = {}
    frontier = list(starts)
    while frontier:
        below |= survey.below(frontier, "delete")
        frontier = list(dict.fromkeys(other for id in frontier for other in below[id] if other not in below))
        documents |= {node["id"]: node for node in survey.nodes(frontier)}
    return below, documents


def _taken(
    root: str, below: Mapping[str, Sequence[str]], documents: Mapping[str, Document], own: set[str], by: str, survey: Survey
) -> Iterator[str]:
    """What has to go before it and goes for no other reason."""
    seen, todo = {root}, [root]
    while todo:
        for id in below.get(todo.pop(), ()):
            if id not in seen and id in documents:
                seen.add(id)
                todo.append(id)
                if id not in own and not _goes_anyway(documents[id], by, survey):
                    yield id


def _goes_anyway(document: Document, by: str, survey: Survey) -> bool:
    """It stands for no resource, is gone, or somebody has marked it for a reason of its own."""
    desired = document.get("desired") or {}
    along = desired.get("clean_by") == by and bool(desired.get("clean_with"))
    return lets_pass(document, survey.kinds) or (is_marked(document) and not along)


def _may_go(document: Document, common: Common, survey: Survey) -> bool:
    return not refusal(document, survey.kinds) and common.fits(document, survey.age(document), kinds=False)
