"""Plans that wait to be applied: a file each, named by the plan's id. A plan can be looked at, made smaller, approved, and applied once.

    shelf = Shelf(home / "plans")
    shelf.put(Stored(plan, by=Person("ada", "SHA256:…")))
    stored = shelf.get("4f1d02a99c3e")          # raises UsageError when there is none of that id

The id is a hash of what the plan would do: a file that somebody has changed is no plan any more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from resh.cleanup.order import Verdict
from resh.cleanup.plan import Cycle, Hold, Plan, PlanItem, Refused, digest
from resh.cleanup.planning import assemble
from resh.errors import StateError, UsageError
from resh.lock import FileLock
from resh.text import did_you_mean
from resh.whole_file import replacing

LAST = "last"
"""Instead of an id: the plan that was drawn up last."""


@dataclass(frozen=True, slots=True)
class Person:
    """`key` is the fingerprint of the key that opened over SSH; at the machine itself, where there is none, it is empty."""

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """`by` drew it up; `approved` are those who agreed to it besides. Whoever may only look does not stand for what they draw up."""

    plan: Plan
    by: Person
    approved: tuple[Person, ...] = ()
    stands: bool = True

    @property
    def people(self) -> tuple[str, ...]:
        """Names of those who stand for it: each once, and each key once, whatever name it goes by."""
        names, keys = list[str](), set[str]()
        for person in (*((self.by,) if self.stands else ()), *self.approved):
            if person.name not in names and person.key not in keys:
                names.append(person.name)
                keys.add(person.key)
        return tuple(names)


def _to_nobody(text: str) -> None: ...


class Shelf:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "plans.lock")

    def put(self, stored: Stored) -> Stored:
        """The same plan again keeps its approvals and its first date, and is the last one again. What is there then."""
        with self._lock:
            there = self._there(stored.plan.id)
            if there is not None and stored.stands and not there.stands:
                there = replace(there, by=stored.by, stands=True)
            self._write(there or stored)
        return there or stored

    def approve(self, id: str, by: Person) -> Stored:
        with self._lock:
            stored = self.get(id)
            path = self._path(stored.plan.id)
            moment = path.stat().st_mtime_ns
            stored = replace(stored, approved=tuple(dict.fromkeys((*stored.approved, by))))
            self._write(stored)
            os.utime(path, ns=(moment, moment))  # it is not drawn up again by that
        return stored

    def get(self, id: str) -> Stored:
        known = self.ids()
        id = known[0] if id == LAST and known else id
        if id not in known:
            raise UsageError(f"there is no plan '{id}'", did_you_mean(id, known) or "cleanup plan draws one up")
        try:
            stored = _stored(orjson.loads(self._path(id).read_bytes()))
        except FileNotFoundError:
            raise UsageError(f"there is no plan '{id}' any more", "cleanup plan draws one up") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise StateError(f"{self._path(id)} is damaged", "draw up the plan again") from None
        if not id == stored.plan.id == digest(stored.plan):
            raise StateError(f"{self._path(id)} was changed: it is not the plan {id} any more", "draw up the plan again")
        return stored

    def ids(self) -> list[str]:
        """The newest first."""
        moments = {path.stem: moment for path in self._folder.glob("*.json") if (moment := _changed(path))}
        return sorted(moments, key=moments.__getitem__, reverse=True)

    def all(self, tell: Callable[[str], object] = _to_nobody) -> Iterator[Stored]:
        """The newest first; `tell` hears of those that cannot be read."""
        for id in self.ids():
            try:
                yield self.get(id)
            except (StateError, UsageError) as error:
                tell(error.message)

    def remove(self, id: str) -> None:
        self._path(id).unlink(missing_ok=True)

    def prune(self, before: float) -> None:
        """Forget plans that were drawn up before then (epoch seconds), and files of that age that are none."""
        plans = {stored.plan.id: stored.plan.created for stored in self.all()}
        for id in self.ids():
            if plans.get(id, _changed(self._path(id))) < before:
                self.remove(id)

    def _there(self, id: str) -> Stored | None:
        try:
            return self.get(id)
        except (StateError, UsageError):
            return None

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.json"

    def _write(self, stored: Stored) -> None:
        path = self._path(stored.plan.id)
        try:
            with replacing(path) as file:
                file.write(orjson.dumps(asdict(stored)))
        except OSError as error:
            raise StateError(f"{path}: {error.strerror}", "make room or mend the permissions") from None


def _changed(path: Path) -> float:
    """When it was (epoch seconds); 0 when it is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


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
    approved = tuple(Person(**one) for one in data["approved"])
    holds = tuple(Hold(_item(one["holder"]), tuple(one["others"]), one["home"], one["call"]) for one in plan.get("holds", ()))
    found = Plan(plan["id"], plan["created"], generations, refused, cycles, holds)
    return Stored(found, Person(**data["by"]), approved, data["stands"])


def _cycle(data: dict[str, Any]) -> Cycle:
    return Cycle(tuple(data["members"]), tuple((id, tuple(others)) for id, others in data["cuts"]), data["text"], data["call"])


def _item(data: dict[str, Any]) -> PlanItem:
    return PlanItem(**{**data, "after": tuple(data["after"]), "along": tuple(data.get("along", ()))})
