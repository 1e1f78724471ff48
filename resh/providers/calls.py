"""A catalog's calls, made: parameters filled, pages turned, items picked out, listings joined, details added.

    calls = Calls(session, cancel)
    for items in calls.pages(VOLUME.call, "eu-west-1", calls.context("eu-west-1")): ...

The collector reads whole scopes with it, `actions.py` single resources.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from resh.cancel import Cancel
from resh.errors import UsageError
from resh.model.scope import Status
from resh.providers.catalog import Call, Detail
from resh.providers.mapping import Mapper, document, expression, values_at
from resh.providers.pool import Pending, settled
from resh.providers.session import CloudSession, ReadFailed, operation_name
from resh.providers.template import fill


class Calls:
    def __init__(self, session: CloudSession, cancel: Cancel) -> None:
        self._session = session
        self._cancel = cancel

    def context(self, region: str) -> dict[str, str]:
        """What every template may name."""
        return {"account": self._session.account.id, "region": region, "partition": self._session.partition}

    def pages(self, call: Call, region: str, known: Mapping[str, Any]) -> Iterator[Any]:
        """What `call.items` finds in each page of the answer, and a Pending wherever the next call must wait.

        Raises ReadFailed, and Cancelled between pages.
        """
        try:
            params = fill(call.params, known)
        except UsageError as error:
            raise ReadFailed(Status.FAILED, operation_name(call), "MissingParameter", error.message) from None
        self._cancel.check()
        rest = (yield from self._rest(call.join, call.on, region, known)) if call.join else {}
        for page in self._answers(call, region, params):
            if isinstance(page, Pending):
                yield page
                continue
            found = _pick(call, page)
            if call.describe:
                yield from self._described(call.describe, call.batch, items_of(found), region, known)
            else:
                yield [_joined(item, rest, call.on) for item in items_of(found)] if rest else found
            self._cancel.check()

    def _rest(self, call: Call, on: str, region: str, known: Mapping[str, Any]) -> Generator[Pending, None, dict[Any, dict[str, Any]]]:
        """What a second listing tells of each item, by its value at `on`."""
        rest: dict[Any, dict[str, Any]] = {}
        for items in self.pages(call, region, known):
            if isinstance(items, Pending):
                yield items
            else:
                rest |= {key: item for item in items_of(items) if (key := _key(item, on)) is not None}
        return rest

    def _answers(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        try:
            yield from self._session.pages(call, region, params)
        except ReadFailed as failure:
            if failure.error not in call.absent:
                raise

    def all(self, call: Call, region: str, known: Mapping[str, Any]) -> Iterator[Any]:
        """Like `pages`, for whoever has nothing else to do while a call must wait."""
        return settled(self.pages(call, region, known), self._cancel)

    def complete(self, mapper: Mapper, item: dict[str, Any], region: str) -> dict[str, Any] | None:
        """The item with all its details, None when it has gone. Raises ReadFailed naming the resource, OddRecord when it has no id."""
        whole: dict[str, Any] | None = next(settled(self.completing(mapper, item, region), self._cancel))
        return whole

    def completing(self, mapper: Mapper, item: dict[str, Any], region: str) -> Iterator[dict[str, Any] | Pending | None]:
        """The same, after each Pending that comes in between."""
        for detail in mapper.resource.details:
            home = mapper.region(item, region)
            known = ChainMap(dict(self.context(home)), mapper.map(item, self.context(region)).reported)
            answer = yield from self._detail(detail, item, home, known)
            if detail.into:
                item = {**item, detail.into: answer}
            elif isinstance(answer, dict):
                item = {**item, **answer}
            else:
                yield None
                return
        yield item

    def _described(self, call: Call, batch: int, values: list[Any], region: str, known: Mapping[str, Any]) -> Iterator[Any]:
        for start in range(0, len(values), batch):
            asked = values[start] if batch == 1 else values[start : start + batch]
            yield from self.pages(call, region, ChainMap({"batch": asked}, dict(known)))

    def _detail(self, detail: Detail, item: dict[str, Any], region: str, known: Mapping[str, Any]) -> Generator[Pending, None, Any]:
        if not detail.each:
            return (yield from self._ask(detail, region, known))
        elements: list[Any] = []
        for value in values_at(detail.each, item):
            elements += items_of((yield from self._ask(detail, region, {**known, "each": value})))
        return elements

    def _ask(self, detail: Detail, region: str, known: Mapping[str, Any]) -> Generator[Pending, None, Any]:
        answers: list[Any] = []
        try:
            for answer in self.pages(detail.call, region, known):
                if isinstance(answer, Pending):
                    yield answer
                else:
                    answers.append(answer)
        except ReadFailed as failure:
            if failure.error in detail.absent:
                return None
            raise ReadFailed(failure.status, failure.operation, failure.error, f"{known['id']}: {failure.message}") from None
        if all(isinstance(answer, list) for answer in answers):
            return [element for answer in answers for element in answer]
        return document(answers[0]) if detail.json else answers[0]


def items_of(answer: Any) -> list[Any]:
    """What an `items` expression found, as a list: one object is a list of one."""
    if answer is None:
        return []
    return answer if isinstance(answer, list) else [answer]


def _joined(item: Any, rest: Mapping[Any, dict[str, Any]], on: str) -> Any:
    key = _key(item, on)
    return item if key is None else {**rest.get(key, {}), **item}


def _key(item: Any, on: str) -> str | int | None:
    value = expression(on)(item) if isinstance(item, dict) else None
    return value if isinstance(value, str | int) else None


def _pick(call: Call, page: Any) -> Any:
    try:
        return expression(call.items)(page)
    except Exception as error:  # an answer of another shape than the expression expects
        raise ReadFailed(Status.FAILED, operation_name(call), "OddAnswer", f"{call.items} does not fit the answer: {error}") from None
