"""Runs the clean-up rules: marks what they find, takes back what they find no longer. The step `cleanup_plan` calls it.

A rule's mark stands only as long as the rule is on and finds the resource: who extends an expiration or attaches a volume has saved it.
Marks of people and of jobs are theirs. One rule's failure is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from resh.cancel import Cancel
from resh.cleanup import marking
from resh.cleanup.marking import is_marked
from resh.cleanup.protection import newness, refusal
from resh.cleanup.rules.base import Effect, Found, Rule
from resh.cleanup.rules.cascade import followers
from resh.cleanup.rules.common import Common, configured
from resh.cleanup.rules.survey import Survey
from resh.errors import Cancelled, ReshError
from resh.graph.base import Document

Tag = Callable[[Document, str, str], str]
"""Sets a tag in the cloud; says why not, or nothing."""


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What one rule did: how many it marked, took back, protected and tagged; `error` when it failed."""

    rule: str
    marked: int = 0
    withdrawn: int = 0
    error: str = ""
    protected: int = 0
    tagged: int = 0
    not_before: float = 0.0
    """When the earliest of what it marked may be deleted (epoch seconds); 0: at once."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource that a rule finds; `why_not` says what speaks against doing anything about it."""

    document: Document
    found: Found
    why_not: str = ""


def apply_rules(rules: Sequence[Rule], survey: Survey, tag: Tag, cancel: Cancel) -> list[RuleRun]:
    runs = [_apply(rule, survey, tag, cancel) for rule in rules]
    _forget({signature(rule) for rule in rules}, survey)
    return runs


def hits(rule: Rule, survey: Survey) -> Iterator[Hit]:
    """What the rule finds now, within its settings, and what that takes along; whether it is on or not."""
    common, roots = configured(rule.name, survey.settings), list[Hit]()
    survey.of_kinds(common.kinds)  # one that there is not is a slip of the pen
    for found in dict.fromkeys(rule.find(survey)):
        document = survey.store.node(found.id)
        if document is not None and common.fits(document, survey.age(document)):
            hit = Hit(document, found, _against(rule, document, survey))
            if common.cascade and _marks(rule, document, survey):
                roots.append(hit)
            yield hit
    if roots:
        for document, found in followers([(hit.document, hit.found.reason) for hit in roots], common, survey, signature(rule)):
            yield Hit(document, found, _against(rule, document, survey))


def signature(rule: Rule) -> str:
    """Who a rule's marks are by: `rule volumes`."""
    return f"rule {rule.name}"


def is_of_a_rule(by: str) -> bool:
    """Whether a rule set the mark, one that there is or was."""
    return by.startswith("rule ")


def _marks(rule: Rule, document: Document, survey: Survey) -> bool:
    """Whether the mark on it is the rule's, or will be."""
    free = not is_marked(document) or document["desired"].get("clean_by") == signature(rule)
    return rule.effect is Effect.MARK and free and not refusal(document, survey.kinds)


def _against(rule: Rule, document: Document, survey: Survey) -> str:
    if rule.effect is Effect.PROTECT:
        return "protected already" if (document.get("metadata") or {}).get("protected") else ""
    if why := refusal(document, survey.kinds):
        return why
    if rule.effect is Effect.MARK and is_marked(document):
        return f"marked already by {document['desired'].get('clean_by') or 'unknown'}"
    return ""


def _apply(rule: Rule, survey: Survey, tag: Tag, cancel: Cancel) -> RuleRun:
    cancel.check()
    try:
        common = configured(rule.name, survey.settings)
        found = list(hits(rule, survey)) if common.enabled else []
        cancel.check()
        return _DO[rule.effect](rule, found, common, survey, tag)
    except Cancelled:
        raise
    except ReshError as error:
        return RuleRun(rule.name, error=error.message)
    except Exception as error:  # a defect in one rule must not keep the others from running
        return RuleRun(rule.name, error=f"{type(error).__name__}: {error}")


def _mark(rule: Rule, found: Sequence[Hit], common: Common, survey: Survey, tag: Tag) -> RuleRun:
    by = signature(rule)
    lost = _lost(f'/desired.clean == true and /desired.clean_by == "{by}"', found, survey)
    withdrawn = len(marking.unclean(survey.store, lost, by=by))
    after = survey.now + common.grace if common.grace else None
    markings = [
        one
        for (reason, along), ids in _by_reason(found)
        for one in marking.clean(survey.store, survey.kinds, ids, reason=reason, by=by, now=survey.now, after=after, along=along)
    ]
    return RuleRun(rule.name, sum(one.done for one in markings), withdrawn, not_before=after or 0.0)


def _protect(rule: Rule, found: Sequence[Hit], common: Common, survey: Survey, tag: Tag) -> RuleRun:
    by = signature(rule)
    lost = _lost(f'/metadata.protected == true and /metadata.protected_by == "{by}"', found, survey)
    withdrawn = len(marking.unprotect(survey.store, lost, by=by))
    markings = [
        one
        for (reason, _), ids in _by_reason(found)
        for one in marking.protect(survey.store, survey.kinds, ids, reason=reason, by=by, now=survey.now)
    ]
    return RuleRun(rule.name, withdrawn=withdrawn, protected=sum(one.done for one in markings))


def _tag(rule: Rule, found: Sequence[Hit], common: Common, survey: Survey, tag: Tag) -> RuleRun:
    answers = [tag(hit.document, *hit.found.tag) for hit in found if not hit.why_not]
    failed = [answer for answer in answers if answer]
    return RuleRun(rule.name, tagged=len(answers) - len(failed), error=_several(failed))


_DO = {Effect.MARK: _mark, Effect.PROTECT: _protect, Effect.TAG: _tag}


def _several(failed: Sequence[str]) -> str:
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"{failed[0]}{more}" if failed else ""


def _lost(search: str, found: Sequence[Hit], survey: Survey) -> list[str]:
    """Marks of the rule on what it finds no longer, or finds another one in its place: that is marked at the next run."""
    ids = {hit.document["id"] for hit in found if not newness(hit.document)}
    return [document["id"] for document in survey.documents(search) if document["id"] not in ids]


def _by_reason(found: Iterable[Hit]) -> Iterator[tuple[tuple[str, tuple[str, ...]], list[str]]]:
    """Ids by the reason, and what they go along with."""
    by_reason: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for hit in found:
        if not hit.why_not:
            by_reason.setdefault((hit.found.reason, hit.found.along), []).append(hit.document["id"])
    yield from by_reason.items()


def _forget(known: set[str], survey: Survey) -> None:
    """Marks of rules that there are no more."""
    for document in list(survey.documents('/desired.clean == true and /desired.clean_by =~ "^rule "')):
        by = str((document.get("desired") or {}).get("clean_by") or "")
        if is_of_a_rule(by) and by not in known:
            marking.unclean(survey.store, [document["id"]], by=by)
