"""The rule `orphaned_images`: images that no instance, template or group uses. Public ones, and those of plans of backups, are kept.

With which single accounts an image is shared the graph does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey
from resh.cleanup.rules.templates import is_looked_after, mentioned

_READ = ("aws_ec2_instance", "aws_ec2_launch_template")


@dataclass(frozen=True, slots=True)
class OrphanedImages:
    name: str = "orphaned_images"
    description: str = "images of the account that are not public and that no instance and no template uses"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        images, named = list(survey.documents("is(aws_ec2_image)")), mentioned(survey, "ami")
        users = survey.below(image["id"] for image in images)
        for image in images:
            reported, old = image["reported"], survey.since(image["reported"].get("ctime"))
            used = any(node["kind"] != "aws_ec2_snapshot" for node in survey.nodes(users[image["id"]]))
            kept = used or is_looked_after(image) or reported.get("public") or reported.get("id") in named
            if old is None or kept or not survey.read(image, *_READ):
                continue
            if old >= survey.seconds(self.name, "min_age"):
                yield Found(image["id"], f"nothing uses it, {age(old)} old")
