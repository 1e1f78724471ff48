"""A node is one resource as a cloud reported it; its id is the same on every machine and at every collect."""

from __future__ import annotations

from typing import Any, NamedTuple

from resh.model.scope import Scope

ROOT = "root"


def node_id(cloud: str, account: str, region: str, kind: str, rid: str) -> str:
    """22 characters: base64url of a 16-byte BLAKE2b over where the resource lives and what the provider calls it."""
    from base64 import urlsafe_b64encode
    from hashlib import blake2b  # loads OpenSSL, which a search does without

    digest = blake2b("\0".join((cloud, account, region, kind, rid)).encode(), digest_size=16).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


class Node(NamedTuple):
    """`scope` is where it was listed; `region` is where it lives (a bucket is listed globally and lives in a region).

    `reported` holds JSON values only; `id`, `name`, `kind`, `tags` and `ctime` are among its keys.
    """

    id: str
    kind: str
    scope: Scope
    region: str
    reported: dict[str, Any]
    zone: str | None = None
