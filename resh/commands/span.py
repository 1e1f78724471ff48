"""The part of a metric that a command is about: options that `metrics` and `timeseries` share."""

from __future__ import annotations

from collections.abc import Sequence

from resh.commands.base import Argument, Context, Option
from resh.durations import parse_duration, parse_time
from resh.errors import BadValue, UsageError
from resh.metrics.label_test import LabelTest, parse
from resh.metrics.timeseries import Span
from resh.text import did_you_mean

NAME = Argument("name", help="a metric", complete="metric")
BY = Option("by", str, None, "sums by these labels, separated by commas; total for all together", complete="label")
FITTING = "only series whose label fits: region=eu-west-1, type!=gp2, account=~^prod, 'region in [a, b]'; again for another"
WHERE = Option("where", str, None, FITTING, many=True, complete="label test")
GRANULARITY = Option("granularity", str, None, "one value for each of these, such as 1h; a number is how many values", "duration")
SINCE = Option("since", str, None, "all values from then on: a date, or how long ago such as 7d", "moment")
SPAN_OPTIONS = (BY, SINCE, WHERE, GRANULARITY)
TOTAL = "total"


def known(context: Context, name: str) -> None:
    """Raises UsageError unless it is measured or was once written."""
    names = {definition.name for definition in context.app.metrics} | set(context.app.timeseries.names())
    if name not in names:
        raise UsageError(f"there is no metric '{name}'", did_you_mean(name, names) or "metrics list shows them all")


def span(
    context: Context,
    name: str,
    since: str,
    until: str | None,
    by: str | None,
    where: Sequence[str],
    granularity: str | None,
) -> Span:
    now = context.app.clock.now()
    start, end = parse_time(since, now), parse_time(until, now) if until else now
    if end < start:
        raise UsageError(f"'{until or 'now'}' is before '{since}'", "a period starts before it ends")
    return Span(start, end, conditions(context, name, where), groups(context, name, by), _seconds(granularity, end - start))


def groups(context: Context, name: str, by: str | None) -> tuple[str, ...] | None:
    if by is None:
        return None
    names = tuple(filter(None, (label.strip() for label in by.split(","))))
    return () if names == (TOTAL,) else tuple(_label(context, name, label) for label in names)


def conditions(context: Context, name: str, texts: Sequence[str]) -> tuple[LabelTest, ...]:
    found = tuple(parse(text) for text in texts or ())
    for test in found:
        _label(context, name, test.label)
    return found


def _label(context: Context, name: str, label: str) -> str:
    labels = context.app.timeseries.labels(name)
    if labels and label not in labels:
        raise UsageError(f"{name} has no label '{label}'", did_you_mean(label, labels) or f"there are {', '.join(sorted(labels))}")
    return label


def _seconds(granularity: str | None, period: float) -> int:
    if granularity is None:
        return 0
    if granularity.isdigit():
        points = int(granularity)
        if not points:
            raise BadValue("0 values are none", "write how many, or how far apart such as 1h")
        return max(1, -int(-period // points))
    return max(1, int(parse_duration(granularity)))
