"""How rows end that no format took: text as lines; on a terminal documents as a table; elsewhere one JSON object a line.

A session may want another form (`resh --output csv`); text stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, groupby

from resh.commands.base import Context, Row, Rows
from resh.commands.found import Found
from resh.commands.sheet import Sheet
from resh.text import Drawn, Linked, sanitise

LISTED = ("table", "csv", "markdown")


def show(rows: Rows, context: Context, write: Callable[[str], object] | None = None) -> None:
    """Write every row to the sink, or to whoever takes its place."""
    write = write or context.sink.write
    for line in lines(rows, context):
        context.cancel.check()
        write(line + "\n")


def tell_staleness(context: Context) -> None:
    """One line of diagnostics when the answer depends on what could not be read. Of the past nobody remembers what that was."""
    if context.at is not None:
        return
    freshness = context.app.searches.freshness(context.query, context.shown) if context.query else context.freshness
    if freshness is not None and (told := freshness.told(context.app.clock.now())):
        context.sink.note(f"{'' if context.interactive else 'resh: '}{told} (collect status --bad)")


def lines(rows: Rows, context: Context) -> Iterator[str]:
    """The rows as lines of text."""
    if isinstance(rows, Found) and context.columns is not None and not context.output:
        yield from _table(rows, context)
        return
    if context.output and isinstance(rows, Found):
        yield from _formatted(rows, context)
        return
    for form, group in groupby(rows, _form):
        if form is str:
            yield from (_text(row, context) for row in group)
        elif context.output:
            yield from _formatted(group, context)
        elif form is Sheet and context.columns is not None:
            yield from (_text(line, context) for row in group for line in row.lines(context.columns))
        else:
            yield from _values(group, context)


def _formatted(rows: Rows, context: Context) -> Iterator[str]:
    """In the form that the session wants."""
    if context.output in LISTED:
        from resh.commands.listing import listing

        return map(sanitise, listing(context, rows, form=context.output))
    from resh.commands.format import forms

    return map(sanitise, forms()[context.output](context, rows))


def _text(row: str, context: Context) -> str:
    if isinstance(row, Linked) and context.columns is not None:
        return row.drawn
    return row if isinstance(row, Drawn) else sanitise(row)


def _form(row: Row) -> type:
    return str if isinstance(row, str) else Sheet if isinstance(row, Sheet) else object


def _values(rows: Iterator[Row], context: Context) -> Iterator[str]:
    from resh.render.json import compact

    first = next(rows, None)
    if context.columns is not None and isinstance(first, dict):
        yield from _table(chain([first], rows), context)
        return
    found = chain([first], rows)
    for row in found if context.remembered is None else context.remembered.noted(found):
        context.cancel.check()
        yield compact(row)


def _table(rows: Rows, context: Context) -> Iterator[str]:
    from resh.commands.listing import listing

    yield from (_text(line, context) for line in listing(context, rows))
