"""The rule `volumes`: volumes that are attached to nothing and that nothing has used for a while.

A volume's creation must be known and long enough ago; so must its last access and last change, where the cloud tells of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Documents, age
from resh.durations import parse_time
from resh.graph.base import Document
from resh.settings import Settings


@dataclass(frozen=True, slots=True)
class Volumes:
    name: str = "volumes"
    description: str = "volumes that are attached to nothing and were not used for cleanup.rules.volumes.min_age"

    def find(self, documents: Documents, settings: Settings, now: float) -> Iterator[tuple[str, str]]:
        limit = settings.seconds("cleanup.rules.volumes.min_age")
        for document in documents(f"is(volume) and volume_status = available and age > {int(limit)}s"):
            if reason := _reason(document, limit, now):
                yield document["id"], reason


def _reason(document: Document, limit: float, now: float) -> str:
    """Why the volume should go; empty when it should not."""
    reported = document["reported"]
    since = {name: now - parse_time(str(reported[name]), now) for name in ("ctime", "atime", "mtime") if reported.get(name)}
    if reported.get("volume_status") != "available" or "ctime" not in since or min(since.values()) <= limit:
        return ""
    created = since.pop("ctime")
    used = f"unused for {age(min(since.values()))}" if since else "last use unknown"
    return f"available, created {age(created)} ago, {used} (limit {age(limit)})"
