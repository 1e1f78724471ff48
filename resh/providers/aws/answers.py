"""Answers that botocore would read as an empty list, though nobody said that there is nothing: empty, cut off, a web page, another's.

    client.meta.events.register("before-parse", refuse_broken)

An empty list makes resources vanish, so such an answer ends its scope. A lean test is enough: botocore looks at the rest.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from botocore.utils import parse_timestamp

from resh.model.scope import Status
from resh.providers.session import ReadFailed

_ROOT = re.compile(rb"\s*(?:<\?[^>]*\?>\s*)?<(?:\w+:)?(\w+)")


def refuse_broken(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Raises ReadFailed."""
    status, body = response_dict["status_code"], response_dict["body"]
    if status >= 500 and _is_page(body):
        response_dict["body"] = b""  # botocore then repeats the call, as after every other error of a server
    if status >= 300 or operation_model.has_streaming_output or not operation_model.output_shape:
        return
    if reason := _fault(operation_model, body):
        name = f"{operation_model.service_model.signing_name}:{operation_model.name}"
        raise ReadFailed(Status.FAILED, name, "BrokenAnswer", reason)


def _fault(operation_model: Any, body: Any) -> str:
    shape = operation_model.output_shape
    if not body:
        missing = operation_model.http.get("method") != "HEAD" and _members(shape)
        return "the answer is empty" if missing else ""
    if _is_page(body):
        return "the answer is a web page, not the service's"
    protocol = operation_model.service_model.resolved_protocol
    if protocol in ("json", "rest-json"):
        return _json_fault(shape, body)
    return "the answer is none to this call" if _is_strange_xml(protocol, operation_model, body) else ""


def _is_strange_xml(protocol: str, operation_model: Any, body: bytes) -> bool:
    """XML without the element that must be there; what is no XML at all is for botocore to refuse."""
    shape = operation_model.output_shape
    if not (found := _ROOT.match(body)):
        return False
    if protocol == "ec2":
        return found[1].decode() != f"{operation_model.name}Response"
    if protocol == "query":
        return f"<{shape.serialization.get('resultWrapper', '')}".encode() not in body
    return body.count(b"</") > 1 and not any(b"<" + name in body for name in _tags(shape))


def _json_fault(shape: Any, body: bytes) -> str:
    """An object without anything is how some services say that there is nothing; one with nothing but strange members is none of theirs."""
    try:
        answer = orjson.loads(body)
    except ValueError:
        return "the answer is cut off or no JSON"
    if "payload" in shape.serialization:
        return ""
    if not isinstance(answer, dict) or (answer and not _members(shape) & answer.keys()):
        return "the answer is none to this call"
    return ""


def _members(shape: Any) -> frozenset[str]:
    """What stands in the body, as it is called there."""
    inside = ((name, member.serialization) for name, member in shape.members.items() if not member.serialization.get("location"))
    return frozenset(how.get("name", name) for name, how in inside)


@lru_cache(maxsize=1024)
def _tags(shape: Any) -> tuple[bytes, ...]:
    payload = shape.serialization.get("payload")
    inner = shape.members[payload] if payload else shape
    return tuple(name.encode() for name in _members(inner)) if inner.type_name == "structure" else (b"",)


def _is_page(body: Any) -> bool:
    return isinstance(body, bytes) and body.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))


def timestamp(value: Any) -> datetime:
    """What botocore makes of it; the usual forms a good deal faster."""
    try:
        if isinstance(value, str) and value[4:5] == "-":
            return datetime.fromisoformat(value)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass  # another form of it
    parsed: datetime = parse_timestamp(value)
    return parsed
