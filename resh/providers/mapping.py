"""One item of a cloud's answer becomes the `reported` section of a node, as its catalog entry says.

    mapper = Mapper(VOLUME)
    mapper.map(item, {"account": "123456789012", "region": "eu-west-1", "partition": "aws"}).reported
    # {"id": "vol-1", "kind": "aws_ec2_volume", "name": "data", "tags": {...}, "ctime": "2026-11-23T05:33:00Z", "volume_size": 8, ...}

The collector calls it for every item. Every key of the item is kept; see `catalog.py` for the names. Values become JSON: times ISO UTC
text, bytes text or base64, nothing that is null.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from math import isfinite
from typing import Any, NamedTuple

import jmespath
from jmespath.exceptions import JMESPathError

from resh.clock import iso
from resh.providers.catalog import Day, Field, Json, Resource, Scaled, Values
from resh.providers.functions import OPTIONS
from resh.providers.template import fill

PARENT = "_parent"
TIMES = ("ctime", "mtime", "atime")

_PLAIN_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_WORD_START = re.compile(r"(.)([A-Z][a-z]+)")
_HUMP = re.compile(r"([a-z0-9])([A-Z])")
_MILLISECONDS = 1e11  # an epoch above this is not in seconds: it would be the year 5138


class OddRecord(ValueError):
    """An item that cannot become a node; the text says why."""


class FreeKeys(NamedTuple):
    """Members of an answer whose keys are people's, not the API's: `maps` keep them at that level, `documents` all the way down."""

    maps: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()


class Mapped(NamedTuple):
    rid: str
    region: str
    zone: str | None
    reported: dict[str, Any]


@lru_cache(maxsize=4096)
def expression(path: str) -> Callable[[Any], Any]:
    """A JMESPath, compiled once; plain dotted paths skip its interpreter."""
    if _PLAIN_PATH.fullmatch(path):
        return _steps(tuple(path.split(".")))
    return partial(_search, jmespath.compile(path))


def _search(path: Any, value: Any) -> Any:
    try:
        return path.search(value, OPTIONS)
    except JMESPathError as error:  # a function was given what it does not take
        raise OddRecord(f"{path.expression}: {error}") from None


def _steps(keys: tuple[str, ...]) -> Callable[[Any], Any]:
    def walk(value: Any) -> Any:
        for key in keys:
            if not isinstance(value, dict):
                return None
            value = value.get(key)
        return value

    return walk


@lru_cache(maxsize=16384)
def snake(key: str) -> str:
    """`SizeInGB` → `size_in_gb`, `CidrIpv6` → `cidr_ipv6`; a key that is no word (`aws:tag`, `DB_HOST`) stays as it is."""
    if not _WORD.fullmatch(key):
        return key
    return _HUMP.sub(r"\1_\2", _WORD_START.sub(r"\1_\2", key)).lower()


def values_at(path: str, item: Any) -> list[str]:
    """Every text at the path, lists flattened: what an edge points to."""
    found: list[str] = []
    todo = [expression(path)(item)]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(reversed(value))
        elif isinstance(value, str) and value:
            found.append(value)
    return found


class Mapper:
    """Maps the items of one kind; safe to share between threads."""

    def __init__(self, resource: Resource, free: FreeKeys = FreeKeys()) -> None:  # noqa: B008 - immutable
        self.resource = resource
        self._free = free._replace(documents=free.documents | {detail.into for detail in resource.details if detail.json})
        self._taken = taken_keys(resource)
        self._secret = frozenset(resource.secret)
        self._names: dict[str, str] = {}

    def rid(self, item: Any) -> str:
        value = expression(self.resource.id)(item)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise OddRecord(f"it has no {self.resource.id}")
        return str(value)

    def wanted(self, item: Any) -> bool:
        return not self.resource.keep or bool(expression(self.resource.keep)(item))

    def region(self, item: Any, default: str) -> str:
        value = expression(self.resource.region)(item) if self.resource.region else None
        return value if isinstance(value, str) and value else default

    def map(self, item: Any, context: Mapping[str, str]) -> Mapped:
        """Raises OddRecord when the item has no id or holds what JSON cannot."""
        if not isinstance(item, dict):
            raise OddRecord(f"it is {type(item).__name__}, not an object")
        resource, rid = self.resource, self.rid(item)
        region = self.region(item, context["region"])
        reported: dict[str, Any] = {"id": rid, "kind": resource.kind}
        reported["tags"] = tags = _tags(expression(resource.tags)(item) if resource.tags else None)
        reported["name"] = _name(resource, item, tags) or rid
        if resource.ctime:
            self._add_ctime(reported, item)
        for name, source in resource.fields.items():
            reported[name] = self._field(name, source, item)
        self._inherit(reported, item.get(PARENT))
        self._add_rest(reported, item)
        if resource.arn:
            reported["arn"] = _arn(resource.arn, item, ChainMap({"region": region}, dict(context), reported))
        zone = expression(resource.zone)(item) if resource.zone else None
        known = {key: value for key, value in reported.items() if value is not None}
        return Mapped(rid, region, zone if isinstance(zone, str) else None, known)

    def _add_ctime(self, reported: dict[str, Any], item: dict[str, Any]) -> None:
        value = expression(self.resource.ctime)(item)
        text = time_text(value)
        if text is not None:
            reported["ctime"] = text
        elif value is not None:  # no time that anyone could read: keep what was said
            reported[property_name(self.resource, self.resource.ctime)] = self._plain(value, self.resource.ctime)

    def _field(self, name: str, source: Field, item: dict[str, Any]) -> Any:
        match source:
            case str():
                value = expression(source)(item)
                return time_text(value) if name in TIMES else self._plain(value, source.rpartition(".")[2])
            case Values(path):
                return _translate(expression(path)(item), source)
            case Scaled(path, factor):
                return _scale(expression(path)(item), factor)
            case Json(path):
                return _verbatim(document(expression(path)(item)))
            case Day(path):
                time = time_text(expression(path)(item))
                return time and f"{time[:10]}T00:00:00Z"

    def _inherit(self, reported: dict[str, Any], parent: Any) -> None:
        for name, source in self.resource.inherits.items() if isinstance(parent, Mapping) else ():
            if reported.get(name) is None:
                reported[name] = parent.get(source)

    def _add_rest(self, reported: dict[str, Any], item: dict[str, Any]) -> None:
        for key, value in item.items():
            if value is None or key in self._taken:
                continue
            name = self._names.get(key)
            if name is None:
                name = self._names[key] = property_name(self.resource, key)
            if reported.get(name) is None:
                reported[name] = self._plain(value, key)

    def _plain(self, value: Any, key: str) -> Any:
        """As JSON. `key` is the member that holds the value: it may say that the keys inside are free."""
        if isinstance(value, dict):
            if key in self._free.documents:
                return _verbatim(value)
            keep = key in self._free.maps
            known = ((k, v) for k, v in value.items() if v is not None and k not in self._secret)
            return {(k if keep else snake(k)): self._plain(v, k) for k, v in known}
        if isinstance(value, list | tuple | set):
            return [self._plain(element, key) for element in value if element is not None]
        return scalar(value)


def document(text: Any) -> Any:
    """The JSON that a text holds; what is no JSON stays as it is."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


