"""What kinds declare, and what it makes of a comparison, in plain Python: the part of the reference that is about types.

typed(query, kinds)                                         each comparison with the types that its property may have
equal("2023-06-01", "2023-06-01T02:00:00+02:00", frozenset(["datetime"]), "made", now)      # True
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from resh.durations import is_duration, is_time, parse_duration, parse_time
from resh.model.kinds import Kinds
from resh.search.paths import LEVELS, place, steps
from resh.search.terms import Combined, Context, Is, Not, Predicate, Term, With
from resh.search.tree import Part, Query

NUMBERS = {"int64", "double"}
DATES = {"datetime", "date"}
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
OWN = {"/created": "datetime", "/updated": "datetime", "/id": "string", "/kind": "string", "/desired.clean": "boolean"}
OWN |= {"/metadata.protected": "boolean", "/metadata.stale": "boolean", "/metadata.last_seen": "datetime", "/metadata.expires": "datetime"}


def typed(query: Query, kinds: Kinds) -> Query:
    parts = [of_part(part, kinds, known) for part, known in zip(query.parts, known_in(query), strict=True)]
    return query.changed(parts=tuple(parts))


def known_in(query: Query) -> list[frozenset[str]]:
    """The kinds that nodes of each part can be of; empty where they may be of any."""
    found = list[frozenset[str]]()
    for number, part in enumerate(query.parts):
        before = query.parts[number - 1].navigation if number else None
        known = frozenset[str]()
        if part.gathers:
            known = known_of(query.changed(parts=query.parts[:number]), found)
        elif before and before.stays:
            known = found[-1]
        found.append(in_play(part.term) or known)
    return found


def known_of(query: Query, known: list[frozenset[str]]) -> frozenset[str]:
    """The same of all that a query returns: what parts with tags found is a result, too."""
    since = max((number for number, part in enumerate(query.parts) if part.gathers), default=0)
    returned = [known[number] for number, part in enumerate(query.parts) if number >= since and part.tag] + [known[-1]]
    return frozenset().union(*returned) if all(returned) else frozenset()


def of_part(part: Part, kinds: Kinds, known: frozenset[str]) -> Part:
    merges = tuple(merge.changed(query=typed(merge.query, kinds)) for merge in part.merges)
    after = part.after and of_term(part.after, kinds, known)
    return part.changed(term=of_term(part.term, kinds, known), after=after, with_=of_with(part.with_, kinds), merges=merges)


def of_with(with_: With | None, kinds: Kinds) -> With | None:
    return with_ and with_.changed(term=of_term(with_.term, kinds, in_play(with_.term)), inner=of_with(with_.inner, kinds))


def of_term(term: Term, kinds: Kinds, known: frozenset[str], above: str = "") -> Term:
    if isinstance(term, Predicate):
        return term.changed(types=declared(term.path if term.path.startswith("/") else above + term.path, kinds, known))
    if isinstance(term, Not):
        return Not(of_term(term.term, kinds, known, above))
    if isinstance(term, Context):
        path = term.path if term.path.startswith("/") else above + term.path
        return Context(term.path, of_term(term.term, kinds, known, f"{path}."))
    if isinstance(term, Combined):
        rest = tuple((connective, of_term(other, kinds, known, above)) for connective, other in term.rest)
        return term.changed(first=of_term(term.first, kinds, known, above), rest=rest)
    return term


def in_play(term: Term) -> frozenset[str]:
    """Empty where it may be any kind."""
    if isinstance(term, Is):
        return frozenset(term.kinds)
    if not isinstance(term, Combined):
        return frozenset()
    found = in_play(term.first)
    for connective, other in term.rest:
        more = in_play(other)
        found = (found or more) if connective == "and" else (found | more if found and more else frozenset())
    return found


def declared(path: str, kinds: Kinds, known: Iterable[str]) -> frozenset[str]:
    """The types by name; a list has those of its elements."""
    found = place(path)
    if path in OWN:
        return frozenset([OWN[path]])
    if found.section == "usage":
        return frozenset(["double"])
    names = list(found.steps)
    if found.section == "ancestors" and names[:1] and names[0] in LEVELS and names[1:] in (["reported", "name"], ["reported", "id"]):
        return frozenset(["string"])
    if found.section in ("ancestors", "descendants") and names[:1]:
        known, names = [str(names[0])], names[1:]
    elif "reported" in names:
        known = []
    if "reported" in names:
        names = names[names.index("reported") + 1 :]
    elif found.section != "reported":
        return frozenset()
    if names[:1] == ["tags"] and len(names) == 2:
        return frozenset(["string"])
    related = {name for kind in known for leaf in kinds.leaves(kind) for name in kinds.lineage(leaf)} or {kind.name for kind in kinds}
    properties = [prop for name in related if name in kinds for prop in kinds[name].properties]
    whole = ["[]" if step is None or isinstance(step, int) else step for step in names]
    types = {prop.type for prop in properties if spelled(prop.name) == whole}
    if not types and whole[-1:] == ["[]"]:
        types = {prop.type for prop in properties if spelled(prop.name) == whole[:-1]}
    return frozenset(type.removesuffix("[]") for type in types) - {"any", "dictionary"}


def spelled(name: str) -> list[str]:
    return ["[]" if step is None else str(step) for step in steps(name)]


def equal(value: Any, wanted: Any, types: frozenset[str], name: str, now: float) -> bool:
    """A stored value and one of a search that is taken for one of the types."""
    for type in types:
        meant = taken(wanted, type, name, now)
        if meant is None:
            continue
        if isinstance(meant, datetime):
            if isinstance(value, str) and value in spellings(meant, type):
                return True
        elif isinstance(value, bool) == isinstance(meant, bool) and isinstance(value, str) == isinstance(meant, str) and value == meant:
            return True
    return False


def larger_or_smaller(value: Any, operator: str, wanted: Any, types: frozenset[str], name: str, now: float) -> bool | None:
    """None where the types say nothing."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        numbers = [taken(wanted, type, name, now) for type in types & {*NUMBERS, "duration"}]
        found = [ordered(value, operator, number) for number in numbers if number is not None]
        return any(found) if found else None
    if not isinstance(value, str):
        return None
    for type in sorted(types & DATES, reverse=True):
        moment = taken(wanted, type, name, now)
        if moment is not None and (types <= DATES or re.match(r"[12]\d\d\d-[01]\d-", value)):
            return later_or_earlier(value, operator, moment, type)
    if "string" in types and not isinstance(wanted, str):
        return ordered(value, operator, str(wanted))
    return None


