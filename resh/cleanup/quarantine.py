"""Quarantine: a resource is put out of service for a while before it is deleted, and put back when somebody wants it.

    period("rule idle_instances", settings)     # seconds; 0: deleted without one
    isolate(item, document)                     # Result: in quarantine until 2026-12-05
    objection(document, now, provider)          # 'in quarantine until …', '' when it is over
    Release(…)(document, by="ada")              # back in service, as the journal knows that it was

Order is that of deletions: what is put in quarantine waits for nothing but what it goes along with (a rule's `cascade`), so that all of
that is there together. What a kind has for it is in its catalog; where there is nothing, a quarantine is time that passes. The graph knows
of it before the first call is made: `metadata.quarantined` is when it ends, `quarantine_entry` the journal's entry with the resource as it
was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resh.cleanup.deed import Deed, Stopped
from resh.cleanup.journal import QUARANTINE, RELEASE
from resh.cleanup.marking import is_marked
from resh.cleanup.on_record import Record
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import PlanItem
from resh.cleanup.protection import protection
from resh.cleanup.rules.common import own_quarantine
from resh.clock import iso
from resh.durations import parse_time
from resh.errors import BadValue, UsageError
from resh.graph.base import Document
from resh.providers.base import Isolating, Provider
from resh.settings import Settings

QUARANTINED = "/metadata.quarantined != null"
"""The search for what is in quarantine."""
_NONE = dict.fromkeys(("quarantined", "quarantined_by", "quarantine_entry"))


def period(by: str, settings: Settings) -> float:
    """How long (seconds) what was marked by them is in quarantine."""
    rule = by.removeprefix("rule ")
    return (own_quarantine(rule, settings) if rule != by else 0.0) or settings.seconds("cleanup.quarantine")


def period_of(document: Document, period: Callable[[str], float]) -> float:
    """How long (seconds) it would be in quarantine before it is deleted; `period` knows how long for each who marks."""
    by = str((document.get("desired") or {}).get("clean_by") or "")
    return 0.0 if is_isolated(document) else period(by)


def is_isolated(document: Document) -> bool:
    return bool(_until(document))


def is_free(document: Document) -> bool:
    """Whether nobody wants it deleted any more: then it is to be released."""
    return is_isolated(document) and (not is_marked(document) or bool(protection(document)))


def objection(document: Document, now: float, provider: Provider) -> str:
    """Why it may not be deleted yet."""
    until = _until(document)
    if not until:
        return ""
    try:
        if parse_time(until, now) > now:
            return f"in quarantine until {until}"
    except BadValue as error:
        return f"in quarantine, nobody knows until when: {error.message}"
    if isinstance(provider, Isolating) and provider.serves(document):
        return "somebody has put it back into service: cleanup release ends its quarantine"
    return ""


@dataclass(frozen=True, slots=True)
class Isolate:
    """The deed beside `Delete`."""

    record: Record
    providers: Mapping[str, Provider]
    settings: Settings

    def begun(self, item: PlanItem) -> Result | None:
        return None

    def __call__(self, item: PlanItem, document: Document) -> Result:
        provider, store = self.providers[item.cloud], self.record.store
        entry = self.record.start(document, item.reason, item.by, deed=QUARANTINE)
        until = iso(self.record.clock.now() + period(item.by, self.settings))
        store.mark([item.id], "metadata", {"quarantined": until, "quarantined_by": item.by, "quarantine_entry": entry.id}, by=item.by)
        try:
            with self.record.calls(entry) as calls:
                if isinstance(provider, Isolating):
                    provider.isolate(document)
        except Exception:
            store.mark([item.id], "metadata", _NONE, by=item.by)
            raise
        self.record.finish(entry, "quarantined", calls)
        return Result(item, Outcome.QUARANTINED, f"until {until}")


@dataclass(frozen=True, slots=True)
class Either:
    """A deed: what is to be in quarantine first is isolated, the rest deleted."""

    delete: Deed
    isolate: Deed
    settings: Settings

    def begun(self, item: PlanItem) -> Result | None:
        return self.delete.begun(item)

    def __call__(self, item: PlanItem, document: Document) -> Result:
        first = period(item.by, self.settings) and not is_isolated(document)
        if item.quarantine and not first:
            raise Stopped("it was to be put in quarantine, and is to be no longer: draw up the plan again")
        return (self.isolate if first else self.delete)(item, document)


@dataclass(frozen=True, slots=True)
class Release:
    record: Record
    providers: Mapping[str, Provider]

    def __call__(self, document: Document, by: str) -> None:
        """Put it back into service. Raises CallFailed; UsageError when it is in no quarantine, or nobody knows how it was before."""
        if not is_isolated(document):
            raise UsageError(f"{document['reported'].get('id')} is not in quarantine")
        before = self.record.journal.entry(str(document["metadata"]["quarantine_entry"])).document
        provider = self.providers[before["ancestors"]["cloud"]["reported"]["id"]]
        entry = self.record.start(document, "released from quarantine", by, deed=RELEASE)
        with self.record.calls(entry) as calls:
            if isinstance(provider, Isolating):
                provider.release(before)
        self.record.finish(entry, "released", calls)
        self.record.store.mark([document["id"]], "metadata", _NONE, by=by)


def _until(document: Document) -> str:
    return str((document.get("metadata") or {}).get("quarantined") or "")
