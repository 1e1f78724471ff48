"""The order in which marked resources can go. A delete edge A → B says that B must be gone before A; `plan.py` asks here.

    web = Web(edges={"vpc": {"subnet"}, "subnet": {"instance"}}, marked={"vpc": "…", "subnet": "…", "instance": "…"})
    verdicts(web)                   # {'instance': Verdict(generation=1), 'subnet': Verdict(generation=2, after={'instance'}), …}

The order runs through what is not marked: phantoms take part in the web without being deleted. Whatever else is not marked and must be
gone first holds back everything above it, and so does what was refused. Members of a cycle wait for each other for ever: refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

_SHOWN = 7
"""Names in the description of a cycle."""


@dataclass(frozen=True, slots=True)
class Web:
    """Delete edges by source, and what is known about the nodes.

    `marked` maps ids to names, `refused` those of them that may not go to the reason. `blocking` are nodes that are not marked and would
    have to go, with their names. All others let the order pass through them.
    """

    edges: Mapping[str, AbstractSet[str]]
    marked: Mapping[str, str]
    refused: Mapping[str, str] = field(default_factory=dict)
    blocking: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`generation` counts from 1 (0: nothing below it is deleted); `after` are the planned nodes it waits for; `why` set: it is refused."""

    generation: int = 0
    after: frozenset[str] = frozenset()
    why: str = ""


def verdicts(web: Web) -> dict[str, Verdict]:
    """The verdict on every node of the web, marked or not."""
    found: dict[str, Verdict] = {id: Verdict(why=f"{name} must be deleted first and is not marked") for id, name in web.blocking.items()}
    for members in components(web.edges, [*web.marked, *web.edges]):
        ring = _ring(web, members)
        for id in members:
            if id not in found:
                found[id] = _judge(web, id, members, ring, found)
    return found


def _judge(web: Web, id: str, members: AbstractSet[str], ring: str, found: Mapping[str, Verdict]) -> Verdict:
    if id in web.refused:
        return Verdict(why=web.refused[id])
    if ring:
        return Verdict(why=ring)
    below = sorted(_below(web, id, members))
    held = next((other for other in below if found[other].why), None)
    if held is not None:
        return Verdict(why=_held(web, held, found[held].why))
    planned = frozenset(other for other in below if other in web.marked)
    passed = frozenset[str]().union(*(found[other].after for other in below if other not in web.marked))
    highest = max((found[other].generation for other in below), default=0)
    return Verdict(highest + (id in web.marked), planned | passed)


def _below(web: Web, id: str, members: AbstractSet[str]) -> AbstractSet[str]:
    """What must be gone before the node; unmarked nodes of one cycle count as one."""
    if id in web.marked:
        return web.edges.get(id, frozenset())
    return frozenset[str]().union(*(web.edges.get(member, frozenset()) for member in members)) - members


def _held(web: Web, other: str, why: str) -> str:
    return f"waits for {web.marked[other]}, which is refused" if other in web.marked else why


def _ring(web: Web, members: AbstractSet[str]) -> str:
    """What to say about a cycle that marked nodes are part of; empty when there is none."""
    start = min(members & web.marked.keys(), default="")
    if not start or (len(members) == 1 and start not in web.edges.get(start, ())):
        return ""
    path = [web.marked.get(id, id) for id in _walk(web, start, members)]
    shown = path if len(path) <= _SHOWN else [*path[: _SHOWN - 2], f"{len(path) - _SHOWN + 1} more", path[-1]]
    return "in a cycle of dependencies: " + " → ".join(shown)


def _walk(web: Web, start: str, members: AbstractSet[str]) -> list[str]:
    """The shortest way from `start` back to it within its component."""
    came_from: dict[str, str] = {}
    todo = deque([start])
    while start not in came_from:
        here = todo.popleft()
        for other in sorted(web.edges.get(here, frozenset()) & members - came_from.keys()):
            came_from[other] = here
            todo.append(other)
    path = [start, came_from[start]]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]


def components(edges: Mapping[str, AbstractSet[str]], starts: Iterable[str]) -> Iterator[AbstractSet[str]]:
    """Strongly connected components, each after all that it leads to. Tarjan's algorithm, with a stack of its own for long chains."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    done: set[str] = set()

    def enter(id: str) -> tuple[str, Iterator[str]]:
        index[id] = low[id] = len(index)
        path.append(id)
        return id, iter(edges.get(id, ()))

    for start in starts:
        todo = [] if start in index else [enter(start)]
        while todo:
            id, below = todo[-1]
            other = next((other for other in below if other not in done), None)
            if other is None:
                todo.pop()
                if todo:
                    low[todo[-1][0]] = min(low[todo[-1][0]], low[id])
                if low[id] == index[id]:
                    component = _cut(path, id)
                    done.update(component)
                    yield component
            elif other in index:
                low[id] = min(low[id], index[other])
            else:
                todo.append(enter(other))


def _cut(path: list[str], id: str) -> AbstractSet[str]:
    """Take everything from `id` on off the end of the path."""
    taken = [path.pop()]
    while taken[-1] != id:
        taken.append(path.pop())
    return frozenset(taken)
