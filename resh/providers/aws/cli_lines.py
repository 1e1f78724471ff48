"""Lines of the AWS CLI that do what a call would, filled from the document of a resource. `recreate.py` and `reattach.py` write them.

write = CliLines("ec2", {"id": "sg-1", …}, "eu-west-1", {"new": "<id of the new aws_ec2_security_group>"})
write.command(write.operation("ec2", "create_security_group"), {"GroupName": "web", …})     # aws ec2 create-security-group --region …
write.lost                                                                                  # what could not be written
"""

from __future__ import annotations

import json
import shlex
from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

from botocore import xform_name

from resh.errors import UsageError
from resh.providers.aws.remakes import Path, Then
from resh.providers.aws.request import CLI_NAMES, Requests
from resh.providers.calls import items_of
from resh.providers.mapping import expression, snake
from resh.providers.session import GLOBAL
from resh.providers.template import fill

_FILES = ("file://", "fileb://")
"""The AWS CLI would read what they name, on the machine of whoever runs the line."""
_CLI = {name: cli for cli, name in CLI_NAMES.items()}


class CliLines:
    def __init__(self, service: str, known: Mapping[str, Any], region: str, context: Mapping[str, Any]) -> None:
        """`known` are properties of the resource, `context` what templates may use besides."""
        self.lost: list[str] = []
        self._service, self._known, self._region, self._context = service, known, region, context
        self._requests = Requests()

    def operation(self, service: str, name: str) -> Any:
        model = self._requests.model(service)
        names = {xform_name(operation): operation for operation in model.operation_names}
        return model.operation_model(names[name]) if name in names else None

    def given(self, value: Any, shape: Any, known: Any) -> Any:
        if isinstance(value, Path):
            return formed(expression(value.path)(known), shape)
        around = known if isinstance(known, dict) else {"each": known}
        try:
            return fill({"value": value}, ChainMap(dict(self._context), dict(around), dict(self._known))).get("value")
        except UsageError:  # the document lacks it
            return None

    def followed(self, then: Then) -> Iterator[str]:
        operation = self.operation(then.service or self._service, then.operation)
        for each in filter(None, items_of(expression(then.each)(self._known))):
            members = operation.input_shape.members
            params = {name: self.given(value, members[name], each) for name, value in then.params.items()}
            params = {name: value for name, value in params.items() if value is not None}
            if params.keys() >= {*operation.input_shape.required_members}:
                yield self.command(operation, params)

    def command(self, operation: Any, params: Mapping[str, Any]) -> str:
        service = operation.service_model.service_name
        words = ["aws", _CLI.get(service, service), xform_name(operation.name, "-")]
        words += [] if self._region == GLOBAL else ["--region", self._region]
        for name, value in params.items():
            if isinstance(value, str) and value.startswith(_FILES):
                self.lost.append(f"{name}, which would be taken for a file: {value}")
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


def formed(value: Any, shape: Any) -> Any:
    """The value with the API's own names, as far as it is of the shape; None where nothing is left."""
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            every = {name: formed(value.get(snake(name)), inner) for name, inner in shape.members.items()}
            found = {name: inner for name, inner in every.items() if inner is not None}
            return found if found and {*shape.required_members} <= found.keys() else None
        case "list" if isinstance(value, list):
            return [inner for element in value if (inner := formed(element, shape.member)) is not None] or None
        case "map" if isinstance(value, Mapping):
            return {str(key): inner for key, given in value.items() if (inner := formed(given, shape.value)) is not None} or None
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
