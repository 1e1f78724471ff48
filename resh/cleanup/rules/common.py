"""The settings that all rules have: where a rule looks, how old things must be, and how long it waits after its mark.

common = configured("volumes", settings)
common.fits(document, age=86400.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from resh.cleanup.rules.survey import identity
from resh.graph.base import Document
from resh.own_rules import Written, parse
from resh.settings import Settings


@dataclass(frozen=True, slots=True)
class Common:
    """`accounts` and `kinds` are patterns, none: all; times are seconds."""

    enabled: bool
    min_age: float
    accounts: tuple[str, ...]
    kinds: tuple[str, ...]
    grace: float
    cascade: bool = False
    """Whether it takes along what must be gone before what it finds."""
    quarantine: float = 0.0

    def fits(self, document: Document, age: float | None, *, kinds: bool = True) -> bool:
        """Something without an age is never old enough, where an age is wanted. `kinds`: whether it must be of the kinds, too."""
        old = not self.min_age or (age is not None and age >= self.min_age)
        of_kind = not kinds or _named(self.kinds, document["kind"])
        return old and of_kind and (not self.accounts or _in_account(self.accounts, document))


def own_quarantine(rule: str, settings: Settings) -> float:
    """How long (seconds) what the rule marks is in quarantine; 0 where it does not say, or there is no such rule any more."""
    known = _written(rule, settings) or settings.declared(f"cleanup.rules.{rule}.enabled")
    return configured(rule, settings).quarantine if known else 0.0


def _written(rule: str, settings: Settings) -> Written | None:
    return next((written for written in parse(settings.get("cleanup.own_rules")) if written.name == rule), None)


def configured(rule: str, settings: Settings) -> Common:
    """Of one of ours, or of one that the user wrote."""
    if own := _written(rule, settings):
        return Common(own.enabled, own.min_age, own.accounts, own.kinds, own.grace, own.cascade, own.quarantine)
    path = f"cleanup.rules.{rule}"
    if settings.declared(f"{path}.min_age") is None:  # a plugin's
        return Common(settings.flag(f"{path}.enabled"), 0.0, (), (), 0.0)
    return Common(
        settings.flag(f"{path}.enabled"),
        settings.seconds(f"{path}.min_age"),
        tuple(settings.list(f"{path}.accounts")),
        tuple(settings.list(f"{path}.kinds")),
        settings.seconds(f"{path}.grace"),
        settings.flag(f"{path}.cascade"),
        settings.seconds(f"{path}.quarantine"),
    )


def fits_account(patterns: tuple[str, ...], id: str, name: str) -> bool:
    """Whether a pattern fits the id or the name of the account."""
    names = {id, name} - {""}
    return any(fnmatchcase(name.lower(), pattern.lower()) for name in names for pattern in patterns)


def _in_account(patterns: tuple[str, ...], document: Document) -> bool:
    return fits_account(patterns, identity(document, "account"), identity(document, "account", "name"))


def _named(patterns: tuple[str, ...], kind: str) -> bool:
    return not patterns or any(fnmatchcase(kind, pattern) for pattern in patterns)
