"""Requests that are repeated while that may help, and that follow redirects: over connections whose addresses were checked.

    with Client(Addresses(), cancel, timeout=30) as client:
        client.send(request).status

Repeated are answers 429 and 5xx and failures of the connection, after waits that double, or as long as the server says (Retry-After).
A redirect is a new request: its address is checked like the first one, another origin gets no sensitive header, and nothing that began
over HTTPS goes on without.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any
from urllib.parse import urljoin

from resh.cancel import Cancel
from resh.errors import SendFailed
from resh.settings import Settings
from resh.web.addresses import Addresses
from resh.web.connection import Connections
from resh.web.request import Answer, Request, parse_url

MOST_REDIRECTS = 5
LONGEST_WAIT = 60.0
LONGEST_RETRY_AFTER = 300.0
_BODY_HEADERS = ("content-type", "content-encoding", "content-length")


class Client:
    """`timeout` is for each attempt, `within` for all of them with their waits (seconds). For one thread."""

    def __init__(
        self,
        addresses: Addresses,
        cancel: Cancel,
        *,
        timeout: float = 30.0,
        within: float = float("inf"),
        retries: int = 3,
        backoff: float = 0.5,
        verify: bool = True,
        wait: Callable[[float], object] | None = None,
        now: Callable[[], float] = time.time,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._connections = Connections(addresses, cancel, verify)
        self._cancel = cancel
        self._timeout = timeout
        self._within = within
        self._retries = retries
        self._backoff = backoff
        self._wait = wait or cancel.wait
        self._now = now
        self._spread = spread

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connections.close()

    def send(self, request: Request) -> Answer:
        """The last answer, whatever its status. Raises SendFailed when there is none; Cancelled."""
        until = time.monotonic() + self._within
        attempts = 0
        while True:
            self._cancel.check()
            attempts += 1
            answer, failure = self._attempt(request, until)
            if answer is not None and not _may_help(answer.status):
                return answer.changed(attempts=attempts)
            pause = self._pause(attempts, answer)
            given_up = attempts > self._retries or time.monotonic() + pause >= until or pause > LONGEST_RETRY_AFTER
            if given_up or (failure is not None and not failure.again):
                if failure is not None:
                    raise failure
                assert answer is not None
                return answer.changed(attempts=attempts)
            self._wait(pause)

    def _attempt(self, request: Request, until: float) -> tuple[Answer | None, SendFailed | None]:
        try:
            return self._followed(request, until), None
        except SendFailed as error:
            return None, error

    def _followed(self, request: Request, until: float) -> Answer:
        origin = request.url.origin
        for redirects in range(MOST_REDIRECTS + 1):
            try:
                answer = self._connections.send(request, max(0.001, min(self._timeout, until - time.monotonic())))
            except SendFailed as error:
                raise type(error)(f"{f'{origin} redirects: ' if redirects else ''}{error.message}", error.hint, error.again) from None
            target = answer.header("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            request = _redirected(request, answer.status, target)
        raise SendFailed(f"{origin}: redirects more than {MOST_REDIRECTS} times")

    def _pause(self, attempts: int, answer: Answer | None) -> float:
        """Seconds before the next attempt: at random between half of the wait and all of it, but never less than the server asks for."""
        wait = min(LONGEST_WAIT, self._backoff * 2.0 ** (attempts - 1))
        asked = _retry_after(answer.header("retry-after"), self._now()) if answer is not None else 0.0
        return max(asked, wait * (0.5 + 0.5 * self._spread()))


class Web:
    """Makes clients as the settings want them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def addresses(self) -> Addresses:
        return Addresses(self._settings.list("http.allow"))

    def client(self, cancel: Cancel, **options: Any) -> Client:
        return Client(self.addresses, cancel, **options)


def _may_help(status: int) -> bool:
    return status == 429 or status >= 500


def _retry_after(text: str, now: float) -> float:
    """Seconds, of a header that gives seconds or a date."""
    if text.strip().isdecimal():
        return float(text)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError):
        return 0.0


def _redirected(request: Request, status: int, target: str) -> Request:
    base = f"{request.url.origin}{request.url.target}"
    url = parse_url(urljoin(base, target), request.url.scheme)
    if request.url.scheme == "https" and url.scheme == "http":
        raise SendFailed(f"{request.url.origin}: redirects to {url.origin}, which is not encrypted")
    other = request.changed(url=url, sensitive=request.sensitive if url.origin == request.url.origin else ())
    if status in (307, 308) or request.method == "GET":
        return other
    if status == 303 or request.method == "POST":
        kept = tuple((name, value) for name, value in request.headers if name.lower() not in _BODY_HEADERS)
        return other.changed(method="GET", body=None, headers=kept)
    return other
