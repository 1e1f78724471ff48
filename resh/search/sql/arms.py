"""Arms: for each JSON type that may stand at a place, the SQL that says whether what stands there fits.

SQLite compares any text as greater than any number, and JSON true as 1; so each type has an arm of its own.
"""

from __future__ import annotations

from resh.record import Record

V = "\0v"  # stands for the value; no path and no value can hold it
J = "\0j"  # stands for the JSON text of the value
NO, YES = "0", "1"


class Arms(Record):
    """V is the value, J its JSON text."""

    text: str = NO
    number: str = NO
    true: str = NO
    false: str = NO
    array: str = NO
    object: str = NO
    missing: str = NO

    def negated(self, missing: str = "") -> Arms:
        """What fits no more and what did not; `missing` in any case as it is given."""
        turned = {name: _not(getattr(self, name)) for name in self._fields}
        return Arms(**(turned | ({"missing": missing} if missing else {})))

    def alone(self, modifier: str) -> Arms:
        """With a modifier a scalar is an array of one, and what is missing fits none of the three."""
        if not modifier:
            return self
        return self.negated(missing=NO) if modifier == "none" else self.changed(missing=NO)


def _not(sql: str) -> str:
    return {NO: YES, YES: NO}.get(sql) or f"NOT ({sql})"
