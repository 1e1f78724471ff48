"""`calls`: the calls of a run, or of commands, to their clouds, how they went, and what is known of their prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Row, Rows
from resh.errors import ReshError, UsageError
from resh.providers.base import Bill
from resh.state.calls import COMMANDS, AccountCalls, CallCount
from resh.text import did_you_mean

_GROUPS = ("operation", "service", "account", "region", "purpose")
_SORTS = ("calls", "seconds", "p95", "throttled", "retries", "bytes", "billed", "cost", "unpriced")
_SHARE = 0.95


@dataclass(slots=True)
class _Group:
    """`cost` counts only calls whose price is known; None while there is none."""

    count: CallCount = field(default_factory=lambda: CallCount("", ""))
    billed: int = 0
    cost: float | None = None
    unpriced: int = 0

    def add(self, count: CallCount, bill: Bill | None) -> None:
        self.count.add(count)
        if bill is None:
            self.unpriced += count.calls
            return
        units = count.units if bill.unit else 0
        self.billed += units
        self.cost = (self.cost or 0.0) + units * bill.usd

    def row(self) -> Row:
        count = self.count
        return {
            "calls": count.calls,
            "seconds": round(count.seconds, 3),
            "p95": round(count.within(_SHARE), 3),
            "throttled": count.throttled,
            "retries": count.repeated,
            "errors": dict(sorted(count.errors.items(), key=lambda error: (-error[1], error[0]))) or None,
            "bytes": None if count.unsized else count.bytes,
            "billed": self.billed,
            "cost": None if self.cost is None else round(self.cost, 9),
            "unpriced": self.unpriced,
        }


def run(context: Context, rows: Rows, run: str | None, by: str, account: str | None, region: str | None, sort: str, prices: bool) -> Rows:
    if prices:
        return _prices(context)
    names = _known(by, _GROUPS, "--by")
    (order,) = _known(sort, _SORTS, "--sort", several=False)
    return _rows(context, run, names, account, region, order)


def _rows(context: Context, run: str | None, names: tuple[str, ...], account: str | None, region: str | None, order: str) -> Rows:
    """The largest group first, alike ones by name."""
    groups = _grouped(context, _run(context, run), names, account, region)
    for key, numbers in sorted(groups, key=lambda group: (-(group[1][order] or 0), *group[0].values())):
        yield {**key, **numbers}


def _prices(context: Context) -> Rows:
    for provider in context.app.providers.values():
        for operations, bill in provider.bills().items():
            yield {"operations": operations, "billed": bill.unit or "free", "usd": bill.usd, "source": bill.source}


def _known(text: str, names: tuple[str, ...], option: str, several: bool = True) -> tuple[str, ...]:
    chosen = tuple(filter(None, (name.strip() for name in text.split(",")))) if several else (text,)
    for name in chosen or ("",):
        if name not in names:
            raise UsageError(f"calls: {option} knows no '{name}'", did_you_mean(name, names) or f"one of {', '.join(names)}")
    return chosen


def _run(context: Context, run: str | None) -> str:
    """Its id; the last run that made calls when none is named."""
    tables = context.app.tables
    counted = tables.calls.runs()
    if run is None:
        if not counted:
            raise ReshError("no run has counted its calls yet", "collect run collects now")
        return counted[0]
    if run == COMMANDS:
        if next(tables.calls.of(run), None) is None:
            raise ReshError("no command has counted calls yet", "aws, tag and refresh do")
        return run
    record = tables.runs.get(run)
    if record is None:
        raise ReshError(f"there is no run '{run}'", did_you_mean(run, counted) or "workflows history lists them")
    if record.id not in counted:
        under_way = "those of an account are counted when its collect has ended"
        raise ReshError(
            f"run {record.id} of {record.workflow} has no calls to show",
            under_way if record.status == "running" else f"there are those of {', '.join(counted[:3]) or 'no run yet'}",
        )
    return record.id


def _grouped(context: Context, run: str, names: tuple[str, ...], account: str | None, region: str | None) -> list[tuple[Row, Row]]:
    groups: dict[tuple[str, ...], _Group] = {}
    accounts, regions = set[str](), set[str]()
    for one in context.app.tables.calls.of(run):
        context.cancel.check()
        accounts.update(filter(None, (one.account, one.name)))
        if _fits(account, one.account, one.name):
            provider = context.app.providers.get(one.cloud)
            for count in one.counts:
                regions.add(count.region)
                if _fits(region, count.region):
                    bill = provider.bill(count.operation) if provider else None
                    groups.setdefault(tuple(_value(one, count, name) for name in names), _Group()).add(count, bill)
    if not groups:
        text, known = (region or "", regions) if regions else (account or "", accounts)
        raise ReshError(f"no call of run {run} fits '{text}'", did_you_mean(text, known) or f"there are {', '.join(sorted(known)[:5])}")
    return [(dict(zip(names, key, strict=True)), group.row()) for key, group in groups.items()]


def _fits(patterns: str | None, *values: str) -> bool:
    return patterns is None or any(fnmatchcase(value, pattern.strip()) for pattern in patterns.split(",") for value in values)


def _value(account: AccountCalls, count: CallCount, name: str) -> str:
    if name == "account":
        return account.name or account.account
    if name == "purpose":
        return account.purpose
    return count.region if name == "region" else count.operation.partition(":")[0] if name == "service" else count.operation


CALLS = Command(
    "calls",
    run,
    "the calls of a run to its clouds, how they went and what they cost",
    SOURCE,
    arguments=(
        Argument("run", required=False, help="id of a run, such as 01a7 (default the last that made calls); or commands", complete="run"),
    ),
    options=(
        Option("by", str, "operation", f"what to count by: {', '.join(_GROUPS)}, several with commas", "group of calls"),
        Option("account", str, None, "only of these: ids or names, separated by commas; patterns allowed", complete="account"),
        Option("region", str, None, "only in these; global for what lives in none; patterns allowed", complete="region"),
        Option("sort", str, "calls", f"the largest first: {', '.join(_SORTS)}", "measure of calls"),
        Option("prices", help="what is known of the prices of calls, and from where"),
    ),
    help="Each attempt is a call; retries are those that were not the first. seconds is how long they took together, p95 what 95 % of "
    "them stayed within, bytes the size of the answers where it is known. billed counts requests (or metrics) that AWS charges for, cost "
    "is their list price in USD, free allowances not taken off; unpriced counts calls of which nobody told whether they cost anything. "
    "The calls of an account are there once its collect has ended, those of a clean-up once it is over, also when it failed or was "
    "stopped. purpose is what they were made for: accounts (finding them), collect or cleanup. calls commands shows those "
    "that the commands aws, tag, refresh and collect run made by themselves, all together; their purpose is the command.",
    examples=(
        ("calls", "the calls of the last run by operation"),
        ("calls --by service,region --sort seconds | head 5", "where the time goes"),
        ("calls 01a7 --by account | list --csv", "a file for a spreadsheet"),
        ("calls 01a7 --by purpose", "what finding accounts took, and what collecting them"),
        ("calls --sort throttled | head 3", "what AWS slowed down most"),
    ),
)
