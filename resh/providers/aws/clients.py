"""botocore clients, made once for each (handle, service, region) and shared by all threads: making one costs more than five calls.

    clients = Clients(settings)
    clients.client("", "ec2", "eu-west-1").describe_volumes()

Credentials come by their handle (`credentials.py`), endpoints from AWS's own configuration (`AWS_ENDPOINT_URL`, …); no call is made here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.loaders import Loader

from resh.providers.aws.answers import refuse_broken, timestamp
from resh.providers.aws.credentials import Credentials
from resh.providers.aws.lean_models import lean_loader
from resh.providers.aws.operations import Operation
from resh.providers.aws.told import told
from resh.providers.aws.transport import Transport
from resh.providers.limiter import Place
from resh.settings import Settings

Client = Any
"""A botocore client: its methods are made at run time."""


Guard = Callable[..., None]
"""Called with the handle and botocore's event before each call; an error raised here ends the call."""


_MOST_CLIENTS = 200
"""Each takes 0.3 to 0.6 MB, and 5 ms to make: an account in all regions has some five hundred."""


_OWN = {
    ("sts", "assume_role"),
    ("sts", "get_caller_identity"),
    ("iam", "list_account_aliases"),
    ("organizations", "list_accounts"),
}
"""What is asked by the client's own methods: (service, operation)."""


class Clients:
    """`usual` are the operations, (service, method), that a collect or a clean-up may make. Clients know these; for any other one a client
    of its own is made, with the service's whole model."""

    def __init__(
        self,
        settings: Settings,
        guard: Guard = lambda handle, **event: None,
        usual: Callable[[], Iterable[Operation]] = frozenset,
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._usual = usual
        self._credentials = Credentials(settings, self._assume_role)
        self._sessions: dict[str, botocore.session.Session] = {}
        self._clients: dict[tuple[str, str, str, bool, bool], Client] = {}
        self._loaders: dict[bool, Loader] = {}
        self._transport = Transport()
        self._lock = threading.RLock()

    def client(self, profile: str, service: str, region: str, operation: str = "", *, hasty: bool = False) -> Client:
        """One that knows the operation. `hasty` clients try once: for the look whether anyone is there at all, and for those who wait and
        repeat themselves."""
        key = (profile, service, region, hasty, bool(operation) and (service, operation) not in self._known)
        client = self._clients.get(key)
        if client is None:
            with self._lock:
                client = self._clients.get(key) or self._make(*key)
                self._clients[key] = client
        return client

    def session(self, profile: str) -> botocore.session.Session:
        """Raises NotConfigured when the profile or its credentials do not exist."""
        with self._lock:
            if profile not in self._sessions:
                session = self._sessions[profile] = self._credentials.session(profile)
                self._share_models(session)
                session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=timestamp)
            return self._sessions[profile]

    @cached_property
    def models(self) -> botocore.session.Session:
        """Whose credentials these are does not matter: it knows the services' models, those that clients are made of."""
        session = botocore.session.Session()
        with self._lock:
            self._share_models(session)
        return session

    @cached_property
    def _known(self) -> frozenset[Operation]:
        return frozenset((*_OWN, *self._usual()))

    def _share_models(self, session: botocore.session.Session, whole: bool = False) -> None:
        """All sessions read models with the same loader: what it keeps takes tens of megabytes."""
        if not self._loaders:
            loader = session.get_component("data_loader")
            self._loaders = {True: loader, False: lean_loader(self._known, tuple(loader.search_paths))}
        session.register_component("data_loader", self._loaders[whole])

    def done(self, handle: str) -> None:
        """Its collect is over. The next one finds its clients again, unless those of other accounts are many already."""
        with self._lock:
            if sum(key[0] != handle for key in self._clients) > _MOST_CLIENTS:
                self.forget(handle)

    def forget(self, handle: str) -> None:
        """Its credentials may have changed, or its clients are too many to keep: both are made anew when they are asked for."""
        with self._lock:
            self._sessions.pop(handle, None)
            for key in [key for key in self._clients if key[0] == handle]:
                del self._clients[key]

    def endpoint(self, profile: str, service: str) -> str | None:
        """The address configured for the service in place of AWS's own."""
        session = self.session(profile)
        provider = ConfiguredEndpointProvider(session.full_config, session.get_scoped_config(), service)
        url: str | None = provider.provide()
        return url

    def _assume_role(self, profile: str, region: str, request: Mapping[str, str]) -> dict[str, Any]:
        place = Place(request["RoleArn"].split(":")[4], region, "sts", "sts:AssumeRole")
        return told(place, partial(self.client(profile, "sts", region).assume_role, **request))

    def _make(self, profile: str, service: str, region: str, hasty: bool, whole: bool) -> Client:
        settings, address = self._settings, self.endpoint(profile, service)
        config = Config(
            connect_timeout=settings.seconds("aws.connect_timeout"),
            read_timeout=settings.seconds("aws.read_timeout"),
            retries={"mode": "standard", "total_max_attempts": 1 if hasty else max(1, settings.number("aws.retries"))},
            max_pool_connections=max(10, settings.number("aws.concurrency")),
            s3={"addressing_style": "path"} if address else None,
        )
        session = self.session(profile)
        self._share_models(session, whole)
        client = session.create_client(service, region_name=region, config=config)
        client.meta.events.register("before-call", partial(self._guard, profile))
        if address:
            client.meta.events.register("before-call", partial(_keep_host, urlsplit(address).netloc))
        client.meta.events.register("before-parse", refuse_broken)
        if hasty:
            self._transport.carry(client)
        return client


def _keep_host(host: str, params: dict[str, Any], **_: Any) -> None:
    """S3 Control puts the account's id before the name of every host, even of an address of one's own, where no such name exists."""
    parts = urlsplit(params["url"])
    if parts.netloc.endswith(f".{host}"):
        params["url"] = parts._replace(netloc=host).geturl()
