"""`aggregate`: rows grouped, and a function over each group. After a search the graph does it; on any other stream it happens here.

search is(volume) | aggregate volume_type: sum(volume_size) as size
{"group": {"volume_type": "gp3"}, "size": 1200}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resh.commands.base import FLOW, Argument, Command, Context, Row, Rows
from resh.commands.columns import age_seconds
from resh.commands.measures import ADDERS, Adder, Number, calculated
from resh.commands.paths import is_age, is_node, order, walk, way
from resh.errors import SyntaxProblem
from resh.render.json import compact
from resh.search.paths import Step, steps

if TYPE_CHECKING:
    from resh.search.tree import Aggregate, Group, Measure, Query

_PREFIX = "aggregate("
Elements = Mapping[tuple[Step, ...], Any]
"""What stands for each [*], by the steps that lead there."""


def run(context: Context, rows: Rows, text: str) -> Rows:
    wanted, now = _within(context, parsed(text)), context.now
    unfolding = [path for path in _paths(wanted) if None in steps(path)]
    groups: dict[str, tuple[dict[str, Any], list[Adder]]] = {}
    if not wanted.groups:
        groups[compact({})] = ({}, _adders(wanted))
    for row in rows:
        context.cancel.check()
        for elements in _unfolded(row, unfolding):
            reader = _Reader(row, elements, now)
            key = {group.output: reader.group(group) for group in wanted.groups}
            _, adders = groups.setdefault(compact(key), (key, _adders(wanted)))
            for adder, measure in zip(adders, wanted.measures, strict=True):
                adder.add(reader.measure(measure))
    yield from _results(wanted, groups.values())


def _within(context: Context, wanted: Aggregate) -> Aggregate:
    if not context.section or context.query is None or context.query.aggregate:
        return wanted
    from resh.search.section import aggregate_within

    return aggregate_within(wanted, context.section)


def _adders(wanted: Aggregate) -> list[Adder]:
    return [ADDERS[measure.function]() for measure in wanted.measures]


def _results(wanted: Aggregate, groups: Any) -> Iterator[Row]:
    """Fewest first, as of a search; of equal ones in the order of their groups."""
    results = []
    for key, adders in groups:
        key = {name: _seen(found) for name, found in key.items()}
        measures = {m.output: adder.result for m, adder in zip(wanted.measures, adders, strict=True)}
        results.append({"group": key, **measures} if key else measures)
    first = wanted.measures[0].output
    yield from sorted(results, key=lambda row: (order(row[first]), *map(order, row.get("group", {}).values())))


def _paths(wanted: Aggregate) -> Iterator[str]:
    for group in wanted.groups:
        yield from _TAGS.findall(group.source) if group.is_text else [group.source]
    for measure in wanted.measures:
        yield from measure.paths


def _unfolded(row: Row, paths: Sequence[str]) -> list[dict[tuple[Step, ...], Any]]:
    """A row for each element that a [*] in a path stands for, and for each combination of several; none where there is no list."""
    found: list[dict[tuple[Step, ...], Any]] = [{}]
    for path in paths:
        top, taken = way(row, path)
        for at in (at for at, step in enumerate(taken) if step is None):
            key = taken[: at + 1]
            found = [{**one, key: element} for one in found for element in ([one[key]] if key in one else _list(top, taken[:at], one))]
    return found


def _list(top: Any, taken: tuple[Step, ...], elements: Elements) -> list[Any]:
    array = _led(top, taken, elements)
    return array if isinstance(array, list) else []


def _led(top: Any, taken: tuple[Step, ...], elements: Elements) -> Any:
    """Where steps lead, beginning at the element that stands for the last [*] in them."""
    star = max((at + 1 for at, step in enumerate(taken) if step is None), default=0)
    return walk(elements[taken[:star]] if star else top, taken[star:])


_TAGS = re.compile(r"\{([^{}]*)\}")


class _Reader:
    """Reads a row as a search would: ages in seconds."""

    def __init__(self, row: Row, elements: Elements, now: float) -> None:
        self._row, self._elements, self._now = row, elements, now

    def group(self, group: Group) -> Any:
        if group.is_text:
            return _TAGS.sub(lambda found: _text(self._value(found[1])), group.source)
        return self._value(group.source)

    def measure(self, measure: Measure) -> Any:
        if measure.function in ("count", "min", "max") and not measure.operations and isinstance(measure.source, str):
            return _seen(self._value(measure.source))
        result = self._number(measure.source)
        for sign, source in measure.operations:
            result = calculated(result, sign, self._number(source))
        return result

    def _value(self, path: str) -> Any:
        found = _led(*way(self._row, path), self._elements)
        return age_seconds(found, self._now) if is_age(path) and is_node(self._row) else found

    def _number(self, source: str | Number) -> Number | None:
        found = self._value(source) if isinstance(source, str) else source
        return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _seen(value: Any) -> Any:
    """As people see it: true and false by name, lists and objects as JSON."""
    return compact(value) if isinstance(value, bool | list | dict) else value


def _text(value: Any) -> str:
    return "" if value is None else str(_seen(value))


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
