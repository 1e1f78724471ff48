"""A server that has every answer already: the first time it asks a moto server, from then on memory answers in a tenth of a millisecond.

So a collect is measured against itself and not against the mock cloud. `python replay.py PORT_OF_MOTO [SECONDS]` prints its own port, and
serves until its standard input ends. Only for reads: equal requests get equal answers. Answers come after so many seconds, as a region's.
"""

from __future__ import annotations

import asyncio
import http.client
import re
import sys

SIGNED_FOR = re.compile(rb"Credential=[^/]+/\d+/([^/]+/[^/]+)/")
HOP = (b"connection", b"transfer-encoding", b"content-length", b"keep-alive")


class Replay:
    def __init__(self, upstream: int, latency: float) -> None:
        self._upstream, self._latency = upstream, latency
        self._answers: dict[tuple[bytes, ...], bytes] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                headers = dict(_header(line) for line in head.split(b"\r\n")[1:] if b":" in line)
                body = await reader.readexactly(int(headers.get(b"content-length", b"0")))
                answer = await self._answer(head.split(b"\r\n", 1)[0], headers, body)
                if self._latency:
                    await asyncio.sleep(self._latency)
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, request: bytes, headers: dict[bytes, bytes], body: bytes) -> bytes:
        signed = SIGNED_FOR.search(headers.get(b"authorization", b""))
        key = (request, signed[1] if signed else b"", headers.get(b"x-amz-target", b""), body)
        if key in self._answers:
            return self._answers[key]
        answer = await asyncio.to_thread(self._ask, request, headers, body)
        if not answer.startswith(b"HTTP/1.1 5"):  # the mock cloud stumbles now and then
            self._answers[key] = answer
        return answer

    def _ask(self, request: bytes, headers: dict[bytes, bytes], body: bytes) -> bytes:
        method, path, _ = request.decode().split(" ")
        connection = http.client.HTTPConnection("127.0.0.1", self._upstream, timeout=120)
        sent = {name.decode(): value.decode() for name, value in headers.items() if name not in HOP}
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        content = answer.read()
        kept = [f"{name}: {value}" for name, value in answer.getheaders() if name.lower().encode() not in HOP]
        connection.close()
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *kept, f"Content-Length: {len(content)}", "", ""]
        return "\r\n".join(lines).encode() + content


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


async def main(upstream: int, latency: float) -> None:
    server = await asyncio.start_server(Replay(upstream, latency).serve, "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0))
