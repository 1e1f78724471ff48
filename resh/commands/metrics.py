"""`metrics`: what is measured, the values, and pictures of them."""

from __future__ import annotations

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Role, Row, Rows
from resh.commands.plot import PLOT_OPTIONS, run_plot
from resh.commands.span import NAME, SPAN_OPTIONS, conditions, groups, known, span
from resh.errors import UsageError
from resh.metrics.definitions import Definition
from resh.metrics.sparkline import sparkline
from resh.metrics.timeseries import Span, TimeSeries
from resh.text import did_you_mean

_TREND_SECONDS = 7 * 86400
_TREND_POINTS = 14


def run_list(context: Context, rows: Rows) -> Rows:
    published = {found.name: found for found in context.app.timeseries.published()}
    for definition in context.app.metrics:
        context.cancel.check()
        found = published.get(definition.name)
        row: Row = {
            "name": definition.name,
            "series": found.series if found else 0,
            "generated_at": iso(found.at) if found else None,
            "unit": definition.unit,
            "type": definition.type,
            "help": definition.help,
        }
        if context.columns is not None:
            yield {"name": row.pop("name"), "week": _trend(context.app.timeseries, definition.name, context.app.clock.now()), **row}
        else:
            yield {**row, "search": definition.search}


def run_show(
    context: Context, rows: Rows, name: str, by: str | None, since: str | None, where: tuple[str, ...], granularity: str | None
) -> Rows:
    series = context.app.timeseries
    known(context, name)
    wanted = next((metric for metric in context.app.metrics if metric.name == name and metric.search), None)
    context.freshness = context.app.searches.freshness(wanted.search) if wanted else None
    if since or granularity:
        found = series.range(name, span(context, name, since or "7d", None, by, where, granularity))
    else:
        found = series.latest(name, conditions(context, name, where), groups(context, name, by))
    if not found and context.interactive:
        context.sink.note(f"{name} has no values {'that fit' if where or since else 'yet: metrics run generates them'}")
    yield from found


def run_run(context: Context, rows: Rows, name: str | None) -> Rows:
    """Measure now. All of them are published as one set, as the step does it."""
    app = context.app
    definitions = app.metrics if name is None else (_definition(context, name),)
    started = app.clock.now()
    done = app.generator.generate(definitions, now=app.clock.now(), cancel=context.cancel, most=app.settings.number("metrics.max_series"))
    if done.failures:
        context.status = 1 if len(done.failures) == len(definitions) else 3
    for definition in definitions:
        failure = done.failures.get(definition.name)
        values = [] if failure else app.timeseries.latest(definition.name)
        yield {
            "name": definition.name,
            "series": len(values),
            "total": sum(row["value"] for row in values),
            "unit": definition.unit,
            **({"error": failure} if done.failures else {}),
        }
    if context.interactive:
        context.sink.note(f"{done.metrics} metrics, {done.series} series in {app.clock.now() - started:.1f} s")


def _definition(context: Context, name: str) -> Definition:
    found = {definition.name: definition for definition in context.app.metrics}
    if name not in found:
        raise UsageError(f"there is no metric '{name}'", did_you_mean(name, found) or "metrics list shows them all")
    return found[name]


def _trend(series: TimeSeries, name: str, now: float) -> str:
    """Totals of the last week, half a day each."""
    width = _TREND_SECONDS // _TREND_POINTS
    first = int(now) // width - _TREND_POINTS + 1
    found = series.range(name, Span(first * width, by=(), granularity=width))
    values = {row["at"]: row["value"] for row in found}
    return sparkline([values.get(iso(slot * width)) for slot in range(first, first + _TREND_POINTS)])


METRICS = Command(
    "metrics",
    None,
    "metrics, their values and pictures of them",
    SOURCE,
    help="The step generate_metrics of a workflow computes them from searches and keeps them as time series. Old values become fewer "
    "(metrics.downsample): what stands for several measurements is their average, with min, max and count beside it. A group of series is "
    "the average of its sums. Where nothing was measured there is no row. config edit metrics changes what is measured.",
    subcommands=(
        Command(
            "list",
            run_list,
            "all metrics, with a line for their totals of the last week",
            examples=(("metrics list", "what is measured"),),
        ),
        Command(
            "show",
            run_show,
            "the values of a metric, one row for each set of labels: now, or over time",
            arguments=(NAME,),
            options=SPAN_OPTIONS,
            examples=(
                ("metrics show volumes_total", "now"),
                ("metrics show volumes_total --by region", "now, by region"),
                ("metrics show volumes_total --since 7d --where type=gp3", "the last week of some"),
                ("metrics show volumes_total --since 7d --by account --granularity 1d", "a value a day"),
            ),
        ),
        Command(
            "run",
            run_run,
            "measure now and keep the values",
            role=Role.operator,
            arguments=(Argument("name", required=False, help="only this metric", complete="metric"),),
            examples=(("metrics run volumes_total", "one of them"),),
        ),
        Command(
            "plot",
            run_plot,
            "a metric over time as a picture",
            arguments=(NAME,),
            options=PLOT_OPTIONS,
            help="As wide as the terminal. Without --by it is the total; with it the largest groups, and the others as one.",
            examples=(
                ("metrics plot volumes_total --since 7d --height 8", "the total of a week"),
                ("metrics plot volumes_total --by region --as bar --height 8", "bars of the regions, one on the other"),
            ),
        ),
    ),
)
