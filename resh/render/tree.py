"""A tree of labels as lines.

tree([("generation 1", [("vol-1", [])]), ("generation 2", [])])
├── generation 1
│   └── vol-1
└── generation 2
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from resh.render.values import cell

Branch: TypeAlias = "tuple[str, Sequence[Branch]]"
Node = TypeVar("Node")


def tree(branches: Sequence[Branch]) -> Iterator[str]:
    return drawn(branches, lambda branch: branch[0], lambda branch: branch[1])


def drawn(nodes: Sequence[Node], label: Callable[[Node], str], children: Callable[[Node], Sequence[Node]]) -> Iterator[str]:
    """Lines of the tree below these nodes; children are asked for when it is their turn. It may be of any depth."""
    stack = [("", iter(nodes), len(nodes))]
    while stack:
        indent, rest, left = stack.pop()
        for node in rest:
            left -= 1
            yield f"{indent}{'├── ' if left else '└── '}{cell(label(node))}"
            below = children(node)
            if below:
                stack.append((indent, rest, left))
                stack.append((f"{indent}{'│   ' if left else '    '}", iter(below), len(below)))
                break
