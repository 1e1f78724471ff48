"""What a search means, in plain Python over documents: the judge of the SQL. Slow, short, and written from the language's description.

World(documents, edges, kinds, now).ids(query)      # ids of the nodes that the search finds, in no order
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from functools import cache
from ipaddress import ip_network
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from unicodedata import normalize

from resh.clock import iso
from resh.durations import is_duration, is_time, parse_duration, parse_time
from resh.model.kinds import Kinds
from resh.search.paths import AGES, FIELDS, SECTIONS, last_name, place, starless, steps
from resh.search.terms import All, Call, Combined, Context, Id, Is, Not, Object, Predicate, Term, Text, With
from resh.search.tree import Merge, Navigation, Part, Query, Usage
from tests.search import search_types
from tests.search.search_types import typed

Document = dict[str, Any]
Sample = tuple[str, str, int, float, float, float]
"""(id, metric, at, min, avg, max)"""
Layer = tuple[tuple[str, ...], bool, dict[str, Document]]
"""Names of merges, whether usage is that of a period, and the documents with both."""
OWN = {*FIELDS, *SECTIONS}
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class World:
    """Edges are objects with the properties that searches may ask about; two accounts may tell of the same one."""

    def __init__(
        self, documents: dict[str, Document], edges: list[dict[str, str]], kinds: Kinds, now: float, samples: Sequence[Sample] = ()
    ) -> None:
        self.documents, self.edges, self.kinds, self.now, self.samples = documents, edges, kinds, now, samples

    @property
    def ways(self) -> set[tuple[str, str, str]]:
        """(type, source, target) of every edge, whoever tells of it."""
        return {(edge["edge_type"], edge["from"], edge["to"]) for edge in self.edges}

    def ids(self, query: Query) -> set[str]:
        return set(self.found(query))

    def found(self, query: Query) -> dict[str, Document]:
        """The documents that a search finds, with what it merges into them."""
        return self.gone_through(typed(query, self.kinds))

    def gone_through(self, query: Query, start: str | None = None) -> dict[str, Document]:
        """From one node on, or anywhere."""
        found = self.documents if start is None else {start: self.documents[start]}
        navigation: Navigation | None = None
        names: tuple[str, ...] = ()
        period, returned = False, list[Layer]()
        for part in query.parts:
            if navigation and not navigation.stays:
                found = {id: self.documents[id] for id in self.reached(found, navigation)}
                names, period = (), False
            found = self.part(found, part)
            navigation, names, period = part.navigation, (*names, *(merge.name for merge in part.merges)), period or bool(part.usage)
            if part.tag or part is query.parts[-1]:
                returned.append((names, period, found))
        return united(returned)

    def part(self, found: dict[str, Document], part: Part) -> dict[str, Document]:
        if part.usage:
            found = {id: self.measured(document, part.usage) for id, document in found.items()}
        found = {id: document for id, document in found.items() if self.fits(document, part.term)}
        if part.merges:
            found = {id: self.merged(document, part.merges) for id, document in found.items()}
        found = {id: document for id, document in found.items() if part.after is None or self.fits(document, part.after)}
        found = {id: document for id, document in found.items() if part.with_ is None or self.counts(id, part.with_)}
        keys = [(id, found[id]) for id in (sorted(found, reverse=part.sort[0].descending) if part.sort else found)]
        assert all(key.path == "/id" for key in part.sort), "only /id gives an order that is the same everywhere"
        start, end = (part.limit.offset, part.limit.offset + part.limit.count) if part.limit else (0, None)
        return {id: tagged(document, part.tag) if part.tag else document for id, document in keys[start:end]}

    def measured(self, document: Document, usage: Usage) -> Document:
        """With what was measured in a period in the place of the latest samples."""
        start, end = (self.now - (float(moment) if moment is not None else 0.0) for moment in (usage.start, usage.end))
        found: dict[str, list[Sample]] = {}
        for sample in self.samples:
            if sample[0] == document["id"] and sample[1] in usage.metrics and start <= sample[2] <= end:
                found.setdefault(sample[1], []).append(sample)
        rest = {name: value for name, value in document.items() if name != "usage"}
        return rest | ({"usage": {metric: statistics(samples) for metric, samples in found.items()}} if found else {})

    # -- merges -------------------------------------------------------------------------------------------------------------------

    def merged(self, document: Document, merges: tuple[Merge, ...]) -> Document:
        result = deepcopy(document)
        for merge in merges:
            rows = self.rows(merge.query, document["id"])
            put(result, merge.name, rows if merge.many else rows[0] if rows else None)
        return result

    def rows(self, query: Query, start: str) -> list[Any]:
        """Documents, or the counts of an aggregate: the only function that is known here."""
        found = list(self.gone_through(query, start).values())
        if query.aggregate is None:
            return found if query.parts[-1].sort else sorted(found, key=order_of(query.parts[-1].term))
        if not query.aggregate.groups:
            return [{"n": len(found)}]
        counts = Counter(document["kind"] for document in found)
        return [{"group": {"kind": kind}, "n": count} for kind, count in sorted(counts.items(), key=lambda row: (row[1], row[0]))]

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
            near = [n for node in frontier for n in self.neighbours(node, type, inbound, navigation.filter) if n not in distance]
            distance |= dict.fromkeys(near, depth)
            frontier = list(dict.fromkeys(near))
        return {node for node, steps in distance.items() if steps >= navigation.start}

    def neighbours(self, node: str, type: str, inbound: bool, filter: Term | None) -> list[str]:
        near, far = ("to", "from") if inbound else ("from", "to")
        return [
            edge[far]
            for edge in self.edges
            if edge["edge_type"] == type and edge[near] == node and (filter is None or self.edge_fits(edge, filter))
        ]

    def edge_fits(self, edge: dict[str, str], term: Term) -> bool:
        """An edge is asked as a node is, but for the dots in its names."""
        plain = {name.replace(".", "_"): value for name, value in edge.items()}
        return self.fits({"reported": plain}, dotless(term))

    def counts(self, id: str, with_: With) -> bool:
        there = {n for n in self.reached([id], with_.navigation) if self.fits(self.documents[n], with_.term)}
        if with_.inner:
            there = {n for n in there if self.counts(n, with_.inner)}
        if with_.quantity == "count":
            return bool(compare(len(there), with_.operator, with_.number))
        return bool(there) == (with_.quantity == "any")

    # -- terms --------------------------------------------------------------------------------------------------------------------

    def fits(self, document: Document, term: Term, inside: Any = None, in_context: bool = False) -> bool:
        match term:
            case All():
                return True
            case Is(kinds):
                return any(document["kind"] in self.kinds.leaves(kind) for kind in kinds)
            case Id(ids):
                return document["id"] in ids
            case Not(inner):
                return not self.fits(document, inner, inside, in_context)
            case Combined(first, rest):
                result = self.fits(document, first, inside, in_context)
                for connective, other in rest:
                    if result == (connective == "and"):  # else the next term changes nothing
                        result = self.fits(document, other, inside, in_context)
                return result
            case Text(text):
                reported = self.documents[document["id"]]["reported"]  # what was merged into it is not looked through
                return any(has_phrase(words(atom), words(text)) for atom in atoms(reported))
            case Call("has_key", path, arguments):
                keys = [key for argument in arguments for key in (argument if isinstance(argument, tuple) else (argument,))]
                return some(document, path, inside, in_context, lambda v: isinstance(v, dict) and all(str(k) in v for k in keys))
            case Call("in_subnet", path, networks):
                return some(document, path, inside, in_context, lambda value: in_subnet(value, networks))
            case Call("has_desired_change", path):
                wanted, there = (walk(document[section], place(path).steps) for section in ("desired", "reported"))
                return wanted is not None and not identical(wanted, there)
            case Context(path, inner):
                return some(document, path, inside, in_context, lambda value: self.fits(document, inner, value, True))
            case Predicate():
                return self.predicate(document, term, inside, in_context)
        raise AssertionError(f"no meaning for {term}")

    def predicate(self, document: Document, predicate: Predicate, inside: Any, in_context: bool) -> bool:
        path = starless(predicate.path) if predicate.modifier else predicate.path
        if not in_context and place(path).is_age:
            path, predicate = self.as_time(predicate)
        return some(document, path, inside, in_context, lambda value: test(value, predicate, self.now))

    def as_time(self, predicate: Predicate) -> tuple[str, Predicate]:
        path = AGES[predicate.path]
        if predicate.value is None:
            return path, predicate
        moment = iso(self.now - parse_duration(str(predicate.value)))
        return path, predicate.changed(operator=FLIPPED.get(predicate.operator, predicate.operator), value=moment)


def statistics(samples: list[Sample]) -> dict[str, float]:
    least, average, most = zip(*(sample[3:] for sample in samples), strict=True)
    return {"min": min(least), "avg": sum(average) / len(samples), "max": max(most)}


def tagged(document: Document, tag: str) -> Document:
    return document | {"metadata": document["metadata"] | {"query_tag": tag}}


def united(returned: list[Layer]) -> dict[str, Document]:
    """Each node once; of what several parts know about it, what the last of them does."""
    found: dict[str, Document] = {}
    seen: dict[str, set[str]] = {}
    for names, period, documents in reversed(returned):
        for id, document in documents.items():
            mine, known = found.setdefault(id, deepcopy(document)), seen.setdefault(id, set())
            for name in [name for name in names if name not in known and id in found]:
                put(mine, name, walk(document, steps(name)))
            if "query_tag" in document["metadata"]:
                mine["metadata"].setdefault("query_tag", document["metadata"]["query_tag"])
            if period and "/usage" not in known:
                mine.pop("usage", None)
                mine |= {"usage": document["usage"]} if "usage" in document else {}
            known |= {*names, *(["/usage"] if period else [])}
    return found


def put(document: Document, name: str, value: Any) -> None:
    *parents, last = map(str, steps(name))
    for parent in parents:
        document = document.setdefault(parent, {})
    document[last] = value


def dotless(term: Term) -> Term:
    """`account` and `account.id` of an edge as plain properties."""
    if isinstance(term, Predicate):
        return term.changed(path="/reported." + term.path.replace(".", "_"))
    if isinstance(term, Not):
        return Not(dotless(term.term))
    if isinstance(term, Combined):
        return Combined(dotless(term.first), tuple((word, dotless(other)) for word, other in term.rest))
    return term


def some(document: Document, path: str, inside: Any, in_context: bool, fits: Callable[[Any], bool]) -> bool:
    """What the path leads to fits, or one of several; a property that was merged in is at the top."""
    if in_context and not path.startswith("/"):
        return descend(inside, steps(path), fits)
    if str(steps(path)[0]) in document.keys() - OWN:
        return descend(document, steps(path), fits)
    found = place(path)
    root = document if found.section == "node" else document.get(found.section)
    return descend(root, found.steps, fits)


def default_order(document: Document) -> tuple[Any, ...]:
    name = document["reported"].get("name")
    return (document["kind"], name is not None, name or "", document["reported"]["id"])


def descend(value: Any, path: tuple[Any, ...], fits: Callable[[Any], bool]) -> bool:
    for number, step in enumerate(path):
        if step is None:
            return isinstance(value, list) and any(descend(element, path[number + 1 :], fits) for element in value)
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return fits(value)


def walk(value: Any, path: Sequence[Any]) -> Any:
    """What a path without [*] leads to."""
    found: list[Any] = [None]

    def keep(there: Any) -> bool:
        found[0] = there
        return True

    descend(value, tuple(path), keep)
    return found[0]


def identical(left: Any, right: Any) -> bool:
    """The same value of the same type."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True) or (is_number(left) and is_number(right) and left == right)


