"""One account from its cloud into the graph, wholly or not at all.

account, result = merged(graph, provider, account, watcher, cancel, EVERYTHING)
"""

from __future__ import annotations

from resh.cancel import Cancel
from resh.graph.base import GraphStore, MergeResult
from resh.providers.base import Account, Provider, Watcher
from resh.providers.counting import heard_by
from resh.providers.selection import Selection


def merged(
    graph: GraphStore, provider: Provider, account: Account, watcher: Watcher, cancel: Cancel, selection: Selection
) -> tuple[Account, MergeResult]:
    """The account by its name, and what came of it. Raises Cancelled, or what the provider raises; then the graph is as it was."""
    with heard_by(lambda _, place, heard: watcher.called(place, heard)):
        account = provider.enter(account)
    with graph.merge(account.cloud, account.id, account.name) as merge:
        merge.kinds(provider.kinds())
        provider.collect(account, merge, watcher, cancel, selection)
        if not selection:
            merge.whole()
        cancel.check()  # before the block ends: what is not complete must not be merged
    return account, merge.result
