"""What the collector needs of a cloud: pages of answers, the regions, and errors it can file under a scope.

`aws/session.py` implements it with boto3; tests with a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from resh.cancel import Cancel
from resh.errors import CallFailed
from resh.model.scope import Code, Status
from resh.providers.base import Account
from resh.providers.catalog import Call, Resource
from resh.providers.mapping import FreeKeys

GLOBAL = "global"
"""The region of everything that lives in none."""


class ReadFailed(CallFailed):
    """One call failed; `status` says what that makes of its scope."""

    def __init__(self, status: Status, operation: str, error: str, message: str) -> None:
        super().__init__(operation, error, message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Region:
    """`item` is the cloud's own record of it; `refusal` says why nothing can be read there (empty: it can)."""

    name: str
    item: Mapping[str, Any] = field(default_factory=dict)
    refusal: str = ""


class CloudSession(Protocol):
    """One account. Every method may be called from several threads."""

    account: Account
    partition: str

    def regions(self) -> Sequence[Region]:
        """The regions to collect. Raises ReadFailed."""
        ...

    def expected_regions(self) -> Sequence[str]:
        """Names of the regions there may be, when they cannot be listed."""
        ...

    def offers(self, service: str, region: str) -> bool:
        """Whether the service exists in the region at all, known without a call."""
        ...

    def pages(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        """The answer, page by page; region `global` is the cloud's business. Raises ReadFailed, whatever goes wrong.

        Wherever a call must wait, a `Pending` comes first: go on when its time has come.
        """
        ...

    def act(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer of one call that changes something. Raises ReadFailed."""
        ...

    def free_keys(self, resource: Resource) -> FreeKeys: ...


def check(cancel: Cancel, call: Call, region: str) -> None:
    """Before a call there. Raises Cancelled, and ReadFailed where only the region is to end."""
    cancel.check()
    if reason := cancel.parts.get(region):
        raise ReadFailed(Status.FAILED, operation_name(call), Code.STOPPED.value, reason)


def operation_name(call: Call) -> str:
    """As clouds write it: `ec2:DescribeVolumes`."""
    return f"{call.service}:{''.join(part.capitalize() for part in call.operation.split('_'))}"
