"""Which paths may stand where a search wants a property, and of what type a property is.

    offered(standing, "tags.ow", names, begins)     [("tags.owner", "in 12 resources")]

Kinds declare the first step of a path, the graph has what lies below: tag keys, keys of nested objects. `/` leads to the other sections.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from resh.model.kinds import Kinds, Property
from resh.search.edge_properties import EDGE_PROPERTIES
from resh.search.machine import is_one
from resh.search.names import Names
from resh.search.paths import LEVELS
from resh.search.standing import EDGES, Standing

Fits = Callable[[str, list[str]], Iterable[str]]
"""Picks, from sorted words, those that what is typed may become, best first."""
Described = tuple[str, str]
_SHORT: dict[str, Described] = {
    "age": ("duration", "since it was created"),
    "last_update": ("duration", "since it was changed"),
    "last_access": ("duration", "since it was used"),
    **{level: ("string", f"name of its {level}") for level in LEVELS},
}
_SECTIONS: dict[str, Described] = {
    "/id": ("string", "its id in the graph"),
    "/created": ("datetime", "when it came into the graph"),
    "/updated": ("datetime", "when it changed in the graph"),
    "/metadata.protected": ("boolean", "never deleted"),
    "/metadata.expires": ("datetime", "when it may be deleted"),
    "/metadata.stale": ("boolean", "could not be read at the last collect"),
    "/metadata.last_seen": ("datetime", "when it was read last"),
    "/desired.clean": ("boolean", "marked for clean-up"),
    "/ancestors": ("", "what is above it, by kind"),
    "/descendants": ("", "what is below it, by kind"),
    "/reported": ("", "what the cloud says"),
    "/usage": ("", "what was measured"),
}
_INDEX = re.compile(r"\[\d*\]")
_LOOKUPS = ("ancestors", "descendants")
_MEASURED: tuple[Described, ...] = (("avg", "on average"), ("min", "at least"), ("max", "at most"))


def offered(standing: Standing, typed: str, names: Names, fits: Fits) -> Iterator[Described]:
    """(path, what it is) for what is typed."""
    if standing.word == EDGES:
        yield from fitting(typed, ((name, " · ".join(words)) for name, words in EDGE_PROPERTIES.items()))
        return
    parent = _parent(typed)
    if not parent and (typed.startswith("/") or not standing.within):
        yield from _top(standing, typed, names, fits)
        return
    full = standing.full(parent) if parent else ".".join(standing.within)
    before = f"{parent}{_star(full, standing, names)}." if parent else ""
    last = typed[len(parent) + bool(parent) :]
    yield from ((before + name, why) for name, why in _below(standing, full, last, names, fits))


def type_of(path: str, kinds: tuple[str, ...], known: Kinds) -> str:
    """The declared type; nothing where none is declared."""
    name = _INDEX.sub("[*]", path.removeprefix("/reported."))
    if name.startswith("tags."):
        return "string"
    if name.endswith("[*]"):
        return type_of(name[:-3], kinds, known).removesuffix("[]")
    if name in _SHORT or name in _SECTIONS:
        return (_SHORT | _SECTIONS)[name][0]
    prop = known.declared(kinds, nested="." in name).get(name)
    return prop.type if prop and prop.type != "any" else ""


def fitting(typed: str, words: Iterable[Described]) -> Iterator[Described]:
    """Those that begin with what is typed, then those that have it inside, in their order."""
    wanted, inside = typed.strip("`").lower(), list[Described]()
    for word in words:
        at = word[0].strip("`").lower().find(wanted)
        if at == 0:
            yield word
        elif at > 0:
            inside.append(word)
    yield from inside


def _top(standing: Standing, typed: str, names: Names, fits: Fits) -> Iterator[Described]:
    outputs = [(output, "a column of the aggregate") for output in standing.outputs]
    merged = [(name, "what was merged here") for name in standing.merged]
    short = [(name, " · ".join(words)) for name, words in _SHORT.items()]
    declared = names.kinds().declared(standing.kinds)
    yield from fitting(typed, [*outputs, *merged, *short])
    yield from _declared(standing.kinds, typed, names, fits)
    yield from fitting(typed, ((key, note) for key, note in _keys(standing.kinds, "", typed, names) if key not in declared))
    yield from fitting(typed, [(name, " · ".join(filter(None, words))) for name, words in _SECTIONS.items()])


def _star(full: str, standing: Standing, names: Names) -> str:
    """What leads from a list to its elements."""
    return "[*]" if type_of(full, standing.kinds, names.kinds()).endswith("[]") else ""


def _below(standing: Standing, full: str, last: str, names: Names, fits: Fits) -> Iterator[Described]:
    """What may follow `full` and a dot."""
    head, *steps = full.removeprefix("/").split(".")
    if head in standing.merged:
        yield from _of_node(standing.merged[head], steps, last, names, fits)
    elif head in _LOOKUPS and steps:
        yield from _of_node((steps[0],), steps[1:], last, names, fits)
    elif head in _LOOKUPS:
        yield from ((kind, "its properties") for kind in fits(last.lower(), sorted(kind.name for kind in names.kinds())))
    elif full.startswith("/usage."):
        yield from fitting(last, _MEASURED)
    elif full == "/reported":
        yield from _declared(standing.kinds, last, names, fits)
    else:
        full += _star(full, standing, names)
        words = dict(_declared_below(standing.kinds, full, names))
        found = _keys(standing.kinds, full, last, names)
        yield from fitting(last, chain(words.items(), ((key, note) for key, note in found if key not in words)))


def _of_node(kinds: tuple[str, ...], steps: list[str], last: str, names: Names, fits: Fits) -> Iterator[Described]:
    """Below another node: its section, the properties of its kind, what is in them."""
    kinds = tuple(kind for kind in kinds if kind in names.kinds())
    if not steps:
        yield from fitting(last, (("reported", "what the cloud says"),))
    elif steps == ["reported"]:
        yield from _declared(kinds, last, names, fits)
    elif steps[0] == "reported":
        yield from fitting(last, _keys(kinds, ".".join(steps[1:]), last, names))


def _declared(kinds: tuple[str, ...], typed: str, names: Names, fits: Fits) -> Iterator[Described]:
    """Properties, and as soon as something is typed what lies below them, too."""
    for nested in (False, True) if typed else (False,):
        declared = names.kinds().declared(kinds, nested)
        yield from ((name, describe(declared[name])) for name in fits(typed.lower(), list(declared)))


def _declared_below(kinds: tuple[str, ...], full: str, names: Names) -> Iterator[Described]:
    """What is known without a graph: parts of sections, and of properties of these kinds."""
    above = f"{full}."
    yield from ((name[len(above) :], " · ".join(words)) for name, words in _SECTIONS.items() if name.startswith(above))
    above = _INDEX.sub("[*]", above.removeprefix("/reported."))
    nested = names.kinds().declared(kinds, nested=True)
    yield from ((name[len(above) :], describe(prop)) for name, prop in nested.items() if name.startswith(above))


def _keys(kinds: tuple[str, ...], path: str, typed: str, names: Names) -> Iterator[Described]:
    for key, note in names.keys(kinds, path, typed.strip("`")):
        if spelled := _spelled(str(key)):
            yield spelled, note


def _spelled(key: str) -> str:
    """The key as a step of a path; nothing for one that the language cannot name."""
    if key.isidentifier() or ("." not in key and is_one("PATH", f"a.{key}")):
        return key
    return "" if "`" in key else f"`{key}`"


def _parent(typed: str) -> str:
    """What stands before the last dot that is not quoted."""
    quoted, dot = False, 0
    for at, letter in enumerate(typed):
        quoted = quoted != (letter == "`")
        dot = at if letter == "." and not quoted else dot
    return typed[:dot]


def describe(prop: Property) -> str:
    """`int64 · GB · how large`"""
    return " · ".join(filter(None, (prop.type, prop.unit, prop.description)))
