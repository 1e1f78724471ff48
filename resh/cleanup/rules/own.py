"""A rule that the user wrote: a search and a reason, without code. See `resh/own_rules.py` for how it is configured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey
from resh.own_rules import Written


@dataclass(frozen=True, slots=True)
class Own:
    written: Written
    effect: Effect = Effect.MARK

    @property
    def name(self) -> str:
        return self.written.name

    @property
    def description(self) -> str:
        return self.written.search

    def find(self, survey: Survey) -> Iterator[Found]:
        for document in survey.documents(self.written.search):
            yield Found(document["id"], self.written.reason)
