"""Who takes part in a step: handlers of its events, which the step waits for, one after the other.

    remove = handlers.on("post_collect", nag, order=JOBS, timeout=60, name="job nag")

A job on `cleanup_plan` has therefore marked its resources before `cleanup` begins. At `<step>` itself the built-in action comes first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from resh.events.event import StepEvent
from resh.record import Record
from resh.workflows.definition import StepContext

BUILT_IN, RULES, JOBS = 0, 100, 200
"""The usual orders; any number in between may be used."""


class Handler(Protocol):
    def __call__(self, event: StepEvent, context: StepContext) -> None: ...


class Registration(Record):
    event: str
    handler: Handler
    order: int
    timeout: float
    name: str


Source = Callable[[StepEvent], Iterable[Registration]]
"""Says who takes part at an event, besides those that are registered: jobs, which come and go with no restart."""


class Handlers:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._registrations: tuple[Registration, ...] = ()
        self._sources: tuple[Source, ...] = ()

    def on(self, event: str, handler: Handler, order: int = JOBS, *, timeout: float = 300.0, name: str = "") -> Callable[[], None]:
        """Returns what removes it. Handlers of the same order run in the order of their registration."""
        registration = Registration(event, handler, order, timeout, name or getattr(handler, "__name__", "handler"))
        with self._lock:
            self._registrations = tuple(sorted((*self._registrations, registration), key=lambda other: other.order))
        return lambda: self._remove(registration)

    def ask(self, source: Source) -> None:
        with self._lock:
            self._sources = (*self._sources, source)

    def of(self, event: StepEvent) -> list[Registration]:
        """In their order; of the same order, those that are registered come first."""
        found = [registration for registration in self._registrations if registration.event == event.type]
        for source in self._sources:
            found += source(event)
        return sorted(found, key=lambda one: one.order)

    def _remove(self, registration: Registration) -> None:
        with self._lock:
            self._registrations = tuple(other for other in self._registrations if other is not registration)
