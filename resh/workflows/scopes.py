"""The parts of a run that may be stopped alone: clouds, their accounts, and regions of these, as the progress tree calls them.

scopes = Scopes()
with scopes.working("aws/123456789012", cancel): ...              # whoever works on an account; it may be stopped already
scopes.stop("aws/123456789012/eu-west-1", "stopped by ada")       # that region of it
scopes.stop("aws/123456789012", "stopped by ada")                 # all of it, now or when its turn comes
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from resh.cancel import Cancel


class Scopes:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: dict[str, str] = {}
        self._working: dict[str, Cancel] = {}

    @contextmanager
    def working(self, account: str, cancel: Cancel) -> Iterator[None]:
        with self._lock:
            self._working[account] = cancel
            stopped = list(self._stopped.items())
        for scope, reason in stopped:
            _end(account, cancel, scope, reason)
        try:
            yield
        finally:
            with self._lock:
                del self._working[account]

    def stop(self, scope: str, reason: str) -> None:
        with self._lock:
            self._stopped.setdefault(scope, reason)
            working = list(self._working.items())
        for account, cancel in working:
            _end(account, cancel, scope, reason)


def _end(account: str, cancel: Cancel, scope: str, reason: str) -> None:
    """All of the account, a region of it, or nothing, as the scope says."""
    if f"{account}/".startswith(f"{scope}/"):
        cancel.set(reason)
    elif scope.startswith(f"{account}/"):
        cancel.set_part(scope.removeprefix(f"{account}/"), reason)
