"""A search as a value: parts joined by navigations, and perhaps an aggregate over the nodes of the last part.

query = parse("is(volume) and age > 3d <-- is(instance)")
query.limited(0, 10).sorted_by((Sort("name"),))     # a new query; the shell's commands fuse into one search this way
str(query)                                           # canonical, parses to an equal query
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from resh.errors import UsageError
from resh.record import Record
from resh.search.terms import ALL, Call, Combined, Context, Not, Predicate, Term, Text, With, both

OPEN_END = 250
"""A navigation without an end is said to go this far, which is further than any graph of resources reaches."""


class Navigation(Record):
    """From `start` to `end` steps (None: no end) along edges of these types: `outbound` from source to target, `inbound` the other way.

    With a `filter` only edges that fit it are there to walk along.
    """

    outbound: tuple[str, ...] = ()
    inbound: tuple[str, ...] = ()
    start: int = 1
    end: int | None = 1
    filter: Term | None = None

    def __str__(self) -> str:
        out, into, steps = ",".join(self.outbound), ",".join(self.inbound), self._steps()
        fits = f"{{{self.filter}}}" if self.filter else ""
        if out and into:
            return f"<-{into}{steps}{fits}->" if out == into else f"<-{into}{steps or '[1:1]'}{out}{fits}->"
        return f"-{out}{steps}{fits}->" if out else f"<-{into}{steps}{fits}-"

    def _steps(self) -> str:
        if self.start == self.end:
            return "" if self.start == 1 else f"[{self.start}]"
        return f"[{self.start}:{'' if self.end is None else self.end}]"

    @property
    def stays(self) -> bool:
        """It leads nowhere: the nodes are those it starts from."""
        return self.start == 0 and self.end == 0


STAY = Navigation(outbound=("default",), start=0, end=0)


class Sort(Record):
    path: str
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.path} {'desc' if self.descending else 'asc'}"


class Best(Sort):
    """Nodes that fit a text best come first, which the language itself has no words for: `path` is the text in quotes."""

    text: str = ""

    def __str__(self) -> str:
        return f"how well it fits {self.path}{' desc' if self.descending else ''}"


class Limit(Record):
    """With `last` it counts from the end: what the command `tail` keeps, which the language itself has no words for."""

    offset: int
    count: int
    last: bool = False

    def __str__(self) -> str:
        if self.last:
            return f"(the last {self.count}{f' before the last {self.offset}' if self.offset else ''})"
        return f"limit {self.offset}, {self.count}" if self.offset else f"limit {self.count}"


class Merge(Record):
    """Nodes found from each node by `query` become its property `name`: a list, or only the first."""

    name: str
    many: bool
    query: Query

    def __str__(self) -> str:
        return f"{self.name}{'[]' if self.many else ''}: {self.query}"


class Usage(Record):
    """Metrics over a period; its bounds are seconds ago, or times as text."""

    start: float | str
    end: float | str | None
    metrics: tuple[str, ...]

    def __str__(self) -> str:
        from resh.durations import written

        moments = (moment for moment in (self.start, self.end) if moment is not None)
        period = "::".join(moment if isinstance(moment, str) else written(moment) for moment in moments)
        return f"with_usage({period}, [{','.join(self.metrics)}])"


class Part(Record):
    """The nodes that fit `term`, then the way to the next part. Those of a part with a tag are results, too.

    One that `gathers` begins with all results of the parts before, as a command behind a search does. The language has no words for it.
    """

    term: Term = ALL
    merges: tuple[Merge, ...] = ()
    after: Term | None = None
    with_: With | None = None
    usage: Usage | None = None
    tag: str = ""
    sort: tuple[Sort, ...] = ()
    limit: Limit | None = None
    backwards: bool = False
    navigation: Navigation | None = None
    gathers: bool = False

    @property
    def best(self) -> tuple[Sort, ...]:
        """The order in which nodes come that a text alone finds, unless it is sorted otherwise; nothing where there is more to it."""
        return (Best(str(self.term), text=self.term.text), *DEFAULT_ORDER) if isinstance(self.term, Text) else ()

    def __str__(self) -> str:
        merges = f"{{{', '.join(map(str, self.merges))}}}" if self.merges else None
        sort = f"sort {', '.join(map(str, self.sort))}" if self.sort else None
        tag = f"#{self.tag}" if self.tag else None
        backwards = "reversed" if self.backwards else None
        gathers = "(of all these)" if self.gathers else None
        words = (gathers, self.usage, self.term, merges, self.after, self.with_, tag, sort, self.limit, backwards, self.navigation)
        return " ".join(str(word) for word in words if word is not None)


class Group(Record):
    """What rows are grouped by: a path, or text with paths in braces."""

    source: str
    name: str = ""
    is_text: bool = False

    def __str__(self) -> str:
        from resh.search.terms import quote

        return (quote(self.source) if self.is_text else self.source) + (f" as {self.name}" if self.name else "")

    @property
    def output(self) -> str:
        from resh.search.paths import last_name

        return self.name or (self.source if self.is_text else last_name(self.source))


class Measure(Record):
    """`function` over a path or a number, with arithmetic done from left to right; its operands are numbers and paths, too."""

    function: str
    source: str | int | float
    operations: tuple[tuple[str, str | int | float], ...] = ()
    name: str = ""

    def __str__(self) -> str:
        arithmetic = "".join(f" {operator} {operand}" for operator, operand in self.operations)
        return f"{self.function}({self.source}{arithmetic})" + (f" as {self.name}" if self.name else "")

    @property
    def output(self) -> str:
        return self.name or f"{self.function}_of_{self.source}"

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(source for source in (self.source, *(operand for _, operand in self.operations)) if isinstance(source, str))


class Aggregate(Record):
    groups: tuple[Group, ...]
    measures: tuple[Measure, ...]

    def __str__(self) -> str:
        groups = f"{', '.join(map(str, self.groups))}: " if self.groups else ""
        return f"aggregate({groups}{', '.join(map(str, self.measures))})"

    @property
    def outputs(self) -> tuple[str, ...]:
        return (*(group.output for group in self.groups), *(measure.output for measure in self.measures))


class Query(Record):
    """With an aggregate, the last part's sort and limit are about its rows."""

    parts: tuple[Part, ...] = (Part(),)
    aggregate: Aggregate | None = None
    mixes_operators: bool = False
    templated: bool = False
    _unequal: ClassVar[tuple[str, ...]] = ("mixes_operators", "templated")
    """`mixes_operators`: somewhere `and` and `or` follow each other without brackets; it works from left to right, which not everybody
    expects. `templated`: there is a template in it, which `expansion.py` puts something in the place of."""

    def __str__(self) -> str:
        parts = self.parts[:-1] if len(self.parts) > 1 and self.parts[-1] == Part() else self.parts
        return (f"{self.aggregate}:" if self.aggregate else "") + " ".join(map(str, parts))

    def predicates(self) -> tuple[str, ...]:
        """Paths that the search asked about in the nodes that it returns, in order, each once."""
        found: dict[str, None] = {}
        for number in range(len(self.parts) - 1, -1, -1):
            part = self.parts[number]
            found = dict.fromkeys([*paths_of(part.term), *paths_of(part.after or ALL), *found])
            before = self.parts[number - 1].navigation if number else None
            if before is None or not before.stays:
                break
        return tuple(found)

    def sort_keys(self) -> tuple[Sort, ...]:
        """Properties that the results are sorted by."""
        return tuple(key for key in self.parts[-1].sort if not isinstance(key, Best))

    def limited(self, offset: int, count: int) -> Query:
        """Only `count` of the results, after the first `offset`, in the order in which they come without the limit."""
        return self._cut(offset, count, last=self.parts[-1].backwards)

    def ended(self, count: int) -> Query:
        """Only the last `count` of the results."""
        return self._cut(0, count, last=not self.parts[-1].backwards)

    def _cut(self, offset: int, count: int, last: bool) -> Query:
        part = self.parts[-1]
        if part.limit is None:
            return self._last(sort=part.sort or self._default_order(), limit=Limit(offset, count, last))
        if part.limit.last == last:
            inside = max(0, part.limit.count - offset)
            return self._last(limit=Limit(part.limit.offset + offset, min(count, inside), last))
        return self._settled()._cut(offset, count, last)

    def sorted_by(self, keys: tuple[Sort, ...]) -> Query:
        """In this order; what is equal in it stays in the order it has."""
        query = self._settled() if self.parts[-1].limit else self
        last = query.parts[-1]
        given = {key.path for key in keys}
        before = [key for key in last.sort or query._default_order() if key.path not in given]
        return query._last(sort=(*(key.changed(descending=key.descending != last.backwards) for key in keys), *before))

    def and_where(self, term: Term) -> Query:
        """Of the results only those that fit."""
        query = self._settled() if self.parts[-1].limit or self._tagged(self.parts) else self._nodes()
        last = query.parts[-1]
        sort = last.sort or last.best
        if last.merges:
            return query._last(after=both(last.after or ALL, "and", term), sort=sort)
        return query._last(term=both(last.term, "and", term), sort=sort)

    def followed_by(self, navigation: Navigation, term: Term | None = None) -> Query:
        """The nodes that lie this way from the results."""
        query = self._settled() if self._tagged(self.parts) else self._nodes()
        return query._step(navigation, Part(term or ALL))

    def then(self, other: Query) -> Query:
        """`other`, among the results of this one and, unless it sorts, in their order."""
        query = self._settled() if self.parts[-1].limit or self._tagged(self.parts) else self
        last, first = query._nodes().parts[-1], other.parts[0]
        plain = Part(last.term, with_=last.with_, sort=last.sort, backwards=last.backwards, gathers=last.gathers)
        if last == plain and not (last.with_ and first.with_):
            first = first if first.sort else _continued(first, last)
            term = both(last.term, "and", first.term)
            parts = [first.changed(term=term, with_=last.with_ or first.with_, gathers=last.gathers)]
        else:
            parts = [last.changed(navigation=STAY), first]
        mixed, templated = self.mixes_operators or other.mixes_operators, self.templated or other.templated
        return Query((*query.parts[:-1], *parts, *other.parts[1:]), other.aggregate, mixed, templated)

    def aggregated(self, aggregate: Aggregate) -> Query:
        query = self._settled() if self.parts[-1].limit else self._nodes()
        return query._last(sort=(), backwards=False).changed(aggregate=aggregate)

    def counted(self, path: str | None = None) -> Query:
        """How many results; with a path how many of each of its values, fewest first."""
        groups = (Group(path),) if path else ()
        return self.aggregated(Aggregate(groups, (Measure("sum", 1, name="count"),)))

    def _nodes(self) -> Query:
        if self.aggregate:
            raise UsageError("the rows of an aggregate cannot be searched further", "search first, aggregate last")
        return self

    @property
    def is_open(self) -> bool:
        """Whether it can take a sort or a limit as they would work on its results one by one.

        Not with a limit and no sort: then results come as the graph has them. Nor when rows of an aggregate are cut or turned already.
        """
        last = self.parts[-1]
        return not (last.limit or last.backwards) if self.aggregate else bool(last.sort or last.best) or not last.limit

    def _default_order(self) -> tuple[Sort, ...]:
        """What comes out in this order when nothing is sorted: nodes, or the rows of an aggregate by its first function."""
        return (Sort(self.aggregate.measures[0].output),) if self.aggregate else self.parts[-1].best or DEFAULT_ORDER

    def _settled(self) -> Query:
        """The same results in the same order, as the start of a part that has no limit of its own yet."""
        self._nodes()
        last = self.parts[-1]
        sort = last.sort or last.best or (() if last.limit else DEFAULT_ORDER)
        return self._step(STAY, Part(sort=sort, backwards=last.backwards, gathers=self._tagged(self.parts)))

    def _tagged(self, parts: tuple[Part, ...]) -> bool:
        """Whether one of these, which are of this search, has a tag, so that its nodes are results."""
        since = max((number for number, part in enumerate(parts) if part.gathers), default=0)
        return any(part.tag for part in parts[since:])

    def _step(self, navigation: Navigation, part: Part) -> Query:
        return self.changed(parts=(*self.parts[:-1], self.parts[-1].changed(navigation=navigation), part))

    def _last(self, **changes: Any) -> Query:
        return self.changed(parts=(*self.parts[:-1], self.parts[-1].changed(**changes)))


DEFAULT_ORDER = (Sort("/reported.kind"), Sort("/reported.name"), Sort("/reported.id"))


def _continued(part: Part, before: Part) -> Part:
    """The part with the order of the one before; what is first in a turned order is last in the order itself."""
    limit = part.limit.changed(last=part.limit.last != before.backwards) if part.limit else None
    return part.changed(sort=before.sort or before.best, limit=limit, backwards=part.backwards != before.backwards)


def paths_of(term: Term) -> Iterator[str]:
    """All that it asks about, of the nodes themselves."""
    if isinstance(term, Predicate | Call):
        yield term.path
    elif isinstance(term, Context):
        yield from (path if path.startswith("/") else f"{term.path}.{path}" for path in paths_of(term.term))
    elif isinstance(term, Not):
        yield from paths_of(term.term)
    elif isinstance(term, Combined):
        yield from paths_of(term.first)
        for _, other in term.rest:
            yield from paths_of(other)
