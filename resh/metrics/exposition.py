"""The last values of all metrics as monitoring reads them: Prometheus' text format and OpenMetrics.

    text, content_type = exposition(app.timeseries, app.metrics, extra, accept="application/openmetrics-text")

Names begin with `resh_`. Reading is one transaction: values of two generations are never mixed, and change once a generation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from resh.metrics.definitions import Definition
from resh.metrics.timeseries import TimeSeries

if TYPE_CHECKING:
    from prometheus_client.core import Metric

PREFIX = "resh_"
_TOTAL = "_total"
_NO_LABEL = re.compile(r"\W|^(?=\d)")


class Distribution(NamedTuple):
    """How many values are no larger than each bound, and their sum."""

    buckets: Sequence[tuple[str, int]]
    sum: float


class Family(NamedTuple):
    """A metric with all its series, ready to be told: labels and value of each, which is a Distribution for histograms."""

    name: str
    help: str
    type: str
    samples: Sequence[tuple[Mapping[str, str], float | Distribution]]


Extra = Callable[[], Iterable[Family]]
"""Further families, which are not kept: those of resh itself."""


def families(series: TimeSeries, definitions: Sequence[Definition]) -> Iterator[Family]:
    """The last values of whatever was ever written, snapshots of one's own, too."""
    known = {definition.name: definition for definition in definitions}
    newest = 0.0
    for published, rows in series.current():
        definition = known.get(published.name)
        samples = [({label(name): str(value) for name, value in row.items() if name != "value"}, float(row["value"])) for row in rows]
        told = definition.help if definition else "A snapshot of one's own"
        yield Family(PREFIX + published.name, told, definition.type if definition else "gauge", samples)
        newest = max(newest, published.at)
    if newest:
        yield Family(f"{PREFIX}generated_timestamp_seconds", "When metrics were last written", "gauge", [({}, newest)])


def exposition(series: TimeSeries, definitions: Sequence[Definition], extra: Extra, accept: str) -> tuple[bytes, str]:
    """The text, and its content type: OpenMetrics for who accepts it."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import choose_encoder

    class Collector:
        def collect(self) -> Iterator[Metric]:
            return map(_metric, (*families(series, definitions), *extra()))

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector())
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def label(name: str) -> str:
    """What a group is called, as a label may be."""
    return _NO_LABEL.sub("_", name)


def _metric(family: Family) -> Metric:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    names = sorted({name for labels, _ in family.samples for name in labels})
    made: Any
    if family.type == "histogram":
        made = HistogramMetricFamily(family.name, family.help, labels=names)
    elif family.type == "counter":
        made = CounterMetricFamily(family.name.removesuffix(_TOTAL), family.help, labels=names)
    else:
        made = GaugeMetricFamily(family.name, family.help, labels=names)
    for labels, value in family.samples:
        made.add_metric([labels.get(name, "") for name in names], *(value if isinstance(value, Distribution) else (value,)))
    found: Metric = made
    return found
