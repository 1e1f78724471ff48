"""A search in words, and a sample of it that tells how much it should find: for `search --explain`.

    steps(query, count)         ["48 resources of volume, those that fit volume_size > 100", "one step back along default edges"]
    sampled(query, 600_000)     (a query that counts what one in 300 resources leads to, 300)

`count` says how many resources are of these kinds; of no kinds: how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from resh.search.terms import ALL, Combined, Every, Is, Term, both
from resh.search.tree import Limit, Navigation, Part, Query

SAMPLE = 2000
"""So many resources are looked at for an estimate."""

Count = Callable[[tuple[str, ...]], int]


def steps(query: Query, count: Count) -> list[str]:
    """One for each part, one for an aggregate."""
    first, *others = _nodes(query).parts
    found = [_first(first, count)]
    for before, part in zip(query.parts, others, strict=False):
        if (way := _way(before.navigation)) or part != Part():
            found.append("".join((way or "of these", *_what(part, part.term))))
    if query.aggregate:
        found.append("".join((f"summed up by {query.aggregate}", *_order(query.parts[-1]))))
    return found


def _nodes(query: Query) -> Query:
    """Without the order and the limit that are about the rows of an aggregate."""
    if not query.aggregate:
        return query
    return query.changed(parts=(*query.parts[:-1], query.parts[-1].changed(sort=(), limit=None, backwards=False)))


def sampled(query: Query, resources: int) -> tuple[Query, int] | None:
    """A count over a sample, and what it is to be multiplied by. None where a limit before the end makes samples meaningless."""
    if any(part.limit for part in query.parts[:-1]):
        return None
    every = max(1, resources // SAMPLE)
    first = query.parts[0]
    parts = (first.changed(term=both(first.term, "and", Every(every))), *query.parts[1:])
    last = parts[-1].changed(sort=(), limit=None, backwards=False)
    return query.changed(parts=(*parts[:-1], last), aggregate=None).counted(), every


def kinds_of(term: Term) -> tuple[str, ...]:
    """The kinds that every node that fits is of; none where it may be of any."""
    return next((other.kinds for other in _all_of(term) if isinstance(other, Is)), ())


def any_kind(term: Term) -> bool:
    """Whether a node of any kind may fit."""
    if not isinstance(term, Combined):
        return not isinstance(term, Is)
    found = any_kind(term.first)
    for connective, other in term.rest:
        found = found or any_kind(other) if connective == "or" else found and any_kind(other)
    return found


def _all_of(term: Term) -> tuple[Term, ...]:
    """The terms that must all be true."""
    if isinstance(term, Combined) and all(connective == "and" for connective, _ in term.rest):
        return (term.first, *(other for _, other in term.rest))
    return (term,)


def _first(part: Part, count: Count) -> str:
    kinds = kinds_of(part.term)
    begin = f"{count(kinds):,} resources" + (f" of {', '.join(kinds)}" if kinds else "")
    rest: Term = ALL
    for other in _all_of(part.term):
        if not (isinstance(other, Is) and other.kinds == kinds):
            rest = both(rest, "and", other)
    return "".join((begin, *_what(part, rest)))


def _what(part: Part, term: Term) -> Iterator[str]:
    if term != ALL:
        yield f", those that fit {term}"
    for merge in part.merges:
        yield f", each with {merge}"
    if part.after:
        yield f", of them those that fit {part.after}"
    if part.with_:
        yield f", {part.with_}"
    yield from _order(part)


def _order(part: Part) -> Iterator[str]:
    if part.sort:
        yield f", sorted by {', '.join(map(str, part.sort))}"
    if part.limit:
        yield f", {_limit(part.limit)}"
    if part.backwards:
        yield ", reversed"


def _limit(limit: Limit) -> str:
    if limit.last:
        return str(limit)
    return f"the first {limit.count:,}" + (f" after {limit.offset:,}" if limit.offset else "")


def _way(navigation: Navigation | None) -> str:
    """Empty where it leads nowhere."""
    if navigation is None or navigation.stays:
        return ""
    ways = [
        f"{direction}{' and '.join(types)} edges"
        for direction, types in (("along ", navigation.outbound), ("back along ", navigation.inbound))
        if types
    ]
    return f"{_distance(navigation)} {' and '.join(ways)}"


def _distance(navigation: Navigation) -> str:
    start, end = navigation.start, navigation.end
    if end is None:
        return f"{start} or more steps" if start else "any number of steps"
    if start == end:
        return "one step" if start == 1 else f"{start} steps"
    return f"{start} to {end} steps"
