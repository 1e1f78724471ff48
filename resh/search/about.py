"""Which scopes an answer depends on: the kinds, accounts and regions that a search is about, as far as its words tell.

    about(parse("is(volume) and region = eu-west-1"), kinds)    # {"kind": {"aws_ec2_volume"}, "region": {"eu-west-1", "global"}}
    about(parse("all"), kinds)                                  # {}: anything
    about(parse("is(aws_elb) sort /usage.latency.max"), kinds)  # {"kind": {"aws_elb", "aws_elb/usage"}}

What every part of a search narrows is narrow; one part that asks for anything makes all of it wide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from resh.errors import UsageError
from resh.model.scope import usage_of
from resh.search.paths import Step, place
from resh.search.terms import ALL, Combined, Is, Predicate, Term
from resh.search.tree import paths_of

if TYPE_CHECKING:
    from resh.model.kinds import Kinds
    from resh.search.terms import With
    from resh.search.tree import Part, Query

Narrow = dict[str, frozenset[str]]

_PLACES: Mapping[tuple[str, tuple[Step, ...]], str] = {
    **{("ancestors", (level, "reported", key)): level for level in ("cloud", "account", "region") for key in ("id", "name")},
    ("reported", ("kind",)): "kind",
    ("node", ("kind",)): "kind",
}
_TIMES_OF_USE = (("atime",), ("mtime",))
_LISTED_GLOBALLY = "global"
"""What lives in a region may have been listed in none, such as buckets."""


def about(query: Query, kinds: Callable[[], Kinds], shown: Iterable[str] = ()) -> Mapping[str, frozenset[str]]:
    """Names by `kind`, `cloud`, `account` and `region`; what is not there is not narrowed. Kinds are asked for when there is an `is()`.

    `shown` are paths that the results are shown with; a time of use is shown of many that nobody asked about.
    """
    narrow = _any_of(found for part in query.parts for found in _part(part, kinds))
    if "kind" in narrow and (any(map(_is_measured, _paths(query))) or any(_section(path) == "usage" for path in shown)):
        narrow["kind"] |= {usage_of(kind) for kind in narrow["kind"]}
    return narrow


def _part(part: Part, kinds: Callable[[], Kinds]) -> Iterator[Mapping[str, frozenset[str]]]:
    own = _narrowed(part.term, kinds)
    yield _both(own, _narrowed(part.after, kinds)) if part.after else own
    with_: With | None = part.with_
    while with_ is not None:
        yield _narrowed(with_.term, kinds)
        with_ = with_.inner
    for merge in part.merges:
        start, *rest = merge.query.parts
        own_nodes = start.term == ALL and start.navigation is not None
        yield from (found for inner in (rest if own_nodes else [start, *rest]) for found in _part(inner, kinds))


def _narrowed(term: Term, kinds: Callable[[], Kinds]) -> Narrow:
    if isinstance(term, Is):
        known = kinds()
        return {"kind": frozenset(leaf for kind in term.kinds for leaf in (known.leaves(kind) if kind in known else (kind,)))}
    if isinstance(term, Predicate):
        return _compared(term)
    if not isinstance(term, Combined):
        return {}
    found = _narrowed(term.first, kinds)
    for connective, other in term.rest:
        further = _narrowed(other, kinds)
        found = _both(found, further) if connective == "and" else _any_of((found, further))
    return found


def _compared(term: Predicate) -> Narrow:
    values = (term.value,) if term.operator == "==" else term.value if term.operator == "in" and isinstance(term.value, tuple) else ()
    name = _level(term.path)
    if not name or term.modifier or not values or not all(isinstance(value, str) for value in values):
        return {}
    return {name: frozenset((*map(str, values), *((_LISTED_GLOBALLY,) if name == "region" else ())))}


def _level(path: str) -> str:
    try:
        found = place(path)
    except UsageError:
        return ""
    return _PLACES.get((found.section, found.steps), "")


def _both(one: Narrow, other: Narrow) -> Narrow:
    return {name: one[name] & other[name] if name in one and name in other else (one | other)[name] for name in one.keys() | other.keys()}


def _paths(query: Query) -> Iterator[str]:
    """All that it asks about, sorts by or sums up."""
    for part in query.parts:
        yield from paths_of(part.term)
        yield from paths_of(part.after or ALL)
        yield from (key.path for key in part.sort)
        yield from (f"/usage.{metric}" for metric in part.usage.metrics) if part.usage else ()
        with_ = part.with_
        while with_ is not None:
            yield from paths_of(with_.term)
            with_ = with_.inner
        for merge in part.merges:
            yield from _paths(merge.query)
    if query.aggregate:
        for group in query.aggregate.groups:
            yield from re.findall(r"{([^{}]*)}", group.source) if group.is_text else (group.source,)
        for measure in query.aggregate.measures:
            yield from measure.paths


def _is_measured(path: str) -> bool:
    """Whether it is known by asking how much was used, not by reading the resource itself."""
    return _section(path) == "usage" or (_section(path) == "reported" and place(path).steps in _TIMES_OF_USE)


def _section(path: str) -> str:
    """Empty for what is no path."""
    try:
        return place(path).section
    except UsageError:
        return ""


def _any_of(found: Iterable[Mapping[str, frozenset[str]]]) -> Narrow:
    one, *others = found
    narrow = dict(one)
    for other in others:
        narrow = {name: narrow[name] | other[name] for name in narrow.keys() & other.keys()}
    return narrow
