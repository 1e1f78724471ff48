"""`expand(name, k=v)` in a search: what the template says takes its place.

    expand(parse("expand(old, kind=volume) and name ~ web"), {"old": "is({{kind}}) and age > 30d"}, now)
    # ((is("volume") and age > "30d") and name =~ "web")

A template that is a condition may stand wherever a condition may, as if in brackets. One that is a whole search, with navigations, a limit
or an aggregate, may begin a part or be joined with `and`: then it is about what was found so far, as a search behind a search is.
Templates may hold others; one that comes back to itself is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from resh.errors import SyntaxProblem, UsageError
from resh.search.mustache import Scopes, names, pieces
from resh.search.parser import parse
from resh.search.templates import jsonable, rendered
from resh.search.terms import ALL, Call, Combined, Context, Expand, Not, Object, Predicate, Template, Term, Value, With, both
from resh.search.tree import Navigation, Part, Query
from resh.text import did_you_mean

_MOST, _DEEPEST = 1000, 30


def expand(query: Query, templates: Mapping[str, str], now: float) -> Query:
    """The search without templates. Raises UsageError or SyntaxProblem that names the template and what is wrong with it."""
    return _Expansion(templates, now).query(query)


class _Expansion:
    """`inside` are the templates that are being expanded, outermost first; `left` counts how many more there may be, over all of them."""

    def __init__(self, templates: Mapping[str, str], now: float, inside: tuple[str, ...] = (), left: Iterator[int] | None = None) -> None:
        self._templates = templates
        self._now = now
        self._inside = inside
        self._left = left or iter(range(_MOST))

    def query(self, query: Query) -> Query:
        found = [self._part(part) for part in query.parts]
        last = found[-1]
        if len(found) == 1 and last.aggregate and query.aggregate is None:
            return last
        parts = tuple(part for each in found for part in each._nodes().parts)
        mixed = query.mixes_operators or any(each.mixes_operators for each in found)
        return Query(parts, query.aggregate, mixed)

    def _part(self, part: Part) -> Query:
        """Usually one part again; more when a whole search stands in it."""
        merges = tuple(merge.changed(query=self.query(merge.query)) for merge in part.merges)
        rest = part.changed(
            term=ALL,
            merges=merges,
            after=part.after and self._term(part.after),
            with_=part.with_ and self._with(part.with_),
            navigation=part.navigation and self._navigation(part.navigation),
        )
        found = self._chain(part.term)
        condition = _condition(found)
        return _followed(found, rest) if condition is None else found.changed(parts=(rest.changed(term=condition),))

    def _chain(self, term: Term) -> Query:
        """Conditions joined from left to right."""
        first, rest = (term.first, term.rest) if isinstance(term, Combined) and not term.bracketed else (term, ())
        found = self._whole(first) or Query((Part(self._term(first)),))
        for connective, other in rest:
            whole, condition = self._whole(other), _condition(found)
            if whole is None and condition is not None:
                found = found.changed(parts=(Part(both(condition, connective, self._term(other))),))
            elif connective == "and":
                found = found.then(whole or Query((Part(self._term(other)),)))
            else:
                hint = "search first, and narrow it with a search behind it"
                raise UsageError("a template that is a whole search can only be joined with and", hint)
        return found

    def _whole(self, term: Term) -> Query | None:
        """The search that a template is, when it is more than a condition."""
        if not isinstance(term, Expand):
            return None
        found = self._expanded(term)
        return found if _condition(found) is None else None

    def _expanded(self, term: Expand) -> Query:
        name = term.template
        if name not in self._templates:
            raise UsageError(f"there is no template '{name}'", did_you_mean(name, self._templates) or "templates list shows all")
        if name in self._inside:
            circle = " → ".join((*self._inside[self._inside.index(name) :], name))
            raise UsageError(f"the template {name} comes back to itself: {circle}", "one of them must not expand the next")
        if next(self._left, None) is None or len(self._inside) == _DEEPEST:
            raise UsageError(f"templates expand too often or too deeply, at {name}", "write some of them out")
        values = {key: jsonable(self._value(value)) for key, value in term.settings}
        query = _parsed(name, self._templates[name], values, self._now)
        return _Expansion(self._templates, self._now, (*self._inside, name), self._left).query(query)

    def _term(self, term: Term) -> Term:
        match term:
            case Expand():
                found = self._expanded(term)
                condition = _condition(found)
                if condition is None:
                    hint = "only a condition can: no navigation, with, sort, limit or aggregate"
                    raise UsageError(f"the template {term.template} is a whole search and cannot stand here", hint)
                return condition.changed(bracketed=True) if isinstance(condition, Combined) else condition
            case Combined(first, rest):
                return term.changed(first=self._term(first), rest=tuple((word, self._term(other)) for word, other in rest))
            case Context(_, inner) | Not(inner):
                return term.changed(term=self._term(inner))
            case Predicate():
                return term.changed(value=self._value(term.value))
            case Call():
                return term.changed(arguments=tuple(map(self._value, term.arguments)))
            case _:
                return term

    def _with(self, with_: With) -> With:
        navigation, inner = self._navigation(with_.navigation), with_.inner and self._with(with_.inner)
        return with_.changed(navigation=navigation, term=self._term(with_.term), inner=inner)

    def _navigation(self, navigation: Navigation) -> Navigation:
        return navigation.changed(filter=navigation.filter and self._term(navigation.filter))

    def _value(self, value: Value) -> Value:
        if isinstance(value, Template):
            name = value.text.strip("{} ")
            raise UsageError(f"nothing gives {value.text} a value", f"write {name}=… in front of the line")
        if isinstance(value, tuple):
            return tuple(map(self._value, value))
        if isinstance(value, Object):
            return Object(tuple((key, self._value(item)) for key, item in value.pairs))
        return value


def _parsed(name: str, text: str, values: Mapping[str, object], now: float) -> Query:
    """The search that a template says with these values. Raises SyntaxProblem about the template, with its name."""
    try:
        _check_names(name, text, values)
        page = rendered(text, Scopes(values, now), now)
        try:
            return parse(page.text)
        except SyntaxProblem as error:
            raise page.relocated(error) from None
    except SyntaxProblem as error:
        raise SyntaxProblem(f"in the template {name}: {error.message}", text, error.position, error.expected, error.hint) from None


def _check_names(name: str, text: str, values: Mapping[str, object]) -> None:
    """A misspelt parameter would leave its section out, and find more than it should."""
    known = names(pieces(text))
    for given in values:
        if given not in known:
            hint = did_you_mean(given, known) or (f"it has {', '.join(sorted(known))}" if known else "it has none")
            raise UsageError(f"the template {name} has no parameter {given}", hint)


def _condition(query: Query) -> Term | None:
    """The condition that the search is, if it is nothing else."""
    part = query.parts[0]
    return part.term if len(query.parts) == 1 and not query.aggregate and part == Part(part.term) else None


def _followed(found: Query, rest: Part) -> Query:
    """What else the part asks of the search that stands in it."""
    if rest == Part():
        return found
    if rest.navigation:
        query = _followed(found, rest.changed(navigation=None))._nodes()
        return query.changed(parts=(*query.parts[:-1], query.parts[-1].changed(navigation=rest.navigation)))
    last, orders = found.parts[-1], rest == Part(sort=rest.sort, limit=rest.limit, backwards=rest.backwards)
    if last == Part(last.term, with_=last.with_) and not (last.with_ and rest.with_) and (orders or not found.aggregate):
        return found.changed(parts=(*found.parts[:-1], rest.changed(term=last.term, with_=last.with_ or rest.with_)))
    return _ordered(found, rest) if orders else found.then(Query((rest,)))


def _ordered(found: Query, rest: Part) -> Query:
    """What has an order or a limit already gets another one."""
    if rest.sort:
        found = found.sorted_by(rest.sort)
    if rest.limit:
        found = found.limited(rest.limit.offset, rest.limit.count)
    last = found.parts[-1]
    return found.changed(parts=(*found.parts[:-1], last.changed(backwards=last.backwards != rest.backwards)))
