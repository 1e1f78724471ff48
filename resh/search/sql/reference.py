"""References: SQL that reads one place of a node, whichever table or JSON document it lives in.

Each has `value` (an SQL scalar, NULL when missing); a `Json` and an `Element` also `type` (the JSON type's name, NULL when missing).
A `Column` is text or NULL, a `Number` a number or NULL.
A `Json` stands on a document, an element of an array (`Element`), or a place in either.
"""

from __future__ import annotations

from resh.record import Record
from resh.search.paths import Step
from resh.search.sql.writer import json_path


class Column(Record):
    """Text in a column. `lookup` is (the column, the SELECT) to find it through, where it lives in a small table."""

    value: str
    lookup: tuple[str, str] | None = None


class Number(Record):
    """A number or missing."""

    value: str


class Flag(Record):
    """True or missing."""

    condition: str

    @property
    def value(self) -> str:
        return f"iif({self.condition}, 'true', NULL)"


class Json(Record):
    """A place in a JSON document."""

    document: str
    steps: tuple[Step, ...] = ()

    @property
    def value(self) -> str:
        return f"{self.document} ->> {json_path(self.steps)}"

    @property
    def plain(self) -> str:
        """The same, of arrays and objects the JSON text."""
        return self.value

    @property
    def type(self) -> str:
        return f"json_type({self.document}, {json_path(self.steps)})"

    @property
    def text(self) -> str:
        """As JSON text."""
        return f"{self.document} -> {json_path(self.steps)}"

    @property
    def is_cheap(self) -> bool:
        """It lies in a column: to look a second time costs little."""
        return "SELECT" not in self.document

    @property
    def elements(self) -> str:
        """A table of its elements."""
        return f"jsonb_each({self.document}, {json_path(self.steps)})"

    def at(self, steps: tuple[Step, ...]) -> Json:
        return Json(self.document, (*self.steps, *steps))


NOTHING = Json("NULL")


class Element(Record):
    """One row of a table of elements. SQLite fails on `->>` of a text that is no JSON, so only arrays and objects are looked into."""

    alias: str

    @property
    def value(self) -> str:
        return f"{self.alias}.value"

    @property
    def plain(self) -> str:
        return f"iif({self.alias}.atom IS NULL, json({self.alias}.value), {self.alias}.value)"

    @property
    def type(self) -> str:
        return f"{self.alias}.type"

    @property
    def text(self) -> str:
        flag = f"{self.alias}.type IN ('true', 'false')"
        scalar = f"iif({flag}, {self.alias}.type, json_quote({self.alias}.value))"
        return f"iif({self.alias}.atom IS NULL, json({self.alias}.value), {scalar})"

    @property
    def elements(self) -> str:
        return Json(self._inside).elements

    def at(self, steps: tuple[Step, ...]) -> Json | Element:
        return Json(self._inside, steps) if steps else self

    @property
    def _inside(self) -> str:
        return f"iif({self.alias}.atom IS NULL, {self.alias}.value, NULL)"


Tree = Json | Element
TREES = (Json, Element)
Reference = Column | Number | Flag | Json | Element
