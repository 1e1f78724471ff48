"""What is done to a single resource: read it again, keep a snapshot of it, delete it, tag it.

A cloud's provider makes one `Target` for each such wish.

    target = Target(session, VOLUME, document)
    target.read()            # its `reported` as it is now, None when it is gone
    target.delete()

All raise CallFailed with the cloud's own words; UsageError when the kind, or this one of it, does not allow it.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from resh.cancel import Cancel
from resh.errors import CallFailed, GaveUp, UsageError
from resh.model.scope import Status
from resh.providers.base import Care, Document, Tie
from resh.providers.calls import Calls, items_of
from resh.providers.catalog import Action, Call, Detail, Resource
from resh.providers.ending import Snapshot
from resh.providers.fate import fixed, serves
from resh.providers.mapping import PARENT, Mapped, Mapper, OddRecord, expression, values_at
from resh.providers.session import GLOBAL, CloudSession, ReadFailed, operation_name
from resh.providers.template import fill, slots

PLAIN = Care()


class Target:
    def __init__(self, session: CloudSession, resource: Resource, node: Document) -> None:
        self._session, self.resource = session, resource
        self.account = session.account
        self._calls = Calls(session, Cancel())
        self._reported: dict[str, Any] = dict(node["reported"])
        self._home: str = node["ancestors"]["region"]["reported"]["id"]
        self.listed = GLOBAL if resource.is_global else self._home
        """The region of its scope."""

    def read(self) -> dict[str, Any] | None:
        """Like a collect would report it, without what moves by itself; properties that others lent stay as they were."""
        found = self.look()
        resource = self.resource
        if found is None or (resource.ended and expression(resource.ended)(found[1].reported)):
            return None
        reported = found[1].reported
        released = (name for name, condition in resource.released.items() if expression(condition)(reported))
        moved = {*resource.volatile, *released, *(name for name, key in resource.loses.items() if self._has_only_lost(name, key, reported))}
        steady = {name: value for name, value in reported.items() if name not in moved}
        return {**self.lent(steady), **steady}

    def _has_only_lost(self, name: str, key: str, reported: Mapping[str, Any]) -> bool:
        """Whether no member of the list is new."""
        before, now = ([expression(key)(member) for member in items_of(side.get(name))] for side in (self._reported, reported))
        return all(member in before for member in now)

    def look(self, *, whole: bool = False) -> tuple[Any, Mapped] | None:
        """The cloud's item and what it is mapped to; None when it is not there. Raises UsageError when it cannot be read by itself.

        `whole` asks for all that a collect would find; without it, some of that may be missing.
        """
        resource = self.resource
        if resource.read is None:
            raise UsageError(f"{resource.kind} cannot be read one by one", "collect its region again")
        own = isinstance(resource.read, Call)
        call = resource.read if isinstance(resource.read, Call) else Call(*_address(resource), resource.read)
        try:
            return self._find(call, self._home if own else self.listed, resource.alone if whole else ())
        except CallFailed as failure:
            if failure.error in resource.gone:
                return None
            raise

    def lent(self, reported: Mapping[str, Any]) -> dict[str, Any]:
        """What others lent it, and it does not tell itself."""
        names = {name for borrow in self.resource.borrow for name in borrow.fields}
        return {name: self._reported[name] for name in names & self._reported.keys() - reported.keys()}

    def delete(self, care: Care = PLAIN) -> None:
        """What is gone already counts as deleted."""
        resource = self.resource
        if resource.delete is None:
            raise UsageError(f"{resource.kind} cannot be deleted: {resource.no_delete}")
        if why := fixed(resource, self._reported):
            raise UsageError(f"{self._reported['id']} cannot be deleted: {why}")
        try:
            self._empty(care)
            last = resource.delete
            if care.snapshot and (snapshot := self._kept(at_once=True)):
                last = snapshot.action
            for action in (*resource.before_delete, last):
                self._perform(action, {"snapshot": care.snapshot})
        except CallFailed as failure:
            if failure.error not in resource.gone:
                raise self._told(failure, care) from None

    def keep(self, name: str) -> tuple[str, ...]:
        """Begin the last snapshot; its ids, none where there is none to make. One that comes with the deletion has this name."""
        if self._kept(at_once=True):
            return (name,)
        return self._begun(self._kept(at_once=False), name)

    def keep_lost(self, name: str) -> tuple[str, ...]:
        """The same for one that something else takes along."""
        return self._begun(self._apart(), name)

    def _begun(self, snapshot: Snapshot | None, name: str) -> tuple[str, ...]:
        if snapshot is None:
            return ()
        found = tuple(id for answer in self._perform(snapshot.action, {"snapshot": name}) for id in values_at(snapshot.ids, answer))
        if not found:
            raise self._failed(snapshot.action, "NoSnapshot", "the cloud names no snapshot that it has begun")
        return found

    def is_kept(self, snapshots: Sequence[str]) -> bool:
        """Whether these are complete. Raises CallFailed when one will never be."""
        return self._is_complete(self.resource.snapshot, snapshots)

    def is_lost_kept(self, snapshots: Sequence[str]) -> bool:
        return self._is_complete(self._apart(), snapshots)

    def _is_complete(self, snapshot: Snapshot | None, snapshots: Sequence[str]) -> bool:
        if snapshot is None or snapshot.status is None:
            return True
        states = {id: self._state(snapshot.status, id) for id in snapshots}
        if broken := next((id for id, state in states.items() if state in snapshot.failed), ""):
            raise self._failed(
                snapshot.action, "SnapshotFailed", f"{broken} is in the state {states[broken]}: nothing is deleted without it"
            )
        return all(state in snapshot.complete for state in states.values())

    def is_going(self) -> bool:
        """Whether it is still there; what its cloud deletes at once is not. Raises GaveUp when it will stay."""
        over = self.resource.awaited
        if over is None or (found := self.look()) is None:
            return False
        self._has_not_failed(found[1].reported)
        return not (over and expression(over)(found[1].reported))

    def _has_not_failed(self, now: Mapping[str, Any]) -> None:
        """What had failed before, and looks the same, is what the deletion has found, and not what it has left."""
        resource = self.resource
        if not resource.broken or resource.delete is None or not (why := expression(resource.broken)(now)):
            return
        if expression(resource.broken)(self._reported) and all(self._reported.get(name) == value for name, value in now.items()):
            return
        said = why if isinstance(why, str) else "the cloud does not say why"
        operation = Call(resource.delete.service or resource.call.service, resource.delete.operation, "")
        raise GaveUp(operation_name(operation), "DeletionFailed", f"the cloud could not delete it: {said}")

    def isolate(self) -> None:
        """Put it out of service, where it is in service and there is a way."""
        if (quarantine := self.resource.quarantine) and serves(self.resource, {"reported": self._reported}):
            self._perform(quarantine.isolate, {})

    def release(self) -> None:
        """Put it back, where it was in service before."""
        if (quarantine := self.resource.quarantine) and serves(self.resource, {"reported": self._reported}):
            self._perform(quarantine.release, {})

    def ties(self, others: Collection[str]) -> list[Tie]:
        """What of it names those, just now; nothing of what is another's."""
        detach = self.resource.detach
        if detach is None:
            return []
        of, names = expression(detach.of), expression(detach.names)
        listed = self._listed_by(detach.call, self._known({}), ())
        return [tie for tie in listed if of(tie) == self._reported["id"] and names(tie) in others]

    def users(self) -> list[str]:
        """Ids of what could not do without it, just now."""
        detach, known = self.resource.detach, self._known({})
        return [str(id) for call in (detach.users if detach else ()) for id in self._listed_by(call, known, ())]

    def detach(self, ties: Iterable[Tie]) -> None:
        """Undo these, one by one; what is undone already is no failure."""
        if (detach := self.resource.detach) is None:
            raise UsageError(f"{self.resource.kind} cannot let go of others")
        for tie in ties:
            for condition, action in detach.actions.items():
                if expression(condition)(tie):
                    self._perform(action, {"each": expression(detach.id)(tie)})

    def _kept(self, *, at_once: bool) -> Snapshot | None:
        """The snapshot that there is to make of this one: with its deletion, or before."""
        snapshot = self.resource.snapshot
        if snapshot is None or bool(snapshot.ids) == at_once:
            return None
        return snapshot if not snapshot.when or expression(snapshot.when)(self._reported) else None

    def _apart(self) -> Snapshot | None:
        """The snapshot of one that something else takes along. Raises UsageError where it could only be made with its own deletion."""
        apart = self.resource.snapshot_apart
        if apart is None and self._kept(at_once=True):
            raise UsageError(f"nobody knows how {self.resource.kind} {self._reported['id']} is kept when something else takes it along")
        return apart if apart and self._kept(at_once=True) else self._kept(at_once=False)

    def _state(self, call: Call, id: str) -> str:
        states = self._listed_by(call, {**self._known({}), "each": id}, ())
        return str(states[0]) if states else ""

    def _empty(self, care: Care) -> None:
        contents, gone = self.resource.contents, 0
        if contents is None or not care.empty:
            return
        for page in self._calls.all(contents.call, self._home, self._known({})):
            items = items_of(page)
            for start in range(0, len(items), contents.size):
                care.go_on(gone)
                batch = items[start : start + contents.size]
                self._perform(contents.action, {"batch": batch})
                gone += len(batch)
        care.go_on(gone)

    def _told(self, failure: CallFailed, care: Care) -> CallFailed:
        """The failure, with the setting that could have helped."""
        contents = self.resource.contents
        if contents is None or care.empty or failure.error not in contents.full:
            return failure
        why = f"{failure.message} ({contents.what} are in it; cleanup.empty_buckets=true deletes those, too)"
        return CallFailed(failure.operation, failure.error, why)

    def _failed(self, action: Action, code: str, message: str) -> CallFailed:
        return CallFailed(operation_name(Call(action.service or self.resource.call.service, action.operation, "")), code, message)

    def tag(self, key: str, value: str) -> None:
        self._change_tags(self.resource.tag, {"key": key, "value": value}, {key: value})

    def untag(self, key: str) -> None:
        self._change_tags(self.resource.untag, {"key": key}, {key: None})

    def _change_tags(self, action: Action | None, extra: dict[str, Any], change: Mapping[str, str | None]) -> None:
        if action is None:
            raise UsageError(f"{self.resource.kind} has no tags that can be changed")
        if slots(action.params) & {"tag_list", "small_tag_list"}:
            tags = {name: text for name, text in {**self._current_tags(), **change}.items() if text is not None}
            extra["tag_list"] = [{"Key": name, "Value": text} for name, text in tags.items()]
            extra["small_tag_list"] = [{"key": name, "value": text} for name, text in tags.items()]
        self._perform(action, extra)

    def _current_tags(self) -> dict[str, str]:
        """As they are now: whoever replaces all tags must not bring back old ones."""
        current = self.read()
        if current is None:
            raise CallFailed(operation_name(self.resource.call), "NotFound", f"{self._reported['id']} is gone")
        return dict(current.get("tags", {}))

    def _find(self, call: Call, region: str, further: tuple[Detail, ...]) -> tuple[Any, Mapped] | None:
        resource = replace(self.resource, details=(*self.resource.details, *further))
        mapper = Mapper(resource, self._session.free_keys(self.resource))
        parent = {source: self._reported.get(name) for name, source in self.resource.inherits.items()}
        for found in self._calls.all(call, region, self._known({})):
            for item in items_of(found):
                if parent and isinstance(item, dict):
                    item = {**item, PARENT: parent}
                if isinstance(item, dict) and mapper.rid(item) == str(self._reported["id"]):
                    try:
                        whole = self._calls.complete(mapper, item, self.listed)
                        return None if whole is None else (whole, mapper.map(whole, self._calls.context(self.listed)))
                    except OddRecord as odd:
                        raise ReadFailed(Status.FAILED, operation_name(call), "OddRecord", str(odd)) from None
        return None

    def _perform(self, action: Action, extra: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Its answers."""
        service, answers = action.service or self.resource.call.service, list[Mapping[str, Any]]()
        for known in self._each(action, extra):
            try:
                answers.append(self._session.act(service, action.operation, self._home, fill(action.params, known)))
            except CallFailed as failure:
                if failure.error not in action.absent:
                    raise
        return answers

    def _each(self, action: Action, extra: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        known = self._known(extra)
        if not action.each:
            return [known]
        if isinstance(action.each, Call):
            values = self._listed_by(action.each, known, action.absent)
        else:
            values = items_of(expression(action.each)(self._reported))
        return [ChainMap({"each": value}, dict(known)) for value in values]

    def _listed_by(self, call: Call, known: Mapping[str, Any], absent: tuple[str, ...]) -> list[Any]:
        try:
            return [item for found in self._calls.all(call, self._home, known) for item in items_of(found)]
        except CallFailed as failure:
            if failure.error not in absent:
                raise
            return []

    def _known(self, extra: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**self._reported, **self._calls.context(self._home), **extra}


def _address(resource: Resource) -> tuple[str, str, str]:
    return resource.call.service, resource.call.operation, resource.call.items
