from __future__ import annotations

import struct
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from resh.errors import ReshError
from resh.metrics.exposition import Family
from resh.metrics.push import Target, push, snappy, varint, write_request

FAMILIES = [Family("resh_x_total", "X", "gauge", [({"account": 'a"\n', "type": ""}, 3.0), ({"account": "b", "type": "t"}, 2.5)])]


class Receiver(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/v1/write"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.server.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0" if self.server.status == 204 else "7")
        self.end_headers()
        if self.server.status != 204:
            self.wfile.write(b"too\nold")

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_text_with_times_for_victoriametrics(receiver: Receiver) -> None:
    assert push(Target(receiver.url, "victoria", "secret"), FAMILIES, 12.5) == 2
    ((headers, body),) = receiver.got
    assert headers["Authorization"] == "Bearer secret"
    assert body.decode().splitlines() == [
        r'resh_x_total{account="a\"\n"} 3.0 12500',
        'resh_x_total{account="b",type="t"} 2.5 12500',
    ]


def test_remote_write_is_protobuf_in_snappy(receiver: Receiver) -> None:
    push(Target(receiver.url, "remote_write"), FAMILIES, 12.5)
    ((headers, body),) = receiver.got
    assert headers["Content-Encoding"] == "snappy"
    assert "Authorization" not in headers
    labels = (("__name__", "resh_x_total"), ("account", 'a"\n'))
    more = (("__name__", "resh_x_total"), ("account", "b"), ("type", "t"))
    assert _unsnapped(body) == write_request([(labels, 3.0), (more, 2.5)], 12500)


def test_a_request_is_what_the_specification_says() -> None:
    sample = b"\x09" + struct.pack("<d", 1.0) + b"\x10\x01"
    label = b"\x0a\x08__name__" + b"\x12\x01x"
    series = b"\x0a" + bytes([len(label)]) + label + b"\x12" + bytes([len(sample)]) + sample
    assert write_request([((("__name__", "x"),), 1.0)], 1) == b"\x0a" + bytes([len(series)]) + series


def test_varints() -> None:
    assert [varint(n) for n in (0, 1, 127, 128, 300)] == [b"\x00", b"\x01", b"\x7f", b"\x80\x01", b"\xac\x02"]


@pytest.mark.parametrize("size", [0, 1, 65536, 65537, 200_000])
def test_what_is_packed_is_what_was_given(size: int) -> None:
    data = bytes(n % 251 for n in range(size))
    assert _unsnapped(snappy(data)) == data


def test_what_the_other_side_says_is_told(receiver: Receiver) -> None:
    receiver.status = 400
    with pytest.raises(ReshError, match=r"metrics\.push\.url answers 400: too old"):
        push(Target(receiver.url, "remote_write"), FAMILIES, 12.5)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/write", "nonsense"])
def test_nobody_there(url: str) -> None:
    with pytest.raises(ReshError, match=r"metrics\.push\.url cannot be reached"):
        push(Target(url, "remote_write"), FAMILIES, 12.5)


def _unsnapped(data: bytes) -> bytes:
    """Of a block of literals."""
    size, shift, at = 0, 0, 0
    while True:
        size |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            break
    found = b""
    while at < len(data):
        assert data[at] == 61 << 2
        length = int.from_bytes(data[at + 1 : at + 3], "little") + 1
        found += data[at + 3 : at + 3 + length]
        at += 3 + length
    assert len(found) == size
    return found
