"""What stops a plan as a whole: too many deletions, too much of an account or of a kind, too much money, the wrong time.

brakes(plan, store, kinds, settings, now)      # ('31 deletions, and cleanup.max_deletions is 30',), () when nothing does
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from resh import hours
from resh.cleanup.plan import Plan
from resh.errors import BadValue
from resh.graph.base import GraphStore
from resh.model.kinds import Kinds
from resh.settings import Settings

Size = tuple[str, ...]
_ALL = 100


def brakes(plan: Plan, store: GraphStore, kinds: Kinds, settings: Settings, now: float) -> tuple[str, ...]:
    if not len(plan):
        return ()
    return (
        *_number(plan, settings),
        *_shares(plan, store, kinds, settings),
        *_cost(plan, settings),
        *filter(None, (out_of_hours(settings, now),)),
    )


def _number(plan: Plan, settings: Settings) -> Iterator[str]:
    most = settings.number("cleanup.max_deletions")
    if most and len(plan) > most:
        yield f"{len(plan)} deletions, and cleanup.max_deletions is {most}"


def _shares(plan: Plan, store: GraphStore, kinds: Kinds, settings: Settings) -> Iterator[str]:
    sizes = _sizes(store, kinds)
    of_account, of_kind = settings.number("cleanup.max_percent"), settings.number("cleanup.max_kind_percent")
    for place, count in sorted(Counter((item.cloud, item.account) for item in plan.items()).items()):
        if _exceeds(count, sizes[place], of_account):
            yield f"{count} of {sizes[place]} resources of the account {place[1]}, and cleanup.max_percent is {of_account}"
    for (cloud, account, kind), count in sorted(Counter((item.cloud, item.account, item.kind) for item in plan.items()).items()):
        if _exceeds(count, size := sizes[cloud, account, kind], of_kind):
            yield f"{count} of {size} {kind} of the account {account}, and cleanup.max_kind_percent is {of_kind}"


def _exceeds(count: int, size: int, percent: int) -> bool:
    return percent < _ALL and count * 100 > percent * size


def _sizes(store: GraphStore, kinds: Kinds) -> Mapping[Size, int]:
    """How many resources each account has, and how many of each kind; phantoms are none."""
    sizes: Counter[Size] = Counter()
    for report, _ in store.scopes():
        scope = report.scope
        if scope.kind not in kinds or not kinds[scope.kind].phantom:
            sizes[scope.cloud, scope.account] += report.count
            sizes[scope.cloud, scope.account, scope.kind] += report.count
    return sizes


def _cost(plan: Plan, settings: Settings) -> Iterator[str]:
    most, cost = settings.number("cleanup.max_monthly_cost"), plan.monthly_cost
    if most and cost > most:
        yield f"{cost:.2f} USD a month, and cleanup.max_monthly_cost is {most}"


def out_of_hours(settings: Settings, now: float) -> str:
    """Why it is not the time; empty when it is."""
    text, name = settings.text("cleanup.hours"), settings.text("cleanup.timezone")
    if not text:
        return ""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise BadValue(f"cleanup.timezone: there is no time zone '{name}'", "write it like Europe/Berlin") from None
    moment = datetime.fromtimestamp(now, UTC).astimezone(zone)
    return "" if hours.parse(text).contain(moment) else f"it is {moment:%a %H:%M}, and cleanup.hours is {text}"
