"""Cycles among marked resources: how they are called, and how they come apart where some of them can let go of others.

    taken_apart({"a": {"b"}, "b": {"a"}}, {"a", "b"}, lets_go)
    # Ring(members=("b", "a"), cuts=(("a", ("b",)),)): when a has let go of b, b can be deleted and then a; None where nobody can

`lets_go(id, other)` says whether there is a call by which `id` lets go of `other`, which waits for it. As little as possible is cut: what
stands against one order in which the others can go.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

Edges = Mapping[str, AbstractSet[str]]
LetsGo = Callable[[str, str], bool]

_SHOWN = 7
"""Names in the description of a cycle."""


@dataclass(frozen=True, slots=True)
class Ring:
    """`members` in the order of their deletion; each of `cuts` is a member and those others that it has to let go of before the first."""

    members: tuple[str, ...]
    cuts: tuple[tuple[str, tuple[str, ...]], ...]


def taken_apart(edges: Edges, members: AbstractSet[str], lets_go: LetsGo) -> Ring | None:
    """How the members of a cycle can go; None when too few of them can let go of others."""
    within = {id: sorted(edges.get(id, frozenset()) & members - {id}) for id in members}
    firm = {id: [other for other in others if not lets_go(other, id)] for id, others in within.items()}
    for chosen in (within, firm):
        order = list(_from_below(chosen))
        place = {id: number for number, id in enumerate(order)}
        against = [(other, id) for id in order for other in within[id] if place[other] > place[id]]
        if all(lets_go(other, id) for other, id in against):
            cuts: dict[str, list[str]] = {}
            for other, id in sorted(against, key=lambda cut: place[cut[0]]):
                cuts.setdefault(other, []).append(id)
            return Ring(tuple(order), tuple((id, tuple(others)) for id, others in cuts.items()))
    return None


def _from_below(edges: Mapping[str, list[str]]) -> Iterator[str]:
    """Each node behind all that it leads to, as far as no cycle is in the way. With a stack of its own for long chains."""
    seen = set[str]()
    for start in sorted(edges):
        todo = [] if start in seen else [(start, iter(edges[start]))]
        seen.add(start)
        while todo:
            id, below = todo[-1]
            other = next((other for other in below if other not in seen), None)
            if other is None:
                todo.pop()
                yield id
            else:
                seen.add(other)
                todo.append((other, iter(edges[other])))


def described(edges: Edges, names: Mapping[str, str], members: AbstractSet[str]) -> str:
    """The shortest way round from one of those that have a name."""
    path = [names.get(id, id) for id in _walk(edges, min(members & names.keys()), members)]
    shown = path if len(path) <= _SHOWN else [*path[: _SHOWN - 2], f"{len(path) - _SHOWN + 1} more", path[-1]]
    return " → ".join(shown)


def _walk(edges: Edges, start: str, members: AbstractSet[str]) -> list[str]:
    """The shortest way from `start` back to it within its component."""
    came_from: dict[str, str] = {}
    todo = deque([start])
    while start not in came_from:
        here = todo.popleft()
        for other in sorted(edges.get(here, frozenset()) & members):
            if other != here and other not in came_from:
                came_from[other] = here
                todo.append(other)
    path = [start, came_from[start]]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]
