"""The services' models as botocore ships them, without the operations that nobody asks for: of EC2's seven hundred a collect makes eighty.

    session.register_component("data_loader", lean_loader(frozenset({("ec2", "describe_volumes")}), paths))

Models are most of what a collect has in memory, and the shapes of operations are most of a model. What is kept is made of plain dicts:
the ordered ones that botocore reads take twice the memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from typing import Any

from botocore import xform_name
from botocore.loaders import Loader

from resh.providers.aws.operations import Operation


class LeanLoader(Loader):
    def __init__(self, wanted: Set[Operation], paths: Iterable[str]) -> None:
        super().__init__(extra_search_paths=list(paths), include_default_search_paths=False)
        self._wanted = defaultdict[str, set[str]](set)
        for service, operation in wanted:
            self._wanted[service].add(operation)
        self._lean = set[int]()

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """What botocore keeps is made lean itself: a copy beside it would be of no use."""
        model = super().load_service_model(service_name, type_name, api_version)
        if type_name == "service-2" and id(model) not in self._lean:
            self._lean.add(id(model))
            _slim(model, self._wanted[service_name])
        return model


@lru_cache(maxsize=4)
def lean_loader(wanted: frozenset[Operation], paths: tuple[str, ...]) -> LeanLoader:
    """The same one for all who want the same: what it has read takes tens of megabytes."""
    return LeanLoader(wanted, paths)


def _slim(model: dict[str, Any], wanted: Container[str]) -> None:
    """Those with which a client finds its endpoint stay as well."""
    kept = {
        name: _plain(operation)
        for name, operation in model["operations"].items()
        if xform_name(name) in wanted or operation.get("endpointoperation")
    }
    model["shapes"], model["operations"] = _reached(model["shapes"], kept.values()), kept


def _reached(shapes: Mapping[str, Any], operations: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    todo = [name for operation in operations for name in _named(operation, ("input", "output"), operation.get("errors", ()))]
    while todo:
        name = todo.pop()
        if name not in found:
            shape = found[name] = _plain(shapes[name])
            todo += _named(shape, ("member", "key", "value"), shape.get("members", {}).values())
    return found


def _named(place: Mapping[str, Any], keys: Iterable[str], others: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from (place[key]["shape"] for key in keys if key in place)
    yield from (other["shape"] for other in others)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
