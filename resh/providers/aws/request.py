"""A call as people write it for the AWS CLI, read by the service models that botocore ships.

    request = Requests().read(["ec2", "describe-volumes", "--volume-ids", "{id}"])
    request.operation                       # "ec2:DescribeVolumes"
    request.params(lambda text: "vol-1")    # {"VolumeIds": ["vol-1"]}

Words may have places that are filled in for each resource; names of services, operations and options may not. Raises UsageError and
BadValue, which name the word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import botocore.loaders
import botocore.model
import jmespath
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from resh.errors import BadValue, UsageError
from resh.providers.aws.shorthand import value
from resh.providers.catalog import Call
from resh.text import did_you_mean

Fill = Callable[[str], str]

CLI_NAMES = {"s3api": "s3", "configservice": "config", "deploy": "codedeploy"}
"""Services that the AWS CLI calls otherwise than the API."""

OWN = ("account", "region", "query")
"""Options about the call, not of the operation."""
_COMMANDS = frozenset(("ls", "cp", "mv", "rm", "sync", "mb", "rb", "presign", "website", "wait", "configure", "login", "push"))
_NOT_OURS = {
    "output": "format --json and the like do that",
    "profile": "the account of a resource is reached as a collect reaches it; --account names another one",
    "endpoint-url": "AWS_ENDPOINT_URL does that",
    "no-paginate": "all pages are read; head ends sooner",
    "max-items": "all pages are read; head ends sooner",
    "cli-input-json": "give each parameter as an option",
}


@dataclass(frozen=True, slots=True)
class Request:
    call: Call
    operation: str
    own: Mapping[str, str]
    _values: tuple[tuple[str, str, Any, tuple[str, ...]], ...]
    """(option, name, shape, words) of each parameter."""

    def params(self, fill: Fill) -> dict[str, Any]:
        found = {}
        for option, name, shape, words in self._values:
            try:
                found[name] = value(shape, [fill(word) for word in words])
            except BadValue as error:
                raise BadValue(f"{option}: {error.message}", error.hint) from None
        return found

    def words(self) -> list[str]:
        """All that may have places in it."""
        return [word for *_, words in self._values for word in words]

    def chosen(self, answer: Any) -> Any:
        """The part of an answer that `--query` asks for."""
        return jmespath.search(self.own["query"], answer) if "query" in self.own else answer


class Requests:
    @cached_property
    def _loader(self) -> botocore.loaders.Loader:
        return botocore.loaders.Loader()

    @cached_property
    def services(self) -> list[str]:
        return sorted(self._loader.list_available_services("service-2"))

    def model(self, service: str) -> botocore.model.ServiceModel:
        name = CLI_NAMES.get(service, service)
        try:
            return botocore.model.ServiceModel(self._loader.load_service_model(name, "service-2"), service_name=name)
        except UnknownServiceError:
            names = [*self.services, *CLI_NAMES]
            raise UsageError(
                f"aws: there is no service '{service}'", did_you_mean(service, names) or "aws <service> <operation> --option value"
            ) from None

    def read(self, words: Sequence[str]) -> Request:
        if len(words) < 2 or words[1].startswith("-"):
            raise UsageError("aws: a service and an operation are wanted", "such as aws ec2 describe-volumes --volume-ids {id}")
        model = self.model(words[0])
        operation = _operation(model, words[1])
        own, given = {}, []
        members = {xform_name(name, "-"): name for name in _members(operation)}
        for option, values in _options(words[2:]):
            if option in OWN and option not in members:
                own[option] = _single(option, values)
            else:
                given.append(_parameter(operation, members, option, values))
        _refuse_missing(operation, [name for _, name, _, _ in given])
        _refuse_twice(given, own)
        service = model.service_name
        return Request(Call(service, xform_name(operation.name), "@"), f"{service}:{operation.name}", own, tuple(given))


def operations(model: botocore.model.ServiceModel) -> dict[str, str]:
    """Names as the AWS CLI writes them, and what they do."""
    return {xform_name(name, "-"): name for name in model.operation_names}


def _operation(model: botocore.model.ServiceModel, word: str) -> botocore.model.OperationModel:
    names = operations(model)
    if word not in names:
        own = f"{model.service_name} {word} is a command of the AWS CLI's own, no operation of the API"
        hint = own if word in _COMMANDS else did_you_mean(word, names) or "such as list-… or describe-…"
        raise UsageError(f"aws: {model.service_name} has no operation '{word}'", hint)
    return model.operation_model(names[word])


def _members(operation: botocore.model.OperationModel) -> Mapping[str, Any]:
    return operation.input_shape.members if operation.input_shape else {}


def _options(words: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each option with the words behind it."""
    found: list[tuple[str, list[str]]] = []
    for word in words:
        if word.startswith("--") and len(word) > 2:
            name, equals, given = word[2:].partition("=")
            found.append((name, [given] if equals else []))
        elif found:
            found[-1][1].append(word)
        else:
            raise UsageError(f"aws: there is no place for '{word}'", "values stand behind an option: --volume-ids vol-1 vol-2")
    return [(name, tuple(given)) for name, given in found]


def _parameter(
    operation: botocore.model.OperationModel, members: Mapping[str, str], option: str, words: tuple[str, ...]
) -> tuple[str, str, Any, tuple[str, ...]]:
    shapes = _members(operation)
    positive = option.removeprefix("no-")
    if option in members:
        return f"--{option}", members[option], shapes[members[option]], words
    if positive in members and shapes[members[positive]].type_name == "boolean" and not words:
        return f"--{option}", members[positive], shapes[members[positive]], ("false",)
    if option in _NOT_OURS:
        raise UsageError(f"aws: --{option} is not taken here", _NOT_OURS[option])
    names = [f"--{name}" for name in (*members, *OWN)]
    raise UsageError(
        f"aws: {operation.service_model.service_name} {xform_name(operation.name, '-')} has no option '--{option}'",
        did_you_mean(f"--{option}", names) or f"it has {', '.join(names[:10])}",
    )


def _single(option: str, words: tuple[str, ...]) -> str:
    if len(words) != 1:
        raise UsageError(f"aws: --{option} takes one value", "quote a value that has blanks")
    return words[0]


def _refuse_missing(operation: botocore.model.OperationModel, names: Sequence[str]) -> None:
    required = operation.input_shape.required_members if operation.input_shape else []
    if missing := [f"--{xform_name(name, '-')}" for name in required if name not in names]:
        raise UsageError(f"aws: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing", f"{operation.name} cannot do without")


def _refuse_twice(given: Sequence[tuple[str, str, Any, tuple[str, ...]]], own: Mapping[str, str]) -> None:
    names = [name for _, name, _, _ in given]
    if twice := next((option for option, name, _, _ in given if names.count(name) > 1), ""):
        raise UsageError(f"aws: {twice} is given twice", "a list takes all its values behind one option")
    if "query" in own:
        try:
            jmespath.compile(own["query"])
        except jmespath.exceptions.JMESPathError as error:
            raise BadValue(f"aws: --query is no JMESPath: {' '.join(str(error).split())}") from None
