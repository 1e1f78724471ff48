"""What the settings forbid to delete: accounts, ages, names, tags, searches, what resh runs with, what Terraform manages.

    policy = make_policy(settings, documents, store, now, arns)
    policy.objection(document)        # 'the account 123456789012 (demo) is not in cleanup.accounts', '' when nothing speaks against it

The plan and the guard ask; what a search or a file says counts as of the moment at which the policy was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from resh.cleanup.itself import itself
from resh.cleanup.notices import unwarned
from resh.cleanup.rules.base import age
from resh.cleanup.rules.common import named_account
from resh.cleanup.rules.survey import Documents, identity
from resh.cleanup.terraform import States, read_states
from resh.durations import parse_time
from resh.graph.base import Document, GraphStore
from resh.settings import Settings


@dataclass(frozen=True)
class Policy:
    """`listed` are nodes with what forbids to delete them: a search, or that resh runs with them."""

    settings: Settings
    clock: Callable[[], float]
    listed: Mapping[str, str] = field(default_factory=dict)
    states: States = field(default_factory=States)

    def objection(self, document: Document) -> str:
        return self.prohibition(document) or self._grace(document)

    def prohibition(self, document: Document) -> str:
        """What speaks against it whether its grace period is over or not."""
        checks = (self.account, self._listed, self._named, self._tagged, self._terraform, self._young, self._long_ago)
        return next((why for check in checks if (why := check(document))), "")

    def note(self, document: Document) -> str:
        """What to warn of."""
        file = self.states.file_of(document) if self.settings.text("cleanup.terraform") == "warn" else ""
        return f"managed by Terraform: {file}" if file else ""

    def account(self, document: Document) -> str:
        id, name = identity(document, "account"), identity(document, "account", "name")
        account = f"the account {id} ({name})" if name and name != id else f"the account {id}"
        if named_account(self.settings.list("cleanup.deny_accounts"), document, empty=False):
            return f"{account} is in cleanup.deny_accounts"
        if named_account(self.settings.list("cleanup.production"), document, empty=False):
            return f"{account} is in production: cleanup.production"
        if not named_account(self.settings.list("cleanup.accounts"), document, empty=False):
            return f"{account} is not in cleanup.accounts"
        return ""

    def _listed(self, document: Document) -> str:
        return self.listed.get(document["id"], "")

    def _named(self, document: Document) -> str:
        reported = document.get("reported") or {}
        names = {str(reported.get(name) or "") for name in ("name", "id")} - {""}
        for pattern in self.settings.list("cleanup.protected_names"):
            if any(fnmatchcase(name.lower(), pattern.lower()) for name in names):
                return f"its name is protected: {pattern}"
        return ""

    def _tagged(self, document: Document) -> str:
        return protecting_tag((document.get("reported") or {}).get("tags"), self.settings.list("cleanup.protected_tags"))

    def _terraform(self, document: Document) -> str:
        file = self.states.file_of(document) if self.settings.text("cleanup.terraform") == "refuse" else ""
        return f"managed by Terraform: {file}" if file else ""

    def _grace(self, document: Document) -> str:
        after = (document.get("desired") or {}).get("clean_after")
        if after and parse_time(str(after), self.clock()) > self.clock():
            return f"its grace period ends {after}"
        for_good = self.settings.flag("cleanup.enabled") and not self.settings.flag("cleanup.dry_run")
        must_warn = for_good and self.settings.seconds("cleanup.warn_before") > 0
        return "nobody was warned yet that its grace period ends" if must_warn and unwarned(document) else ""

    def _young(self, document: Document) -> str:
        least, born = self.settings.seconds("cleanup.min_age"), (document.get("reported") or {}).get("ctime") or document.get("created")
        if not least:
            return ""
        if not born:
            return "its age is not known"
        old = self.clock() - parse_time(str(born), self.clock())
        return f"only {age(max(old, 0))} old (cleanup.min_age {age(least)})" if old < least else ""

    def _long_ago(self, document: Document) -> str:
        most, seen = self.settings.seconds("cleanup.max_graph_age"), (document.get("metadata") or {}).get("last_seen")
        if not seen:
            return "nobody knows when it was last seen"
        since = self.clock() - parse_time(str(seen), self.clock())
        return f"last seen {age(since)} ago (cleanup.max_graph_age {age(most)})" if since > most else ""


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
    settings: Settings, documents: Documents, store: GraphStore, clock: Callable[[], float], arns: Iterable[str] = ()
) -> Policy:
    """Raises ReshError where a search is wrong or a state of Terraform cannot be read: then nothing may be deleted."""
    listed: dict[str, str] = {}
    if search := settings.text("cleanup.protected_search"):
        listed |= {document["id"]: "found by cleanup.protected_search" for document in documents(search)}
    if settings.flag("cleanup.protect_self"):
        listed |= itself(arns, documents, store)
    wanted = settings.text("cleanup.terraform") != "ignore"
    states = read_states(settings.list("cleanup.terraform_states")) if wanted else States()
    return Policy(settings, clock, listed, states)
