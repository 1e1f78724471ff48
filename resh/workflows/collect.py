"""The step `collect`: every account of every provider into the graph, several at a time, one transaction each.

    Collect(graph, providers, settings, clock)(context).summary
    # '734 resources  214 calls  0 throttled  +734 ~0 -0  1 scope denied'

An account that fails, or a provider that is not configured, is a problem of the step and no more; what the graph has of it stays, stale
(`absent.py`). When the step is cancelled, what has been read of an unfinished account is dropped. Afterwards the history older than
`graph.history` is forgotten.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from resh.clock import Clock
from resh.errors import Cancelled, ReshError, UsageError
from resh.events.event import AccountMerged, ScopeFailed, problem
from resh.graph.base import GraphStore, MergeResult
from resh.model.scope import ScopeReport, Status
from resh.providers.base import Account, Provider
from resh.settings import Settings
from resh.text import one_line
from resh.workflows.absent import mark_absent
from resh.workflows.definition import StepContext, StepResult

STEP = "collect"
MAX_SCOPE_EVENTS = 20
"""That many events about scopes for one account; the rest are summed up in one."""
GOOD = (Status.OK, Status.SKIPPED)


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
        return tuple(report for report in self.result.scopes if report.status not in GOOD) if self.result else ()


@dataclass(frozen=True, slots=True)
class Collect:
    graph: GraphStore
    providers: Mapping[str, Provider]
    settings: Settings
    clock: Clock

    def __call__(self, context: StepContext) -> StepResult:
        accounts, problems, unseen = self._accounts(context)
        for _, account in accounts:
            context.progress(_path(account), 0, 1)
        with ThreadPoolExecutor(max(1, self.settings.number("collect.accounts")), thread_name_prefix=STEP) as pool:
            collected = list(pool.map(lambda reach: self._collect(reach[0], reach[1], context), accounts))
        for item in collected:
            problems.extend(_problems(item))
        if not context.cancel:
            problems.extend(self._absent(collected, unseen, context))
            problems.extend(self._forget(context))
        return StepResult(_summary(collected), _counts(collected), tuple(problems))

    def _accounts(self, context: StepContext) -> tuple[list[tuple[Provider, Account]], list[str], dict[str, str]]:
        """What to collect, what went wrong, and of each cloud that could not tell all of its accounts the reason."""
        accounts: list[tuple[Provider, Account]] = []
        problems: list[str] = []
        unseen: dict[str, str] = {}
        for name, provider in self.providers.items():
            context.cancel.check()
            try:
                accounts.extend((provider, account) for account in provider.accounts())
                troubles: list[Exception] = list(provider.problems)
            except Exception as error:  # one provider in trouble leaves the others their turn
                troubles = [error]
            problems.extend(_tell(context, name, error) for error in troubles)
            unseen[provider.name] = next((one_line(str(error)) for error in troubles if not isinstance(error, UsageError)), "")
        return accounts, problems, unseen

    def _absent(self, collected: list[Collected], unseen: Mapping[str, str], context: StepContext) -> Iterator[str]:
        """What was not merged is no longer known to be true."""
        merged = {(item.account.cloud, item.account.id) for item in collected if item.result}
        failed = {(item.account.cloud, item.account.id): item.problem for item in collected if not item.result}
        try:
            mark_absent(self.graph, merged, failed, unseen)
        except ReshError as error:
            yield _tell(context, "stale accounts", error)

    def _collect(self, provider: Provider, account: Account, context: StepContext) -> Collected:
        watcher = AccountWatcher(context, account)
        try:
            context.cancel.check()
            account = provider.enter(account)
            with self.graph.merge(account.cloud, account.id, account.name) as merge:
                merge.kinds(provider.kinds())
                provider.collect(account, merge, watcher, context.cancel)
                context.cancel.check()  # before the block ends: what is not complete must not be merged
        except Cancelled:
            return Collected(account, None, watcher.calls, watcher.throttled)
        except Exception as error:  # one account in trouble leaves the others theirs
            problem = _tell(context, f"{account.cloud}/{account.id}", error)
            return Collected(account, None, watcher.calls, watcher.throttled, problem)
        collected = Collected(account, merge.result, watcher.calls, watcher.throttled)
        context.progress(_path(account), 1, 1)
        for event in (*_scope_events(collected), _merge_event(merge.result, account)):
            context.emit(event)
        return collected

    def _forget(self, context: StepContext) -> Iterator[str]:
        try:
            self.graph.prune_history(self.clock.now() - self.settings.seconds("graph.history"))
        except ReshError as error:
            yield _tell(context, "history", error)


class AccountWatcher:
    """Hears of every call and every region of one account's collect; `resh.providers.base.Watcher`."""

    def __init__(self, context: StepContext, account: Account) -> None:
        self._context = context
        self._path = _path(account)
        self._lock = threading.Lock()
        self.calls = 0
        self.throttled = 0

    def progress(self, region: str, done: int, total: int) -> None:
        self._context.progress((*self._path, region), done, total)

    def called(self, operation: str, throttled: bool) -> None:
        with self._lock:
            self.calls += 1
            self.throttled += throttled