def in_subnet(value: Any, networks: tuple[Any, ...]) -> bool:
    """An address or a network, or one of a list, lies in one of the networks."""
    if isinstance(value, list):
        return any(in_subnet(element, networks) for element in value if isinstance(element, str))
    if not isinstance(value, str):
        return False
    try:
        found = ip_network(value, strict=False)
    except ValueError:
        return False
    wanted = [ip_network(str(text)) for network in networks for text in (network if isinstance(network, tuple) else (network,))]
    return any(found.version == network.version and found.subnet_of(network) for network in wanted)  # type: ignore[arg-type]


def test(value: Any, predicate: Predicate, now: float) -> bool:
    """One place against the value of a predicate: an array is asked about its elements, unless the whole of it is compared."""

    def single(element: Any) -> bool:
        return test_one(element, predicate, now)

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


def test_one(value: Any, predicate: Predicate, now: float) -> bool:
    wanted: Any = predicate.value
    types, name = predicate.types, last_name(predicate.path)

    def equals(one: Any) -> bool:
        return same(value, one) or search_types.equal(value, one, types, name, now)

    match predicate.operator:
        case "==":
            return equals(wanted)
        case "!=":
            return not equals(wanted)
        case "in":
            return any(map(equals, wanted))
        case "not in":
            return value is not None and not any(map(equals, wanted))
        case "=~":
            return is_word(value) and re.search(str(wanted), str(value), re.IGNORECASE) is not None
        case "!~":
            return not (is_word(value) and re.search(str(wanted), str(value)) is not None)
    by_type = search_types.larger_or_smaller(value, predicate.operator, wanted, types, name, now)
    return ordered(value, predicate.operator, wanted, now) if by_type is None else by_type


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
        if isinstance(value, bool):
            return not is_number(wanted) and str(wanted).lower() == str(value).lower()
        return value in {True: ("true", "True", "TRUE"), False: ("false", "False", "FALSE")}[wanted]
    if is_number(value) and is_number(wanted):
        return bool(value == wanted)
    if is_number(value):
        return NUMBER.fullmatch(wanted) is not None and number(wanted) == value
    return value in (str(wanted), utc(str(wanted)))


