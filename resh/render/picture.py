"""The same picture as a PNG or SVG file, drawn by matplotlib: the extra `plot`.

drawn("line", picture, "svg")           # bytes
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from resh.errors import ReshError
from resh.render.plot import Picture, short

_SIZE, _DOTS = (12, 5), 120
_HOUR = 3600


def drawn(form: str, picture: Picture, suffix: str) -> bytes:
    """The picture as a file, png or svg. Raises ReshError where matplotlib is missing. Draws without any global state."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ReshError("pictures as files need matplotlib", "pip install 'resh[plot]'") from None
    figure = Figure(figsize=_SIZE, dpi=_DOTS, layout="constrained")
    axes = figure.subplots()
    {"line": _lines, "bar": _bars, "heat": _heat}[form](axes, picture)
    if form != "heat":
        axes.yaxis.set_major_formatter(_short(picture))
    axes.set_title(picture.title + (f" ({picture.unit})" if picture.unit else ""), parse_math=False)
    output = BytesIO()
    figure.savefig(output, format=suffix)
    return output.getvalue()


def _short(picture: Picture) -> Callable[[float, object], str]:
    return lambda value, place: short(value, picture.unit)


def _lines(axes: Any, picture: Picture) -> None:
    for name, values in picture.series.items():
        axes.plot(_moments(picture), [float("nan") if value is None else value for value in values], label=name)
    _named(axes, picture)


def _bars(axes: Any, picture: Picture) -> None:
    moments = _moments(picture)
    step = (picture.times[1] - picture.times[0]) / 86400 if len(picture.times) > 1 else 1.0
    bottom = [0.0] * len(moments)
    for name, values in picture.series.items():
        heights = [value or 0.0 for value in values]
        axes.bar(moments, heights, width=step * 0.9, bottom=bottom, label=name)
        bottom = [one + other for one, other in zip(bottom, heights, strict=True)]
    _named(axes, picture)


def _heat(axes: Any, picture: Picture) -> None:
    first, last = picture.times[0] // 86400, picture.times[-1] // 86400
    grid = [[float("nan")] * 24 for _ in range(last - first + 1)]
    for at, *values in zip(picture.times, *picture.series.values(), strict=True):
        known = [value for value in values if value is not None]
        if known:
            grid[at // 86400 - first][at % 86400 // _HOUR] = sum(known)
    days = [datetime.fromtimestamp(day * 86400, UTC).date().isoformat() for day in range(first, last + 1)]
    axes.set_yticks(range(len(days)), days)
    axes.figure.colorbar(axes.imshow(grid, aspect="auto", interpolation="nearest"), ax=axes, format=_short(picture))


def _named(axes: Any, picture: Picture) -> None:
    if len(picture.series) > 1:
        for text in axes.legend().get_texts():
            text.set_parse_math(False)


def _moments(picture: Picture) -> list[datetime]:
    return [datetime.fromtimestamp(at, UTC) for at in picture.times]
