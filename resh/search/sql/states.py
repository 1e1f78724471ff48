"""States: which nodes are in one, through its index. It is what people ask for most, of kinds of which they have most.

    part_of(Combined(Is(("volume",)), (("and", Predicate("volume_status", "==", "available")),)))    the predicate, and Is(…)
    found(writer, Predicate("volume_status", "==", "available"))                                     SELECT nid FROM doc INDEXED BY …

A document may hold anything, whatever kinds declare: a list of states is found by its elements, like everywhere else.
"""

from __future__ import annotations

from resh.search.paths import place
from resh.search.sql.compare import members_of, test
from resh.search.sql.members import ARRAYS
from resh.search.sql.reference import Json
from resh.search.sql.writer import Writer
from resh.search.terms import ALL, Combined, Predicate, Term, both

INDEXED = {"instance_status": "doc_instance_status", "volume_status": "doc_volume_status"}
"""Property to index, see `resh/graph/schema.sql`."""
_NAMES = tuple(INDEXED)


def part_of(writer: Writer, term: Term) -> tuple[Predicate | None, Term]:
    """The predicate that an index answers, and what else must be true."""
    if not isinstance(term, Combined):
        return (term, ALL) if isinstance(term, Predicate) and _is_answered(writer, term) else (None, term)
    if any(connective != "and" for connective, _ in term.rest):
        return None, term
    terms = (term.first, *(other for _, other in term.rest))
    known = next((other for other in terms if isinstance(other, Predicate) and _is_answered(writer, other)), None)
    if known is None:
        return None, term
    rest: Term = ALL
    for other in terms:
        rest = rest if other is known else both(rest, "and", other)
    return known, rest


def found(writer: Writer, predicate: Predicate) -> str:
    """A SELECT of their nodes, each once."""
    name = str(place(predicate.path).steps[0])
    state = Json("reported", (name,))
    table = f"SELECT nid FROM doc INDEXED BY {INDEXED[name]} WHERE"
    texts = writer.one_of(state.value, members_of(writer, predicate).texts)
    return f"{table} {texts} UNION ALL {table} {state.value} {ARRAYS} AND {test(writer, state, predicate)}"


def _is_answered(writer: Writer, predicate: Predicate) -> bool:
    """Nothing but texts fit it."""
    if not predicate.path.endswith(_NAMES) or predicate.operator not in ("==", "in") or predicate.modifier:
        return False
    where = place(predicate.path)
    if where.section != "reported" or len(where.steps) != 1 or where.steps[0] not in INDEXED:
        return False
    wanted = members_of(writer, predicate)
    return wanted.is_plain and not (wanted.numbers or wanted.null)
