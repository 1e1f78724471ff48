"""Statements of searches that were asked for before, by the text that people or metrics ask with again and again.

    remembered = Remembered()
    remembered.compiled("is(volume)", None, kinds, lambda: compile(parse("is(volume)"), kinds, now))

A text means the same as long as the kinds are the same, unless it counts time, or names something that may change: a template.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resh.graph.base import CompiledQuery
    from resh.search.sql.writer import KindIds

_MOST = 200
_LONGEST = 1000
_CHANGING = ("expand", "{{")

Key = tuple[str, tuple[str, ...] | None]
"""A text, and the values that are wanted instead of documents."""


class Remembered:
    def __init__(self) -> None:
        self._of: tuple[KindIds | None, dict[Key, CompiledQuery]] = (None, {})

    def compiled(self, text: str, projection: tuple[str, ...] | None, kinds: KindIds, make: Callable[[], CompiledQuery]) -> CompiledQuery:
        """What `make` makes, or made of this text before. `kinds` is another object whenever kinds have changed."""
        if len(text) > _LONGEST or any(word in text for word in _CHANGING):
            return make()
        of, known = self._of
        if of is not kinds or len(known) >= _MOST:
            known = {}
            self._of = (kinds, known)
        key = (text, projection)
        if (found := known.get(key)) is None:
            found = make()
            if found.lasting:
                known[key] = found
        return found
