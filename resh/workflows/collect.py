"""The step `collect`: every account of every provider into the graph, several at a time, one transaction each.

    Collect(graph, providers, settings, clock)(context).summary
    # '734 resources  214 calls  0 throttled  +734 ~0 -0  1 scope not read (1 denied)'

An account that fails, or a provider that is not configured, is a problem of the step and no more; what the graph has of it stays, stale
(`absent.py`). When the step or an account alone is cancelled, what has been read of an unfinished account is dropped; when a region is, its
scopes count as not read. A run may be about some accounts,
regions or kinds only: what it does not ask for stays. Afterwards the history older than `graph.history` is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.clock import Clock
from resh.errors import Cancelled, ReshError, UsageError
from resh.events.event import problem
from resh.graph.base import GraphStore, MergeResult
from resh.providers.base import Account, Heard, Provider
from resh.providers.counting import Counting
from resh.providers.limiter import Place
from resh.providers.merging import merged
from resh.providers.selection import Selection
from resh.providers.tally import Tally
from resh.settings import Settings, processes
from resh.state.calls import AccountCalls, CallCount, CallCounts
from resh.text import one_line
from resh.workflows.absent import mark_absent
from resh.workflows.collected import Collected, change_events, counts, merge_event, merged_event, scope_events, summary
from resh.workflows.collected import problems as problems_of
from resh.workflows.deadline import linked
from resh.workflows.definition import StepContext, StepResult

if TYPE_CHECKING:
    from resh.providers.away import Away

STEP = "collect"
Found = tuple[list[tuple[Provider, Account]], list[str], dict[str, str]]
"""What to collect, what went wrong, and of each cloud that could not tell all of its accounts the reason."""


Remember = Callable[[str, Sequence[str]], None]
"""Takes a cloud, and who it takes us for there."""


def nobody(cloud: str, names: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Collect:
    graph: GraphStore
    providers: Mapping[str, Provider]
    settings: Settings
    clock: Clock
    counts: CallCounts
    apart: Callable[[], AbstractContextManager[Away | None]]
    """The processes that collect, for the time of a run; None when it is to be this one."""
    remember: Remember = nobody
    """Keeps who a cloud takes us for."""

    def __call__(self, context: StepContext) -> StepResult:
        accounts, problems, unseen = self._accounts(context)
        for _, account in accounts:
            context.progress(_path(account), 0, 1)
        with self.apart() as away, ThreadPoolExecutor(self._at_once(), thread_name_prefix=STEP) as pool:
            collected = list(pool.map(lambda reach: self._collect(reach[0], reach[1], context, away), accounts))
        for item in collected:
            problems.extend(problems_of(item))
        if not context.cancel:
            context.emit(merged_event(collected))
            problems.extend(() if context.selection else self._absent(collected, unseen, context))
            problems.extend(self._forget(context))
        return StepResult(summary(collected), counts(collected), tuple(problems))

    def _at_once(self) -> int:
        return max(1, self.settings.number("collect.accounts"), processes(self.settings))

    def _accounts(self, context: StepContext) -> Found:
        """Counts what it takes to find them, also when there is none."""
        counting = Counting("accounts")
        with counting:
            accounts, problems, unseen = self._look(context)
        if error := counting.keep(self.counts, context.run, lambda: (account for _, account in accounts)):
            problems.append(_tell(context, "calls", error))
        if context.selection.accounts and not accounts and not problems:
            raise ReshError(f"no account is called {' or '.join(context.selection.accounts)}", "collect status | count account")
        return accounts, problems, unseen

    def _look(self, context: StepContext) -> Found:
        accounts: list[tuple[Provider, Account]] = []
        problems: list[str] = []
        unseen: dict[str, str] = {}
        wanted = self._wanted(context.selection)
        for name, provider in self.providers.items():
            context.cancel.check()
            try:
                accounts.extend((provider, account) for account in provider.accounts() if wanted(account))
                troubles: list[Exception] = list(provider.problems)
                if hasattr(provider, "myself"):  # a plugin's may have none
                    self.remember(provider.name, provider.myself())
            except Exception as error:  # one provider in trouble leaves the others their turn
                troubles = [error]
            problems.extend(_tell(context, name, error) for error in troubles)
            unseen[provider.name] = next((one_line(str(error)) for error in troubles if not isinstance(error, UsageError)), "")
        return accounts, problems, unseen

    def _wanted(self, selection: Selection) -> Callable[[Account], bool]:
        """By their ids or names: those that their provider knows already, or that the graph remembers."""
        names = {(one.cloud, one.id): one.name for one in self.graph.accounts()} if selection.accounts else {}

        def is_wanted(account: Account) -> bool:
            remembered = names.get((account.cloud, account.id), "")
            return selection.account(account.id, account.name) or selection.account(account.id, remembered)

        return is_wanted

    def _absent(self, collected: list[Collected], unseen: Mapping[str, str], context: StepContext) -> Iterator[str]:
        """What was not merged is no longer known to be true."""
        merged = {(item.account.cloud, item.account.id) for item in collected if item.result}
        failed = {(item.account.cloud, item.account.id): item.problem for item in collected if not item.result}
        try:
            mark_absent(self.graph, merged, failed, unseen)
        except ReshError as error:
            yield _tell(context, "stale accounts", error)

    def _collect(self, provider: Provider, account: Account, context: StepContext, away: Away | None) -> Collected:
        """The counts of its calls are kept, however it ends."""
        watcher = AccountWatcher(context, account)
        collected = self._read(provider, account, watcher, context, away)
        counts = watcher.counts()
        numbers = {name: sum(getattr(count, name) for count in counts) for name in ("calls", "throttled")}
        problem = self._keep(collected.account, counts, context)
        return replace(collected, **numbers, problem=collected.problem or problem)

    def _keep(self, account: Account, counts: tuple[CallCount, ...], context: StepContext) -> str:
        """The problem, if there is one."""
        try:
            if counts:
                self.counts.add(context.run, AccountCalls(account.cloud, account.id, account.name, counts))
        except ReshError as error:
            return _tell(context, "calls", error)
        return ""

    def _read(self, provider: Provider, account: Account, watcher: AccountWatcher, context: StepContext, away: Away | None) -> Collected:
        name = f"{account.cloud}/{account.id}"
        try:
            with linked(context.cancel) as cancel, context.scopes.working(name, cancel):
                cancel.check()
                account, result = self._merged(provider, account, watcher, cancel, context.selection, away)
        except Exception as error:  # one account in trouble, or stopped alone, leaves the others theirs
            if context.cancel and isinstance(error, Cancelled):
                return Collected(account)
            context.progress(_path(account), 1, 1)
            return Collected(account, problem=_tell(context, name, error))
        collected = Collected(account, result)
        context.progress(_path(account), 1, 1)
        for event in (*scope_events(collected), merge_event(result, account), *change_events(result)):
            context.emit(event)
        return collected

    def _merged(
        self, provider: Provider, account: Account, watcher: AccountWatcher, cancel: Cancel, selection: Selection, away: Away | None
    ) -> tuple[Account, MergeResult]:
        if away and away.takes(provider):
            return away.collect(provider, self.graph, account, watcher, cancel, selection)
        return merged(self.graph, provider, account, watcher, cancel, selection)

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
        self._tally = Tally()

    def progress(self, region: str, done: int, total: int) -> None:
        self._context.progress((*self._path, region), done, total)

    def called(self, place: Place, heard: Heard) -> None:
        self._tally.add(place, heard)

    def counted(self, counts: Iterable[CallCount]) -> None:
        self._tally.include(counts)

    def counts(self) -> tuple[CallCount, ...]:
        """Of all calls until now."""
        return self._tally.taken()


def _path(account: Account) -> tuple[str, ...]:
    return STEP, account.cloud, account.id


def _tell(context: StepContext, where: str, error: Exception) -> str:
    """The problem in one line, also emitted."""
    event = problem(error, f"{where}: ")
    context.emit(event)
    return event.text
