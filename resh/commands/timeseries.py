"""`timeseries`: numbers of one's own over time, beside those of the metrics, which it reads, too."""

from __future__ import annotations

import re

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Rows
from resh.commands.span import FITTING, GRANULARITY, known, span
from resh.errors import UsageError
from resh.metrics.definitions import Definition, require_free
from resh.thinning import steps

_NAME = re.compile(r"[A-Za-z_]\w*")


def run_snapshot(context: Context, rows: Rows, name: str | None, search: str) -> Rows:
    app, name = context.app, _named(name)
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a time series", "a name has letters, digits and _")
    require_free(name)
    if any(metric.name == name for metric in app.metrics):
        raise UsageError(f"{name} is a metric, which its own search measures", f"metrics run {name}, or take another name")
    definition = Definition(name, "", search.removeprefix("search ").strip())
    values = app.generator.measure(definition, context.cancel, app.settings.number("metrics.max_series"))
    app.timeseries.write(app.clock.now(), {name: values})
    yield {"name": name, "series": len(values), "total": sum(value.value for value in values)}


def run_get(
    context: Context,
    rows: Rows,
    name: str | None,
    start: str,
    end: str | None,
    group: tuple[str, ...],
    filter: tuple[str, ...],
    granularity: str | None,
) -> Rows:
    name = _named(name)
    known(context, name)
    yield from context.app.timeseries.range(name, span(context, name, start, end, ",".join(group) or None, filter, granularity))


def run_list(context: Context, rows: Rows) -> Rows:
    for found in context.app.timeseries.published():
        yield {
            "name": found.name,
            "series": found.series,
            "created": iso(found.created),
            "updated": iso(found.at),
            "downsampled": iso(found.downsampled) if found.downsampled else None,
        }


def run_downsample(context: Context, rows: Rows) -> Rows:
    app, settings = context.app, context.app.settings
    thinned_by = steps(settings.list("metrics.downsample"))
    done = app.timeseries.downsample(app.clock.now(), thinned_by, settings.seconds("metrics.retention"), context.cancel)
    yield {"slots": done.slots, "made_of": done.moments, "forgotten": done.forgotten}


def _named(name: str | None) -> str:
    if not name:
        raise UsageError("timeseries: --name is missing", "say which one, such as --name volumes_total")
    return name


TIMESERIES = Command(
    "timeseries",
    None,
    "numbers over time, kept and read",
    SOURCE,
    help="Metrics are time series that the workflow writes. A snapshot writes one of your own.",
    subcommands=(
        Command(
            "snapshot",
            run_snapshot,
            "keep what an aggregate gives now, a series for each of its groups",
            role=Role.operator,
            arguments=(Argument("search", help="an aggregate with one function", complete="search", raw=True),),
            options=(Option("name", str, None, "the name to keep it under", complete="free"),),
            examples=(("timeseries snapshot --name disks aggregate(region: sum(volume_size)): is(volume)", "gigabytes by region"),),
        ),
        Command(
            "get",
            run_get,
            "values over time",
            options=(
                Option("name", str, None, "a metric, or what snapshots are kept under", complete="metric"),
                Option("start", str, "7d", "from then on: a date, or how long ago such as 7d", "moment"),
                Option("end", str, None, "until then; without it until now", "moment"),
                Option("group", str, None, "sums by this label; again for another; total for all together", many=True, complete="label"),
                Option("filter", str, None, FITTING, many=True, complete="label test"),
                GRANULARITY,
            ),
            examples=(
                ("timeseries get --name volumes_total --start 2d --group region", "two days, by region"),
                ("timeseries get --name volume_bytes --start 30d --group total --granularity 5", "five values of a month"),
            ),
        ),
        Command("list", run_list, "all of them", examples=(("timeseries list | head 3", "when they began and were last written"),)),
        Command(
            "downsample",
            run_downsample,
            "thin out what is old now",
            role=Role.operator,
            help="The step generate_metrics does it, too. metrics.downsample says at which age values become how many; sums, smallest and "
            "largest values stay what they are. What is older than metrics.retention goes.",
            examples=(("timeseries downsample", "nothing, when nothing is due"),),
        ),
    ),
)
