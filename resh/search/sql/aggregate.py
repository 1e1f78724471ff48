"""Aggregates as SQL: groups, then measures, one row each group.

    write(selection, aggregate, part)

A path with [*] unfolds its array: one row each element, and paths that begin with the same [*] unfold it together. Only numbers are summed.
"""

from __future__ import annotations

import re

from resh.errors import UsageError
from resh.search.sql.reference import Column, Element, Flag, Json, Number, Reference, Tree
from resh.search.sql.select import Selection, limited, shown
from resh.search.tree import Aggregate, Group, Measure, Part

_BRACES = r"\{([^{}]*)\}"
_SHOWN = "CASE json_type({0}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE {0} ->> '$' END"
_COUNT = "count(*)"
_NEAR_BITS = 8  # of row numbers: few enough to be summed up quickly, many enough to leave little to sort
_TOTALS = {"min": "min", "max": "max"}
"""Of measures of rows near each other, how they make those of all; others are added up."""


class _Unfolding:
    """References into the selection, with the arrays that are unfolded so far."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.unfolded: dict[tuple[object, ...], Element] = {}

    def read(self, path: str) -> Reference:
        found = self.selection.scope.place(path)
        reference = self.selection.scope.reference(found)
        if not isinstance(reference, Json) or None not in reference.steps:
            return reference
        current: Tree = Json(reference.document)
        steps = reference.steps
        key: tuple[object, ...] = (reference.document,)
        while None in steps:
            star = steps.index(None)
            key = (*key, *steps[: star + 1])
            current = self._element(key, current.at(steps[:star]))
            steps = steps[star + 1 :]
        return current.at(steps)

    def _element(self, key: tuple[object, ...], array: Tree) -> Element:
        if key not in self.unfolded:
            element = self.unfolded[key] = Element(self.selection.scope.writer.alias("e"))
            is_element = f"typeof({element.alias}.key) = 'integer'"
            self.selection.joins.append(f" CROSS JOIN {array.elements} {element.alias} ON {is_element}")
        return self.unfolded[key]


def write(selection: Selection, aggregate: Aggregate, part: Part) -> str:
    rows = _Unfolding(selection.unique())
    if aggregate.groups:
        found, grouping = _grouped(rows, aggregate)
    else:
        found, grouping = _together(rows, aggregate), ""
    last = bool(part.limit and part.limit.last)
    found = f"{found}{grouping} ORDER BY {_order(aggregate, part, last)}{limited(part.limit)}"
    return found if last == part.backwards else f"SELECT * FROM ({found}) ORDER BY {_order(aggregate, part, part.backwards)}"


def _together(rows: _Unfolding, aggregate: Aggregate) -> str:
    """A SELECT of the measures of all rows."""
    measured = [_applied(measure, _input(rows, measure)) for measure in aggregate.measures]
    names = [f"c{number}" for number, _ in enumerate(measured, 1)]
    count = rows.selection.count() if set(measured) == {_COUNT} else ""
    if count:
        return f"SELECT {', '.join(f'{count} AS {name}' for name in names)}"
    return rows.selection.write(list(zip(measured, names, strict=True)))


def _grouped(rows: _Unfolding, aggregate: Aggregate) -> tuple[str, str]:
    """A SELECT of groups and measures, and the GROUP BY behind it.

    What is needed is taken out of the rows first, because SQLite sorts whole documents for a GROUP BY of expressions on them; the limit
    keeps it from doing so all the same. Where nothing is lost by it, rows near each other are summed up before all are sorted.
    """
    keys = [_key(rows, group) for group in aggregate.groups]
    names = [f"k{number}" for number, _ in enumerate(keys, 1)]
    inputs = [(_input(rows, measure), f"v{number}") for number, measure in enumerate(aggregate.measures, 1)]
    measured = [(measure, name if sql else "") for measure, (sql, name) in zip(aggregate.measures, inputs, strict=True)]
    columns = [*((sql, name) for (sql, _), name in zip(keys, names, strict=True)), *(column for column in inputs if column[0])]
    near = all(measure.function in ("count", "min", "max") or not name for measure, name in measured)
    block = [(f"{rows.selection.scope.nid} >> {_NEAR_BITS}", "block")] if near else []
    table = rows.selection.write([*columns, *block], " LIMIT -1")
    if near:
        parts = ", ".join(f"{_applied(measure, name)} AS m{number}" for number, (measure, name) in enumerate(measured, 1))
        table = f"SELECT {', '.join(names)}, {parts} FROM ({table}) GROUP BY block, {', '.join(names)}"
        results = [f"{_TOTALS.get(measure.function, 'sum')}(m{number})" for number, (measure, _) in enumerate(measured, 1)]
    else:
        results = [_applied(measure, name) for measure, name in measured]
    shown = [show.format(name) for (_, show), name in zip(keys, names, strict=True)]
    found = ", ".join(f"{sql} AS c{number}" for number, sql in enumerate((*shown, *results), 1))
    return f"SELECT {found} FROM ({table})", f" GROUP BY {', '.join(map(str, range(1, len(keys) + 1)))}"


def _order(aggregate: Aggregate, part: Part, turned: bool) -> str:
    """The sort of the part, else the first measure; then the groups. Columns by number."""
    first = len(aggregate.groups) + 1
    keys = [(_output(key.path, aggregate), key.descending) for key in part.sort] or [(first, False)]
    keys += [(number, False) for number in range(1, first) if number not in dict(keys)]
    return ", ".join(f"{number}{' DESC' if descending != turned else ''}" for number, descending in keys)


def _output(path: str, aggregate: Aggregate) -> int:
    """A column by its name, or a group by its path."""
    name, outputs = path.removeprefix("/").removeprefix("group."), aggregate.outputs
    names = (*outputs, *(group.source for group in aggregate.groups))
    if name not in names:
        raise UsageError(f"the aggregate has no column '{name}' to sort by", f"it has {', '.join(outputs)}")
    return names.index(name) % len(outputs) + 1


def _key(rows: _Unfolding, group: Group) -> tuple[str, str]:
    """What rows are grouped by, and how that is shown: a place in a document is read once, as JSON."""
    if group.is_text:
        parts = re.split(_BRACES, group.source)
        bind = rows.selection.scope.writer.bind
        return " || ".join(f"coalesce({_plain(rows, part)}, '')" if number % 2 else bind(part) for number, part in enumerate(parts)), "{}"
    if not rows.selection.scope.is_age(group.source):
        reference = rows.read(group.source)
        if isinstance(reference, Json):
            return reference.text, _SHOWN
    return _plain(rows, group.source), "{}"


def _plain(rows: _Unfolding, path: str) -> str:
    return _seconds(rows, path) if rows.selection.scope.is_age(path) else f"({shown(rows.read(path))})"


def _input(rows: _Unfolding, measure: Measure) -> str:
    """What a measure is taken of; nothing where it only counts rows."""
    if measure.function == "sum" and measure.source == 1 and not measure.operations:
        return ""
    plain = measure.function in ("count", "min", "max") and not measure.operations and isinstance(measure.source, str)
    return _plain(rows, str(measure.source)) if plain else _arithmetic(rows, measure)


def _applied(measure: Measure, value: str) -> str:
    if not value:
        return _COUNT
    match measure.function:
        case "sum":  # of no rows it is 0, of rows whose values are all unknown it is unknown
            return f"iif(count(*), sum({value}), 0)"
        case "variance" | "stddev":
            variance = f"max(0, avg({value} * {value}) - avg({value}) * avg({value}))"
            return variance if measure.function == "variance" else f"sqrt({variance})"
        case function:
            return f"{function}({value})"


def _arithmetic(rows: _Unfolding, measure: Measure) -> str:
    sql = _operand(rows, measure.source)
    for operator, operand in measure.operations:
        number = f"cast({_operand(rows, operand)} AS REAL)" if operator == "/" else _operand(rows, operand)
        sql = f"mod({sql}, {number})" if operator == "%" else f"({sql} {operator} {number})"  # % of SQLite cuts both to whole numbers
    return sql


def _operand(rows: _Unfolding, source: str | int | float) -> str:
    return _number(rows, source) if isinstance(source, str) else rows.selection.scope.writer.bind(source)


def _number(rows: _Unfolding, path: str) -> str:
    if rows.selection.scope.is_age(path):
        return _seconds(rows, path)
    reference = rows.read(path)
    if isinstance(reference, Number):
        return reference.value
    if isinstance(reference, Column | Flag):
        return "NULL"
    return f"iif({reference.type} IN ('integer', 'real'), {reference.value}, NULL)"


def _seconds(rows: _Unfolding, path: str) -> str:
    """The age of a stored time."""
    bind = rows.selection.scope.writer.bind
    return f"({bind(rows.selection.scope.writer.now)} - unixepoch({rows.read(path).value}))"
