"""What came of collecting, account by account: in numbers, in words, as events.

collected = Collected(account, merge.result, calls=214)
summary([collected])        # '734 resources  214 calls  0 throttled  +734 ~0 -0  1 scope not read (1 denied)'
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from resh.events.changes import GraphMergeCompleted, ResourceChange, ResourceCreated, ResourceDeleted, ResourceUpdated
from resh.events.event import AccountMerged, ScopeFailed
from resh.graph.base import MergeResult
from resh.model.scope import Code, ScopeReport, Status
from resh.providers.base import Account

MAX_SCOPE_EVENTS = 20
"""That many events about scopes for one account; the rest are summed up in one."""

MAX_CHANGE_EVENTS = 20
"""That many kinds for each sort of change in one account; the rest are summed up in one."""

_CHANGES: dict[str, type[ResourceChange]] = {"created": ResourceCreated, "updated": ResourceUpdated, "deleted": ResourceDeleted}


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of one account; `result` is None when it was not merged."""

    account: Account
    result: MergeResult | None = None
    calls: int = 0
    throttled: int = 0
    problem: str = ""

    @property
    def bad(self) -> tuple[ScopeReport, ...]:
        """Scopes that could not be read, or were held."""
        return tuple(report for report in self.result.scopes if report.status.is_bad) if self.result else ()

    @property
    def unread(self) -> tuple[ScopeReport, ...]:
        """The bad ones, but for those of regions that somebody stopped: they are told in one."""
        return tuple(report for report in self.bad if report.code != Code.STOPPED)

    @property
    def stopped(self) -> dict[str, list[ScopeReport]]:
        """Regions that somebody stopped."""
        regions: defaultdict[str, list[ScopeReport]] = defaultdict(list)
        for report in self.bad:
            if report.code == Code.STOPPED:
                regions[report.scope.region].append(report)
        return regions

    def with_code(self, code: Code) -> int:
        return sum(report.code == code for report in self.result.scopes) if self.result else 0


def scope_events(collected: Collected) -> Iterator[ScopeFailed]:
    for region, reports in collected.stopped.items():
        text = _stopped(region, reports)
        yield ScopeFailed(
            scope=text.partition(":")[0], status=str(Status.FAILED), code=Code.STOPPED.value, message=reports[0].message, text=text
        )
    for report in collected.unread[:MAX_SCOPE_EVENTS]:
        yield ScopeFailed(
            scope=str(report.scope),
            status=str(report.status),
            operation=report.operation,
            code=report.code,
            message=report.message,
            text=str(report),
        )
    rest = collected.unread[MAX_SCOPE_EVENTS:]
    if rest:
        scope = f"{collected.account.cloud}/{collected.account.id}"
        yield ScopeFailed(scope=scope, text=f"{len(rest)} more scopes of {scope} {_what(rest)}")


def merge_event(result: MergeResult, account: Account) -> AccountMerged:
    return AccountMerged(
        cloud=account.cloud,
        account=account.id,
        created=result.created,
        updated=result.updated,
        deleted=result.deleted,
        stale=result.stale,
        text=f"{account.cloud}/{account.id} {account.name}".rstrip() + f": {_changes([result])}",
    )


def change_events(result: MergeResult) -> Iterator[ResourceChange]:
    """One for each kind and sort of change, the most frequent first."""
    for name, event in _CHANGES.items():
        changes = [change for change in result.changes if change.change == name]
        for change in changes[:MAX_CHANGE_EVENTS]:
            yield event(cloud=result.cloud, account=result.account, kind=change.kind, count=change.count)
        rest = changes[MAX_CHANGE_EVENTS:]
        if rest:
            count = sum(change.count for change in rest)
            yield event(cloud=result.cloud, account=result.account, count=count, kinds=len(rest))


def merged_event(collected: Sequence[Collected]) -> GraphMergeCompleted:
    numbers = counts(collected)
    return GraphMergeCompleted(
        accounts=numbers["accounts"], created=numbers["created"], updated=numbers["updated"], deleted=numbers["deleted"]
    )


def problems(collected: Collected) -> Iterator[str]:
    if collected.problem:
        yield collected.problem
    yield from (_stopped(region, reports) for region, reports in collected.stopped.items())
    bad = collected.unread
    if len(bad) == 1:
        yield f"1 scope {bad[0].status}: {str(bad[0]).partition(': ')[2]}"
    elif bad:
        yield f"{len(bad)} scopes of {collected.account.cloud}/{collected.account.id} {_what(bad)}; the first {bad[0]}"


def _stopped(region: str, reports: Sequence[ScopeReport]) -> str:
    scope = reports[0].scope
    return f"{scope.cloud}/{scope.account}/{region}: {reports[0].message}, {_scopes(len(reports))} not read"


def counts(collected: Sequence[Collected]) -> dict[str, int]:
    results = [item.result for item in collected if item.result]
    return {
        "accounts": len(results),
        "nodes": sum(result.created + result.updated + result.unchanged for result in results),
        "created": sum(result.created for result in results),
        "updated": sum(result.updated for result in results),
        "deleted": sum(result.deleted for result in results),
        "stale": sum(result.stale for result in results),
        "calls": sum(item.calls for item in collected),
        "throttled": sum(item.throttled for item in collected),
        "scopes": sum(len(result.scopes) for result in results),
        "scopes_bad": sum(len(item.bad) for item in collected),
        "scopes_held": sum(item.with_code(Code.SHRUNK) for item in collected),
        "scopes_capped": sum(item.with_code(Code.CAPPED) for item in collected),
        "scopes_not_due": sum(item.with_code(Code.NOT_DUE) for item in collected),
    }


def summary(collected: Sequence[Collected]) -> str:
    numbers = counts(collected)
    bad = [report for item in collected for report in item.bad]
    unread = [report for report in bad if report.status is not Status.HELD]
    parts = [
        f"{numbers['nodes']} resources",
        f"{numbers['calls']} calls",
        f"{numbers['throttled']} throttled",
        _changes([item.result for item in collected if item.result]),
    ]
    if unread:
        parts.append(f"{_scopes(len(unread))} not read ({_by_status(unread)})")
    for name, word in (("scopes_held", "held"), ("scopes_capped", "capped"), ("scopes_not_due", "not due")):
        if numbers[name]:
            parts.append(f"{_scopes(numbers[name])} {word}")
    return "  ".join(parts)


def _scopes(count: int) -> str:
    return f"{count} scope{'s' if count > 1 else ''}"


def _what(bad: Sequence[ScopeReport]) -> str:
    return f"{'held' if all(report.status is Status.HELD for report in bad) else 'not read'}: {_by_status(bad)}"


def _by_status(reports: Iterable[ScopeReport]) -> str:
    return ", ".join(f"{count} {status}" for status, count in Counter(str(report.status) for report in reports).most_common())


def _changes(results: Sequence[MergeResult]) -> str:
    created, updated, deleted = (sum(getattr(result, name) for result in results) for name in ("created", "updated", "deleted"))
    return f"+{created} ~{updated} -{deleted}"
