"""What botocore's service models tell about a kind: types and descriptions of its properties, and which keys are people's own.

The provider asks for `properties` when it declares its kinds at a collect, the session for `free_keys` before it maps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from html import unescape
from typing import Any

import jmespath

from resh.model.kinds import Property
from resh.providers.catalog import Call, Day, Field, Json, Resource, Scaled
from resh.providers.mapping import TIMES, FreeKeys, property_name, snake, taken_keys

Shape = Any
"""A botocore.model.Shape of whatever type."""

_TYPES = {
    "string": "string", "character": "string", "blob": "string", "boolean": "boolean", "integer": "int64", "long": "int64",
    "float": "double", "double": "double", "timestamp": "datetime", "map": "dictionary", "structure": "any",
}  # fmt: skip
ServiceModels = Callable[[str], Any]
"""A botocore.model.ServiceModel by the name of its service."""

_DEEPEST = 5
_NOTE = re.compile(r"<(note|important)>.*?</\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]+>")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s+[A-Z(]|\s*$)", re.DOTALL)


class Models:
    """Service models and what was read off them, kept: they are large."""

    def __init__(self, load: ServiceModels) -> None:
        self._service = lru_cache(maxsize=None)(load)
        self._free_keys: dict[str, FreeKeys] = {}
        self._properties: dict[str, tuple[Property, ...]] = {}

    def free_keys(self, resource: Resource) -> FreeKeys:
        """Maps, and texts: a dictionary where the model says text is a document that botocore has parsed."""
        if resource.kind not in self._free_keys:
            self._free_keys[resource.kind] = self._find_free_keys(resource)
        return self._free_keys[resource.kind]

    def properties(self, resource: Resource) -> tuple[Property, ...]:
        """Every property that items of the kind may have, nested ones by path: `volume_attachments[].device`."""
        if resource.kind not in self._properties:
            self._properties[resource.kind] = self._find_properties(resource)
        return self._properties[resource.kind]

    def _find_properties(self, resource: Resource) -> tuple[Property, ...]:
        taken = taken_keys(resource)
        shape = None if resource.within else item_shape(resource.call, self._service)
        keys = dict(shape.members) if shape is not None and shape.type_name == "structure" else {}
        for into, call in _further(resource):
            member = item_shape(call, self._service)
            if member is not None and into:
                keys[into] = member
            elif member is not None and member.type_name == "structure":
                keys.update(member.members)
        found: dict[str, Property] = {}
        for key, member in keys.items():
            told = key in taken or property_name(resource, key) in resource.fields
            for prop in () if told else _nested(property_name(resource, key), member, resource.secret):
                found.setdefault(prop.name, prop)
        for name, source in resource.fields.items():
            found[name] = _field(name, source, _Item(keys))
        return tuple(found.values())

    def _find_free_keys(self, resource: Resource) -> FreeKeys:
        found: dict[str, set[str]] = {"map": set(), "string": set(), "structure": set()}
        for call in (*resource.call.chain, *(detail.call for detail in resource.details)):
            for name, shape in _members(output_shape(call, self._service), frozenset()):
                while shape.type_name == "list":
                    shape = shape.member
                found.get(shape.type_name, set()).add(name)
        texts = found["string"].union(detail.into for detail in resource.details if self._is_text(detail.call))
        return FreeKeys(frozenset(found["map"] - found["structure"]), frozenset(texts - found["structure"] - found["map"]))

    def _is_text(self, call: Call) -> bool:
        shape = item_shape(call, self._service)
        return shape is not None and shape.type_name == "string"


class _Item:
    """An item as the details or an expression have made it: other members than its own shape has."""

    type_name = "structure"
    documentation = ""

    def __init__(self, members: dict[str, Shape]) -> None:
        self.members = members


class _ListOf:
    """What a projection gives: a list, though no shape of the model says so."""

    type_name = "list"

    def __init__(self, member: Shape) -> None:
        self.member = member

    @cached_property
    def documentation(self) -> str:
        return str(self.member.documentation)


def operation(service: str, method: str, models: ServiceModels) -> Any:
    """`rds`, `describe_db_instances` → the model of DescribeDBInstances. KeyError when there is no such operation."""
    model, plain = models(service), method.replace("_", "").lower()
    for name in model.operation_names:
        if name.lower() == plain:
            return model.operation_model(name)
    raise KeyError(f"{service}.{method}")


def output_shape(call: Call, models: ServiceModels) -> Shape | None:
    """The shape of the whole answer that the items are in."""
    call = call.describe or call
    return operation(call.service, call.operation, models).output_shape


def item_shape(call: Call, models: ServiceModels) -> Shape | None:
    """The shape of one item of the call; None where its `items` does more than step into the answer and pick members."""
    call = call.describe or call
    shape = walk(call.items, output_shape(call, models))
    return shape.member if shape is not None and shape.type_name == "list" else shape


def walk(path: str, shape: Shape | None) -> Shape | None:
    """The shape at the end of a JMESPath, as far as that only steps into things."""
    return _walk(jmespath.compile(path).parsed, shape)


def sentence(documentation: str) -> str:
    """The first sentence of a text with mark-up; a note that stands before it says when there is something, not what."""
    text = _plain(_NOTE.sub(" ", documentation)) or _plain(documentation)
    first = _SENTENCE.match(text)
    return (first[1] if first else text).replace(" .", ".").replace(" ,", ",")


def _plain(documentation: str) -> str:
    return " ".join(unescape(_MARKUP.sub(" ", documentation)).split())


def _walk(node: dict[str, Any], shape: Shape | None) -> Shape | None:
    if shape is None:
        return None
    children = node["children"]
    match node["type"]:
        case "identity" | "current":
            return shape
        case "field":
            if shape.type_name == "map":
                return shape.value
            return shape.members.get(node["value"]) if shape.type_name == "structure" else None
        case "subexpression" | "index_expression" | "pipe":
            for child in children:
                shape = _walk(child, shape)
            return shape
        case "index":
            return shape.member if shape.type_name == "list" else None
        case "flatten":
            inner = _walk(children[0], shape)
            while inner is not None and inner.type_name == "list" and inner.member.type_name == "list":
                inner = inner.member
            return inner
        case "projection" | "filter_projection":
            inner = _walk(children[0], shape)
            element = _walk(children[1], inner.member) if inner is not None and inner.type_name == "list" else None
            return _ListOf(element) if element is not None else None
        case "multi_select_dict":
            members = {child["value"]: _walk(child["children"][0], shape) for child in children}
            return _Item({name: member for name, member in members.items() if member is not None})
        case "function_expression" if node["value"] == "merge":
            parts = [part for child in children if (part := _walk(child, shape)) is not None and part.type_name == "structure"]
            return _Item({name: member for part in parts for name, member in part.members.items()}) if len(parts) == len(children) else None
        case _:
            return None


def _further(resource: Resource) -> Iterator[tuple[str, Call]]:
    """Calls that add to what the listing tells, with the member that takes the answer; empty where its members become the item's own."""
    if resource.call.join:
        yield "", resource.call.join
    yield from ((detail.into, detail.call) for detail in resource.details)