def later_or_earlier(value: str, operator: str, moment: datetime, type: str) -> bool:
    """A day is its midnight; for one that is declared as a day, whatever time stands behind it does not count."""
    if type == "date":
        return ordered(value[:10], operator, f"{moment:%Y-%m-%d}")
    return ordered(f"{value}T00:00:00Z" if len(value) == 10 else value, operator, f"{moment:%Y-%m-%dT%H:%M:%SZ}")


def spellings(moment: datetime, type: str) -> list[str]:
    day, time = f"{moment:%Y-%m-%d}", f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return [day, time] if type == "date" or time.endswith("T00:00:00Z") else [time]


@lru_cache(maxsize=None, typed=True)  # true is another value than 1
def taken(wanted: Any, type: str, name: str, now: float) -> Any:
    """The value as one of the type; None where it is none."""
    if wanted is None or isinstance(wanted, bool) or not isinstance(wanted, int | float | str):
        return None
    if type == "boolean":
        return bool(wanted) if wanted in (0, 1) else None
    if type == "string":
        return str(wanted)
    if type in DATES:
        return moment_of(wanted, now)
    if not isinstance(wanted, str):
        return wanted
    unit = UNITS.get(name.split("_")[-1], 1 if type == "duration" else None)
    if is_duration(wanted):
        return parse_duration(wanted) / unit if unit else None
    try:
        return float(wanted) if type in NUMBERS and "_" not in wanted and "n" not in wanted.lower() else None
    except ValueError:
        return None


def moment_of(wanted: Any, now: float) -> datetime | None:
    if isinstance(wanted, str) and is_duration(wanted):
        return datetime.fromtimestamp(int(now), UTC) + timedelta(seconds=parse_duration(wanted))
    text = str(wanted)
    if re.fullmatch(r"[1-9]\d\d\d", text):
        return datetime(int(text), 1, 1, tzinfo=UTC)
    if re.fullmatch(r"[1-9]\d\d\d-\d\d", text):
        text += "-01"
    return datetime.fromtimestamp(parse_time(text, 0), UTC) if re.match(r"\d{4}-", text) and is_time(text) else None


def ordered(left: Any, operator: str, right: Any) -> bool:
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])
