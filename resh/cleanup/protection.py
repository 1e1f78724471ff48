"""What is never deleted, and why. Marking, rules, plan and guard all ask here, so that they cannot disagree.

refusal(document, kinds)        # 'protected: database of the shop', or '' when nothing speaks against it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resh.durations import parse_time
from resh.errors import BadValue
from resh.graph.base import Document
from resh.model.kinds import Kinds
from resh.model.node import ROOT

TAG = "resh:protected"
_NO = frozenset(("false", "no", "off", "0"))


def refusal(document: Document, kinds: Kinds) -> str:
    """Why the resource may not be deleted; empty when it may."""
    return phantom(document, kinds) or protection(document) or staleness(document) or newness(document)


def phantom(document: Document, kinds: Kinds) -> str:
    if not is_phantom(document, kinds):
        return ""
    return f"{document['kind']} is no resource that can be deleted"


def is_phantom(document: Document, kinds: Kinds) -> bool:
    return document["id"] == ROOT or (document["kind"] in kinds and kinds[document["kind"]].phantom)


def lets_pass(document: Document, kinds: Kinds) -> bool:
    """Whether nothing has to delete it before what waits for it: it stands for no resource, or is gone already."""
    return is_phantom(document, kinds) or bool((document.get("metadata") or {}).get("cleaned"))


def protection(document: Document) -> str:
    metadata = document.get("metadata") or {}
    if metadata.get("protected"):
        reason = metadata.get("protected_reason")
        return f"protected: {reason}" if reason else "protected"
    if tagged(document.get("reported") or {}):
        return f"protected by its tag {TAG}"
    return ""


def tagged(reported: Mapping[str, Any]) -> bool:
    """Whether the tag `resh:protected` is there with any value but a no."""
    tags = reported.get("tags")
    if not isinstance(tags, Mapping) or TAG not in tags:
        return False
    return str(tags[TAG]).strip().lower() not in _NO


def staleness(document: Document) -> str:
    metadata = document.get("metadata") or {}
    if not metadata.get("stale"):
        return ""
    seen = metadata.get("last_seen")
    return f"stale: not readable since {seen}" if seen else "stale: it could not be read"


def newness(document: Document) -> str:
    """What carries the name of something that was marked, and was made only after that, is another one: a bucket, a log group.

    Whatever is started anew, as an instance is, counts as made then. Where the cloud does not tell the time, nobody knows.
    """
    marked, made = (document.get("desired") or {}).get("clean_at"), (document.get("reported") or {}).get("ctime")
    if not marked or not made or not _is_before(str(marked), str(made)):
        return ""
    return f"made at {made}, after it was marked: mark it again"


def _is_before(one: str, other: str) -> bool:
    """To the second; also where one of them cannot be read, so that nothing is deleted for that."""
    try:
        return int(parse_time(one, 0.0)) < int(parse_time(other, 0.0))
    except BadValue:
        return True
