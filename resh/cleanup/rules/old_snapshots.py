"""The rule `old_snapshots`: snapshots that are old, that no image and no template uses and that no plan of backups looks after.

The newest of each volume are kept, whether the volume still exists or not: they may be the last copy of its data. Copies of snapshots do
not tell of which volume they are, and are all kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey, identity
from resh.cleanup.rules.templates import is_looked_after, mentioned
from resh.graph.base import Document

_NO_VOLUME = "vol-ffffffff"
"""What a copy names: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html"""


@dataclass(frozen=True, slots=True)
class OldSnapshots:
    name: str = "old_snapshots"
    description: str = "snapshots older than min_age that no image and no template uses, but the newest of each volume"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        limit, keep = survey.seconds(self.name, "min_age"), survey.settings.number("cleanup.rules.old_snapshots.keep")
        by_volume: dict[tuple[str, ...], list[Document]] = {}
        for document in survey.documents("is(aws_ec2_snapshot)"):
            place = (identity(document, "account"), identity(document, "region"))
            volume = document["reported"].get("volume_id")
            by_volume.setdefault((*place, document["id"] if volume in (None, "", _NO_VOLUME) else str(volume)), []).append(document)
        named = mentioned(survey, "snap")
        for snapshots in by_volume.values():
            snapshots.sort(key=lambda document: str(document["reported"].get("ctime") or ""), reverse=True)
            for document in snapshots[keep:]:
                if document["reported"].get("id") not in named:
                    yield from _judge(document, limit, survey)


def _judge(document: Document, limit: float, survey: Survey) -> Iterator[Found]:
    old = survey.since(document["reported"].get("ctime"))
    if old is None or old < limit or is_looked_after(document):
        return
    if not survey.read(document, "aws_ec2_image", "aws_ec2_launch_template") or survey.below([document["id"]], "delete")[document["id"]]:
        return
    yield Found(document["id"], f"{age(old)} old, not the newest of {document['reported'].get('volume_id')} (limit {age(limit)})")
