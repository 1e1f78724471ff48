"""What is measured: definitions as data, read from `defaults.yaml`.

for definition in load():
    definition.name, definition.search    # 'volumes_total', 'aggregate(cloud as cloud, …: sum(1) as volumes_total): is(volume)'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from resh.errors import BadValue

TYPES = ("gauge", "counter")


@dataclass(frozen=True, slots=True)
class Definition:
    """`search` is an aggregate with one function, named like the metric; its groups are the labels. `unit` is empty for counts."""

    name: str
    help: str
    search: str
    unit: str = ""
    type: str = "gauge"


def load(text: str | None = None) -> tuple[Definition, ...]:
    """Definitions of a YAML text, by default the built-in ones. Raises BadValue with the name of the one that is wrong."""
    source = files("resh.metrics").joinpath("defaults.yaml").read_text("utf-8") if text is None else text
    try:
        tree = yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise BadValue(f"the metric definitions are no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(tree, Mapping):
        raise BadValue("the metric definitions are no mapping of names", "write them like 'volumes_total: {help: …, search: …}'")
    return tuple(_definitions(tree))


def _definitions(tree: Mapping[str, Any]) -> Iterator[Definition]:
    for name, fields in tree.items():
        if not isinstance(fields, Mapping) or not fields.get("help") or not fields.get("search"):
            raise BadValue(f"metric '{name}': help or search is missing", "both are needed; unit and type may be left out")
        definition = Definition(
            name,
            str(fields["help"]),
            " ".join(str(fields["search"]).split()),
            str(fields.get("unit", "")),
            str(fields.get("type", "gauge")),
        )
        if definition.type not in TYPES:
            raise BadValue(f"metric '{name}': '{definition.type}' is not a type", f"write {' or '.join(TYPES)}")
        yield definition
