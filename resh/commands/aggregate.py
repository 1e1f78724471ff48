"""`aggregate`: rows grouped, and a function over each group. After a search the graph does it; on any other stream it happens here.

search is(volume) | aggregate volume_type: sum(volume_size) as size
{"group": {"volume_type": "gp3"}, "size": 1200}
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from statistics import fmean, pstdev, pvariance
from typing import TYPE_CHECKING, Any

from resh.commands.base import FLOW, Argument, Command, Context, Row, Rows
from resh.commands.paths import order, value
from resh.errors import SyntaxProblem
from resh.render.values import plain

if TYPE_CHECKING:
    from resh.search.tree import Aggregate, Group, Measure, Query

Number = int | float
_PREFIX = "aggregate("
_OPERATORS: dict[str, Callable[[Any, Any], Number]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "%": operator.mod,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[list[Number]], Number]] = {
    "sum": sum, "count": len, "min": min, "max": max, "avg": fmean, "stddev": pstdev, "variance": pvariance,
}  # fmt: skip


def run(context: Context, rows: Rows, text: str) -> Rows:
    wanted = parsed(text)
    groups: dict[str, tuple[dict[str, Any], list[list[Number]]]] = {}
    for row in rows:
        context.cancel.check()
        key = {group.output: _group(row, group) for group in wanted.groups}
        _, values = groups.setdefault(plain(key), (key, [[] for _ in wanted.measures]))
        for found, measure in zip(values, wanted.measures, strict=True):
            if (number := _number(row, measure)) is not None:
                found.append(number)
    yield from _results(wanted, groups.values())


def _results(wanted: Aggregate, groups: Any) -> Iterator[Row]:
    results = []
    for key, values in groups:
        measures = {m.output: _result(m, found) for m, found in zip(wanted.measures, values, strict=True)}
        results.append({"group": key, **measures} if key else measures)
    first = wanted.measures[0].output
    yield from sorted(results, key=lambda result: order(result[first]))


def _result(measure: Measure, found: list[Number]) -> Number | None:
    """Of nothing only the count is known."""
    return _FUNCTIONS[measure.function](found) if found or measure.function == "count" else None


def _group(row: Row, group: Group) -> Any:
    if group.is_text:
        return re.sub(r"\{([^{}]+)\}", lambda found: plain(value(row, found[1])), group.source)
    return value(row, group.source)


def _number(row: Row, measure: Measure) -> Number | None:
    if measure.function == "count":
        found = value(row, measure.source) if isinstance(measure.source, str) else measure.source
        return None if found is None else 1
    result = _operand(row, measure.source)
    for sign, source in measure.operations:
        number = _operand(row, source)
        if result is None or number is None or (sign in "/%" and number == 0):
            return None
        result = _OPERATORS[sign](result, number)
    return result


def _operand(row: Row, source: str | Number) -> Number | None:
    found = value(row, source) if isinstance(source, str) else source
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def parsed(text: str) -> Aggregate:
    """The groups and functions; a SyntaxProblem has its place in this text."""
    from resh.search import parse

    try:
        found = parse(f"{_PREFIX}{text}): all").aggregate
    except SyntaxProblem as error:
        at = min(max(0, error.position - len(_PREFIX)), len(text))
        raise SyntaxProblem(error.message, text, at, error.expected, error.hint or "write it like kind: sum(1) as count") from None
    if found is None:
        raise SyntaxProblem("this is no aggregate", text, 0, hint="write it like kind: sum(1) as count")
    return found


def _fuse(query: Query | None, params: Mapping[str, Any]) -> Query | None:
    wanted = parsed(params["text"])
    return query.aggregated(wanted) if query and query.aggregate is None else None


AGGREGATE = Command(
    "aggregate",
    run,
    "group rows and compute sums, averages and the like",
    FLOW,
    arguments=(Argument("text", help="groups: functions, such as kind, region: sum(volume_size) as size", complete="aggregate", raw=True),),
    help="Functions are sum, count, min, max, avg, stddev and variance, over a property or a number, or several with + - * / %. "
    "Where nothing but unknown values is found, the result is null.",
    examples=(("search is(volume) | aggregate region, volume_type: sum(volume_size) as size", "how much storage, and where"),),
    fuse=_fuse,
)
