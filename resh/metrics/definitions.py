"""What is measured: definitions as data, those of `defaults.yaml` and what people made of them.

for definition in defaults():
    definition.name, definition.search    # 'volumes_total', 'aggregate(cloud as cloud, …: sum(1) as volumes_total): is(volume)'

changes = differences(load(edited), defaults())         # what is worth storing of a text that somebody edited
merged(defaults(), changes)                             # what that text said
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from resh.errors import BadValue
from resh.text import did_you_mean

TYPES = ("gauge", "counter")
SOURCES = ("scopes", "collects", "deletions", "savings")
"""Numbers of resh itself, which no search gives: `own.py` has them."""

_FIELDS = ("help", "search", "source", "unit", "type")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
TAKEN = frozenset(
    (
        "api_call_duration_seconds", "api_calls_repeated_total", "api_calls_total", "command_duration_seconds", "commands_total",
        "generated_timestamp_seconds", "queue_depth", "search_duration_seconds", "sessions", "step_duration_seconds", "workflow_runs_total",
        "workflows_running",
    )
)  # fmt: skip
"""What monitoring is told of resh itself by these names: two metrics of one name would cost it the whole scrape."""

Changes = Mapping[str, Mapping[str, str]]
"""Fields of definitions that differ from the built-in ones, by name; one without fields is measured no more."""


@dataclass(frozen=True, slots=True)
class Definition:
    """`search` is an aggregate with one function, named like the metric; its groups are the labels. Or `source` is one of SOURCES.
    `unit` is empty for counts."""

    name: str
    help: str
    search: str = ""
    unit: str = ""
    type: str = "gauge"
    source: str = ""


@cache
def defaults() -> tuple[Definition, ...]:
    return load(files("resh.metrics").joinpath("defaults.yaml").read_text("utf-8"))


def load(text: str) -> tuple[Definition, ...]:
    """Definitions of a YAML text. Raises BadValue with the name of the one that is wrong."""
    try:
        tree = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise BadValue(f"the metric definitions are no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(tree, Mapping):
        raise BadValue("the metric definitions are no mapping of names", "write them like 'volumes_total: {help: …, search: …}'")
    found = tuple(_definition(name, fields) for name, fields in tree.items())
    for definition in found:
        require_free(definition.name)
    return found


def dump(definitions: Iterable[Definition]) -> str:
    """The text that `load` reads."""
    return "\n".join(
        yaml.safe_dump({definition.name: _fields(definition)}, sort_keys=False, width=140, allow_unicode=True) for definition in definitions
    )


def differences(wanted: Iterable[Definition], defaults: Iterable[Definition]) -> dict[str, dict[str, str]]:
    """What makes the wanted definitions of the defaults."""
    before, after = ({definition.name: definition for definition in some} for some in (defaults, wanted))
    changed = {name: _fields(definition) for name, definition in after.items() if before.get(name) != definition}
    return {**changed, **{name: {} for name in before.keys() - after.keys()}}


def merged(defaults: Iterable[Definition], changes: Changes) -> tuple[Definition, ...]:
    """The defaults with the changes, by name."""
    found = {definition.name: definition for definition in defaults}
    for name, fields in changes.items():
        if fields:
            found[name] = _definition(name, fields)
        else:
            found.pop(name, None)
    return tuple(found[name] for name in sorted(found))


def require_free(name: str) -> None:
    """Raises BadValue for the name of something else that monitoring is told."""
    if name in TAKEN:
        raise BadValue(f"'{name}' is the name of what resh tells of itself", f"take another one, such as my_{name}")


class _Loader(yaml.SafeLoader):
    """What is there twice is a mistake: of two metrics of one name, one would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise BadValue(f"'{key.value}' is there twice, again in line {key.start_mark.line + 1}", "a name can be given once")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _fields(definition: Definition) -> dict[str, str]:
    fields = asdict(definition)
    return {name: fields[name] for name in _FIELDS if fields[name] and (name, fields[name]) != ("type", "gauge")}


def _definition(name: Any, fields: Any) -> Definition:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadValue(f"'{name}' is no name for a metric", "a name has small letters, digits and _, such as volumes_total")
    if not isinstance(fields, Mapping) or not fields.get("help") or not (fields.get("search") or fields.get("source")):
        raise BadValue(f"metric '{name}': help or search is missing", "both are needed; unit and type may be left out")
    for field in _unknown(fields):
        raise BadValue(f"metric '{name}': there is no field '{field}'", did_you_mean(field, _FIELDS) or f"there are {', '.join(_FIELDS)}")
    definition = Definition(name, **{field: " ".join(str(value).split()) for field, value in fields.items()})
    if definition.type not in TYPES:
        raise BadValue(f"metric '{name}': '{definition.type}' is not a type", f"write {' or '.join(TYPES)}")
    if definition.search and definition.source:
        raise BadValue(f"metric '{name}': it has a search and a source", "one of the two says where its values are from")
    if definition.source and definition.source not in SOURCES:
        raise BadValue(f"metric '{name}': there is no source '{definition.source}'", f"there are {', '.join(SOURCES)}")
    return definition


def _unknown(fields: Mapping[Any, Any]) -> Iterator[str]:
    return (str(field) for field in fields if field not in _FIELDS)
