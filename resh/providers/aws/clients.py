"""botocore clients, made once for each (profile, service, region) and shared by all threads: making one costs more than five calls.

    clients = Clients(settings)
    with clients.heard_by(listener):                      # what this thread does meanwhile is told to the listener
        clients.client("", "ec2", "eu-west-1").describe_volumes()

Credentials and endpoints come from the ordinary chain of AWS configuration (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, ...); no call is made here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import botocore.session
from botocore.config import Config
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.exceptions import PartialCredentialsError, ProfileNotFound

from resh import __version__
from resh.errors import NotConfigured
from resh.model.scope import Status
from resh.providers.aws.errors import is_throttling
from resh.providers.session import ReadFailed
from resh.settings import Settings

Client = Any
"""A botocore client: its methods are made at run time."""

_HINT = "run 'aws configure', or set AWS_PROFILE or AWS_ACCESS_KEY_ID"


class Listener(Protocol):
    def sending(self) -> None:
        """Before every attempt of a call; an error raised here ends the call."""
        ...

    def answered(self, operation: str, throttled: bool) -> None: ...


class Clients:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions: dict[str, botocore.session.Session] = {}
        self._clients: dict[tuple[str, str, str, bool], Client] = {}
        self._lock = threading.RLock()
        self._thread = threading.local()

    def client(self, profile: str, service: str, region: str, *, hasty: bool = False) -> Client:
        """`hasty` clients try once: for the look whether anyone is there at all."""
        key = (profile, service, region, hasty)
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
                self._sessions[profile] = self._open(profile)
            return self._sessions[profile]

    def endpoint(self, profile: str, service: str) -> str | None:
        """The address configured for the service in place of AWS's own."""
        session = self.session(profile)
        provider = ConfiguredEndpointProvider(session.full_config, session.get_scoped_config(), service)
        url: str | None = provider.provide()
        return url

    @contextmanager
    def heard_by(self, listener: Listener) -> Iterator[None]:
        before = getattr(self._thread, "listener", None)
        self._thread.listener = listener
        try:
            yield
        finally:
            self._thread.listener = before

    def _open(self, profile: str) -> botocore.session.Session:
        session = botocore.session.Session(profile=profile or None)
        session.user_agent_name, session.user_agent_version = "resh", __version__
        session.set_config_variable("metadata_service_timeout", 1)
        session.set_config_variable("metadata_service_num_attempts", 1)
        try:
            credentials = session.get_credentials()
        except ProfileNotFound:
            name = profile or session.profile
            raise NotConfigured(f"there is no profile '{name}'", "'aws configure list-profiles' lists them") from None
        except PartialCredentialsError as error:
            raise NotConfigured(f"{error}", _HINT) from None
        if credentials is None:
            raise NotConfigured("no credentials found", _HINT)
        return session

    def _make(self, profile: str, service: str, region: str, hasty: bool) -> Client:
        settings = self._settings
        config = Config(
            connect_timeout=settings.seconds("aws.connect_timeout"),
            read_timeout=settings.seconds("aws.read_timeout"),
            retries={"mode": "standard", "total_max_attempts": 1 if hasty else max(1, settings.number("aws.retries"))},
            max_pool_connections=max(10, settings.number("aws.concurrency")),
            s3={"addressing_style": "path"} if self.endpoint(profile, service) else None,
        )
        client = self.session(profile).create_client(service, region_name=region, config=config)
        client.meta.events.register("before-send", self._before_send)
        client.meta.events.register("before-parse", _refuse_broken)
        client.meta.events.register("response-received", self._received)
        return client

    def _before_send(self, **_: Any) -> None:
        listener: Listener | None = getattr(self._thread, "listener", None)
        if listener:
            listener.sending()

    def _received(self, event_name: str, parsed_response: dict[str, Any] | None, **_: Any) -> None:
        listener: Listener | None = getattr(self._thread, "listener", None)
        if listener:
            service, operation = event_name.split(".")[1:]
            error = (parsed_response or {}).get("Error", {})
            listener.answered(f"{service}:{operation}", is_throttling(str(error.get("Code", ""))))


def _refuse_broken(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Answers that botocore would read as an empty list: nothing, a web page, half of a JSON text."""
    status, body = response_dict["status_code"], response_dict["body"]
    if status >= 500 and _is_page(body):
        response_dict["body"] = b""  # botocore then repeats the call, as after every other error of a server
    if status >= 300 or operation_model.has_streaming_output or not operation_model.output_shape:
        return
    protocol, reason = operation_model.service_model.resolved_protocol, ""
    if not body and operation_model.http.get("method") != "HEAD" and _has_body(operation_model.output_shape):
        reason = "the answer is empty"
    elif _is_page(body):
        reason = "the answer is a web page, not the service's"
    elif body and protocol in ("json", "rest-json") and not _is_json(body):
        reason = "the answer is cut off or no JSON"
    if reason:
        service = operation_model.service_model
        name = f"{service.signing_name}:{operation_model.name}"
        raise ReadFailed(Status.FAILED, name, "BrokenAnswer", reason)


def _is_page(body: Any) -> bool:
    return isinstance(body, bytes) and body.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))


def _has_body(shape: Any) -> bool:
    return any(not member.serialization.get("location") for member in shape.members.values())


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
