"""What a search means, in plain Python over documents: the judge of the SQL. Slow, short, and written from the language's description.

World(documents, edges, kinds, now).ids(query)      # ids of the nodes that the search finds, in no order
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from resh.clock import iso
from resh.durations import is_duration, parse_duration, parse_time
from resh.model.kinds import Kinds
from resh.search.paths import AGES, place, starless, steps
from resh.search.terms import All, Call, Combined, Context, Id, Is, Not, Object, Predicate, Term, Text, With
from resh.search.tree import Navigation, Query

Document = dict[str, Any]
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class World:
    """`edges` are (type, source, target)."""

    def __init__(self, documents: dict[str, Document], edges: set[tuple[str, str, str]], kinds: Kinds, now: float) -> None:
        self.documents, self.edges, self.kinds, self.now = documents, edges, kinds, now

    def ids(self, query: Query) -> set[str]:
        found: set[str] = set()
        navigation: Navigation | None = None
        for number, part in enumerate(query.parts):
            candidates = set(self.documents) if number == 0 else self.reached(found, navigation)
            found = {id for id in candidates if self.fits(id, part.term) and (part.with_ is None or self.counts(id, part.with_))}
            navigation = part.navigation
        return found

    # -- navigation ---------------------------------------------------------------------------------------------------------------

    def reached(self, starts: Iterable[str], navigation: Navigation | None) -> set[str]:
        assert navigation
        found: set[str] = set()
        for start in starts:
            for types, inbound in ((navigation.outbound, False), (navigation.inbound, True)):
                for type in types:
                    found |= self.walk(start, type, inbound, navigation)
        return found

    def walk(self, start: str, type: str, inbound: bool, navigation: Navigation) -> set[str]:
        """Breadth-first: each node at its shortest distance."""
        distance, frontier, depth = {start: 0}, [start], 0
        while frontier and (navigation.end is None or depth < navigation.end):
            depth += 1
            near = [n for node in frontier for n in self.neighbours(node, type, inbound) if n not in distance]
            distance |= dict.fromkeys(near, depth)
            frontier = list(dict.fromkeys(near))
        return {node for node, steps in distance.items() if steps >= navigation.start}

    def neighbours(self, node: str, type: str, inbound: bool) -> list[str]:
        if inbound:
            return [source for kind, source, target in self.edges if kind == type and target == node]
        return [target for kind, source, target in self.edges if kind == type and source == node]

    def counts(self, id: str, with_: With) -> bool:
        there = {n for n in self.reached([id], with_.navigation) if self.fits(n, with_.term)}
        if with_.inner:
            there = {n for n in there if self.counts(n, with_.inner)}
        if with_.quantity == "count":
            return bool(compare(len(there), with_.operator, with_.number))
        return bool(there) == (with_.quantity == "any")

    # -- terms --------------------------------------------------------------------------------------------------------------------

    def fits(self, id: str, term: Term, inside: Any = None, in_context: bool = False) -> bool:
        document = self.documents[id]
        match term:
            case All():
                return True
            case Is(kinds):
                return any(document["kind"] in self.kinds.leaves(kind) for kind in kinds)
            case Id(ids):
                return id in ids
            case Not(inner):
                return not self.fits(id, inner, inside, in_context)
            case Combined(first, rest):
                result = self.fits(id, first, inside, in_context)
                for connective, other in rest:
                    fits = self.fits(id, other, inside, in_context)
                    result = (result and fits) if connective == "and" else (result or fits)
                return result
            case Text(text):
                return any(text.lower() in atom.lower() for atom in atoms(document["reported"]))
            case Call("has_key", path, (key,)):
                keys = key if isinstance(key, tuple) else (key,)
                return self.some(id, path, inside, in_context, lambda v: isinstance(v, dict) and all(str(k) in v for k in keys))
            case Context(path, inner):
                return self.some(id, path, inside, in_context, lambda value: self.fits(id, inner, value, True))
            case Predicate():
                return self.predicate(id, term, inside, in_context)
        raise AssertionError(f"no meaning for {term}")

    def predicate(self, id: str, predicate: Predicate, inside: Any, in_context: bool) -> bool:
        path = starless(predicate.path) if predicate.modifier else predicate.path
        if not in_context and place(path).is_age:
            path, predicate = self.as_time(predicate)
        return self.some(id, path, inside, in_context, lambda value: test(value, predicate, self.now))

    def as_time(self, predicate: Predicate) -> tuple[str, Predicate]:
        path = "/reported." + AGES[predicate.path]
        if predicate.value is None:
            return path, predicate
        moment = iso(self.now - parse_duration(str(predicate.value)))
        return path, predicate.changed(operator=FLIPPED.get(predicate.operator, predicate.operator), value=moment)

    def some(self, id: str, path: str, inside: Any, in_context: bool, fits: Callable[[Any], bool]) -> bool:
        if in_context and not path.startswith("/"):
            return descend(inside, steps(path), fits)
        found = place(path)
        document = self.documents[id]
        root = document if found.section == "node" else document.get(found.section)
        return descend(root, found.steps, fits)


def descend(value: Any, path: tuple[Any, ...], fits: Callable[[Any], bool]) -> bool:
    for number, step in enumerate(path):
        if step is None:
            return isinstance(value, list) and any(descend(element, path[number + 1 :], fits) for element in value)
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return fits(value)


def test(value: Any, predicate: Predicate, now: float) -> bool:
    """One place against the value of a predicate: an array is asked about its elements, unless the whole of it is compared."""

    def single(element: Any) -> bool:
        return test_one(element, predicate.operator, predicate.value, now)

    if predicate.modifier:
        if value is None:
            return False
        elements = value if isinstance(value, list) else [value]
        found = [single(element) for element in elements]
        return {"all": all(found), "any": any(found), "none": not any(found)}[predicate.modifier]
    whole = predicate.value is None or (isinstance(predicate.value, tuple | Object) and predicate.operator in ("==", "!="))
    if not isinstance(value, list) or whole:
        return single(value)
    some = any(map(single, value))
    if predicate.operator == "in":
        return single(value) or some
    if predicate.operator == "not in":
        return single(value) and some
    return some


def test_one(value: Any, operator: str, wanted: Any, now: float) -> bool:
    match operator:
        case "==":
            return same(value, wanted)
        case "!=":
            return not same(value, wanted)
        case "in":
            return any(same(value, one) for one in wanted)
        case "not in":
            return value is not None and not any(same(value, one) for one in wanted)
        case "=~":
            return is_word(value) and re.search(str(wanted), str(value), re.IGNORECASE) is not None
        case "!~":
            return not (is_word(value) and re.search(str(wanted), str(value)) is not None)
    return ordered(value, operator, wanted, now)


def same(value: Any, wanted: Any) -> bool:
    """Forgiving between a number, true or false and their text."""
    if isinstance(wanted, tuple | Object):
        return isinstance(value, list | dict) and value == plain(wanted) and json.dumps(value) == json.dumps(plain(wanted))
    if value is None or wanted is None:
        return value is wanted
    if isinstance(value, list | dict):
        return False
    if isinstance(value, bool) or isinstance(wanted, bool):
        if isinstance(value, bool) and isinstance(wanted, bool):
            return value == wanted
        return not is_number(value) and not is_number(wanted) and str(value).lower() == str(wanted).lower()
    if is_number(value) and is_number(wanted):
        return bool(value == wanted)
    if is_number(value):
        return NUMBER.fullmatch(wanted) is not None and float(wanted) == value
    return value in (str(wanted), utc(str(wanted)))


def ordered(value: Any, operator: str, wanted: Any, now: float) -> bool:
    if is_number(value):
        if isinstance(wanted, str):
            return NUMBER.fullmatch(wanted) is not None and compare(value, operator, float(wanted))
        return compare(value, operator, wanted)
    if not isinstance(value, str) or not isinstance(wanted, str):
        return False
    if is_duration(wanted) and re.match(r"[12]\d\d\d-[01]\d-", value):
        return compare(value, operator, iso(now + parse_duration(wanted)))
    return compare(value, operator, utc(wanted))


def compare(left: Any, operator: str, right: Any) -> bool:
    return bool(
        {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "==": left == right, "!=": left != right}[operator]
    )


def utc(text: str) -> str:
    """A date with a time as stored times are written; any other text as it is."""
    return iso(parse_time(text, 0)) if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text) else text


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_word(value: Any) -> bool:
    return isinstance(value, str) or is_number(value)


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Object):
        return {key: plain(item) for key, item in value.pairs}
    return value


def atoms(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from atoms(item)
    elif isinstance(value, list):
        for item in value:
            yield from atoms(item)
    elif is_word(value):
        yield str(value)
