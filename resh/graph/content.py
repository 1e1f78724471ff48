"""What the graph keeps of a node that a collect found: its document encoded once, a hash of it, and the columns of the thin table.

The merge does this as nodes arrive, in the collector's threads, and lets go of the documents themselves:

    reported, body = encode(node.reported)
    content(node, reported, body, digest(node, body))
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from resh.model.expiry import expires
from resh.model.node import Node
from resh.model.scope import Scope


class Content(NamedTuple):
    hash: bytes
    kind: str
    scope: Scope
    region: str
    zone: str | None
    name: str | None
    rid: str | None
    ctime: str | None
    expires: str | None
    body: bytes


def encode(reported: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The document and its JSON, keys in order; the document is another one when JSON could not hold it."""
    try:
        return reported, orjson.dumps(reported, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        mended = _mended(reported)
        return mended, orjson.dumps(mended, option=orjson.OPT_SORT_KEYS)


def digest(node: Node, body: bytes) -> bytes:
    """16 bytes; the same as long as the cloud says the same."""
    return blake2b(_place(node.kind, node.region, node.zone, node.scope) + body, digest_size=16).digest()


@lru_cache(maxsize=1024)
def _place(kind: str, region: str, zone: str | None, scope: Scope) -> bytes:
    return "\0".join((kind, region, zone or "", *scope)).encode()


def content(node: Node, reported: dict[str, Any], body: bytes, hash: bytes) -> Content:
    return Content(
        hash,
        node.kind,
        node.scope,
        node.region,
        node.zone,
        _text(reported.get("name")),
        _text(reported.get("id")),
        _text(reported.get("ctime")),
        expires(reported),
        bytes(memoryview(body)),  # orjson leaves a text in the eight kilobytes that it was written into
    )


def as_node(id: str, content: Content) -> Node:
    return Node(id, content.kind, content.scope, content.region, orjson.loads(content.body), content.zone)


def _text(value: Any) -> str | None:
    return value if value is None or type(value) is str else str(value)


def _mended(value: Any) -> Any:
    """As JSON can hold it: one odd value of one resource must not end the collect of an account."""
    match value:
        case dict():
            return {str(_mended(key)): _mended(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_mended(item) for item in value]
        case str():
            return value.encode("utf-8", "replace").decode()
        case bool() | float() | None:
            return value
        case int():
            return value if -(2**63) <= value < 2**63 else str(value)
        case _:
            return _mended(str(value))
