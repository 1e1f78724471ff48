"""The rule `tag_validator`: a tag `expiration` that is no duration, or a longer one than allowed, is set to the longest that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey, identity
from resh.durations import format_duration, parse_duration
from resh.errors import BadValue

TAG = "expiration"


@dataclass(frozen=True, slots=True)
class TagValidator:
    name: str = "tag_validator"
    description: str = "tags expiration that are no duration, or longer than cleanup.rules.tag_validator.maximum: they are set to that"
    effect: Effect = Effect.TAG

    def find(self, survey: Survey) -> Iterator[Found]:
        path = "cleanup.rules.tag_validator"
        maxima = survey.settings.durations(f"{path}.maxima")
        kinds = survey.of_kinds(survey.settings.list(f"{path}.kinds") or ["*"])
        for document in survey.documents(f"({kinds}) and tags.{TAG} != null"):
            value = str((document["reported"].get("tags") or {}).get(TAG))
            most = maxima.get(identity(document, "account"), survey.seconds(self.name, "maximum"))
            if why := _objection(value, most):
                yield Found(document["id"], why, (TAG, format_duration(most).replace(" ", "")))


def _objection(value: str, most: float) -> str:
    try:
        seconds = parse_duration(value)
    except BadValue:
        return f"expiration '{value}' is no duration"
    return f"expiration {value} is longer than {format_duration(most)}" if seconds > most else ""
