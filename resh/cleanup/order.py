"""The order in which marked resources can go. A delete edge A → B says that B must be gone before A; `plan.py` asks here.

    web = Web(edges={"vpc": {"subnet"}, "subnet": {"instance"}}, marked={...}, passed={...}, blocking={...})
    verdicts(web)                   # {'instance': Verdict(generation=1), 'subnet': Verdict(generation=2, after={'instance'}), ...}

The order runs through what is not marked: phantoms take part in the web without being deleted. Whatever else is not marked and must be
gone first holds back everything above it, and so does what was refused. Members of a cycle wait for each other for ever: refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Web:
    """Delete edges by source, and what is known about the nodes: every target is in one of the other three.

    `refused` maps marked nodes to what speaks against them; `blocking` maps unmarked nodes to their names.
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
                found[id] = _judge(web, id, frozenset(members), ring, found)
    return found


def _judge(web: Web, id: str, members: frozenset[str], ring: str, found: Mapping[str, Verdict]) -> Verdict:
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


def _below(web: Web, id: str, members: frozenset[str]) -> AbstractSet[str]:
    """What must be gone before the node; unmarked nodes of one cycle count as one."""
    if id in web.marked:
        return web.edges.get(id, frozenset())
    return frozenset[str]().union(*(web.edges.get(member, frozenset()) for member in members)) - members


def _held(web: Web, other: str, why: str) -> str:
    return f"waits for {web.marked[other]}, which is refused" if other in web.marked else why


def _ring(web: Web, members: list[str]) -> str:
    """What to say about a cycle that marked nodes are part of; empty when there is none."""
    marked = sorted(member for member in members if member in web.marked)
    if not marked or (len(members) == 1 and members[0] not in web.edges.get(members[0], ())):
        return ""
    path = _walk(web, marked[0], frozenset(members))
    return "in a cycle of dependencies: " + " → ".join(web.marked.get(id, id) for id in path)


def _walk(web: Web, start: str, members: frozenset[str]) -> list[str]:
    """The shortest way from `start` back to it within its component."""
    paths = [[start]]
    seen: set[str] = set()
    for path in paths:
        for other in sorted(web.edges.get(path[-1], frozenset()) & members):
            if other == start:
                return [*path, start]
            if other not in seen:
                seen.add(other)
                paths.append([*path, other])
    return [start]


def components(edges: Mapping[str, AbstractSet[str]], starts: Iterable[str]) -> Iterator[list[str]]:
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


def _cut(path: list[str], id: str) -> list[str]:
    """Take everything from `id` on off the end of the path."""
    taken = [path.pop()]
    while taken[-1] != id:
        taken.append(path.pop())
    return taken
