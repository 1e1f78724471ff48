"""Accounts that the graph has and a collect did not merge: their nodes stay, and are stale from then on.

    mark_absent(graph, merged, failed, unseen)

An account that is configured no more is `skipped`: nobody expects to read it. One that failed, or that may only be out of sight because
its provider could not name all of its accounts, is `failed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from resh.graph.base import GraphStore
from resh.model.scope import Code, Scope, ScopeReport, Status

Key = tuple[str, str]
"""(cloud, id) of an account."""


def mark_absent(graph: GraphStore, merged: Set[Key], failed: Mapping[Key, str], unseen: Mapping[str, str]) -> None:
    """`failed` says why accounts were not merged; `unseen` has each cloud that was collected, and what kept it from naming all accounts."""
    known = {(account.cloud, account.id) for account in graph.accounts()}
    absent = {key: _verdict(key, failed, unseen) for key in known - merged if key[0] in unseen}
    if not absent:
        return
    scopes: dict[Key, list[ScopeReport]] = {key: [] for key in absent}
    for report, _ in graph.scopes():
        key = report.scope.cloud, report.scope.account
        if key in absent and (report.status, report.code) != absent[key][:2]:
            scopes[key].append(report)
    for (cloud, account), reports in scopes.items():
        if reports:
            with graph.merge(cloud, account, "") as merge:
                for report in reports:
                    merge.scope(_unread(report.scope, *absent[cloud, account]))


def _verdict(key: Key, failed: Mapping[Key, str], unseen: Mapping[str, str]) -> tuple[Status, str, str]:
    if why := failed.get(key) or unseen[key[0]]:
        return Status.FAILED, Code.NOT_REACHED, why
    return Status.SKIPPED, Code.NOT_CONFIGURED, "the account is configured no more"


def _unread(scope: Scope, status: Status, code: str, message: str) -> ScopeReport:
    return ScopeReport(scope, status, 0, "collect", code, message)
