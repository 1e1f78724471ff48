"""Runs the clean-up rules: marks what they find, takes back what they find no longer. The step `cleanup_plan` calls it.

A rule's mark stands only as long as the rule is on and finds the resource: who extends an expiration or attaches a volume has saved it.
Marks of people and of jobs are theirs. One rule's failure is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from resh.cancel import Cancel
from resh.cleanup.marking import clean, is_marked, unclean
from resh.cleanup.protection import refusal
from resh.cleanup.rules.base import Documents, Rule
from resh.errors import Cancelled, ReshError
from resh.graph.base import GraphStore
from resh.model.kinds import Kinds
from resh.settings import Settings


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What one rule did: how many it marked and took back; `error` when it failed, and then it did neither."""

    rule: str
    marked: int = 0
    withdrawn: int = 0
    error: str = ""


def apply_rules(
    rules: Iterable[Rule], store: GraphStore, kinds: Kinds, documents: Documents, settings: Settings, now: float, cancel: Cancel
) -> list[RuleRun]:
    return [_apply(rule, store, kinds, documents, settings, now, cancel) for rule in rules]


def _apply(rule: Rule, store: GraphStore, kinds: Kinds, documents: Documents, settings: Settings, now: float, cancel: Cancel) -> RuleRun:
    cancel.check()
    by = signature(rule)
    try:
        found = dict(rule.find(documents, settings, now)) if settings.flag(f"cleanup.rules.{rule.name}.enabled") else {}
        lost = [
            document["id"]
            for document in documents(f'/desired.clean == true and /desired.clean_by == "{by}"')
            if document["id"] not in found
        ]
        cancel.check()
        withdrawn = len(unclean(store, lost, by=by))
        return RuleRun(rule.name, _mark(found, store, kinds, by, now), withdrawn)
    except Cancelled:
        raise
    except ReshError as error:
        return RuleRun(rule.name, error=error.message)
    except Exception as error:  # a defect in one rule must not keep the others from running
        return RuleRun(rule.name, error=f"{type(error).__name__}: {error}")


def signature(rule: Rule) -> str:
    """Who a rule's marks are by: `rule volumes`."""
    return f"rule {rule.name}"


def _mark(found: Mapping[str, str], store: GraphStore, kinds: Kinds, by: str, now: float) -> int:
    by_reason: dict[str, list[str]] = {}
    for id, reason in found.items():
        document = store.node(id)
        if document is not None and not is_marked(document) and not refusal(document, kinds):
            by_reason.setdefault(reason, []).append(id)
    markings = (marking for reason, ids in by_reason.items() for marking in clean(store, kinds, ids, reason=reason, by=by, now=now))
    return sum(marking.done for marking in markings)
