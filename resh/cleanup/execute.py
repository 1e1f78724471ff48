"""Carries out a plan: generation by generation, in parallel within one, in passes until nothing moves any more.

    results = execute(plan, attempt, concurrency=4, clock=clock, cancel=cancel, settled=print)

What fails for a reason that passes (a dependency that is still going, throttling) is tried again as long as anything moves, and a few
times after that. What fails for good holds back what waits for it, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

from resh.cancel import Cancel
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import Plan, PlanItem
from resh.clock import Clock

PAUSES = (1.0, 4.0, 15.0, 30.0)
"""Seconds before another pass when the last one moved nothing: deletions that the cloud accepted take a while to show."""

_PASSING = re.compile(
    r"Dependency|In_?Use|Conflict|Throttl|RequestLimit|TooManyRequests|SlowDown|Incorrect\w*State|Invalid\w*State", re.IGNORECASE
)

Settled = Callable[[Result], None]


def execute(
    plan: Plan, attempt: Callable[[PlanItem], Result], *, concurrency: int, clock: Clock, cancel: Cancel, settled: Settled
) -> tuple[Result, ...]:
    """The result of every item of the plan, in its order. `settled` hears each as soon as it is final, in the calling thread."""
    execution = _Execution(plan, attempt, settled)
    with ThreadPoolExecutor(max(concurrency, 1), thread_name_prefix="cleanup") as pool:
        pauses = iter(PAUSES)
        while not cancel:
            if execution.one_pass(pool, cancel):
                pauses = iter(PAUSES)
                continue
            pause = next(pauses, None)
            if pause is None or not execution.retry:
                break
            _sleep(pause, clock, cancel)
    return execution.close(cancel)


class _Execution:
    """Results so far: `final` ones, and in `retry` the last answer of those that are to be tried again."""

    def __init__(self, plan: Plan, attempt: Callable[[PlanItem], Result], settled: Settled) -> None:
        self.plan = plan
        self.attempt = attempt
        self.settled = settled
        self.final: dict[str, Result] = {}
        self.retry: dict[str, Result] = {}

    def one_pass(self, pool: ThreadPoolExecutor, cancel: Cancel) -> bool:
        """Try everything that nothing holds back, once. True when anything went out of the way."""
        before = self._out_of_the_way()
        for generation in self.plan.generations:
            if cancel:
                break
            for result in self._try(pool, self._ready(generation)):
                if _passes(result):
                    self.retry[result.item.id] = result
                else:
                    self._settle(result)
        return self._out_of_the_way() > before

    def close(self, cancel: Cancel) -> tuple[Result, ...]:
        """Settle what is left, and return all results."""
        for item in self.plan.items():
            if item.id not in self.final:
                self._settle(self._left(item, cancel))
        return tuple(self.final[item.id] for item in self.plan.items())

    def _ready(self, generation: Iterable[PlanItem]) -> Iterator[PlanItem]:
        for item in generation:
            if item.id in self.final:
                continue
            if (held := self._held(item)) is not None:
                self._settle(held)
            elif all(other in self.final for other in item.after):
                yield item

    def _try(self, pool: ThreadPoolExecutor, items: Iterable[PlanItem]) -> Iterator[Result]:
        for future in as_completed([pool.submit(self.attempt, item) for item in items]):
            yield future.result()

    def _held(self, item: PlanItem) -> Result | None:
        for other in item.after:
            result = self.final.get(other)
            if result is not None and not result.outcome.is_out_of_the_way:
                return Result(item, Outcome.HELD, f"waits for {result.item} ({result.outcome})")
        return None

    def _left(self, item: PlanItem, cancel: Cancel) -> Result:
        if cancel:
            return Result(item, Outcome.CANCELLED, cancel.reason)
        return self._held(item) or self.retry[item.id]

    def _settle(self, result: Result) -> None:
        self.final[result.item.id] = result
        self.settled(result)

    def _out_of_the_way(self) -> int:
        return sum(result.outcome.is_out_of_the_way for result in self.final.values())


def _passes(result: Result) -> bool:
    return result.outcome is Outcome.FAILED and _PASSING.search(result.code) is not None


def _sleep(seconds: float, clock: Clock, cancel: Cancel) -> None:
    until = clock.now() + seconds
    while not cancel and clock.now() < until:
        clock.sleep(min(1.0, max(until - clock.now(), 0.0)))
