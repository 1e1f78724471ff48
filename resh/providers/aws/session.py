"""One AWS account as the collector sees it: pages of answers, regions, errors filed by kind.

session = AwsSession(clients, models, account, "aws", ("eu-west-1",), pool, 5, watcher, cancel)
for page in session.pages(call, "eu-west-1", {}): ...
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from time import monotonic
from typing import Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError

from resh.cancel import Cancel
from resh.errors import Cancelled
from resh.model.scope import Status
from resh.providers.aws.account import ACCOUNT, REGION
from resh.providers.aws.billing import units
from resh.providers.aws.clients import Clients
from resh.providers.aws.errors import UNREACHABLE, failure, is_passing, refusals
from resh.providers.aws.pages import tokens
from resh.providers.aws.paging import Paging
from resh.providers.aws.partitions import home_of
from resh.providers.aws.shapes import Models
from resh.providers.aws.told import heard_error, request_id, size
from resh.providers.base import Account, Heard, Watcher
from resh.providers.catalog import Call, Resource
from resh.providers.limiter import Place
from resh.providers.mapping import FreeKeys
from resh.providers.pool import Pending, Pool, settled
from resh.providers.session import GLOBAL, ReadFailed, Region, operation_name

_HOMES = {"globalaccelerator": "us-west-2"}
"""Where a service answers that lives in no region, when that is not where the others do:
https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html
"""
_CENTRAL = frozenset(("pricing",))
"""Services that answer in a few regions about all of them: https://docs.aws.amazon.com/general/latest/gr/billing.html"""
_GIVE_UP = 3  # calls in a row that found nobody at an endpoint, before it is left alone
_MOST_REPEATS = 100  # of calls to an endpoint that fail for other reasons than throttling, in one collect
_LONGEST_PAUSE = 20.0  # seconds


class AwsSession:
    """A CloudSession. It repeats calls itself, so that no thread sleeps meanwhile, and as often as the pace of the operation allows."""

    def __init__(
        self,
        clients: Clients,
        models: Models,
        account: Account,
        partition: str,
        configured: Sequence[str],
        pool: Pool,
        attempts: int,
        watcher: Watcher,
        cancel: Cancel,
    ) -> None:
        """`attempts` is how often a call is made at most. Raises NotConfigured when the account's profile or its credentials are gone."""
        self.account = account
        self.partition = partition
        self._clients, self._models = clients, models
        self._botocore = clients.session(account.handle)
        self._configured = tuple(configured)
        self._pool, self._attempts = pool, max(1, attempts)
        self._watcher = watcher
        self._cancel = cancel
        self._home = home_of(partition)
        self._offered: dict[str, frozenset[str]] = {}
        self._unanswered: Counter[str] = Counter()
        self._repeats: Counter[str] = Counter()
        self._pagings: dict[tuple[str, str], Paging] = {}
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
        if service in _CENTRAL:
            return bool(self._regions_with(service))
        offered = self._regions_with(service)
        return not offered or region in offered or region not in self._regions_with("ec2")

    def pages(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        if call.service in _CENTRAL:
            region = self._central(call.service)
        place = Place(self.account.id, region, call.service, operation_name(call))
        region = self._home_of(call.service) if region == GLOBAL else region
        try:
            client = self._clients.client(self.account.handle, call.service, region, call.operation, hasty=True)
            operation = client.meta.method_to_api_mapping[call.operation]
            paging = self._paging(client, call.service, operation)
            asked: Mapping[str, Any] | None = params
            while asked is not None:
                ask = partial(client._make_api_call, operation, asked)
                answer = yield from self._answer(place, f"{call.service}.{region}", ask, units(place.operation, asked))
                yield {**answer, "AccountName": self.account.name or None} if call is ACCOUNT.call else answer
                asked = paging.next(asked, answer)
        except (Cancelled, GeneratorExit):
            raise
        except Exception as error:
            raise failure(place.operation, error) from error

    def _answer(self, place: Place, endpoint: str, ask: Callable[[], Any], units: int) -> Generator[Pending, None, Any]:
        """Of one call, repeated while that may help; the attempts of all calls to an endpoint that is in trouble are bounded, too."""
        for attempt in count(1):
            while pending := self._pool.permit(place):
                yield pending
            self._cancel.check()
            if self._unanswered[endpoint] >= _GIVE_UP:
                raise ReadFailed(Status.FAILED, place.operation, "Unreachable", f"nobody answers for {endpoint.replace('.', ' in ')}")
            begun = monotonic()
            try:
                answer = ask()
            except Exception as error:
                heard = heard_error(failure(place.operation, error), error, monotonic() - begun, attempt > 1, units)
                self._heard(place, heard)
                if delay := self._repeat(endpoint, error, heard.throttled, attempt):
                    yield Pending(place, delay)
                    continue
                raise
            seconds, metadata = monotonic() - begun, answer.pop("ResponseMetadata", {})
            self._heard(place, Heard(seconds, size(metadata), "", False, attempt > 1, units, request_id(metadata)))
            self._unanswered[endpoint] = 0
            return answer

    def _repeat(self, endpoint: str, error: Exception, throttled: bool, attempt: int) -> float:
        """Seconds after which to try again; 0 not to."""
        if isinstance(error, UNREACHABLE):
            self._unanswered[endpoint] += 1
        if attempt >= self._attempts or not (throttled or is_passing(error)):
            return 0.0
        if not throttled:
            self._repeats[endpoint] += 1
            if self._repeats[endpoint] > _MOST_REPEATS:
                return 0.0
        return random.uniform(0.5, 1.0) * min(2.0 ** (attempt - 1), _LONGEST_PAUSE)

    def _heard(self, place: Place, heard: Heard) -> None:
        self._watcher.called(place, heard)
        self._pool.heard(place, heard.throttled)

    def _paging(self, client: Any, service: str, operation: str) -> Paging:
        found = self._pagings.get((service, operation))
        if found is None:
            try:
                described = self._botocore.get_paginator_model(service).get_paginator(operation)
            except (UnknownServiceError, DataNotFoundError, ValueError):
                known = tokens(client.meta.service_model.operation_model(operation))
                described = known and known._asdict()
            found = self._pagings[service, operation] = Paging(described)
        return found

    def act(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        call = Call(service, operation, "@")
        answer: Mapping[str, Any] = next(settled(self.pages(call, region, params), self._cancel))
        for error in refusals(answer):
            raise ReadFailed(Status.FAILED, operation_name(call), error.code, error.message)
        return answer

    def free_keys(self, resource: Resource) -> FreeKeys:
        return self._models.free_keys(resource)

    def _home_of(self, service: str) -> str:
        return _HOMES.get(service, self._home) if self.partition == "aws" else self._home

    def _central(self, service: str) -> str:
        """Where such a service answers: in a region of the settings if there is one, because policies may close others."""
        offered = self._regions_with(service)
        return next((region for region in (*self._configured, self._home, *sorted(offered)) if region in offered), self._home)

    def _list_regions(self) -> dict[str, Any]:
        """Any region knows them all, but policies often close those that nobody uses, the home region among them."""
        first: ReadFailed | None = None
        for entry in dict.fromkeys((*self._configured[:1], self._botocore.get_config_variable("region") or self._home, self._home)):
            try:
                pages = settled(self.pages(REGION.call, entry, REGION.call.params), self._cancel)
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
