"""The calls that would create a deleted resource again, as far as AWS allows, out of its document: in the form of the AWS CLI.

    found = Recreation(VOLUME, document, ["snap-0f3a"], "eu-west-1")
    found.lines()      # ("aws ec2 create-volume --region eu-west-1 --availability-zone eu-west-1a --size 8 --snapshot-id snap-0f3a …",)
    found.lost         # what they do not bring back

The operation is that of the deletion's name, its parameters are what the document tells under the same names, in the form that botocore's
model wants; `remakes.py` has what is otherwise. A parameter that AWS wants and nobody knows stands in angle brackets.
"""

from __future__ import annotations

import json
import shlex
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from botocore import xform_name

from resh.errors import UsageError
from resh.providers.aws.remakes import REMAKES, Path, Remake, Then
from resh.providers.aws.request import CLI_NAMES, Requests
from resh.providers.base import Document
from resh.providers.calls import items_of
from resh.providers.catalog import Resource
from resh.providers.mapping import expression, property_name, snake
from resh.providers.session import GLOBAL
from resh.providers.template import fill

_OPPOSITES = {"delete": "create", "deregister": "register", "release": "allocate", "remove": "put"}
_NOT_BY_NAME = frozenset(("DryRun", "ClientToken", "ClientRequestToken", "CallerReference", "Tags", "tags", "TagList", "TagSpecifications"))
_FILES = ("file://", "fileb://")
"""The AWS CLI would read what they name, on the machine of whoever runs the line."""
_CLI = {name: cli for cli, name in CLI_NAMES.items()}


class Recreation:
    def __init__(self, resource: Resource, node: Document, snapshots: Sequence[str], region: str) -> None:
        """Raises UsageError when nobody knows how the kind is made."""
        self._resource, self._reported = resource, node["reported"]
        self._snapshots, self._region = snapshots, region
        self._requests = Requests()
        remake = REMAKES.get(resource.kind, Remake())
        self._lost = [*remake.lost]
        self._then = remake.then
        restored = remake.restore if snapshots else None
        self._remake = Remake(
            (restored or remake).operation or remake.operation,
            {**remake.params, **restored.params} if restored and not restored.operation else (restored or remake).params,
            remake.leave,
        )
        if (resource.snapshot or resource.contents) and not restored:
            self._lost.append(
                f"its data{': restore it from ' + ', '.join(snapshots) if snapshots else ', of which no last snapshot was kept'}"
            )
        self._first = self._command(*self._create())

    def lines(self) -> Iterator[str]:
        yield self._first
        for then in self._then:
            yield from self._followed(then)

    @property
    def lost(self) -> tuple[str, ...]:
        id = str(self._reported["id"])
        own = () if id in self._first else (f"its id {id}: AWS gives another one",)
        return (*own, *self._lost)

    @cached_property
    def _service(self) -> str:
        delete = self._resource.delete
        return (delete.service if delete else "") or self._resource.call.service

    def _operation(self, service: str, name: str) -> Any:
        model = self._requests.model(service)
        names = {xform_name(operation): operation for operation in model.operation_names}
        return model.operation_model(names[name]) if name in names else None

    def _create(self) -> tuple[Any, Mapping[str, Any]]:
        delete = self._resource.delete
        verb, _, rest = delete.operation.partition("_") if delete else ("", "", "")
        operation = self._operation(self._service, self._remake.operation or f"{_OPPOSITES.get(verb, '')}_{rest}")
        if operation is None:
            raise UsageError(f"nobody knows how {self._resource.kind} is created again", "cleanup show has it in full")
        return operation, self._params(operation)

    def _params(self, operation: Any) -> dict[str, Any]:
        members = operation.input_shape.members if operation.input_shape else {}
        named = {name: _formed(self._value(name), shape) for name, shape in members.items() if self._may_be_taken(name, shape)}
        given = {name: self._given(value, members[name], self._reported) for name, value in self._remake.params.items() if name in members}
        found = {name: value for name, value in {**named, **given, **self._tags(members)}.items() if value is not None}
        missing = [name for name in (operation.input_shape.required_members if operation.input_shape else ()) if name not in found]
        called = [name for name in missing if name.lower().endswith("name") and members[name].type_name == "string"]
        for name in missing:
            if called == [name]:
                found[name] = str(self._reported["name"])
            else:
                found[name] = f"<{name}>"
                self._lost.append(f"{name}, which AWS wants and does not tell: put it in")
        return found

    def _may_be_taken(self, name: str, shape: Any) -> bool:
        return name not in _NOT_BY_NAME and name not in self._remake.leave and "idempotencyToken" not in shape.metadata

    def _value(self, member: str) -> Any:
        """What the document has of the parameter: under a name of its own, or the API's."""
        resource = self._resource
        if member in (resource.id, resource.name):
            return self._reported["id" if member == resource.id else "name"]
        own = (name for name, source in resource.fields.items() if source == member or getattr(source, "path", "") == member)
        names = (*own, property_name(resource, member[:1].upper() + member[1:]), snake(member))
        return next((self._reported[name] for name in names if name in self._reported), None)

    def _given(self, value: Any, shape: Any, known: Any) -> Any:
        if isinstance(value, Path):
            return _formed(expression(value.path)(known), shape)
        context = {"region": self._region, "snapshot": next(iter(self._snapshots), None), "new": f"<id of the new {self._resource.kind}>"}
        around = known if isinstance(known, dict) else {"each": known}
        try:
            return fill({"value": value}, ChainMap(context, dict(around), self._reported)).get("value")
        except UsageError:  # the document lacks it
            return None

    def _tags(self, members: Mapping[str, Any]) -> dict[str, Any]:
        tags = {str(key): str(value) for key, value in (self._reported.get("tags") or {}).items() if not str(key).startswith("aws:")}
        if not tags:
            return {}
        for name in ("Tags", "tags", "TagList"):
            if name in members:
                return {name: _tagged(tags, members[name])}
        if "TagSpecifications" in members:
            types = members["TagSpecifications"].member.members["ResourceType"].enum
            type_ = self._resource.kind.removeprefix("aws_").removeprefix("ec2_").replace("_", "-")
            if type_ in types:
                return {
                    "TagSpecifications": [
                        {"ResourceType": type_, "Tags": _tagged(tags, members["TagSpecifications"].member.members["Tags"])}
                    ]
                }
        self._lost.append(f"its tags: {', '.join(f'{key}={value}' for key, value in sorted(tags.items()))}")
        return {}

    def _followed(self, then: Then) -> Iterator[str]:
        operation = self._operation(then.service or self._service, then.operation)
        for each in filter(None, items_of(expression(then.each)(self._reported))):
            members = operation.input_shape.members
            params = {name: self._given(value, members[name], each) for name, value in then.params.items()}
            params = {name: value for name, value in params.items() if value is not None}
            if params.keys() >= {*operation.input_shape.required_members}:
                yield self._command(operation, params)

    def _command(self, operation: Any, params: Mapping[str, Any]) -> str:
        service = operation.service_model.service_name
        words = ["aws", _CLI.get(service, service), xform_name(operation.name, "-")]
        words += [] if self._region == GLOBAL else ["--region", self._region]
        for name, value in params.items():
            if isinstance(value, str) and value.startswith(_FILES):
                self._lost.append(f"{name}, which would be taken for a file: {value}")
                value = f"<{name}>"
            words += _option(xform_name(name, "-"), value)
        return " ".join(map(shlex.quote, words))


