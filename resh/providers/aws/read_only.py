"""Read-only mode: calls that would change something never leave the process, whatever command makes them.

    guard = ReadOnly(settings, catalog)
    client.meta.events.register("before-call", partial(guard.before_call, handle))

An operation passes when it is a read: by its verb, or because the catalog reads with it. Whatever is not known to read is refused, so that
an operation that nobody has thought of cannot slip through. The settings are looked at for each call: a change counts at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from resh.model.scope import Status
from resh.providers.base import Account
from resh.providers.catalog import Catalog
from resh.providers.session import ReadFailed
from resh.settings import Settings

_READS = re.compile(r"(?:Batch)?(?:Describe|Get|List)[A-Z]|(?:Head|Lookup|Search|Select|Filter|Count|Simulate|Query|Scan)(?:[A-Z]|$)")
_GIVES = re.compile(r"Get\w*(?:Credentials|Token|Federat|LoginUrl|SigninUrl)|GetId$")
"""Reads by name only: they hand out credentials, and some make what they name when there is none (redshift:GetClusterCredentials)."""

_WAYS_IN = frozenset((("sts", "assume_role"),))


def refusal(settings: Settings, account: Account | None) -> str:
    """Why nothing may be changed in the account; empty when it may. Of an account that is not known the worst is assumed."""
    if settings.flag("aws.read_only"):
        return "aws.read_only is true"
    patterns = settings.list("aws.read_only_accounts")
    if patterns and account and matches(account, patterns):
        return "aws.read_only_accounts names it"
    if patterns and not (account and account.name):
        return "aws.read_only_accounts may name it, and its name is not known"
    return ""


def matches(account: Account, patterns: Iterable[str]) -> bool:
    """By id or name."""
    return any(fnmatchcase(text, pattern) for pattern in patterns for text in (account.id, account.name))


class ReadOnly:
    def __init__(self, settings: Settings, catalog: Callable[[], Catalog]) -> None:
        self._settings, self._catalog = settings, catalog
        self._accounts: dict[str, Account] = {}

    def knows(self, account: Account) -> None:
        """A name is kept: some ways of asking for an account do not tell it."""
        before = self._accounts.get(account.handle)
        if account.name or before is None or before.id != account.id:
            self._accounts[account.handle] = account

    def before_call(self, handle: str, model: Any, **_: Any) -> None:
        """A handler of botocore's event; `model` is the operation. Raises ReadFailed."""
        service = model.service_model
        if self.reads(service.service_name, model.name):
            return
        account = self._accounts.get(handle)
        if why := refusal(self._settings, account):
            where = f"account {account.id}" if account else "this account"
            raise ReadFailed(Status.DENIED, f"{service.service_name}:{model.name}", "ReadOnly", f"{where} is read-only: {why}")

    def reads(self, service: str, operation: str) -> bool:
        if _READS.match(operation) and not _GIVES.match(operation):
            return True
        from botocore import xform_name

        return (service, xform_name(operation)) in self._known

    @cached_property
    def _known(self) -> frozenset[tuple[str, str]]:
        """What collecting itself asks for."""
        from resh.providers.aws.operations import reads

        return _WAYS_IN | {found for resource in self._catalog().all for found in reads(resource)}
