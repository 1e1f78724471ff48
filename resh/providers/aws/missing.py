"""The smallest policy that would open what the last collect was denied.

    found = missing(permissions, [report for report, _ in graph.scopes()])
    found.rights, found.closed

A scope tells of the first call that was refused; what it would have asked after that, nobody knows. So what it needs is the action that
was refused, and those of its further calls that nothing else in the account was allowed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from resh.model.scope import ScopeReport, Status
from resh.providers.aws import operations
from resh.providers.aws.operations import Operation
from resh.providers.aws.permissions import Permissions, Right
from resh.providers.catalog import Call, Resource
from resh.providers.session import operation_name

_BY_POLICY = re.compile(r"AccessDenied|Unauthorized|Authorization(?:Error|Failure)|NotAuthorized|Forbidden", re.IGNORECASE)
_NAMED = re.compile(r"not authorized to perform:? +([a-z0-9-]+:[A-Za-z]+)")
_FORBIDDEN = re.compile(r"explicit deny|service control policy|permissions boundary|session policy", re.IGNORECASE)
"""What no policy of the role's own can open."""


@dataclass(slots=True)
class Missing:
    """`opened` scopes would be readable with the rights; `closed` ones are denied for other reasons."""

    rights: set[Right] = field(default_factory=set)
    opened: list[ScopeReport] = field(default_factory=list)
    closed: list[ScopeReport] = field(default_factory=list)


def missing(permissions: Permissions, reports: Iterable[ScopeReport]) -> Missing:
    accounts: defaultdict[str, list[ScopeReport]] = defaultdict(list)
    for report in reports:
        accounts[report.scope.account].append(report)
    found, account = Missing(), _Account(permissions)
    for scopes in accounts.values():
        proven = account.proven(scopes)
        for report in scopes:
            if report.status is not Status.DENIED:
                continue
            rights = account.needed(report, proven) if _can_be_opened(report) else set()
            found.rights |= rights
            (found.opened if rights else found.closed).append(report)
    return found


def _can_be_opened(report: ScopeReport) -> bool:
    return bool(_BY_POLICY.search(report.code)) and not _FORBIDDEN.search(report.message)


class _Account:
    """What the scopes of an account tell about its rights."""

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions
        self._resources = {resource.kind: resource for resource in permissions.resources}
        calls = (*self._calls(), Call(*operations.USAGE, ""))
        self._operations = {operation_name(call): (call.service, call.operation) for call in calls}

    def proven(self, reports: Iterable[ScopeReport]) -> set[Right]:
        """What was allowed: the listing of a scope that was read, its details if there was anything."""
        done: set[Operation] = set()
        for report in reports:
            resource = self._resources.get(report.scope.kind)
            if resource and report.status is Status.OK:
                asked = list(operations.reads(resource))
                done.update(asked if report.count else asked[:1] if not resource.each else ())
        return {right for operation in done for right in self._permissions.rights(operation)}

    def needed(self, report: ScopeReport, proven: set[Right]) -> set[Right]:
        denied = self._denied(report)
        resource = self._resources.get(report.scope.kind)
        if resource is None or report.operation not in self._own(resource):
            return denied
        own = {right for operation in operations.reads(resource) for right in self._permissions.rights(operation)}
        return denied | (own - proven)

    def _denied(self, report: ScopeReport) -> set[Right]:
        """The action in AWS's own words where they name one, else that of the call."""
        if named := _NAMED.search(report.message):
            return {Right(named[1])}
        operation = self._operations.get(report.operation)
        return self._permissions.rights(operation) if operation else set()

    def _own(self, resource: Resource) -> set[str]:
        """Its calls, and those of the kinds that it is listed under."""
        names = {operation_name(call) for call in _chain(resource)}
        parent = self._resources.get(resource.each)
        return names | self._own(parent) if parent else names

    def _calls(self) -> Iterator[Call]:
        for resource in self._resources.values():
            yield from _chain(resource)


def _chain(resource: Resource) -> Iterator[Call]:
    for call in (resource.call, *(detail.call for detail in resource.details)):
        yield from call.chain
