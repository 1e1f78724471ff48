"""The rule `volumes`: volumes that are attached to nothing and that nothing has used for a while.

A volume's creation must be known and long enough ago; so must its last access and last change, where the cloud tells of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey
from resh.graph.base import Document


@dataclass(frozen=True, slots=True)
class Volumes:
    name: str = "volumes"
    description: str = "volumes that are attached to nothing and were not used for cleanup.rules.volumes.min_age"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        limit = survey.seconds(self.name, "min_age")
        for document in survey.documents(f"is(volume) and volume_status = available and age > {int(limit)}s"):
            if reason := _reason(document, limit, survey):
                yield Found(document["id"], reason)


def _reason(document: Document, limit: float, survey: Survey) -> str:
    """Why the volume should go; empty when it should not."""
    reported = document["reported"]
    times = {name: survey.since(reported.get(name)) for name in ("ctime", "atime", "mtime")}
    since = {name: seconds for name, seconds in times.items() if seconds is not None}
    if reported.get("volume_status") != "available" or "ctime" not in since or min(since.values()) <= limit:
        return ""
    created = since.pop("ctime")
    used = f"unused for {age(min(since.values()))}" if since else "last use unknown"
    return f"available, created {age(created)} ago, {used} (limit {age(limit)})"
