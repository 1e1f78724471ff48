"""A rule that a plugin brings. It needs no more than a name, a description and `find`, and has one setting: whether it is on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Documents, Survey
from resh.settings import Settings


class PluginRule(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    def find(self, documents: Documents, settings: Settings, now: float) -> Iterable[tuple[str, str]]:
        """Node ids with the reason for people: `expired 3 d ago (2026-11-20T05:33:00Z)`."""
        ...


@dataclass(frozen=True, slots=True)
class Plugged:
    rule: PluginRule
    effect: Effect = Effect.MARK

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def description(self) -> str:
        return self.rule.description

    def find(self, survey: Survey) -> Iterator[Found]:
        for id, reason in self.rule.find(survey.documents, survey.settings, survey.now):
            yield Found(id, reason)
