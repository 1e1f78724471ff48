"""Numbers over time as a picture of characters: lines, stacked bars, a heat map of days and hours.

    for line in plot("bar", Picture("volumes_total", times, {"eu-west-1": [1, None, 3]}), columns=80, height=16, colour=False): ...

Pictures are as wide as the terminal. Each series has a mark of its own, so that they can be told apart without colours, too. Where there
is no value there is no mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from resh.text import Drawn, fit, one_line, sanitise, width

FORMS = ("line", "bar", "heat")
MOST = 6
"""Series in one picture: as many as there are marks."""

_MARKS, _FILLS = "●▲■◆+x", "█▓▒░╬·"
_COLOURS = (33, 208, 71, 170, 220, 45)
_SHADES, _RAMP = " ░▒▓█", (236, 24, 31, 71, 220, 208)
_DAY, _HOUR = 86400, 3600
_NARROWEST, _LOWEST = 20, 4
_SUFFIXES = ("", "k", "M", "G", "T", "P", "E")
_BYTES = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Picture:
    """Values of each series at the times (epoch seconds, evenly apart)."""

    title: str
    times: Sequence[int]
    series: Mapping[str, Values]
    unit: str = ""


Cell = tuple[str, int | None]
"""A character and its colour."""


def plot(form: str, picture: Picture, columns: int, height: int, colour: bool) -> Iterator[str]:
    draw: Callable[[Picture, int, int], Iterator[list[Cell]]] = {"line": _line, "bar": _bar, "heat": _heat}[form]
    room = max(columns, _NARROWEST)
    yield _title(picture, room)
    for cells in draw(picture, room, max(height, _LOWEST)):
        yield _text(cells, colour)


def short(value: float, unit: str) -> str:
    """As few characters as tell it: 12, 3.4k, 1.5Gi; 1e+24 where there is no letter for it."""
    base, suffixes = (1024, _BYTES) if unit == "bytes" else (1000, _SUFFIXES)
    scaled, step = value, 0
    while abs(scaled) >= base - 0.5 and step < len(suffixes):  # 999.9 would be told as 1000
        scaled, step = scaled / base, step + 1
    if step == len(suffixes):
        return f"{value:.3g}"
    return f"{scaled:.3g}{suffixes[step]}" if abs(scaled) < 999.5 else f"{scaled:.0f}{suffixes[step]}"


def _title(picture: Picture, room: int) -> str:
    return fit(sanitise(f"{picture.title}{f' ({picture.unit})' if picture.unit else ''}"), room)


def _line(picture: Picture, room: int, height: int) -> Iterator[list[Cell]]:
    low, high = _bounds([value for values in picture.series.values() for value in values if value is not None], zero=False)
    axis, inner = _axis(low, high, height, picture.unit, room)
    grid: list[list[Cell]] = [[(" ", None)] * inner for _ in range(height)]
    for n, values in enumerate(picture.series.values()):
        before: tuple[int, int] | None = None
        for column, value in enumerate(_stretched(values, inner)):
            if value is None:
                before = None
                continue
            row = _level(value, low, high, height)
            for between in _between(before[1] if before else row, row):
                grid[height - 1 - between][column] = (_MARKS[n], _COLOURS[n])
            before = (column, row)
    yield from _framed(grid, axis, picture, _MARKS)


def _between(one: int, other: int) -> range:
    """The rows that a line passes on its way, without the one it came from."""
    step = 1 if other >= one else -1
    return range(one + step if one != other else one, other + step, step)


def _bar(picture: Picture, room: int, height: int) -> Iterator[list[Cell]]:
    totals = [sum(value or 0 for value in column) for column in zip(*picture.series.values(), strict=True)]
    low, high = _bounds(totals, zero=True)
    axis, inner = _axis(low, high, height, picture.unit, room)
    grid: list[list[Cell]] = [[(" ", None)] * inner for _ in range(height)]
    stretched = [_stretched(values, inner) for values in picture.series.values()]
    for column in range(inner):
        total = 0.0
        for n, values in enumerate(stretched):
            bottom = _filled(total, high, height)
            total += values[column] or 0
            for row in range(bottom, _filled(total, high, height)):
                grid[height - 1 - row][column] = (_FILLS[n], _COLOURS[n])
    yield from _framed(grid, axis, picture, _FILLS)


def _heat(picture: Picture, room: int, height: int) -> Iterator[list[Cell]]:
    """A line for each day, a column for each hour, in UTC; the total of all series."""
    found: dict[int, list[float]] = {}
    for at, *values in zip(picture.times, *picture.series.values(), strict=True):
        known = [value for value in values if value is not None]
        if known:
            found.setdefault(at // _HOUR, []).append(sum(known))
    means = {hour: sum(values) / len(values) for hour, values in found.items()}
    low, high = min(means.values(), default=0.0), max(means.values(), default=0.0)
    size = max(1, (room - 11) // 24)
    yield _plain(" " * 11 + "".join(f"{hour:02d}".ljust(size * 3)[: size * 3] for hour in range(0, 24, 3)))
    days = {hour // 24 for hour in means}
    for day in range(min(days, default=0), max(days, default=-1) + 1):
        cells = _plain(f"{_date(day * _DAY)} ")
        for hour in range(day * 24, day * 24 + 24):
            cells += [("·" if hour not in means else _SHADES[_shade(means[hour], low, high, 4)], _tint(means.get(hour), low, high))] * size
        yield cells
    scale = [(shade, _RAMP[1 + n]) for n, shade in enumerate(_SHADES)]
    yield [*_plain(f"{short(low, picture.unit)} "), *scale, *_plain(f" {short(high, picture.unit)}   · not measured")]


def _tint(value: float | None, low: float, high: float) -> int | None:
    return None if value is None else _RAMP[1 + _shade(value, low, high, 4)]


def _shade(value: float, low: float, high: float, most: int) -> int:
    """Where nothing differs, all is in the middle."""
    return round((value - low) / (high - low) * most) if high > low else most // 2


def _bounds(values: Sequence[float], *, zero: bool) -> tuple[float, float]:
    """A little more than what the values span, so that a line that does not change is in the middle."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if zero:
        return 0.0, high or 1.0
    if low == high:
        room = abs(low) / 2 or 1.0
        return (low - room if low < 0 else max(0.0, low - room)), high + room
    return low, high


