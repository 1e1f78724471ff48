"""The rule `idle_instances`: instances that run and did next to nothing for `min_age`, as CloudWatch knows it (`aws.usage`).

Usage must be known from each quarter of that time: what was not measured is not idle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey

_METRIC = "cpu_utilization"
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class IdleInstances:
    name: str = "idle_instances"
    description: str = "running instances whose processors were never busier than cleanup.rules.idle_instances.percent"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        limit, percent = int(survey.seconds(self.name, "min_age")), survey.settings.number("cleanup.rules.idle_instances.percent")
        running = f"is(instance) and instance_status = running and /usage.{_METRIC}.max <= {percent}"
        documents = survey.documents(f"with_usage({limit}s, {_METRIC}) {running}")
        known = [self._known(survey, limit, quarter) for quarter in range(_QUARTERS)]
        for document in documents:
            most = ((document.get("usage") or {}).get(_METRIC) or {}).get("max")
            if most is not None and most <= percent and all(document["id"] in ids for ids in known):
                yield Found(document["id"], f"never used more than {most:g} % of its processors in {age(limit)}")
        for document in survey.documents(
            f'is(instance) and /metadata.quarantined_by == "rule {self.name}"'
        ):  # stopped, because it was idle
            yield Found(document["id"], str((document.get("desired") or {}).get("clean_reason") or "idle until its quarantine"))

    def _known(self, survey: Survey, limit: int, quarter: int) -> frozenset[str]:
        start, end = (limit * part // _QUARTERS for part in (quarter + 1, quarter))
        search = f"with_usage({start}s::{end}s, {_METRIC}) is(instance) and /usage.{_METRIC}.max != null"
        return frozenset(document["id"] for document in survey.documents(search))
