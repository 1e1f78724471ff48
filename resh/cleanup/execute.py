"""Carries out a plan: generation by generation, in parallel within one, in passes until nothing moves any more.

    results = execute(plan, attempt, Pace(total=8, lane=lane, each=4, wait=1200.0), clock=clock, cancel=cancel, settled=print)

What fails for a reason that passes (a dependency that is still going, throttling) is tried again as long as anything moves, and a few
times after that. What the cloud is still at work on is looked at again until it is done, or has taken too long. What fails for good holds
back what waits for it, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from resh.cancel import Cancel
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import Plan, PlanItem
from resh.cleanup.turns import in_turns
from resh.clock import Clock

PAUSES = (1.0, 4.0, 15.0, 30.0, 60.0)
"""Seconds before another pass when the last one moved nothing: deletions that the cloud accepted take a while to show."""
POLLS = (2.0, 5.0, 10.0, 20.0, 30.0)
"""The same while the cloud is at work on something; the last one again and again."""

_PASSING = re.compile(
    r"Dependency|In_?Use|Conflict|Throttl|RequestLimit|TooManyRequests|SlowDown|Incorrect\w*State|Invalid\w*State", re.IGNORECASE
)

Settled = Callable[[Result], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once: in `total`, and `each` of the same `lane`; `wait` is how long (seconds) the cloud may be at work on one."""

    total: int
    each: int
    wait: float = 0.0
    lane: Callable[[PlanItem], str] = lambda item: item.account


def execute(
    plan: Plan, attempt: Callable[[PlanItem], Result], pace: Pace, *, clock: Clock, cancel: Cancel, settled: Settled
) -> tuple[Result, ...]:
    """The result of every item of the plan, in its order. `settled` hears each as soon as it is final, in the calling thread."""
    execution = _Execution(plan, attempt, pace, clock, settled)
    with ThreadPoolExecutor(max(pace.total, 1), thread_name_prefix="cleanup") as pool:
        still = 0
        while not cancel:
            still = 0 if execution.one_pass(pool, cancel, again=still <= len(PAUSES)) else still + 1
            if still:
                pause = execution.pause(still)
                if pause is None:
                    break
                _sleep(pause, clock, cancel)
    return execution.close(cancel)


class _Execution:
    """Results so far: `final` ones, and in `retry` the last answer of those that are to be tried again."""

    def __init__(self, plan: Plan, attempt: Callable[[PlanItem], Result], pace: Pace, clock: Clock, settled: Settled) -> None:
        self.plan = plan
        self.attempt = attempt
        self.pace = pace
        self.clock = clock
        self.settled = settled
        self.waits_since: dict[str, float] = {}
        self.final: dict[str, Result] = {}
        self.retry: dict[str, Result] = {}

    def one_pass(self, pool: ThreadPoolExecutor, cancel: Cancel, *, again: bool) -> bool:
        """Try everything that nothing holds back, once. True when anything went out of the way, or in quarantine.

        Without `again`, what has failed too often while nothing moved is left alone: only what the cloud is at work on is looked at.
        """
        before = self._moved()
        for generation in self.plan.generations:
            if cancel:
                break
            for result in self._try(pool, self._ready(generation, again)):
                if self._may_become_another(result):
                    self.retry[result.item.id] = result
                else:
                    self._settle(result)
        return self._moved() > before

    def pause(self, still: int) -> float | None:
        """Seconds before the next pass, when so many moved nothing; None when another one is of no use."""
        left = [result for id, result in self.retry.items() if id not in self.final]
        if any(result.waits for result in left):
            return POLLS[min(still, len(POLLS)) - 1]
        return PAUSES[still - 1] if left and still <= len(PAUSES) else None

    def close(self, cancel: Cancel) -> tuple[Result, ...]:
        """Settle what is left, and return all results."""
        for item in self.plan.items():
            if item.id not in self.final:
                self._settle(self._left(item, cancel))
        return tuple(self.final[item.id] for item in self.plan.items())

    def _ready(self, generation: Iterable[PlanItem], again: bool) -> Iterator[PlanItem]:
        for item in generation:
            last = self.retry.get(item.id)
            if item.id in self.final or (last is not None and not last.waits and not again):
                continue
            if (held := self._held(item)) is not None:
                self._settle(held)
            elif all(other in self.final for other in item.after):
                yield item

    def _try(self, pool: ThreadPoolExecutor, items: Iterable[PlanItem]) -> Iterator[Result]:
        yield from in_turns(pool, self.attempt, items, self.pace.lane, self.pace.each)

    def _may_become_another(self, result: Result) -> bool:
        if not result.waits:
            return _passes(result)
        since = self.waits_since.setdefault(result.item.id, self.clock.now())
        return self.clock.now() - since < self.pace.wait

    def _held(self, item: PlanItem) -> Result | None:
        for other in item.after:
            result = self.final.get(other)
            if result is not None and not (result.outcome.is_out_of_the_way or (item.quarantine and result.outcome.is_isolated)):
                return Result(item, Outcome.HELD, f"waits for {result.item} ({result.outcome})")
        return None

    def _left(self, item: PlanItem, cancel: Cancel) -> Result:
        last = self.retry.get(item.id)
        if last is not None and last.outcome is Outcome.GOING:
            return last
        if cancel:
            return Result(item, Outcome.CANCELLED, cancel.reason)
        return self._held(item) or self.retry[item.id]

    def _settle(self, result: Result) -> None:
        self.final[result.item.id] = result
        self.settled(result)

    def _moved(self) -> int:
        return sum(result.outcome.is_out_of_the_way or result.outcome.is_isolated for result in self.final.values())


def _passes(result: Result) -> bool:
    return result.outcome is Outcome.FAILED and _PASSING.search(result.code) is not None


def _sleep(seconds: float, clock: Clock, cancel: Cancel) -> None:
    until = clock.now() + seconds
    while not cancel and clock.now() < until:
        clock.sleep(min(1.0, max(until - clock.now(), 0.0)))
