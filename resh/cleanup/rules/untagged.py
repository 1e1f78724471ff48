"""The rule `untagged`: what lacks one of the tags that everything must have, such as an owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey, identity


@dataclass(frozen=True, slots=True)
class Untagged:
    name: str = "untagged"
    description: str = "what lacks one of the tags cleanup.rules.untagged.tags and is older than its account allows"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        settings = survey.settings
        wanted, ages = settings.list("cleanup.rules.untagged.tags"), settings.durations("cleanup.rules.untagged.ages")
        if not wanted:
            return
        for document in survey.documents(survey.of_kinds(settings.list("cleanup.rules.untagged.kinds") or ["*"])):
            tags, old = (document.get("reported") or {}).get("tags") or {}, survey.age(document)
            limit = ages.get(identity(document, "account"), survey.seconds(self.name, "min_age"))
            missing = [tag for tag in wanted if tag not in tags]
            if missing and old is not None and old > limit:
                yield Found(document["id"], f"without {' and '.join(missing)}, {age(old)} old (limit {age(limit)})")
