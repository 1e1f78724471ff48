"""`metrics plot`: a metric over time as a picture, on the terminal or in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from pathlib import Path

from resh.commands.base import Context, Option, Row, Rows
from resh.commands.span import BY, GRANULARITY, WHERE, known, span
from resh.errors import UsageError
from resh.metrics.timeseries import Span
from resh.render.plot import FORMS, MOST, Picture, plot
from resh.text import did_you_mean

_PLAIN_COLUMNS = 80
_HEIGHT = 15
_HOUR, _DAY = 3600, 86400
_STEPS = tuple(hours * _HOUR for hours in (1, 2, 3, 4, 6, 8, 12))
"""Parts of a day: others would take each time from other hours, and a daily wave would look like noise."""
_REST = "others"

PLOT_OPTIONS = (
    BY,
    Option("since", str, "7d", "from then on: a date, or how long ago such as 30d", "moment"),
    WHERE,
    GRANULARITY,
    Option("as", str, None, "line, bar (stacked) or heat (days and hours); without it bar with --by, else line", "picture"),
    Option("height", int, _HEIGHT, "how many lines the picture has"),
    Option("png", str, None, "write a picture to this file instead (needs resh[plot])", complete="file"),
    Option("svg", str, None, "the same as SVG", complete="file"),
)


def run_plot(
    context: Context,
    rows: Rows,
    name: str,
    by: str | None,
    since: str,
    where: tuple[str, ...],
    granularity: str | None,
    height: int,
    png: str | None,
    svg: str | None,
    **others: str | None,
) -> Rows:
    known(context, name)
    form = others["as"]
    if form and form not in FORMS:
        raise UsageError(f"there is no picture '{form}'", did_you_mean(form, FORMS) or f"there are {', '.join(FORMS)}")
    columns = context.columns or _PLAIN_COLUMNS
    wanted = _evenly(span(context, name, since, None, by or "total", where, granularity), columns, form)
    picture = _picture(context, name, wanted)
    known_values = [value for values in picture.series.values() for value in values if value is not None]
    if not known_values:
        context.sink.note(f"{name} has no values since {since}")
        return
    form = _form(name, form, by, min(known_values))
    if file := png or svg:
        yield _written(context, form, picture, file, "png" if png else "svg")
    else:
        yield from plot(form, picture, columns, height, context.sink.colour and context.columns is not None)


def _form(name: str, form: str | None, by: str | None, smallest: float) -> str:
    """Bars stand on each other: what is below zero cannot."""
    if form == "bar" and smallest < 0:
        raise UsageError(f"{name} has values below zero, which bars cannot show", "--as line draws them")
    return form or ("bar" if by and smallest >= 0 else "line")


def _evenly(wanted: Span, columns: int, form: str | None) -> Span:
    """A value for each column, at most; hours for a heat map."""
    fitting = ((wanted.until or 0) - wanted.since) / columns
    days = ceil(fitting / _DAY) * _DAY
    step = _HOUR if form == "heat" else wanted.granularity or next((step for step in _STEPS if step >= fitting), days)
    return Span(wanted.since, wanted.until, wanted.where, wanted.by, step)


def _picture(context: Context, name: str, wanted: Span) -> Picture:
    found = context.app.timeseries.range(name, wanted)
    step = wanted.granularity
    first = int(wanted.since) // step
    if found:  # nothing is drawn of the time before it was measured
        first = max(first, _second(found[0]) // step)
    times = [slot * step for slot in range(first, int(wanted.until or 0) // step + 1)]
    series: dict[str, dict[int, float]] = {}
    for row in found:
        label = " ".join(row[label] or "-" for label in wanted.by or ()) or name
        series.setdefault(label, {})[_second(row)] = row["value"]
    for values in series.values():
        _last(values, context.app.timeseries.moments(name, wanted), step)
    unit = next((metric.unit for metric in context.app.metrics if metric.name == name), "")
    return Picture(name, times, _largest({label: [values.get(at) for at in times] for label, values in series.items()}), unit)


def _last(values: dict[int, float], moments: Sequence[tuple[int, int]], step: int) -> None:
    """What stands for a longer time is there as long."""
    for at, width in moments:
        first = at // step * step
        if first in values:
            for later in range(first + step, at + width, step):
                values.setdefault(later, values[first])


def _largest(series: Mapping[str, Sequence[float | None]]) -> dict[str, Sequence[float | None]]:
    """As many as can be told apart, the largest first; the rest as one."""
    ranked = sorted(series, key=lambda name: -sum(value or 0 for value in series[name]))
    if len(ranked) <= MOST:
        return {name: series[name] for name in ranked}
    kept, rest = ranked[: MOST - 1], [series[name] for name in ranked[MOST - 1 :]]
    others = [sum(value or 0 for value in column) if any(v is not None for v in column) else None for column in zip(*rest, strict=True)]
    return {**{name: series[name] for name in kept}, f"{_REST} ({len(rest)})": others}


def _second(row: Row) -> int:
    return int(datetime.fromisoformat(row["at"]).timestamp())


def _written(context: Context, form: str, picture: Picture, file: str, suffix: str) -> Row:
    from resh.render.picture import drawn

    name = str(Path(file).with_suffix(f".{suffix}"))
    with context.files.replacing(name) as output:
        count = output.buffer.write(drawn(form, picture, suffix))
    return {"file": name, "bytes": count}
