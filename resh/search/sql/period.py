"""Usage over a period: what `with_usage(start :: end, metric, …)` puts in the place of the latest samples.

period = period_of(writer, part.usage)
period.number("n1.nid", "cpu", "max")       the largest sample of the period, NULL without any
period.json("n1.nid")                       {"cpu": {"min": …, "avg": …, "max": …}}, NULL without any
"""

from __future__ import annotations

from resh.errors import BadValue
from resh.record import Record
from resh.search.sql.scope import STATISTICS
from resh.search.sql.writer import Writer
from resh.search.tree import Usage


class Period(Record):
    """`metrics` are those that were asked for; others are missing. `within` is SQL about the time of a sample."""

    writer: Writer
    metrics: tuple[str, ...]
    within: str

    def number(self, nid: str, metric: str, statistic: str) -> str:
        if metric not in self.metrics:
            return "NULL"
        name = self.writer.bind(metric)
        return f"(SELECT {statistic}({statistic}) FROM usage WHERE nid = {nid} AND metric = {name} AND {self.within})"

    def json(self, nid: str) -> str:
        numbers = ", ".join(f"{name}({name}) AS {name}" for name in STATISTICS)
        metrics = self.writer.one_of("metric", self.metrics)
        rows = f"SELECT metric, {numbers} FROM usage WHERE nid = {nid} AND {metrics} AND {self.within} GROUP BY metric"
        return f"(SELECT nullif(json_group_object(metric, json_object('min', min, 'avg', avg, 'max', max)), '{{}}') FROM ({rows}))"


def period_of(writer: Writer, usage: Usage) -> Period:
    """Raises BadValue for a bound that is no time, or an end before the start."""
    start = _moment(writer, usage.start)
    end = writer.now if usage.end is None else _moment(writer, usage.end)
    if end < start:
        raise BadValue(f"{usage} ends before it starts", "write it like with_usage(3d::1d, cpu): from three days ago to one day ago")
    return Period(writer, usage.metrics, f"at BETWEEN {writer.bind(start)} AND {writer.bind(end)}")


def _moment(writer: Writer, moment: float | str) -> float:
    """Epoch seconds of a time, or of so many seconds ago."""
    if not isinstance(moment, str):
        return writer.now - moment
    from resh.durations import parse_time

    return parse_time(moment, writer.now)
