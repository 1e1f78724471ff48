"""`kinds`: what kinds of resources there are, what each of them holds, and what it is connected with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Row, Rows
from resh.commands.paths import absolute, is_age
from resh.commands.sheet import Sheet
from resh.errors import UsageError
from resh.model.kinds import Property
from resh.search.paths import Step, steps
from resh.text import did_you_mean

if TYPE_CHECKING:
    from resh.model.kinds import Kinds

_NOTHING = Property("")


def run(context: Context, rows: Rows, name: str | None, property: str | None, all: bool) -> Rows:
    if name and property:
        raise UsageError("kinds: a kind and --property exclude each other", "kinds <name> lists the properties of one kind")
    if property:
        return _having(context, property, all)
    return iter([_one(context, name)]) if name else _list(context, all)


def _list(context: Context, everything: bool) -> Rows:
    kinds, counts = context.app.kinds, context.app.graph.kind_counts()
    for kind in _chosen(kinds, everything):
        context.cancel.check()
        yield {
            "name": kind,
            "bases": ", ".join(base for base in kinds.lineage(kind)[1:] if base != "resource"),
            "properties": len(kinds.properties(kind)),
            "resources": sum(counts.get(leaf, 0) for leaf in kinds.leaves(kind)),
            "description": kinds[kind].description,
        }


def _chosen(kinds: Kinds, everything: bool) -> list[str]:
    """Names of those that resources are of; or of base kinds too."""
    return sorted(kind.name for kind in kinds if everything or kinds.leaves(kind.name) == {kind.name})


# -- one kind ---------------------------------------------------------------------------------------------------------------------


def _one(context: Context, name: str) -> Sheet:
    kinds, counts = context.app.kinds, context.app.graph.kind_counts()
    kind, lineage = kinds[name], kinds.lineage(name)
    ranges = context.app.kind_ids.rowid_ranges(name)
    found = {
        "name": name,
        "description": kind.description,
        "bases": list(lineage[1:]),
        "kinds": sorted(kinds.leaves(name) - {name}),
        "resources": sum(counts.get(leaf, 0) for leaf in kinds.leaves(name)),
        "properties": [_described(kinds, name, prop) for prop in sorted(kinds.properties(name).values(), key=lambda prop: prop.name)],
        "predecessors": _links(context.app.graph.kind_links(ranges, "dst")),
        "successors": _links(context.app.graph.kind_links(ranges, "src")),
    }
    return Sheet(found, lambda columns: _drawn(found, columns))


def _described(kinds: Kinds, name: str, prop: Property) -> dict[str, str]:
    """With the kind that it comes from: the nearest base that declares it."""
    origin = next(base for base in kinds.lineage(name) if any(own.name == prop.name for own in kinds[base].properties))
    return {"name": prop.name, "type": prop.type, "unit": prop.unit, "from": origin, "description": prop.description}


def _links(counts: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """The commonest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"kind": kind, "edge_type": edge_type, "edges": count} for (edge_type, kind), count in ordered]


def _drawn(found: Mapping[str, Any], columns: int) -> Iterator[str]:
    yield " < ".join([found["name"], *found["bases"]])
    yield found["description"]
    if found["kinds"]:
        yield f"its kinds: {', '.join(found['kinds'])}"
    yield f"{found['resources']:,} in the graph"
    yield from _section("properties", found["properties"], columns)
    yield from _section("predecessors, what leads to it", found["predecessors"], columns)
    yield from _section("successors, what it leads to", found["successors"], columns)


def _section(title: str, rows: Sequence[Mapping[str, Any]], columns: int) -> Iterator[str]:
    from resh.render.table import table

    if rows:
        yield from ("", title)
        yield from (f"  {line}" for line in table(list(rows[0]), [list(row.values()) for row in rows], columns - 2))


# -- one property -----------------------------------------------------------------------------------------------------------------


def _having(context: Context, path: str, everything: bool) -> Iterator[Row]:
    kinds = context.app.kinds
    wanted = _reported(path)
    found = False
    for kind in _chosen(kinds, everything):
        context.cancel.check()
        properties = kinds.properties(kind)
        if declared := _declared(properties, wanted):
            found = True
            name, type = declared
            yield {"kind": kind, **_described(kinds, kind, properties[name]), "name": path, "type": type}
    if not found:
        names = {prop.name for kind in kinds for prop in kind.properties}
        raise UsageError(f"no kind has a property '{path}'", did_you_mean(path, names) or "kinds <name> lists those of a kind")


def _reported(path: str) -> tuple[Step, ...]:
    if is_age(path):
        return steps(path)[-1:]
    section, *wanted = absolute(path)
    if section == "reported":
        return tuple(wanted) or (section,)
    raise UsageError(f"'{path}' is no property of a kind: every resource has the section {section}", "dump shows a resource whole")


def _declared(properties: Mapping[str, Property], wanted: tuple[Step, ...]) -> tuple[str, str] | None:
    """(the property that declares what the path leads to, its type there). Within dictionaries there may be anything."""
    for length in range(len(wanted), 0, -1):
        name, rest = _written(wanted[:length]), wanted[length:]
        if name in properties and not rest:
            return name, properties[name].type
        array = name.removesuffix("[]")
        if array != name and properties.get(array, _NOTHING).type.endswith("[]") and not rest:
            return array, properties[array].type.removesuffix("[]")
        if rest and properties.get(name, _NOTHING).type in ("dictionary", "any"):
            return name, "any"
    return None


def _written(path: tuple[Step, ...]) -> str:
    """As catalogs name nested properties: `volume_attachments[].device`."""
    return "".join(f".{step}" if isinstance(step, str) else "[]" for step in path).removeprefix(".")


KINDS = Command(
    "kinds",
    run,
    "kinds of resources, or one kind with its properties",
    SOURCE,
    arguments=(Argument("name", required=False, help="a kind, to see its properties and what it is connected with", complete="kind"),),
    options=(
        Option("property", str, None, "a path, to see its type and the kinds that have it", complete="property", short="p"),
        Option("all", help="base kinds such as volume too", short="a"),
    ),
    help="A list of the kinds with their bases, the number of their properties, and how many resources of each are in the graph. "
    "Of one kind: its bases, its properties with the kind that each comes from, and the kinds that it is really connected with.",
    examples=(
        ("kinds | sort resources desc | head 5", "what there is most of"),
        ("kinds volume", "the properties that every volume has, and what volumes are connected with"),
        ("kinds -p volume_size", "its type, and the kinds that have it"),
    ),
)
