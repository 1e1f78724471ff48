"""A tree of labels as lines.

tree([("generation 1", [("vol-1", [])]), ("generation 2", [])])
├── generation 1
│   └── vol-1
└── generation 2
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from resh.render.values import cell

Branch: TypeAlias = "tuple[str, Sequence[Branch]]"


def tree(branches: Sequence[Branch], indent: str = "") -> Iterator[str]:
    for number, (label, children) in enumerate(branches, start=1):
        last = number == len(branches)
        yield f"{indent}{'└── ' if last else '├── '}{cell(label)}"
        yield from tree(children, indent + ("    " if last else "│   "))
