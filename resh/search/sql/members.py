"""Membership: SQL for =, !=, in and not in, which ask whether a value is one of several.

    members = Members.of(("gp2", 8), frozenset(), "volume_type", now)
    members.arms(writer)                                an arm for each JSON type
    members.decided(writer, YES, array, NO, NO)         the same in one expression, if members.is_plain

To look into a document is what a condition costs. The plain one that one would write by hand looks once; so does `decided`, and minds
all the same that a document may hold anything, whatever kinds declare.
"""

from __future__ import annotations

from resh.record import Record
from resh.search.coercion import Now, Types, forms
from resh.search.sql.arms import NO, YES, Arms, J, V
from resh.search.sql.writer import SCALARS, Writer
from resh.search.terms import Object, Value, written

_NESTED = 4
ARRAYS = "BETWEEN '[' AND '\\'"
"""True of the JSON text of an array, and of few other texts."""


class Members(Record):
    """What equals one of the values, by JSON type; `composites` is JSON of arrays and objects."""

    texts: tuple[str, ...]
    numbers: tuple[int | float, ...]
    flags: frozenset[bool]
    composites: tuple[str, ...]
    null: bool

    @staticmethod
    def of(values: tuple[Value, ...], types: Types, name: str, now: Now) -> Members:
        texts, numbers, flags, composites = list[str](), list[int | float](), set[bool](), list[str]()
        for value in values:
            if isinstance(value, SCALARS):
                found = forms(value, types, name, now)
                texts += found.texts
                numbers += found.numbers
                flags |= found.flags
            elif value is not None:
                composites.append(_json(value))
        return Members(tuple(texts), tuple(numbers), frozenset(flags), tuple(composites), None in values)

    def arms(self, writer: Writer) -> Arms:
        composite = writer.one_of(J, self.composites) if self.composites else NO
        return Arms(
            text=writer.one_of(V, self.texts) if self.texts else NO,
            number=writer.one_of(V, self.numbers) if self.numbers else NO,
            true=YES if True in self.flags else NO,
            false=YES if False in self.flags else NO,
            array=composite,
            object=composite,
            missing=YES if self.null else NO,
        )

    @property
    def is_plain(self) -> bool:
        """Nothing but a member equals one: not JSON true, which SQL takes for 1, nor an object, which it takes for its text."""
        texts, numbers = self.texts, self.numbers
        other = self.flags or self.composites or not (texts or numbers)
        return not (other or any(text[:1] in ("[", "{") for text in texts) or any(number in (0, 1) for number in numbers))

    def decided(self, writer: Writer, member: str, array: str, other: str, missing: str) -> str:
        """SQL that is `member` for a member and so on; for plain ones only."""
        listed = (*self.texts, *self.numbers)
        stand_in = writer.bind(listed[0]) if missing == member else "0"
        value = f"coalesce({V}, {stand_in})"
        if len(listed) > _NESTED:
            name = writer.alias("m")
            fits = f"CASE WHEN {writer.one_of(name, listed)} THEN {member} WHEN {name} {ARRAYS} THEN {array} ELSE {other} END"
            return f"(SELECT {fits} FROM (SELECT {value} AS {name}))"
        for item in listed:
            value = f"nullif({value}, {writer.bind(item)})"
        return f"CASE {value} {ARRAYS} WHEN 0 THEN {other} WHEN 1 THEN {array} ELSE {member} END"


def _json(value: Value) -> str:
    """A list or an object as the graph has it: no spaces, keys in order."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, Object):
        return "{" + ",".join(f"{written(key)}:{_json(item)}" for key, item in sorted(dict(value.pairs).items())) + "}"
    return written(value)