def _option(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, list) and all(isinstance(element, str) and not element.startswith(("-", "[", *_FILES)) for element in value):
        return [f"--{name}", *value]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return [f"--{name}={text}"] if text.startswith("-") else [f"--{name}", text]


def _tagged(tags: Mapping[str, str], shape: Any) -> Any:
    if shape.type_name == "map":
        return dict(tags)
    key, value = sorted(name for name in shape.member.members if name.lower().endswith(("key", "value")))[:2]
    return [{key: name, value: text} for name, text in tags.items()]


def _formed(value: Any, shape: Any) -> Any:
    """The value with the API's own names, as far as it is of the shape; None where nothing is left."""
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            found = {
                name: formed for name, inner in shape.members.items() if (formed := _formed(value.get(snake(name)), inner)) is not None
            }
            return found if found and {*shape.required_members} <= found.keys() else None
        case "list" if isinstance(value, list):
            return [formed for element in value if (formed := _formed(element, shape.member)) is not None] or None
        case "map" if isinstance(value, Mapping):
            return {str(key): formed for key, inner in value.items() if (formed := _formed(inner, shape.value)) is not None} or None
        case "string":
            return _text(value, shape)
        case "boolean":
            return value if isinstance(value, bool) else None
        case "integer" | "long":
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        case "float" | "double":
            return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return None


def _text(value: Any, shape: Any) -> str | None:
    """A policy is kept as what it says."""
    if isinstance(value, Mapping):
        value = json.dumps(value) if {"Statement", "Version"} & value.keys() else None
    return value if isinstance(value, str) and value and (not shape.enum or value in shape.enum) else None
