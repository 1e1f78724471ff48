"""Sends messages to targets, each within its time-out, and tells once when one cannot be reached.

    delivery.send(target, message, cancel)      raises SendFailed

A target that failed is tried once a message from then on, without repetitions, until it takes one again: whoever works with it is not
held up for long by what is known to be down.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.errors import Cancelled, ReshError, SendFailed, UsageError
from resh.events.event import Problem
from resh.notify.base import Field, Message, Notifier, Values
from resh.record import Record
from resh.secret_references import is_reference, resolve
from resh.text import did_you_mean

if TYPE_CHECKING:
    from resh.events.event import Event
    from resh.web.client import Web


_RETRIES = 3


class Target(Record):
    """`values` by field; those of secret fields, and others where people want it, are references."""

    name: str
    notifier: str
    values: Mapping[str, str]


class Delivery:
    def __init__(
        self,
        notifiers: Mapping[str, Notifier],
        web: Web,
        environ: Mapping[str, str],
        seconds: Callable[[], float],
        emit: Callable[[Event], object],
    ) -> None:
        self.notifiers = notifiers
        self._web = web
        self._environ = environ
        self._seconds = seconds
        self._emit = emit
        self._down: set[str] = set()
        self._lock = threading.Lock()

    def notifier(self, name: str) -> Notifier:
        if name not in self.notifiers:
            raise UsageError(f"there is no notifier '{name}'", did_you_mean(name, self.notifiers) or "notify types lists them")
        return self.notifiers[name]

    def send(self, target: Target, message: Message, cancel: Cancel, more: Values | None = None) -> None:
        """To a target; `more` are values of fields that are no connection, in place of its own. Tells of a failure once."""
        try:
            notifier = self.notifier(target.notifier)
            given = {name: self._value(text) for name, text in target.values.items()}
            hidden = [given[name] for name, text in target.values.items() if is_reference(text)]
            retries = 0 if target.name in self._down else _RETRIES
            self.tell(notifier, message, {**given, **(more or {})}, cancel, retries, hidden)
        except Cancelled:
            raise
        except ReshError as error:
            self._failed(target.name, error)
            raise
        with self._lock:
            self._down.discard(target.name)

    def tell(
        self,
        notifier: Notifier,
        message: Message,
        values: Values,
        cancel: Cancel,
        retries: int = _RETRIES,
        hidden: Collection[str] = (),
    ) -> None:
        """Without a target: all values are given. Errors hold neither secret values nor those that are `hidden`."""
        from resh.notify.courier import Courier

        whole = complete(notifier, values, hidden)
        secrets = [*hidden, *(whole[field.name] for field in notifier.fields if field.secret)]
        within = self._seconds()
        with self._web.client(cancel, timeout=within, within=within, retries=retries) as client:
            courier = Courier(client, self._web.addresses, cancel, within=within, retries=retries, secrets=secrets)
            try:
                notifier.deliver(message, whole, courier)
            except ReshError:
                raise
            except Exception as error:  # a notifier of a package may fail in any way
                raise SendFailed(courier.clean(f"{notifier.name}: {type(error).__name__}: {error}")) from error

    def _value(self, text: str) -> str:
        return resolve(text, self._environ) if is_reference(text) else text

    def _failed(self, name: str, error: ReshError) -> None:
        with self._lock:
            news = name not in self._down
            self._down.add(name)
        if news:
            self._emit(Problem(text=f"notify {name}: {error.message}; further failures are not told until it takes a message again"))


def complete(notifier: Notifier, values: Values, hidden: Collection[str] = ()) -> dict[str, str]:
    """Every field with its value. Raises UsageError that names the field which is missing, unknown or wrong; no value that is `hidden`."""
    fields = {field.name: field for field in notifier.fields}
    for name in values:
        if name not in fields:
            raise UsageError(f"{notifier.name} has no '{name}'", did_you_mean(name, fields) or f"it has {', '.join(fields)}")
    return {name: _checked(notifier, field, values.get(name, ""), hidden) for name, field in fields.items()}


def _checked(notifier: Notifier, field: Field, value: str, hidden: Collection[str]) -> str:
    found = value or field.default
    if not found and not field.optional:
        raise UsageError(f"{notifier.name}: {field.name} is missing", field.help)
    if field.choices and found and found not in field.choices and not is_reference(found):
        raise UsageError(f"{notifier.name}: {field.name} is none of {', '.join(field.choices)}", did_you_mean(found, field.choices))
    if field.check and found and not is_reference(found):
        try:
            field.check(found)
        except ReshError as error:
            what = " is wrong" if found in hidden else f": {error.message}"
            raise UsageError(f"{notifier.name}: {field.name}{what}", error.hint) from None
    return found
