"""A clean-up in a process of its own, for others to kill: `python cleanup_process.py FOLDER`.

The cloud is the folder `cloud` (a file is a resource, `asked` lists every delete call), the graph the folder `graph`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from resh.cancel import Cancel
from resh.cleanup.journal import Journal
from resh.cleanup.service import Cleanup
from resh.clock import SystemClock
from resh.graph.base import Document
from resh.providers.base import Loss, Provider
from resh.settings import Settings
from tests.cleanup_fakes import ALLOWED, KINDS, FakeGraph, node


class FolderGraph(FakeGraph):
    def __init__(self, folder: Path) -> None:
        ids = sorted(file.name for file in folder.iterdir())
        super().__init__([node(id, clean="forgotten") for id in ids], set(pairwise(ids[::3])))
        self.folder = folder

    def remove(self, id: str, *, by: str) -> bool:
        (self.folder / id).unlink()
        return super().remove(id, by=by)


class FolderCloud:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def myself(self) -> tuple[str, ...]:
        return ()

    def undeletable(self, document: Document) -> str:
        return ""

    def losses(self, document: Document) -> tuple[Loss, ...]:
        return ()

    def read(self, document: Document) -> dict[str, Any] | None:
        reported: dict[str, Any] = document["reported"]
        return reported if (self.folder / "cloud" / document["id"]).exists() else None

    def delete(self, document: Document) -> None:
        with (self.folder / "asked").open("a") as file:
            file.write(f"{document['id']}\n")
        time.sleep(0.002)
        (self.folder / "cloud" / document["id"]).unlink()
        time.sleep(0.002)


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0])
    graph, settings = FolderGraph(folder / "graph"), Settings()
    settings.set("cleanup.enabled", True, "option")
    for name, value in {"dry_run": False, "max_graph_age": "100y", **ALLOWED}.items():
        settings.set(f"cleanup.{name}", value, "option")
    providers = {"aws": cast(Provider, FolderCloud(folder))}
    cleanup = Cleanup(graph.store, graph.search, KINDS, providers, settings, SystemClock(), Journal(folder / "journal.jsonl"))
    cleanup.execute(cleanup.plan(), run="01a7", cancel=Cancel(), emit=lambda event: None)


if __name__ == "__main__":
    main(sys.argv[1:])