def ordered(value: Any, operator: str, wanted: Any, now: float) -> bool:
    if is_number(value):
        if isinstance(wanted, str):
            return NUMBER.fullmatch(wanted) is not None and compare(value, operator, number(wanted))
        return compare(value, operator, wanted)
    if not isinstance(value, str) or not isinstance(wanted, str):
        return False
    if is_duration(wanted) and re.match(r"[12]\d\d\d-[01]\d-", value):
        return compare(value, operator, iso(now + parse_duration(wanted)))
    return compare(value, operator, utc(wanted))


def compare(left: Any, operator: str, right: Any) -> bool:
    return bool(COMPARISONS[operator](left, right))


def number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


@cache
def utc(text: str) -> str:
    """A date with a time as stored times are written; any other text as it is."""
    return iso(parse_time(text, 0)) if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text) and is_time(text) else text


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


def words(text: str) -> list[str]:
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return [word for word in re.split(r"[\s\0-\x1f\x7f_@:/.-]+", folded) if word]


def has_phrase(text: list[str], phrase: list[str]) -> bool:
    return any(text[start : start + len(phrase)] == phrase for start in range(len(text)))


def order_of(term: Term) -> Callable[[Document], tuple[Any, ...]]:
    """For the results of a text alone: what is called so, what has it in its name or id, what has it elsewhere."""
    if not isinstance(term, Text):
        return default_order
    text = words(term.text)

    def best_first(document: Document) -> tuple[Any, ...]:
        names = [words(str(name)) for key in ("name", "id") if (name := document["reported"].get(key)) is not None]
        rank = 0 if text in names else 1 if any(has_phrase(name, text) for name in names) else 2
        return (rank, *default_order(document))

    return best_first


def atoms(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from atoms(item)
    elif isinstance(value, list):
        for item in value:
            yield from atoms(item)
    elif is_word(value):
        yield str(value)
