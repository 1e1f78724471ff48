"""A run as it is drawn while it runs: the parts of its step, and a line about the whole.

live_lines(context, runner.standing_of(handle))
# collect aws/123456789012   eu-west-1 ████████░░  us-east-1 █████░░░░░
# 34 % · about 2 min left · 1 problem · waiting for ec2:DescribeVolumes in eu-west-1 for 12 s
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from resh.commands.base import Context
from resh.durations import format_duration
from resh.render.bar import bar
from resh.text import one_line, pad, width

if TYPE_CHECKING:
    from resh.workflows.standing import Standing

SLOW_SECONDS = 2.0
"""Nobody needs to hear of a call that is younger."""
Leaf = tuple[tuple[str, ...], int, int]


def live_lines(context: Context, standing: Standing) -> list[str]:
    about = " · ".join((f"{standing.percent} %", *words(standing, context.app.clock.now())))
    return [*progress_lines(standing.leaves, context.columns or 80), about]


def words(standing: Standing, now: float) -> Iterator[str]:
    """What is left, what went wrong, what it waits for."""
    if standing.ends:
        yield f"about {format_duration(standing.ends - now)} left" if standing.ends > now else "longer than usual"
    if standing.problems:
        yield f"{standing.problems} problem{'' if standing.problems == 1 else 's'}"
    if standing.waiting and (seconds := now - standing.waiting.since) >= SLOW_SECONDS:
        yield f"waiting for {standing.waiting.what} in {standing.waiting.where} for {format_duration(seconds)}"


def progress_lines(leaves: Iterable[Leaf], columns: int) -> list[str]:
    """One line for each account of the step that runs: a bar for each region, unfinished ones first, as many as fit."""
    accounts: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for path, done, total in leaves:
        if len(path) > 1 and total:
            step, *account, region = path
            accounts[" ".join((step, "/".join(account)))][region] = (done, total)
    return [_line(label, regions, columns) for label, regions in accounts.items() if any(done < total for done, total in regions.values())]


def _line(label: str, regions: dict[str, tuple[int, int]], columns: int) -> str:
    line = pad(one_line(label), 24)
    waiting = sorted(regions.items(), key=lambda item: item[1][0] >= item[1][1])
    for number, (region, (done, total)) in enumerate(waiting):
        part = f"  {one_line(region)} {bar(done, total)}"
        rest = f"  +{len(waiting) - number}"
        if width(line + part) + len(rest) > columns - 1:
            return line + rest
        line += part
    return line