def taken_keys(resource: Resource) -> frozenset[str]:
    """Keys of the item that have a property of another name; all other keys keep their own."""
    paths: Iterable[str] = (resource.id, resource.name, resource.arn, resource.tags, resource.ctime)
    renamed = (
        source if isinstance(source, str) else source.path for source in resource.fields.values() if isinstance(source, str | Day | Json)
    )
    return frozenset((*paths, *renamed, *resource.secret, PARENT))


def property_name(resource: Resource, key: str) -> str:
    name = snake(key)
    prefix = resource.prefix
    return name if not prefix or name == prefix or name.startswith(prefix + "_") else f"{prefix}_{name}"


def scalar(value: Any) -> Any:
    """A single value as JSON; OddRecord for a type that has no place there."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, datetime):
        return _datetime_text(value)
    if isinstance(value, bytes | bytearray):
        return _bytes_text(bytes(value))
    raise OddRecord(f"it holds {type(value).__name__}")


def time_text(value: Any) -> str | None:
    """A datetime, an ISO text or an epoch (seconds or milliseconds) as ISO UTC with seconds; None for what is no time."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return iso(value / 1000 if value > _MILLISECONDS else value)
        return _datetime_text(value) if isinstance(value, datetime) else None
    except (ValueError, OverflowError, OSError):
        return None


def _datetime_text(value: datetime) -> str:
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except OverflowError:
        return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _bytes_text(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return b64encode(value).decode()
    return text if text.isprintable() else b64encode(value).decode()


def _verbatim(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _verbatim(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_verbatim(inner) for inner in value]
    return scalar(value)


def _tags(found: Any) -> dict[str, Any]:
    if isinstance(found, dict):
        return {str(key): scalar(value) for key, value in found.items() if not isinstance(value, dict | list)}
    tags: dict[str, Any] = {}
    for entry in found if isinstance(found, list) else ():
        if isinstance(entry, dict):
            lower = {key.lower().removeprefix("tag"): value for key, value in entry.items()}
            if isinstance(lower.get("key"), str):
                tags[lower["key"]] = lower.get("value") or ""
        elif isinstance(entry, str):
            tags[entry] = ""
    return tags


def _name(resource: Resource, item: dict[str, Any], tags: dict[str, Any]) -> str:
    value = expression(resource.name)(item) if resource.name else tags.get("Name")
    return str(value) if value else ""


def _arn(arn: str, item: dict[str, Any], known: Mapping[str, Any]) -> Any:
    if not arn.startswith("arn:"):
        return expression(arn)(item)
    text: str = fill(arn, known)
    partition = known.get("partition", "aws")
    return text if partition == "aws" else text.replace("arn:aws:", f"arn:{partition}:", 1)


def _translate(value: Any, values: Values) -> Any:
    if not isinstance(value, str | int | float | None):
        return values.default
    if value in values.table:
        return values.table[value]
    return value if values.default is None or value is None else values.default


def _scale(value: Any, factor: float) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    scaled = round(value * factor, 6)
    return int(scaled) if scaled == int(scaled) else scaled
