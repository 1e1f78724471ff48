"""Conditions on edges: what stands in the braces of an arrow.

    fits(writer, parse_term("owner = source and account = prod"), stored, "x1")       SQL about the edge with the alias x1

An edge has little: its type, where it comes from and leads to, which of its ends told of it, and the account whose collect did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from resh.errors import UsageError
from resh.search.edge_properties import EDGE_PROPERTIES
from resh.search.sql.boolean import chained
from resh.search.sql.compare import test
from resh.search.sql.reference import Column
from resh.search.terms import All, Combined, Not, Predicate, Term
from resh.text import did_you_mean

if TYPE_CHECKING:
    from resh.search.sql.tables import Stored
    from resh.search.sql.writer import Writer


def fits(writer: Writer, term: Term, stored: Stored, alias: str) -> str:
    """SQL that is true for edges that fit. Raises UsageError for what cannot be asked about an edge."""
    match term:
        case All():
            return "1"
        case Predicate():
            return f"({test(writer, _column(writer, term.path, stored, alias), term)})"
        case Not(inner):
            return f"(({fits(writer, inner, stored, alias)}) IS NOT TRUE)"
        case Combined():
            return f"({chained(term, lambda inner: fits(writer, inner, stored, alias))})"
    raise UsageError(f"{term} cannot be asked about an edge", "compare what it has: -{owner = source}->")


def _column(writer: Writer, path: str, stored: Stored, alias: str) -> Column:
    name = path.removeprefix("/")
    if name not in _COLUMNS:
        hint = did_you_mean(name, EDGE_PROPERTIES) or f"it has {', '.join(EDGE_PROPERTIES)}"
        raise UsageError(f"an edge has no property '{path}'", hint)
    return Column(_COLUMNS[name](writer, stored, alias))


def _type(writer: Writer, stored: Stored, alias: str) -> str:
    return f"iif({alias}.et = 0, 'default', 'delete')"


def _owner(writer: Writer, stored: Stored, alias: str) -> str:
    return f"CASE {stored.column(alias, 'own')} WHEN 1 THEN 'source' WHEN 2 THEN 'target' WHEN 3 THEN 'both' END"


def _account(value: str) -> Callable[[Writer, Stored, str], str]:
    return lambda writer, stored, alias: f"(SELECT {value} FROM account a WHERE a.gid = {stored.column(alias, 'gid')})"


def _end(column: str) -> Callable[[Writer, Stored, str], str]:
    return lambda writer, stored, alias: writer.tables.id(f"{alias}.{column}")


_COLUMNS: Mapping[str, Callable[[Writer, Stored, str], str]] = {
    "edge_type": _type,
    "owner": _owner,
    "account": _account("coalesce(nullif(a.name, ''), a.id)"),
    "account.id": _account("a.id"),
    "cloud": _account("a.cloud"),
    "from": _end("src"),
    "to": _end("dst"),
}
