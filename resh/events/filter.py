"""Which events somebody wants: by name, by severity, by run.

    wanted = Filter(patterns("cleanup_*, error", names), severity="warning", run="01a7")
    wanted(event)

A pattern is a name, or has * and ? in it. Names that Resoto uses stand for ours; one that no event has is refused with the nearest ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from resh.errors import UsageError
from resh.events.event import DEBUG, SEVERITIES, Event
from resh.events.table import OTHER_NAMES
from resh.record import Record
from resh.text import did_you_mean

_WILD = "*?["


class Filter(Record):
    """No patterns: every name. `severity` is the least that counts."""

    patterns: tuple[str, ...] = ()
    severity: str = DEBUG
    run: str = ""

    def __call__(self, event: Event) -> bool:
        if self.run and event.run != self.run:
            return False
        return rank(event.severity) >= rank(self.severity) and (not self.patterns or fits(event.type, self.patterns))


def fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def patterns(text: str, known: Collection[str], words: Collection[str] = ()) -> tuple[str, ...]:
    """Those of a text with commas between them. `known` are all names of events, `words` what else may have been meant."""
    found = tuple(OTHER_NAMES.get(word, word) for word in (part.strip() for part in text.split(",")) if word)
    if not found:
        raise UsageError(f"'{text}' names no event", "such as collect, or cleanup_*")
    for pattern in found:
        if not any(fnmatchcase(name, pattern) for name in known):
            raise _unknown(pattern, known, words)
    return found


def severity(text: str) -> str:
    if text not in SEVERITIES:
        raise UsageError(f"'{text}' is no severity", did_you_mean(text, SEVERITIES) or f"one of {', '.join(SEVERITIES)}")
    return text


def rank(severity: str) -> int:
    """Of one that nobody knows: the highest, so that it is seen."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _unknown(pattern: str, known: Collection[str], words: Collection[str]) -> UsageError:
    is_wild = any(letter in pattern for letter in _WILD)
    near = did_you_mean(pattern.strip(_WILD), [*known, *OTHER_NAMES, *words])
    return UsageError(f"no event {'fits' if is_wild else 'is called'} '{pattern}'", near or f"there are {', '.join(sorted(known))}")
