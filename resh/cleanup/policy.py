"""What the settings forbid to delete: accounts, ages, names, tags, searches, what resh runs with, what Terraform manages.

    policy = make_policy(settings, documents, store, clock.now, arns)
    policy.objection(document)        # 'the account 123456789012 (demo) is not in cleanup.accounts', '' when nothing speaks against it

The plan and the guard ask; what a search or a file says counts as of the moment at which the policy was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, NamedTuple

from resh.cleanup.itself import itself
from resh.cleanup.notices import unwarned
from resh.cleanup.rules.base import age
from resh.cleanup.rules.common import fits_account
from resh.cleanup.rules.survey import Documents, identity
from resh.cleanup.terraform import States, read_states
from resh.durations import parse_time
from resh.errors import BadValue
from resh.graph.base import Document, GraphStore
from resh.settings import Settings

Patterns = tuple[str, ...]


class Values(NamedTuple):
    """What the settings say; times are seconds."""

    accounts: tuple[str, ...]
    denied: tuple[str, ...]
    production: tuple[str, ...]
    names: tuple[str, ...]
    tags: tuple[str, ...]
    terraform: str
    min_age: float
    max_age: float
    must_warn: bool


def values_of(settings: Settings) -> Values:
    def words(name: str) -> tuple[str, ...]:
        return tuple(settings.list(f"cleanup.{name}"))

    for_good = settings.flag("cleanup.enabled") and not settings.flag("cleanup.dry_run")
    return Values(
        words("accounts"),
        words("deny_accounts"),
        words("production"),
        words("protected_names"),
        words("protected_tags"),
        settings.text("cleanup.terraform"),
        settings.seconds("cleanup.min_age"),
        settings.seconds("cleanup.max_graph_age"),
        for_good and settings.seconds("cleanup.warn_before") > 0,
    )


@dataclass(frozen=True)
class Policy:
    """`listed` are nodes with what forbids to delete them: a search, or that resh runs with them."""

    values: Callable[[], Values]
    """Asked for each resource: a plan has them once, the guard as they are by then."""
    clock: Callable[[], float]
    listed: Mapping[str, str] = field(default_factory=dict)
    states: States = field(default_factory=States)

    def objection(self, document: Document) -> str:
        return self.prohibition(document) or _judged(lambda: self._grace(document, self.values()))

    def prohibition(self, document: Document) -> str:
        """What speaks against it whether its grace period is over or not."""
        return _judged(lambda: self._prohibition(document, self.values()))

    def protection(self, document: Document) -> str:
        """What speaks against it wherever it is and however old."""
        return self._protection(document, self.values())

    def note(self, document: Document) -> str:
        """What to warn of."""
        return self._terraform(document) if self.values().terraform == "warn" else ""

    def _prohibition(self, document: Document, values: Values) -> str:
        return (
            account(document, values)
            or self._protection(document, values)
            or self._young(document, values.min_age)
            or self._long_ago(document, values.max_age)
        )

    def _protection(self, document: Document, values: Values) -> str:
        return (
            self.listed.get(document["id"], "")
            or _named(document, values.names)
            or protecting_tag((document.get("reported") or {}).get("tags"), values.tags)
            or (self._terraform(document) if values.terraform == "refuse" else "")
        )

    def _terraform(self, document: Document) -> str:
        file = self.states.file_of(document)
        return f"managed by Terraform: {file}" if file else ""

    def _grace(self, document: Document, values: Values) -> str:
        after = (document.get("desired") or {}).get("clean_after")
        if after and parse_time(str(after), self.clock()) > self.clock():
            return f"its grace period ends {after}"
        return "nobody was warned yet that its grace period ends" if values.must_warn and unwarned(document) else ""

    def _young(self, document: Document, least: float) -> str:
        born = (document.get("reported") or {}).get("ctime") or document.get("created")
        if not least:
            return ""
        if not born:
            return "its age is not known"
        old = self.clock() - parse_time(str(born), self.clock())
        return f"only {age(max(old, 0))} old (cleanup.min_age {age(least)})" if old < least else ""

    def _long_ago(self, document: Document, most: float) -> str:
        seen = (document.get("metadata") or {}).get("last_seen")
        if not seen:
            return "nobody knows when it was last seen"
        since = self.clock() - parse_time(str(seen), self.clock())
        return f"last seen {age(since)} ago (cleanup.max_graph_age {age(most)})" if since > most else ""


def _judged(say: Callable[[], str]) -> str:
    """Of one resource whose times cannot be read: that is against it, and in no other one's way."""
    try:
        return say()
    except BadValue as error:
        return f"it cannot be judged: {error.message}"


def account(document: Document, values: Values) -> str:
    """Why nothing may be changed where the resource is."""
    id, name = identity(document, "account"), identity(document, "account", "name")
    why = _of_account(id, name, values.accounts, values.denied, values.production)
    return f"the account {id}{f' ({name})' if name and name != id else ''} {why}" if why else ""


@lru_cache(maxsize=1024)
def _of_account(id: str, name: str, allowed: Patterns, denied: Patterns, production: Patterns) -> str:
    if fits_account(denied, id, name):
        return "is in cleanup.deny_accounts"
    if fits_account(production, id, name):
        return "is in production: cleanup.production"
    if production and not name and id not in allowed:  # the worst is assumed, until somebody who knows has written its id
        return "may be in production (cleanup.production), as its name cannot be read; cleanup.accounts may list its id"
    return "" if fits_account(allowed, id, name) else "is not in cleanup.accounts"


def _named(document: Document, patterns: Patterns) -> str:
    if not patterns:
        return ""
    reported = document.get("reported") or {}
    names = {str(reported.get(name) or "") for name in ("name", "id")} - {""}
    pattern = next((one for one in patterns if any(fnmatchcase(name.lower(), one.lower()) for name in names)), "")
    return f"its name is protected: {pattern}" if pattern else ""


def protecting_tag(tags: Any, patterns: Iterable[str]) -> str:
    """Why the tags protect; empty when they do not."""
    if not isinstance(tags, Mapping):
        return ""
    for pattern in patterns:
        key, equals, value = pattern.partition("=")
        for name, text in tags.items():
            if fnmatchcase(str(name), key) and (not equals or fnmatchcase(str(text), value)):
                return f"protected by its tag {name}"
    return ""


def make_policy(
    settings: Settings,
    documents: Documents,
    store: GraphStore,
    clock: Callable[[], float],
    arns: Iterable[str] = (),
    *,
    once: bool = False,
) -> Policy:
    """Raises ReshError where a search is wrong or a state of Terraform cannot be read: then nothing may be deleted.

    `once`: the settings count as they are now, for all that is asked.
    """
    listed: dict[str, str] = {}
    if search := settings.text("cleanup.protected_search"):
        listed |= {document["id"]: "found by cleanup.protected_search" for document in documents(search)}
    if settings.flag("cleanup.protect_self"):
        listed |= itself(arns, documents, store)
    wanted = settings.text("cleanup.terraform") != "ignore"
    states = read_states(settings.list("cleanup.terraform_states")) if wanted else States()
    values = values_of(settings)
    return Policy((lambda: values) if once else (lambda: values_of(settings)), clock, listed, states)
