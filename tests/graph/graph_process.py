"""Merges and marks without end, saying each commit, until somebody kills it: `python graph_process.py <file> <first generation> [account]`.

Every node of a generation carries its number, and its number fixes how many there are.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from resh.clock import SystemClock
from resh.graph.sqlite import SqliteStore
from resh.model.scope import ScopeReport, Status
from tests.graph.small_graph import edge, merge, node, scope


def size(generation: int) -> int:
    return 40 + generation % 7


def main(path: str, first: str, account: str = "1") -> None:
    store = SqliteStore(Path(path), SystemClock())
    for generation in count(int(first)):
        nodes = [node(f"v{i}", account=account, generation=generation) for i in range(size(generation))]
        merge(store, nodes, [ScopeReport(scope(account=account), Status.OK)], [edge(nodes[0], each) for each in nodes[1:]], account)
        _say("merged", generation)
        store.mark([nodes[0].id], "metadata", {"mark": generation}, by="test")
        _say("marked", generation)


def _say(what: str, generation: int) -> None:
    sys.stdout.write(f"{what} {generation}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
