"""The state of reading one scope: what is outstanding, what went wrong first, how many nodes came. The collector owns them."""

from __future__ import annotations

import threading

from resh.model.scope import Code, Scope, ScopeReport, Status
from resh.providers.catalog import Resource
from resh.providers.mapping import Mapper
from resh.providers.session import ReadFailed, operation_name


class Reading:
    """Open while tasks or the parent's reading hold it; `release` tells the one caller who was last."""

    def __init__(self, resource: Resource, scope: Scope, mapper: Mapper, *, silent: bool = False) -> None:
        self.resource = resource
        self.scope = scope
        self.mapper = mapper
        self.silent = silent
        self.children: list[Reading] = []
        self.count = 0
        self.failure: ReadFailed | None = None
        self.left_out = ""
        self._further = 0
        self._left_out = 0
        self._holds = 1
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    def hold(self) -> None:
        with self._lock:
            self._holds += 1

    def release(self) -> bool:
        with self._lock:
            self._holds -= 1
            return not self._holds

    @property
    def is_closed(self) -> bool:
        return not self._holds

    def first_sight(self, id: str) -> bool:
        """Whether this node is new to the scope: pages may overlap while things change."""
        with self._lock:
            if id in self._seen:
                return False
            self._seen.add(id)
            self.count += 1
            return True

    def fail(self, failure: ReadFailed) -> None:
        """The first failure is the scope's; the others are counted."""
        with self._lock:
            if self.failure is None:
                self.failure = failure
            else:
                self._further += 1

    def odd(self, name: str, reason: str) -> None:
        operation = operation_name(self.resource.call)
        self.fail(ReadFailed(Status.FAILED, operation, "OddRecord", f"record {name} cannot be read: {reason}"))

    def leave_out(self, count: int, cap: int) -> None:
        """So many older ones were listed and not taken; a kind that is listed for each parent has a cap for each."""
        with self._lock:
            self._left_out += count
            if self._left_out:
                self.left_out = f"the newest {cap} were taken, {self._left_out} older ones left out"

    def report(self) -> ScopeReport:
        failure = self.failure
        if failure is None:
            code = Code.CAPPED.value if self.left_out else ""
            return ScopeReport(self.scope, Status.OK, self.count, operation_name(self.resource.call), code, self.left_out)
        further = f" (and {self._further} more)" if self._further else ""
        return ScopeReport(self.scope, failure.status, self.count, failure.operation, failure.error, failure.message + further)
