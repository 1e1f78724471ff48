"""Terms as SQL conditions on one node.

    condition(scope, Is(("volume",)))           n1.nid BETWEEN ?1 AND ?2

What has no meaning here says so by name; it never just matches something else.
"""

from __future__ import annotations

from resh.errors import UsageError
from resh.search.sql.boolean import chained, joined
from resh.search.sql.compare import test, test_age
from resh.search.sql.scope import Scope, of_kinds
from resh.search.sql.walk import edges_of, hops, is_one_hop, reached
from resh.search.sql.writer import Writer
from resh.search.terms import All, Call, Combined, Context, Every, Expand, Id, Is, Not, Predicate, Term, Text, Texts, With


def condition(scope: Scope, term: Term) -> str:
    """SQL that is true for nodes that fit; it may be NULL for others."""
    match term:
        case All():
            return "1"
        case Is(kinds):
            return of_kinds(scope.writer, kinds, scope.nid)
        case Id(ids):
            return scope.writer.one_of(scope.column("id"), ids)
        case Every(count):
            return f"{scope.nid} % {scope.writer.bind(count)} = 0"
        case Predicate():
            return _predicate(scope, term)
        case Context(path, inner):
            return scope.within(path, lambda within: f"({condition(within, inner)})")
        case Not(inner):
            return f"(({condition(scope, inner)}) IS NOT TRUE)"
        case Combined():
            return chained(term, lambda inner: condition(scope, inner))
        case Text():
            return _texts(scope, (term,), "or")
        case Texts(texts, connective):
            return _texts(scope, texts, connective)
        case Call():
            from resh.search.sql.calls import called

            return called(scope, term)
        case Expand():
            raise UsageError(f"{term} has not been expanded", "App.search expands templates")


def kinds_condition(writer: Writer, term: Term, nid: str) -> str:
    """SQL that is true for rows of kinds that may fit; `nid` is the number of any row of a kind."""
    match term:
        case Is(kinds):
            return of_kinds(writer, kinds, nid)
        case Combined() if all(connective == "and" for connective, _ in term.rest):  # most say nothing but of which kind all are
            conditions = [kinds_condition(writer, inner, nid) for inner in (term.first, *(inner for _, inner in term.rest))]
            return joined([f"({sql})" for sql in conditions if sql != "1"], "AND") or "1"
        case Combined():
            return chained(term, lambda inner: kinds_condition(writer, inner, nid))
        case _:
            return "1"


def with_condition(scope: Scope, with_: With) -> str:
    """How many nodes a navigation reaches from this one."""
    select = _reached(scope, with_)
    if with_.quantity == "count":
        if with_.operator not in ("==", "!=", "<", "<=", ">", ">="):
            raise UsageError(f"a count cannot be compared with {with_.operator}", "use =, !=, <, <=, > or >=")
        return f"(SELECT count(DISTINCT nid) FROM ({select})) {with_.operator} {with_.number}"
    return f"{'NOT ' if with_.quantity == 'empty' else ''}EXISTS ({select})"


def _reached(scope: Scope, with_: With) -> str:
    writer, navigation = scope.writer, with_.navigation
    alias = writer.alias("x")
    ways = edges_of(navigation, writer)[0].everywhere(writer.tables) if is_one_hop(navigation) else []
    if len(ways) == 1:
        edges = ways[0]
        there = Scope(writer, f"{alias}.{edges.far}")
        source, conditions = edges.table(alias), [edges.hop(scope.nid, alias)]
    else:
        there = Scope(writer, f"{alias}.nid")
        found = hops(ways, scope.nid) if ways else reached(navigation, f"(SELECT {scope.nid} AS nid)", writer)
        source, conditions = f"({found}) {alias}", []
    conditions.append(f"({condition(there, with_.term)})")
    if with_.inner:
        conditions.append(with_condition(there, with_.inner))
    return f"SELECT {there.nid} AS nid FROM {source}{there.joins()} WHERE {' AND '.join(conditions)}"


def _predicate(scope: Scope, predicate: Predicate) -> str:
    if scope.is_age(predicate.path):
        return scope.read(predicate.path, lambda reference: test_age(scope.writer, reference, predicate))
    path = predicate.path
    if predicate.modifier:
        from resh.search.paths import starless

        path = starless(path)
    return scope.read(path, lambda reference: test(scope.writer, reference, predicate))


def _texts(scope: Scope, texts: tuple[Text, ...], connective: str) -> str:
    from resh.search.sql.texts import occurring

    return occurring(scope, texts, connective)
