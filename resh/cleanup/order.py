"""The order in which marked resources can go. A delete edge A → B says that B must be gone before A; `plan.py` asks here.

    web = Web(edges={"vpc": {"subnet"}, "subnet": {"instance"}}, marked={"vpc": "…", "subnet": "…", "instance": "…"})
    verdicts(web)                   # {'instance': Verdict(generation=1), 'subnet': Verdict(generation=2, after={'instance'}), …}

The order runs through what is not marked: phantoms take part in the web without being deleted. Whatever else is not marked and must be
gone first holds back everything above it, and so does what was refused. Members of a cycle wait for each other for ever: where some can
let go of others (`rings.py`) they go all together, after everything that any of them waits for; else, or when one of them stays, all stay.
No cycle is broken while one of its members is to be put in quarantine first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from resh.cleanup.rings import Ring, described, taken_apart


def _never(id: str, other: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Web:
    """Delete edges by source, and what is known about the nodes.

    `marked` maps ids to names, `blocking` those of nodes that are not marked and would have to go; `refused` are those of both that may
    not go, with the reason. All others let the order pass through them. `later` are those that are put in quarantine this time.
    `lets_go(id, other)`: is there a call by which one lets go of another that waits for it?
    """

    edges: Mapping[str, AbstractSet[str]]
    marked: Mapping[str, str]
    refused: Mapping[str, str] = field(default_factory=dict)
    blocking: Mapping[str, str] = field(default_factory=dict)
    later: AbstractSet[str] = frozenset()
    lets_go: Callable[[str, str], bool] = _never


@dataclass(frozen=True, slots=True)
class Verdict:
    """`generation` counts from 1 (0: nothing below it is deleted); `after` are the planned nodes it waits for; `why` set: it is refused.

    `ring` is the cycle that it is deleted with.
    """

    generation: int = 0
    after: frozenset[str] = frozenset()
    why: str = ""
    ring: Ring | None = None


def verdicts(web: Web) -> dict[str, Verdict]:
    """The verdict on every node of the web, marked or not."""
    found: dict[str, Verdict] = {
        id: Verdict(why=web.refused.get(id) or f"{name} must be deleted first and is not marked") for id, name in web.blocking.items()
    }
    for members in components(web.edges, [*web.marked, *web.edges]):
        if len(members) > 1 and not members.isdisjoint(web.marked):
            found |= _judge_ring(web, members, found)
        else:
            found |= {id: _judge(web, id, members, found) for id in members if id not in found}
    return found


def _judge(web: Web, id: str, members: AbstractSet[str], found: Mapping[str, Verdict]) -> Verdict:
    if id in web.refused:
        return Verdict(why=web.refused[id])
    below = sorted(_below(web, id, members))
    if why := _held(web, below, found):
        return Verdict(why=why)
    highest, after = _base(web, below, found)
    return Verdict(highest + (id in web.marked), after)


def _judge_ring(web: Web, members: AbstractSet[str], found: Mapping[str, Verdict]) -> Mapping[str, Verdict]:
    """All of them are deleted, or put in quarantine, or none."""
    text = f"in a cycle of dependencies: {described(web.edges, web.marked, members)}"
    below = sorted(frozenset[str]().union(*(web.edges.get(id, frozenset()) for id in members)) - members)
    ring = taken_apart(web.edges, members, web.lets_go) if members <= web.marked.keys() else None
    names = {**web.blocking, **web.marked}
    stays = next((f"; {names[id]} stays: {web.refused[id]}" for id in sorted(members) if id in web.refused), "")
    if ring is None or stays or (held := _held(web, below, found)):
        why = text + (stays or (f"; {held}" if ring else ""))
        return {id: Verdict(why=web.refused.get(id, why)) for id in members}
    highest, after = _base(web, below, found)
    if later := members & web.later:
        return _in_order(web, ring.members, highest, after | later, None)
    return _in_order(web, ring.members, highest, after, ring)


def _in_order(web: Web, members: Sequence[str], highest: int, after: frozenset[str], ring: Ring | None) -> Mapping[str, Verdict]:
    """The first of them goes before all others: the cycle is broken with it. Without a ring that waits for the end of a quarantine."""
    found: dict[str, Verdict] = {}
    for id in members:
        before = {other for other in web.edges.get(id, ()) if other in found} | {*members[:1]} & found.keys()
        generation = max((found[other].generation for other in before), default=highest) + 1
        found[id] = Verdict(generation, after - {id} | before, ring=ring)
    return found


def _below(web: Web, id: str, members: AbstractSet[str]) -> AbstractSet[str]:
    """What must be gone before the node, which cannot be itself; unmarked nodes of one cycle count as one."""
    return frozenset[str]().union(*(web.edges.get(member, frozenset()) for member in members)) - members


def _base(web: Web, below: Iterable[str], found: Mapping[str, Verdict]) -> tuple[int, frozenset[str]]:
    """The highest generation of those, and what is planned of them or behind them."""
    planned = frozenset(other for other in below if other in web.marked)
    passed = frozenset[str]().union(*(found[other].after for other in below if other not in web.marked))
    return max((found[other].generation for other in below), default=0), planned | passed


def _held(web: Web, below: Iterable[str], found: Mapping[str, Verdict]) -> str:
    """Why something of those does not go."""
    other = next((other for other in below if found[other].why), None)
    if other is None:
        return ""
    return f"waits for {web.marked[other]}, which is refused" if other in web.marked else found[other].why


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
