"""Plans that wait to be applied: a file each, named by the plan's id. A plan can be looked at, made smaller, approved, and applied once.

shelf = Shelf(home / "plans")
shelf.put(Stored(plan, by="ada"))
stored = shelf.get("4f1d02a99c3e")          # raises UsageError when there is none of that id
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from resh.cleanup.order import Verdict
from resh.cleanup.plan import Cycle, Hold, Plan, PlanItem, Refused, assemble
from resh.errors import StateError, UsageError
from resh.lock import open_private
from resh.text import did_you_mean

LAST = "last"
"""Instead of an id: the newest."""


@dataclass(frozen=True, slots=True)
class Stored:
    """`by` drew it up; `approved` are those who agreed to it besides."""

    plan: Plan
    by: str
    approved: tuple[str, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Everybody who stands for it."""
        return frozenset((self.by, *self.approved))


class Shelf:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, stored: Stored) -> None:
        """The same plan again keeps its approvals and its first date."""
        path = self._path(stored.plan.id)
        if not path.exists():
            self._write(path, stored)

    def approve(self, id: str, by: str) -> Stored:
        stored = self.get(id)
        stored = replace(stored, approved=tuple(sorted({*stored.approved, by})))
        self._write(self._path(stored.plan.id), stored)
        return stored

    def get(self, id: str) -> Stored:
        known = self.ids()
        id = known[0] if id == LAST and known else id
        if id not in known:
            raise UsageError(f"there is no plan '{id}'", did_you_mean(id, known) or "cleanup plan draws one up")
        try:
            return _stored(orjson.loads(self._path(id).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            raise StateError(f"{self._path(id)} is damaged", "draw up the plan again") from None

    def ids(self) -> list[str]:
        """The newest first."""
        paths = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        return [path.stem for path in paths]

    def all(self) -> Iterator[Stored]:
        return (self.get(id) for id in self.ids())

    def remove(self, id: str) -> None:
        self._path(id).unlink(missing_ok=True)

    def prune(self, before: float) -> None:
        """Forget plans that were drawn up before then (epoch seconds)."""
        for stored in list(self.all()):
            if stored.plan.created < before:
                self.remove(stored.plan.id)

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.json"

    def _write(self, path: Path, stored: Stored) -> None:
        try:
            temporary = path.with_suffix(".new")
            with os.fdopen(open_private(temporary, os.O_WRONLY | os.O_TRUNC), "wb") as file:
                file.write(orjson.dumps(asdict(stored)))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            raise StateError(f"{path}: {error.strerror}", "make room or mend the permissions") from None


def without(plan: Plan, ids: Collection[str]) -> Plan:
    """The plan without these resources, and without what would have to wait for them: that is refused with the reason."""
    items, found = dict[str, PlanItem](), dict[str, Verdict]()
    missing = {item.id: item for item in plan.items() if item.id in ids}
    reasons = _held(plan, missing)
    for number, generation in enumerate(plan.generations, 1):
        for item in generation:
            if item.id not in ids:
                items[item.id] = item
                found[item.id] = Verdict(number, frozenset(item.after), reasons.get(item.id, ""))
    for refused in plan.refused:
        items[refused.item.id] = refused.item
        found[refused.item.id] = Verdict(why=refused.why)
    return assemble(items, found, plan.created, plan.cycles, plan.holds)


def _held(plan: Plan, missing: Mapping[str, PlanItem]) -> Mapping[str, str]:
    """What cannot go without what is missing, and why; what goes along with others comes before them, so that one look may not do."""
    gone, reasons, before = dict(missing), dict[str, str](), -1
    left = {item.id for item in plan.items()} - gone.keys()
    while len(left) != before:
        before = len(left)
        for item in plan.items():
            if item.id in left and (why := _misses(item, gone, left) or _parted(item, plan, gone) or _still_held(item, plan, gone)):
                reasons[item.id], gone[item.id] = why, item
                left.remove(item.id)
    return reasons


def _misses(item: PlanItem, gone: Mapping[str, PlanItem], left: AbstractSet[str]) -> str:
    if other := next((gone[other] for other in item.after if other in gone), None):
        return f"waits for {other}, which was dropped"
    if item.along and left.isdisjoint(item.along):
        named = next((str(gone[root]) for root in item.along if root in gone), "something")
        return f"goes along with {named}, which was dropped"
    return ""


def _parted(item: PlanItem, plan: Plan, gone: Mapping[str, PlanItem]) -> str:
    """Members of a cycle go together, or not at all."""
    others = (other for cycle in plan.cycles if item.id in cycle.members for other in cycle.members)
    other = next((gone[other] for other in others if other in gone), None)
    return f"in a cycle with {other}, which was dropped" if other else ""


def _still_held(item: PlanItem, plan: Plan, gone: Mapping[str, PlanItem]) -> str:
    """What names it lets go only where its home goes."""
    hold = next((hold for hold in plan.holds if item.id in hold.others and hold.home in gone), None)
    return f"{hold.holder} names it and goes with {gone[hold.home]}, which was dropped" if hold else ""


def _stored(data: dict[str, Any]) -> Stored:
    plan = data["plan"]
    generations = tuple(tuple(_item(item) for item in generation) for generation in plan["generations"])
    refused = tuple(Refused(_item(one["item"]), one["why"]) for one in plan["refused"])
    cycles = tuple(_cycle(one) for one in plan.get("cycles", ()))
    holds = tuple(Hold(_item(one["holder"]), tuple(one["others"]), one["home"], one["call"]) for one in plan.get("holds", ()))
    return Stored(Plan(plan["id"], plan["created"], generations, refused, cycles, holds), data["by"], tuple(data["approved"]))


def _cycle(data: dict[str, Any]) -> Cycle:
    return Cycle(tuple(data["members"]), tuple((id, tuple(others)) for id, others in data["cuts"]), data["text"], data["call"])


def _item(data: dict[str, Any]) -> PlanItem:
    return PlanItem(**{**data, "after": tuple(data["after"]), "along": tuple(data.get("along", ()))})
