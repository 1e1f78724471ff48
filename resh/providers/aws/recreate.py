"""The calls that would create a deleted resource again, as far as AWS allows, out of its document: in the form of the AWS CLI.

    found = Recreation(VOLUME, document, ["snap-0f3a"], "eu-west-1")
    found.lines()      # ("aws ec2 create-volume --region eu-west-1 --availability-zone eu-west-1a --size 8 --snapshot-id snap-0f3a …",)
    found.lost         # what they do not bring back

The operation is that of the deletion's name, its parameters are what the document tells under the same names, in the form that botocore's
model wants; `remakes.py` has what is otherwise. A parameter that AWS wants and nobody knows stands in angle brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from resh.errors import UsageError
from resh.providers.aws.cli_lines import CliLines, formed
from resh.providers.aws.remakes import REMAKES, Remake
from resh.providers.base import Document, Remade
from resh.providers.catalog import Resource
from resh.providers.mapping import property_name, snake
from resh.providers.session import GLOBAL

_OPPOSITES = {"delete": "create", "deregister": "register", "release": "allocate", "remove": "put"}
_NOT_BY_NAME = frozenset(("DryRun", "ClientToken", "ClientRequestToken", "CallerReference", "Tags", "tags", "TagList", "TagSpecifications"))


def recreate(resource: Resource, node: Document, snapshots: Sequence[str]) -> Remade:
    found = Recreation(resource, node, snapshots, node["ancestors"]["region"]["reported"]["id"] or GLOBAL)
    return Remade(tuple(found.lines()), found.lost)


class Recreation:
    def __init__(self, resource: Resource, node: Document, snapshots: Sequence[str], region: str) -> None:
        """Raises UsageError when nobody knows how the kind is made."""
        self._resource, self._reported = resource, node["reported"]
        context = {"region": region, "snapshot": next(iter(snapshots), None), "new": f"<id of the new {resource.kind}>"}
        self._write = CliLines(self._service, self._reported, region, context)
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
        self._first = self._write.command(*self._create())

    def lines(self) -> Iterator[str]:
        yield self._first
        for then in self._then:
            yield from self._write.followed(then)

    @property
    def lost(self) -> tuple[str, ...]:
        id = str(self._reported["id"])
        own = () if id in self._first else (f"its id {id}: AWS gives another one",)
        return (*own, *self._lost, *self._write.lost)

    @cached_property
    def _service(self) -> str:
        delete = self._resource.delete
        return (delete.service if delete else "") or self._resource.call.service

    def _create(self) -> tuple[Any, Mapping[str, Any]]:
        delete = self._resource.delete
        verb, _, rest = delete.operation.partition("_") if delete else ("", "", "")
        operation = self._write.operation(self._service, self._remake.operation or f"{_OPPOSITES.get(verb, '')}_{rest}")
        if operation is None:
            raise UsageError(f"nobody knows how {self._resource.kind} is created again", "cleanup show has it in full")
        return operation, self._params(operation)

    def _params(self, operation: Any) -> dict[str, Any]:
        members = operation.input_shape.members if operation.input_shape else {}
        named = {name: formed(self._value(name), shape) for name, shape in members.items() if self._may_be_taken(name, shape)}
        given = {
            name: self._write.given(value, members[name], self._reported) for name, value in self._remake.params.items() if name in members
        }
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


def _tagged(tags: Mapping[str, str], shape: Any) -> Any:
    if shape.type_name == "map":
        return dict(tags)
    key, value = sorted(name for name in shape.member.members if name.lower().endswith(("key", "value")))[:2]
    return [{key: name, value: text} for name, text in tags.items()]