def _axis(low: float, high: float, height: int, unit: str, room: int) -> tuple[list[str], int]:
    """What stands left of each row, from above, and how many columns are left for the picture."""
    places = {height - 1, 0, (height - 1) // 2}
    texts = [short(low + (high - low) * row / (height - 1), unit) if row in places else "" for row in range(height)]
    size = max(map(len, texts))
    return [f"{text:>{size}} {'┤' if text else '│'}" for text in reversed(texts)], max(8, room - size - 2)


def _framed(grid: Sequence[list[Cell]], axis: Sequence[str], picture: Picture, marks: str) -> Iterator[list[Cell]]:
    for left, cells in zip(axis, grid, strict=True):
        yield [*_plain(left), *cells]
    margin, inner = " " * (len(axis[0]) - 1), len(grid[0])
    yield _plain(f"{margin}└{'─' * inner}")
    yield _plain(f"{margin} {_dates(picture.times, inner)}")
    if len(picture.series) > 1:
        yield from _legend(picture, len(margin) + 1 + inner, marks)


def _legend(picture: Picture, room: int, marks: str) -> Iterator[list[Cell]]:
    line: list[Cell] = []
    used = 0
    for n, name in enumerate(picture.series):
        text = f" {fit(sanitise(one_line(name)), room - 5)}   "
        if line and used + width(text) - 2 > room:
            yield line
            line, used = [], 0
        line += [(marks[n], _COLOURS[n]), *_plain(text)]
        used += 1 + width(text)
    yield line


def _dates(times: Sequence[int], inner: int) -> str:
    """The first time, the one in the middle and the last."""
    if len(times) < 3:
        return _minute(times[0])
    long = times[-1] - times[0] > 4 * _DAY
    first, middle, last = (_date(at) if long else _minute(at) for at in (times[0], times[len(times) // 2], times[-1]))
    if inner < 3 * width(first) + 4:
        return f"{first}{last:>{max(inner - len(first), len(last) + 1)}}" if inner > 2 * len(first) else first
    left = inner // 2 - len(middle) // 2
    return f"{first:<{left}}{middle}{last:>{inner - left - len(middle)}}"


def _date(at: float) -> str:
    from time import gmtime, strftime

    return strftime("%Y-%m-%d", gmtime(at))


def _minute(at: float) -> str:
    from time import gmtime, strftime

    return strftime("%m-%d %H:%M", gmtime(at))


def _stretched(values: Values, columns: int) -> list[float | None]:
    """As many values as columns: each as often as it takes, or the average of those that share one."""
    n = len(values)
    found: list[float | None] = []
    for column in range(columns):
        first = column * n // columns
        part = [value for value in values[first : max(first + 1, (column + 1) * n // columns)] if value is not None]
        found.append(sum(part) / len(part) if part else None)
    return found


def _level(value: float, low: float, high: float, height: int) -> int:
    return min(height - 1, max(0, round((value - low) / (high - low) * (height - 1))))


def _filled(total: float, high: float, height: int) -> int:
    """Rows that a bar fills."""
    return min(height, max(0, round(total / high * height)))


def _plain(text: str) -> list[Cell]:
    return [(character, None) for character in text]


def _text(cells: Sequence[Cell], colour: bool) -> str:
    if not colour:
        return "".join(character for character, _ in cells).rstrip()
    parts, last = [], None
    for character, tint in cells:
        if tint != last:
            parts.append("\x1b[0m" if tint is None else f"\x1b[38;5;{tint}m")
            last = tint
        parts.append(character)
    return Drawn("".join(parts) + ("\x1b[0m" if last is not None else ""))
