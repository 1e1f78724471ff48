"""Full text: which nodes have the words, through the index where there is one for the moment that is searched.

    part_of(Combined(Text("web-1"), (("and", Is(…)),)))         (Text("web-1"),), Is(…): what the index can begin with, and the rest
    found(writer, (Text("web-1"),), "and", bounds)              SELECT rowid AS nid FROM words WHERE words MATCH ?1 …
    occurring(scope, (Text("web-1"), Text("db")), "or")         n1.nid IN (SELECT …): for nodes that come from elsewhere
    rank(scope, "web-1")                                        how well a node fits a text: the less the better

The index knows which words a document has, not in which order: whether a phrase of several is there, its candidates are asked themselves.
Words that the index does not know yet are the store's to find, see `resh.graph.base.Waiting`.
"""

from __future__ import annotations

from collections.abc import Sequence

from resh.errors import BadValue
from resh.graph.base import Waiting
from resh.graph.words import words
from resh.search.sql.scope import Scope
from resh.search.sql.writer import LAG, Writer
from resh.search.terms import ALL, Combined, Is, Term, Text, both, quote

_LONG = 1000
"""Longer words are cut in the index: it has candidates."""

Bounds = tuple[int, int]
"""First and last row of what is wanted at all."""


def part_of(term: Term) -> tuple[tuple[Text, ...], Term]:
    """The texts that must all be there, and what else must be true."""
    if isinstance(term, Text):
        return (term,), ALL
    if not isinstance(term, Combined) or any(connective != "and" for connective, _ in term.rest):
        return (), term
    if not (texts := tuple(other for other in _terms(term) if isinstance(other, Text))):
        return (), term
    rest: Term = ALL
    for other in _terms(term):
        rest = rest if isinstance(other, Text) else both(rest, "and", other)
    return texts, rest


def bounds(writer: Writer, term: Term) -> Bounds | None:
    """Where in the table nodes are that fit; it says nothing about those that lie there, too."""
    is_ = next((other for other in _terms(term) if isinstance(other, Is)), None)
    ranges = [pair for kind in (is_.kinds if is_ else ()) for pair in writer.kinds.rowid_ranges(kind)]
    return (min(first for first, _ in ranges), max(last for _, last in ranges)) if ranges else None


def occurring(scope: Scope, texts: Sequence[Text], connective: str) -> str:
    """SQL that is true for nodes that have one of the texts, or with `and` all of them."""
    if scope.writer.tables.indexed:
        nid = scope.nid if scope.scans else f"+{scope.nid}"  # they are not all to be tried from each node that leads here
        return f"{nid} IN ({found(scope.writer, texts, connective)})"
    phrases = _phrases(texts)
    groups = phrases if connective == "and" else ("\n".join(phrases),)
    return " AND ".join(_in_document(scope.writer, scope.document(), group) for group in groups)


def found(writer: Writer, texts: Sequence[Text], connective: str, bounds: Bounds | None = None) -> str:
    """A SELECT of their nodes, each once."""
    phrases = _phrases(texts)
    waiting = writer.bind(Waiting(phrases, connective == "and"))
    within = [f"w.rowid BETWEEN {writer.bind(bounds[0])} AND {writer.bind(bounds[1])}"] if bounds else []
    within.append(f"{writer.bind(Waiting())} IS NOT NULL AND {waiting} IS NOT NULL")
    selects = _all(writer, phrases, within) if connective == "and" else _any(writer, phrases, within)
    return f"{' UNION ALL '.join(selects)}{LAG} UNION ALL SELECT value FROM json_each({waiting}){LAG}"


def rank(scope: Scope, text: str) -> str:
    return f"resh_rank({scope.writer.bind(phrase(text))}, {scope.column('name')}, {scope.column('rid')})"


def phrase(text: str) -> str:
    """The words of a text. Raises BadValue when there are none."""
    found = " ".join(words(text))
    if not found:
        raise BadValue(f"there is no word in {quote(text)} to look for", "white space and _ - @ : / . only stand between words")
    return found


def _terms(term: Term) -> tuple[Term, ...]:
    return (term.first, *(other for _, other in term.rest)) if isinstance(term, Combined) else (term,)


def _phrases(texts: Sequence[Text]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase(text.text) for text in texts))


def _any(writer: Writer, phrases: Sequence[str], within: Sequence[str]) -> list[str]:
    single = [phrase for phrase in phrases if _is_known(phrase)]
    others = [phrase for phrase in phrases if not _is_known(phrase)]
    selects = [_select(writer, " OR ".join(map(_words, single)), (), within)] if single else []
    if others:
        match = f"({' OR '.join(map(_words, others))}){_not(single)}"
        selects.append(_select(writer, match, ["\n".join(others)], within))
    return selects


def _all(writer: Writer, phrases: Sequence[str], within: Sequence[str]) -> list[str]:
    others = [phrase for phrase in phrases if not _is_known(phrase)]
    return [_select(writer, " AND ".join(map(_words, phrases)), others, within)]


def _not(single: Sequence[str]) -> str:
    """What the first select has is not to come again."""
    return f" NOT ({' OR '.join(map(_words, single))})" if single else ""


def _is_known(phrase: str) -> bool:
    """To the index, without a look at the document."""
    return " " not in phrase and len(phrase) < _LONG


def _words(phrase: str) -> str:
    """As FTS5 is asked for them."""
    quoted = " AND ".join('"' + word.replace('"', '""') + '"' for word in dict.fromkeys(phrase.split(" ")))
    return f"({quoted})" if " AND " in quoted else quoted


def _select(writer: Writer, match: str, groups: Sequence[str], within: Sequence[str]) -> str:
    """Nodes that the index finds and knows as they are; of these with groups those whose documents have one phrase of each."""
    source = "words w CROSS JOIN doc t ON t.nid = w.rowid" if groups else "words w"
    unchanged = f"{LAG} AND w.rowid NOT IN (SELECT value FROM json_each({writer.bind(Waiting())})){LAG}"
    documents = "".join(f" AND {_in_document(writer, 't.reported', group)}" for group in groups)
    return f"SELECT w.rowid AS nid FROM {source} WHERE {' AND '.join((f'words MATCH {writer.bind(match)}', *within))}{unchanged}{documents}"


def _in_document(writer: Writer, document: str, phrases: str) -> str:
    return f"resh_text({writer.bind(phrases)}, json({document}))"