def _path(account: Account) -> tuple[str, ...]:
    return STEP, account.cloud, account.id


def _tell(context: StepContext, where: str, error: Exception) -> str:
    """The problem in one line, also emitted."""
    event = problem(error, f"{where}: ")
    context.emit(event)
    return event.text


def _scope_events(collected: Collected) -> Iterator[ScopeFailed]:
    for report in collected.bad[:MAX_SCOPE_EVENTS]:
        yield ScopeFailed(
            scope=str(report.scope),
            status=str(report.status),
            operation=report.operation,
            code=report.code,
            message=report.message,
            text=str(report),
        )
    rest = collected.bad[MAX_SCOPE_EVENTS:]
    if rest:
        scope = f"{collected.account.cloud}/{collected.account.id}"
        yield ScopeFailed(scope=scope, text=f"{len(rest)} more scopes of {scope} not read: {_by_status(rest)}")


def _merge_event(result: MergeResult, account: Account) -> AccountMerged:
    return AccountMerged(
        cloud=account.cloud,
        account=account.id,
        created=result.created,
        updated=result.updated,
        deleted=result.deleted,
        stale=result.stale,
        text=f"{account.cloud}/{account.id} {account.name}".rstrip() + f": {_changes([result])}",
    )


def _problems(collected: Collected) -> Iterator[str]:
    if collected.problem:
        yield collected.problem
    bad = collected.bad
    if len(bad) == 1:
        yield f"1 scope {bad[0].status}: {str(bad[0]).partition(': ')[2]}"
    elif bad:
        yield f"{len(bad)} scopes of {collected.account.cloud}/{collected.account.id} not read: {_by_status(bad)}; the first {bad[0]}"


def _by_status(reports: tuple[ScopeReport, ...]) -> str:
    return ", ".join(f"{count} {status}" for status, count in Counter(str(report.status) for report in reports).most_common())


def _changes(results: list[MergeResult]) -> str:
    created, updated, deleted = (sum(getattr(result, name) for result in results) for name in ("created", "updated", "deleted"))
    return f"+{created} ~{updated} -{deleted}"


def _counts(collected: list[Collected]) -> dict[str, int]:
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
    }


def _summary(collected: list[Collected]) -> str:
    counts = _counts(collected)
    bad = tuple(report for item in collected for report in item.bad)
    parts = [
        f"{counts['nodes']} resources",
        f"{counts['calls']} calls",
        f"{counts['throttled']} throttled",
        _changes([item.result for item in collected if item.result]),
    ]
    if bad:
        parts.append(f"{len(bad)} scope{'s' if len(bad) > 1 else ''} not read ({_by_status(bad)})")
    return "  ".join(parts)