def _members(shape: Shape | None, above: frozenset[str]) -> Iterator[tuple[str, Shape]]:
    if shape is None or shape.name in above:
        return
    above |= {shape.name}
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield name, member
            yield from _members(member, above)
    elif shape.type_name in ("list", "map"):
        yield from _members(shape.member if shape.type_name == "list" else shape.value, above)


def _nested(name: str, shape: Shape, secret: tuple[str, ...], depth: int = 1) -> Iterator[Property]:
    yield Property(name, _type(shape), sentence(shape.documentation))
    while shape.type_name == "list":
        name, shape = name + "[]", shape.member
    if shape.type_name == "structure" and depth < _DEEPEST:
        for key, member in shape.members.items():
            if key not in secret:
                yield from _nested(f"{name}.{snake(key)}", member, secret, depth + 1)


def _type(shape: Shape) -> str:
    return _type(shape.member) + "[]" if shape.type_name == "list" else _TYPES.get(shape.type_name, "any")


def _field(name: str, source: Field, item: Shape) -> Property:
    if name in TIMES or isinstance(source, Day):
        return Property(name, "datetime")
    if isinstance(source, Scaled):
        return Property(name, "double")
    if isinstance(source, Json):
        return Property(name, "any")
    target = walk(source if isinstance(source, str) else source.path, item)
    if target is None:
        return Property(name, "any" if isinstance(source, str) else "string")
    return Property(name, _type(target), sentence(target.documentation))
