"""Types: each comparison of a search learns what its property is declared as, where its value means something else to each type.

    typed(query.parts, kinds)       tags.release < 5 with the type of text, ctime > 2026-01-01 with that of times

The kinds in play are those that a part says its nodes are of. Without them a property has every type that some kind declares for it. A
declaration is found by name: of `disks[0].size` as of `disks[*].size` it is that of `disks[].size`.
"""

from __future__ import annotations

from functools import lru_cache
from operator import is_, itemgetter
from typing import TYPE_CHECKING

from resh.errors import UnknownKind
from resh.search.coercion import FLAG, NUMBER, TEXT, TIME, Types, category, depends
from resh.search.paths import LEVELS, Step, place
from resh.search.terms import Combined, Context, Is, Not, Predicate, Term, With

if TYPE_CHECKING:
    from resh.search.sql.writer import KindIds
    from resh.search.tree import Part

Kinds = tuple[str, ...]
_SECOND = itemgetter(1)
_OWN = {
    ("node", "id"): TEXT,
    ("node", "kind"): TEXT,
    ("node", "created"): TIME,
    ("node", "updated"): TIME,
    ("metadata", "expires"): TIME,
    ("metadata", "last_seen"): TIME,
    ("metadata", "protected"): FLAG,
    ("metadata", "stale"): FLAG,
    ("desired", "clean"): FLAG,
    ("desired", "clean_at"): TIME,
}
"""What resh itself puts into documents."""


def typed(parts: tuple[Part, ...], kinds: KindIds) -> tuple[Part, ...]:
    """Raises UnknownKind."""
    found: list[Part] = []
    known: Kinds = ()
    tagged: list[Kinds] = []
    for part in parts:
        if part.gathers:  # what all parts with tags found, and the last one
            known, tagged = tuple(kind for some in (*tagged, known) for kind in some) if all((*tagged, known)) else (), []
        known = narrowed(part.term) or known
        if part.tag:
            tagged.append(known)
        found.append(_part(part, known, kinds))
        known = known if part.navigation and part.navigation.stays else ()
    return tuple(found)


def _part(part: Part, known: Kinds, kinds: KindIds) -> Part:
    term, after, with_ = _term(part.term, known, kinds), part.after and _term(part.after, known, kinds), _with(part.with_, kinds)
    same = term is part.term and after is part.after and with_ is part.with_
    return part if same else part.changed(term=term, after=after, with_=with_)


def narrowed(term: Term) -> Kinds:
    """The kinds that every node that fits is of; none where it may be of any."""
    if isinstance(term, Is):
        return term.kinds
    found: Kinds = ()
    if isinstance(term, Combined):
        found = narrowed(term.first)
        for connective, other in term.rest:
            inner = narrowed(other)
            found = found or inner if connective == "and" else (*found, *inner) if found and inner else ()
    return found


def _with(with_: With | None, kinds: KindIds) -> With | None:
    if with_ is None:
        return None
    term, inner = _term(with_.term, narrowed(with_.term), kinds), _with(with_.inner, kinds)
    return with_ if term is with_.term and inner is with_.inner else with_.changed(term=term, inner=inner)


def _term(term: Term, known: Kinds, kinds: KindIds, within: str = "") -> Term:
    """`within` is the path of the context around it. What learns nothing is the same object."""
    if isinstance(term, Predicate):
        types = _types(_path(term.path, within), known, kinds) if depends(term.operator, term.value) else None
        return term.changed(types=types) if types else term
    if isinstance(term, Combined):
        first, rest = _term(term.first, known, kinds, within), [(word, _term(other, known, kinds, within)) for word, other in term.rest]
        same = first is term.first and all(map(is_, map(_SECOND, rest), map(_SECOND, term.rest)))
        return term if same else term.changed(first=first, rest=tuple(rest))
    if isinstance(term, (Not, Context)):
        within = f"{_path(term.path, within)}." if isinstance(term, Context) else within
        inner = _term(term.term, known, kinds, within)
        return term if inner is term.term else term.changed(term=inner)
    return term


def _path(path: str, within: str) -> str:
    return path if path[:1] == "/" else within + path


def _types(path: str, known: Kinds, kinds: KindIds) -> Types:
    """None where nothing is declared, and for ages, which have a comparison of their own."""
    found = place(path)
    section, steps = found.section, found.steps
    if section == "usage":
        return frozenset((NUMBER,))
    if section in ("ancestors", "descendants") and steps:
        known, steps = (str(steps[0]),), steps[1:]
        if known[0] in LEVELS and steps in (("reported", "id"), ("reported", "name")):
            return frozenset((TEXT,))
    if section not in ("reported", "ancestors", "descendants"):
        own = _OWN.get((section, str(steps[0]))) if len(steps) == 1 else None
        return frozenset((own,)) if own else frozenset()
    if "reported" in steps:  # of another node, which a merge or a look-up brings
        known, steps = known if section != "reported" else (), steps[steps.index("reported") + 1 :]
    return frozenset() if found.is_age else _declared(steps, known, kinds)


def _declared(steps: tuple[Step, ...], known: Kinds, kinds: KindIds) -> Types:
    if len(steps) == 2 and steps[0] == "tags":
        return frozenset((TEXT,))
    try:
        declared = kinds.property_types(_name(steps), known) or kinds.property_types(_name(steps).removesuffix("[]"), known)
    except UnknownKind:  # a merge may be called like the ancestors of a kind
        return frozenset()
    return frozenset(filter(None, map(category, declared)))


@lru_cache(maxsize=1024)
def _name(steps: tuple[Step, ...]) -> str:
    return "".join(f".{step}" if isinstance(step, str) else "[]" for step in steps).removeprefix(".")
