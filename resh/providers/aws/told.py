"""Calls that are made by botocore clients themselves, told like those of a session: by which accounts are found and entered.

identity = told(Place("", "us-east-1", "sts", "sts:GetCallerIdentity"), client.get_caller_identity)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import Any

from botocore.exceptions import ClientError

from resh.model.scope import Status
from resh.providers.aws.errors import failure
from resh.providers.base import Heard
from resh.providers.counting import called
from resh.providers.limiter import Place
from resh.providers.session import ReadFailed

CLOUD = "aws"


def told(place: Place, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer. What botocore repeats by itself counts as one call."""
    begun = monotonic()
    try:
        answer = ask()
    except Exception as error:
        called(CLOUD, place, heard_error(failure(place.operation, error), error, monotonic() - begun))
        raise
    called(CLOUD, place, Heard(monotonic() - begun, size(answer.get("ResponseMetadata", {}))))
    return answer


def skew(answer: Mapping[str, Any]) -> float | None:
    """How many seconds the cloud's clock, by the date of its answer, is ahead of this machine's; None without one."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(date).timestamp() - time()
    except (TypeError, ValueError):
        return None


def heard_error(why: ReadFailed, error: Exception, seconds: float, repeated: bool = False, units: int = 1) -> Heard:
    return Heard(seconds, _size_of(error), why.error, why.status is Status.THROTTLED, repeated, units, _request_of(error))


def size(metadata: Mapping[str, Any]) -> int | None:
    """Bytes of an answer, by its headers."""
    length = metadata.get("HTTPHeaders", {}).get("content-length", "")
    return int(length) if length.isdecimal() else None


def request_id(metadata: Mapping[str, Any]) -> str:
    """By which AWS knows the call; where only the header has it, that."""
    headers = metadata.get("HTTPHeaders", {})
    return str(metadata.get("RequestId") or headers.get("x-amzn-requestid") or headers.get("x-amz-request-id") or "")


def _request_of(error: Exception) -> str:
    return request_id(error.response.get("ResponseMetadata", {})) if isinstance(error, ClientError) else ""


def _size_of(error: Exception) -> int | None:
    """Of an answer that is an error. Where the connection failed there was none."""
    return size(error.response.get("ResponseMetadata", {})) if isinstance(error, ClientError) else 0
