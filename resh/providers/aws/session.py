"""One AWS account as the collector sees it: pages of answers, regions, errors filed by kind.

session = AwsSession(clients, account, ("eu-west-1",), watcher, cancel)
for page in session.pages(call, "eu-west-1", {}): ...
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resh.cancel import Cancel
from resh.errors import Cancelled
from resh.model.scope import Status
from resh.providers.aws.account import ACCOUNT, REGION
from resh.providers.aws.clients import Clients
from resh.providers.aws.credentials import home_of
from resh.providers.aws.errors import UNREACHABLE, failure, refusals
from resh.providers.aws.pages import tokens
from resh.providers.aws.shapes import Models
from resh.providers.base import Account, Watcher
from resh.providers.catalog import Call, Resource
from resh.providers.mapping import FreeKeys, expression
from resh.providers.session import GLOBAL, ReadFailed, Region, operation_name

_HOMES = {"globalaccelerator": "us-west-2"}
"""Where a service answers that lives in no region, when that is not where the others do:
https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html
"""
_GIVE_UP = 3  # calls in a row that found nobody at an endpoint, before it is left alone


class AwsSession:
    """A CloudSession; also the Listener of its own calls."""

    def __init__(
        self,
        clients: Clients,
        models: Models,
        account: Account,
        partition: str,
        configured: Sequence[str],
        watcher: Watcher,
        cancel: Cancel,
    ) -> None:
        """Raises NotConfigured when the account's profile or its credentials are gone."""
        self.account = account
        self.partition = partition
        self._clients, self._models = clients, models
        self._botocore = clients.session(account.handle)
        self._configured = tuple(configured)
        self._watcher = watcher
        self._cancel = cancel
        self._home = home_of(partition)
        self._offered: dict[str, frozenset[str]] = {}
        self._unanswered: Counter[str] = Counter()
        self._lock = threading.Lock()

    def regions(self) -> Sequence[Region]:
        items = self._list_regions()
        return [Region(name, items.get(name, {}), _refusal(name, items.get(name))) for name in self._configured or _enabled(items)]

    def expected_regions(self) -> Sequence[str]:
        return self._configured or tuple(self._botocore.get_available_regions("ec2", self.partition))

    def offers(self, service: str, region: str) -> bool:
        """By botocore's list of endpoints; a service or region that it does not know may exist."""
        if self._clients.endpoint(self.account.handle, service):
            return True
        offered = self._regions_with(service)
        return not offered or region in offered or region not in self._regions_with("ec2")

    def pages(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        region = self._home_of(call.service) if region == GLOBAL else region
        name, endpoint = operation_name(call), f"{call.service}.{region}"
        if self._unanswered[endpoint] >= _GIVE_UP:
            raise ReadFailed(Status.FAILED, name, "Unreachable", f"nobody answers for {call.service} in {region}")
        try:
            client = self._clients.client(self.account.handle, call.service, region)
            answers = _answers(client, call.operation, params)
            while (answer := self._next(answers)) is not None:
                answer.pop("ResponseMetadata", None)
                yield {**answer, "AccountName": self.account.name or None} if call is ACCOUNT.call else answer
        except (Cancelled, GeneratorExit):
            raise
        except Exception as error:
            if isinstance(error, UNREACHABLE):
                self._unanswered[endpoint] += 1
            raise failure(name, error) from error
        self._unanswered[endpoint] = 0

    def act(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> None:
        call = Call(service, operation, "@")
        for answer in self.pages(call, region, params):
            for error in refusals(answer):
                raise ReadFailed(Status.FAILED, operation_name(call), error.code, error.message)
            return

    def free_keys(self, resource: Resource) -> FreeKeys:
        return self._models.free_keys(resource)

    def sending(self) -> None:
        self._cancel.check()

    def answered(self, operation: str, throttled: bool) -> None:
        self._watcher.called(operation, throttled)

    def _home_of(self, service: str) -> str:
        return _HOMES.get(service, self._home) if self.partition == "aws" else self._home

    def _next(self, answers: Iterator[Any]) -> Any:
        with self._clients.heard_by(self):
            return next(answers, None)

    def _list_regions(self) -> dict[str, Any]:
        """Any region knows them all, but policies often close those that nobody uses, the home region among them."""
        first: ReadFailed | None = None
        for entry in dict.fromkeys((*self._configured[:1], self._botocore.get_config_variable("region") or self._home, self._home)):
            try:
                pages = self.pages(REGION.call, entry, REGION.call.params)
                return {item["RegionName"]: item for page in pages for item in page["Regions"]}
            except ReadFailed as failure:
                first = first or failure
        assert first is not None
        raise first

    def _regions_with(self, service: str) -> frozenset[str]:
        with self._lock:
            if service not in self._offered:
                self._offered[service] = frozenset(self._botocore.get_available_regions(service, self.partition))
            return self._offered[service]


def _enabled(items: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return sorted(name for name, item in items.items() if not _refusal(name, item))


def _refusal(name: str, item: Mapping[str, Any] | None) -> str:
    if item is None:
        return f"AWS names no region {name} for this account"
    if item.get("OptInStatus") == "not-opted-in":
        return f"region {name} is not enabled for this account"
    return ""


def _answers(client: Any, operation: str, params: Mapping[str, Any]) -> Iterator[Any]:
    if client.can_paginate(operation):
        yield from client.get_paginator(operation).paginate(**params)
    else:
        yield from _pages(client, operation, params)


def _pages(client: Any, operation: str, params: Mapping[str, Any]) -> Iterator[Any]:
    """Of an operation for which botocore has no paginator."""
    token = tokens(client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]))
    following: Any = None
    while True:
        answer = getattr(client, operation)(**params, **({token.parameter: following} if token and following else {}))
        yield answer
        if token is None:
            return
        before, following = following, expression(token.answer)(answer)
        if not following:
            return
        if following == before:
            raise ValueError("the answer leads to the page that it is")
