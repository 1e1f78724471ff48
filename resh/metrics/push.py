"""Sends what was generated to monitoring that takes instead of asking: Prometheus' remote write, or VictoriaMetrics' import.

    push(Target("http://127.0.0.1:8428/api/v1/write", "remote_write", ""), families(series, definitions), clock.now())

Remote write is protobuf in snappy. A request of four messages needs no library for either: fields are written as they are, and snappy's
format allows bytes that are not compressed.
"""

from __future__ import annotations

import struct
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from resh.errors import ReshError
from resh.metrics.exposition import Distribution, Family

FORMATS = ("remote_write", "victoria")
_BATCH = 5000
_SECONDS = 30
_LITERAL = 1 << 16
Series = tuple[tuple[tuple[str, str], ...], float]
"""Labels in order, the name among them, and the value."""


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    format: str
    token: str = ""


def push(target: Target, families: Iterable[Family], at: float) -> int:
    """How many series were sent, all as of then. Raises ReshError with what the other side said."""
    series = _series(families)
    sent = 0
    while batch := list(islice(series, _BATCH)):
        _post(target, batch, int(at * 1000))
        sent += len(batch)
    return sent


def _series(families: Iterable[Family]) -> Iterator[Series]:
    for family in families:
        for labels, value in family.samples:
            if isinstance(value, Distribution):
                continue  # of this process alone, and told to who asks it
            yield tuple(sorted({**{name: text for name, text in labels.items() if text}, "__name__": family.name}.items())), value


def _post(target: Target, batch: Sequence[Series], at: int) -> None:
    if target.format == "victoria":
        body, headers = _lines(batch, at), {"Content-Type": "text/plain"}
    else:
        body = snappy(write_request(batch, at))
        headers = {
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "snappy",
            "X-Prometheus-Remote-Write-Version": "0.1.0",
        }
    if target.token:
        headers["Authorization"] = f"Bearer {target.token}"
    try:
        request = urllib.request.Request(target.url, body, {**headers, "User-Agent": "resh"}, method="POST")
        with urllib.request.urlopen(request, timeout=_SECONDS):
            pass
    except urllib.error.HTTPError as error:
        said = " ".join(error.read(300).decode("utf-8", "replace").split())
        raise ReshError(
            f"metrics.push.url answers {error.code}: {said or error.reason}", "look at metrics.push.url and metrics.push.format"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ReshError(f"metrics.push.url cannot be reached: {reason}", "look at metrics.push.url") from None


def _lines(batch: Sequence[Series], at: int) -> bytes:
    """Prometheus' text format, with times."""
    lines = []
    for labels, value in batch:
        name = dict(labels)["__name__"]
        inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels if label != "__name__")
        lines.append(f"{name}{{{inside}}} {value!r} {at}\n")
    return "".join(lines).encode()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def write_request(batch: Sequence[Series], at: int) -> bytes:
    """`prometheus.WriteRequest`: https://prometheus.io/docs/specs/prw/remote_write_spec/"""
    return b"".join(_field(1, _time_series(labels, value, at)) for labels, value in batch)


def _time_series(labels: Sequence[tuple[str, str]], value: float, at: int) -> bytes:
    told = b"".join(_field(1, _field(1, name.encode()) + _field(2, text.encode())) for name, text in labels)
    return told + _field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(at))


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def snappy(data: bytes) -> bytes:
    """A block of literals: https://github.com/google/snappy/blob/main/format_description.txt"""
    parts = [varint(len(data))]
    for start in range(0, len(data), _LITERAL):
        literal = data[start : start + _LITERAL]
        parts += [bytes([61 << 2]), (len(literal) - 1).to_bytes(2, "little"), literal]
    return b"".join(parts)
