"""`list`: rows as a table of chosen columns, as CSV, as Markdown or as JSON for what draws tables.

Straight after a search only the columns are read from the graph, not whole documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any

from resh.commands import columns as cols
from resh.commands import console, tones
from resh.commands.base import FLOW, Argument, Command, Context, Option, Row, Rows
from resh.commands.columns import Column
from resh.commands.found import Found, is_edge
from resh.commands.paths import absolute, is_node, value
from resh.errors import UsageError
from resh.render.values import cell, plain
from resh.search.paths import Step
from resh.search.paths import steps as steps_of
from resh.text import Toned

if TYPE_CHECKING:
    from resh.commands.remembered import Remembered

_SAMPLE = 200
_JSON, _ID = "json_table", "/id"
_ALONE = Column(".", "value")
"""What a row is that is no object, such as a number."""
_PLAIN = r"[^.\[\]`]+"
Table = Iterator[tuple[Any, ...]]


def run(context: Context, rows: Rows, columns: str | None, **forms: bool) -> Rows:
    chosen = [form for form, on in forms.items() if on]
    if len(chosen) > 1:
        raise UsageError(f"list: {' and '.join(f'--{form}'.replace('_', '-') for form in chosen)} exclude each other", "choose one of them")
    wanted = tuple(column.changed(path=context.led(column.path)) for column in cols.parse(columns)) if columns else ()
    return listing(context, rows, wanted, chosen[0] if chosen else "table")


def listing(context: Context, rows: Rows, columns: Sequence[Column] = (), form: str = "table") -> Iterator[str]:
    """Lines of the table; nothing for no rows, but a note at a prompt. Below a table, edges are lines of their own: `from -> to: type`."""
    if any(console.is_page(column.path) for column in columns):
        rows = console.with_pages(context, rows)
    if isinstance(rows, Found) and not rows.is_aggregate:
        chosen, columns = bool(columns), columns or cols.of_nodes(rows.query, node_id=rows.with_edges)
        if form == "table" or not (rows.with_edges or form == _JSON):
            yield from _found(context, rows, columns, form, chosen)
            yield from map(_arrow, rows.edges())
            return
        columns = (*columns, *cols.OF_EDGES) if rows.with_edges and not chosen else columns
    groups = groupby(rows, is_edge) if form == "table" else iter([(False, rows)])
    for are_edges, group in chain([next(groups, (False, rows))], groups):
        yield from map(_arrow, group) if are_edges else _mixed(context, group, columns, form)


def _found(context: Context, rows: Found, columns: Sequence[Column], form: str, chosen: bool) -> Iterator[str]:
    """Columns of a search. Where a person looks, stale resources show when they were last seen, if there are any."""
    sources, links = tuple(column.source for column in columns), _links(context, columns, form)
    looked_at = not chosen and context.columns is not None and context.at is None
    if not looked_at or cols.LAST_SEEN in columns or not context.app.searches.freshness(rows.query).stale:
        return _drawn(context, columns, _values(context, rows, sources, links), form)
    values = _values(context, rows, (*sources, cols.LAST_SEEN.source, cols.STALE), links)
    sample = list(islice(values, _SAMPLE))
    if len(sample) < _SAMPLE and not any(row[-1] for row in sample):
        return _drawn(context, columns, (row[:-2] for row in sample), form)
    seen = ((*shown, last_seen if stale else None) for *shown, last_seen, stale in chain(sample, values))
    return _drawn(context, (*columns, cols.LAST_SEEN), seen, form)


def _links(context: Context, columns: Sequence[Column], form: str) -> tuple[int, ...]:
    return console.links(columns) if form == "table" and context.links else ()


def _values(context: Context, rows: Found, sources: tuple[str, ...], links: tuple[int, ...]) -> Table:
    wanted = (*sources, *console.SOURCES) if links else sources
    values = rows.values(wanted) if context.remembered is None else _noted(context.remembered, rows.values(("id", *wanted)))
    return console.linked(context, links, values) if links else values


def _noted(remembered: Remembered, values: Table) -> Table:
    """The id of each row is for $1 in the next line."""
    for row in values:
        remembered.note(row[0])
        yield row[1:]


def _mixed(context: Context, rows: Rows, columns: Sequence[Column], form: str) -> Iterator[str]:
    """A table of rows of any kind."""
    if not columns:
        columns, rows = _default(context, rows)
        if not columns and form == "table":
            yield from map(plain, rows)
            return
        columns = columns or (_ALONE,)
    first = next(rows, None)
    if not is_node(first):
        columns = tuple(column if column is _ALONE else column.changed(plain=True) for column in columns)
    rows = iter(()) if first is None else chain([first], rows)
    rows = rows if context.remembered is None else context.remembered.noted(rows)
    links = _links(context, columns, form)
    yield from _drawn(context, columns, (_shown(context, row, columns, links, form) for row in rows), form)


def _shown(context: Context, row: Row, columns: Sequence[Column], links: tuple[int, ...], form: str) -> tuple[Any, ...]:
    shown = tuple(_value(row, column) for column in columns)
    if form == _JSON:
        return (*shown, value(row, _ID) if is_node(row) else None)
    return console.with_link(shown, links, console.page(context, row)) if links and is_node(row) else shown


def _value(row: Row, column: Column) -> Any:
    if column is _ALONE:
        return None if isinstance(row, dict) else row
    return None if column is cols.LAST_SEEN and not value(row, cols.STALE) else value(row, column.path)


def _drawn(context: Context, columns: Sequence[Column], values: Table, form: str) -> Iterator[str]:
    first = next(values, None)
    if first is None:
        if context.interactive and not context.explained:
            context.sink.note("nothing found")
        return
    values = chain([first], values)
    if form == "table" and context.toned:
        values = tones.toned(columns, values, context.now)
    yield from _render(context, columns, _ages(context, columns, values, exact=form in ("csv", _JSON)), form)


def _arrow(edge: Row) -> str:
    return f"{cell(edge['from'])} -> {cell(edge['to'])}: {cell(edge.get('edge_type'))}"


def _default(context: Context, rows: Rows) -> tuple[Sequence[Column], Rows]:
    """Columns that suit the rows; none for rows that are no objects."""
    sample: list[Row] = list(islice(rows, _SAMPLE))
    nodes = bool(sample) and all(is_node(row) for row in sample)
    columns = cols.of_nodes(context.query) if nodes else cols.of_rows(sample)
    if nodes and all("change" in row for row in sample):
        columns = (Column("change", "change"), *columns)
    if nodes and context.columns is not None and cols.LAST_SEEN not in columns and any(value(row, cols.STALE) for row in sample):
        columns = (*columns, cols.LAST_SEEN)
    if columns and not all(isinstance(row, dict) for row in sample):
        columns = (*columns, _ALONE)
    return columns, chain(sample, rows)


def _ages(context: Context, columns: Sequence[Column], values: Table, exact: bool) -> Table:
    """Ages are shown as durations: short in tables, to the second in CSV."""
    places = [n for n, column in enumerate(columns) if column.is_age]
    if not places:
        yield from values
        return
    now = context.now
    for row in values:
        shown = list(row)
        for n in places:
            seconds = cols.age_seconds(row[n], now)
            if seconds is not None:
                text = duration(seconds, exact)
                shown[n] = Toned(text, row[n].tone) if isinstance(row[n], Toned) else text
        yield tuple(shown)


def duration(seconds: float, exact: bool = False) -> str:
    """`92 d`; exact: `92d4h10m3s`, which a search understands."""
    left, parts = round(abs(seconds)), []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append((count, unit))
    sign = "-" if seconds < 0 and parts else ""
    if exact:
        return sign + ("".join(f"{count}{unit}" for count, unit in parts) or "0s")
    count, unit = parts[0] if parts else (0, "s")
    return f"{sign}{count} {'min' if unit == 'm' else unit}"


def _render(context: Context, columns: Sequence[Column], values: Table, form: str) -> Iterator[str]:
    headers = [column.name for column in columns]
    if form == "csv":
        from resh.render.csv import csv

        return csv(headers, values)
    if form == "markdown":
        from resh.render.markdown import markdown

        return markdown(headers, values)
    if form == _JSON:
        return _json(context, columns, values)
    from resh.render.table import table

    return table(headers, values, context.columns)


def _json(context: Context, columns: Sequence[Column], values: Table) -> Iterator[str]:
    from resh.render.json_table import Described, json_table

    first = next(values)
    nodes = first[-1] is not None
    return json_table([Described(column.name, *_described(context, column, nodes)) for column in columns], chain([first], values))


def _described(context: Context, column: Column, of_node: bool) -> tuple[str, str]:
    """The path from the top of a row, and the type of what is there."""
    if column is _ALONE:
        return "/", "any"
    steps = absolute(column.path) if of_node else steps_of(column.path)
    path = "/" + "".join(_step(step) for step in steps).lstrip(".")
    if column.is_age and of_node:
        return path, "duration"
    types = context.app.kind_ids.property_types(str(steps[1])) if steps[:1] == ("reported",) and len(steps) == 2 else frozenset()
    return path, next(iter(types)) if len(types) == 1 else "string" if steps[-1] in ("id", "name", "kind") else "any"


def _step(step: Step) -> str:
    if isinstance(step, str):
        return f".{step}" if re.fullmatch(_PLAIN, step) else f".`{step}`"
    return f"[{'*' if step is None else step}]"


LIST = Command(
    "list",
    run,
    "rows as a table of chosen columns",
    FLOW,
    arguments=(
        Argument("columns", required=False, help="paths, each with `as name` if wanted, separated by commas", complete="column", raw=True),
    ),
    options=(
        Option("csv", help="comma-separated values, ages to the second"),
        Option("markdown", help="a Markdown table"),
        Option("json-table", help="a line of JSON that describes the columns, then one for each row"),
    ),
    help="Without columns it shows kind, id, name, the properties that the search asked about, age, account and region. "
    "On a terminal the table is as wide as the screen; elsewhere nothing is cut. On one that can show links, names and ids are links to "
    "the cloud's console, unless shell.links is false; the column /console is the address itself.",
    examples=(
        ("search is(volume) | list id, name, volume_size, age", "volumes with their size and age"),
        ("search is(volume) | list --csv id, tags.owner as owner", "a file for a spreadsheet"),
        ("search is(volume) | list --markdown", "a table for a wiki"),
        ("search is(volume) | list --json-table name, volume_size", "for a program that draws tables"),
        ("search id = vol-0f3a91c2 | list id, /console", "where it is in the cloud's console"),
    ),
)
