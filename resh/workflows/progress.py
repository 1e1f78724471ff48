"""How far a run is, as a tree: workflow step, cloud, account, region.

    tree = ProgressTree(("collect", "cleanup"))
    tree.update(("collect", "aws", "123456789012", "eu-west-1"), 12, 30)
    tree.percent()                       # 20: children weigh the same at each level
    tree.leaves()                        # [(("collect", "aws", …), 12, 30), (("cleanup",), 0, 1)]

The runner makes one a run; every thread of the run reports into it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

Path = tuple[str, ...]
Leaf = tuple[Path, int, int]


class _Branch:
    __slots__ = ("children", "done", "total")

    def __init__(self) -> None:
        self.children: dict[str, _Branch] = {}
        self.done, self.total = 0, 1

    def share(self) -> float:
        if self.children:
            return sum(child.share() for child in self.children.values()) / len(self.children)
        return min(1.0, self.done / self.total) if self.total else 1.0

    def leaves(self, path: Path) -> Iterator[Leaf]:
        if not self.children:
            yield path, self.done, self.total
        for name, child in self.children.items():
            yield from child.leaves((*path, name))


class ProgressTree:
    def __init__(self, steps: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._root = _Branch()
        for step in steps:
            self.update((step,), 0, 1)

    def update(self, path: Path, done: int, total: int) -> None:
        """What was below the path is part of the new figure and goes."""
        with self._lock:
            branch = self._root
            for name in path:
                branch = branch.children.setdefault(name, _Branch())
            branch.children.clear()
            branch.done, branch.total = done, total

    def percent(self, path: Path = ()) -> int:
        with self._lock:
            branch = self._root
            for name in path:
                if name not in branch.children:
                    return 0
                branch = branch.children[name]
            return int(100 * branch.share())

    def leaves(self) -> list[Leaf]:
        """A copy, in the order in which the parts began."""
        with self._lock:
            return list(self._root.leaves(())) if self._root.children else []
