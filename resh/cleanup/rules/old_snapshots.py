"""The rule `old_snapshots`: snapshots that are old, that no image uses and that no plan of backups looks after.

The newest of each volume are kept, whether the volume still exists or not: they may be the last copy of its data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey, identity
from resh.graph.base import Document

_LOOKED_AFTER = ("aws:backup:", "aws:dlm:")
"""Tags that begin so say that AWS Backup, or the Data Lifecycle Manager, deletes it in its time."""


@dataclass(frozen=True, slots=True)
class OldSnapshots:
    name: str = "old_snapshots"
    description: str = "snapshots older than cleanup.rules.old_snapshots.min_age that no image uses, but the newest of each volume"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        limit, keep = survey.seconds(self.name, "min_age"), survey.settings.number("cleanup.rules.old_snapshots.keep")
        by_volume: dict[tuple[str, ...], list[Document]] = {}
        for document in survey.documents("is(aws_ec2_snapshot)"):
            place = (identity(document, "account"), identity(document, "region"))
            by_volume.setdefault((*place, str(document["reported"].get("volume_id") or document["id"])), []).append(document)
        for snapshots in by_volume.values():
            snapshots.sort(key=lambda document: str(document["reported"].get("ctime") or ""), reverse=True)
            for document in snapshots[keep:]:
                yield from _judge(document, limit, survey)


def _judge(document: Document, limit: float, survey: Survey) -> Iterator[Found]:
    old, tags = survey.since(document["reported"].get("ctime")), document["reported"].get("tags") or {}
    if old is None or old < limit or any(str(tag).startswith(_LOOKED_AFTER) for tag in tags):
        return
    if not survey.read(document, "aws_ec2_image") or survey.below([document["id"]], "delete")[document["id"]]:
        return
    yield Found(document["id"], f"{age(old)} old, not the newest of {document['reported'].get('volume_id')} (limit {age(limit)})")
