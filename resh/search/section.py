"""A search whose paths are about another section than what the cloud reported, as the variable `section` of a line wants it.

    within(parse("protected = true sort by"), "metadata")      /metadata.protected == true sort /metadata.by
    led("protected", "metadata")                               /metadata.protected
    led("reported.name", "/")                                  /reported.name

Paths that begin with / stay, and so do ages and account, region and the like, which say themselves where they lead.
"""

from __future__ import annotations

import re
from typing import Any

from resh.errors import UsageError
from resh.record import Record
from resh.search.paths import AGES, LEVELS, SECTIONS, steps
from resh.search.terms import Call, Context, Predicate
from resh.search.tree import Aggregate, Best, Group, Measure, Merge, Navigation, Part, Query, Sort
from resh.text import did_you_mean

ROOT = "/"


def checked(section: str) -> str:
    """The section, or nothing for that of what was reported. Raises UsageError for one that resources do not have."""
    name = section.strip("/") or (ROOT if section else "")
    if name not in ("", ROOT, *SECTIONS):
        raise UsageError(f"there is no section '{section}'", did_you_mean(section, SECTIONS) or f"one of {', '.join(SECTIONS)}, or /")
    return "" if name == "reported" else name


def led(path: str, section: str) -> str:
    """The path, beginning at the section unless it says itself where it begins."""
    if not section or path in (".", "") or path.startswith("/") or _says(steps(path)):
        return path
    return f"/{path}" if section == ROOT else f"/{section}.{path}"


def _says(found: tuple[Any, ...]) -> bool:
    return found[0] in LEVELS or (found[0] in AGES and len(found) == 1) or (found[0] in ("ancestors", "descendants") and len(found) > 1)


def within(query: Query, section: str) -> Query:
    """Twice comes to the same as once."""
    if not section:
        return query
    *parts, last = query.parts
    ended = _part(last, section)
    if query.aggregate:
        ended = ended.changed(sort=last.sort)
    aggregate = query.aggregate and aggregate_within(query.aggregate, section)
    return query.changed(parts=(*(_part(part, section) for part in parts), ended), aggregate=aggregate)


def aggregate_within(aggregate: Aggregate, section: str) -> Aggregate:
    """What its columns are called stays."""
    return Aggregate(tuple(_group(one, section) for one in aggregate.groups), tuple(_measure(one, section) for one in aggregate.measures))


def _part(part: Part, section: str) -> Part:
    """A path that begins with the name of a merge is about what was merged."""
    merged = frozenset(merge.name for merge in part.merges)
    return _mapped(part, section, merged)  # type: ignore[no-any-return]


def _mapped(value: Any, section: str, merged: frozenset[str]) -> Any:
    match value:
        case tuple():
            return tuple(_mapped(one, section, merged) for one in value)
        case Best() | Navigation():  # a condition on edges is about the properties of edges
            return value
        case Predicate() | Call() | Sort() | Context():  # what stands in a context is about its elements
            own = steps(value.path)[:1] and str(steps(value.path)[0]) in merged
            return value if own else value.changed(path=led(value.path, section))
        case Merge():
            return value.changed(query=within(value.query, section))
        case Record():
            return value.changed(**{name: _mapped(getattr(value, name), section, merged) for name in value._fields})
    return value


def _group(group: Group, section: str) -> Group:
    if group.is_text:
        source = re.sub(r"\{([^{}]*)\}", lambda found: f"{{{led(found[1], section)}}}", group.source)
    else:
        source = led(group.source, section)
    return Group(source, group.output, group.is_text)


def _measure(measure: Measure, section: str) -> Measure:
    def operand(source: str | int | float) -> str | int | float:
        return led(source, section) if isinstance(source, str) else source

    operations = tuple((sign, operand(source)) for sign, source in measure.operations)
    return Measure(measure.function, operand(measure.source), operations, measure.output)
