"""`metrics`: what is measured, and the values."""

from __future__ import annotations

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.durations import parse_time
from resh.errors import UsageError
from resh.text import did_you_mean


def run_list(context: Context, rows: Rows) -> Rows:
    published = {found.name: found for found in context.app.timeseries.published()}
    for definition in context.app.metrics:
        found = published.get(definition.name)
        yield {
            "name": definition.name,
            "series": found.series if found else 0,
            "generated_at": iso(found.at) if found else None,
            "unit": definition.unit,
            "type": definition.type,
            "help": definition.help,
        }


def run_show(context: Context, rows: Rows, name: str, since: str | None) -> Rows:
    series = context.app.timeseries
    names = {definition.name for definition in context.app.metrics} | set(series.names())
    if name not in names:
        raise UsageError(f"there is no metric '{name}'", did_you_mean(name, names) or "metrics list shows them all")
    context.freshness = next((context.app.searches.freshness(metric.search) for metric in context.app.metrics if metric.name == name), None)
    found = series.range(name, parse_time(since, context.app.clock.now())) if since else series.latest(name)
    if not found and context.interactive:
        context.sink.note(f"{name} has no values yet: workflows run metrics generates them")
    yield from found


METRICS = Command(
    "metrics",
    None,
    "metrics and their values",
    SOURCE,
    help="The step generate_metrics of a workflow computes them from searches and keeps them as time series.",
    subcommands=(
        Command("list", run_list, "all metrics", examples=(("metrics list", "what is measured"),)),
        Command(
            "show",
            run_show,
            "the values of a metric, one row for each set of labels",
            arguments=(Argument("name", help="a metric", complete="metric"),),
            options=(Option("since", str, None, "all values from then on: a date, or how long ago such as 7d"),),
            examples=(("metrics show volumes_total", "now"), ("metrics show volumes_total --since 7d", "the last week")),
        ),
    ),
)
