from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import AddressRefused, Cancelled, SendFailed
from resh.web.addresses import Addresses
from resh.web.client import Client
from resh.web.request import Request, parse_url
from tests.web_server import Told, WebServer

Make = Callable[..., Client]


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(waits: list[float]) -> Iterator[Make]:
    made: list[Client] = []

    def make(addresses: Addresses | None = None, cancel: Cancel | None = None, **more: Any) -> Client:
        options = {"wait": waits.append, "spread": lambda: 1.0, **more}
        client = Client(addresses or Addresses(), Cancel() if cancel is None else cancel, **options)
        made.append(client)
        return client

    yield make
    for one in made:
        one.__exit__(None, None, None)


def request(url: str, method: str = "POST", **more: Any) -> Request:
    return Request(method, parse_url(url, "http"), **more)


def test_a_request_arrives_as_it_is(client: Make, server: WebServer) -> None:
    answer = client().send(request(f"{server.url}/a?b=c", "PUT", headers=(("X-A", "1"),), body=b"[1]", sensitive=(("X-Key", "k"),)))
    (asked,) = server.asked
    assert (answer.status, answer.attempts, answer.body) == (200, 1, b"{}")
    assert (asked.method, asked.path, asked.body) == ("PUT", "/a?b=c", b"[1]")
    assert (asked.headers["X-A"], asked.headers["X-Key"], asked.headers["Host"]) == ("1", "k", f"127.0.0.1:{server.port}")


def test_the_connection_is_kept_for_the_next_request(client: Make, server: WebServer) -> None:
    one = client()
    for _ in range(3):
        one.send(request(server.url))
    assert (len(server.asked), server.connections) == (3, 1)


def test_a_name_is_resolved_once_and_the_connection_goes_to_that_address(client: Make, server: WebServer) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    client(Addresses(resolve=resolve)).send(request(f"http://inventory.test:{server.port}/"))
    assert asked == ["inventory.test"]
    assert server.asked[0].headers["Host"] == f"inventory.test:{server.port}"


def test_the_next_address_of_a_host_is_tried(client: Make, server: WebServer) -> None:
    two = Addresses(resolve=lambda host, port: [(0, 0, 0, "", (address, port)) for address in ("127.9.9.9", "127.0.0.1")])
    assert client(two).send(request(f"http://inventory.test:{server.port}/")).status == 200


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_go_better_is_repeated(client: Make, server: WebServer, waits: list[float], status: int) -> None:
    server.answers = [Told(status), Told(status), Told(201)]
    answer = client().send(request(server.url, body=b"x"))
    assert (answer.status, answer.attempts, waits) == (201, 3, [0.5, 1.0])
    assert [asked.body for asked in server.asked] == [b"x"] * 3


def test_the_last_answer_counts_when_nothing_helps(client: Make, server: WebServer, waits: list[float]) -> None:
    server.answers = [Told(503)] * 9
    assert client(retries=2).send(request(server.url)).status == 503
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 404])
def test_what_will_not_go_better_is_not(client: Make, server: WebServer, status: int) -> None:
    server.answers = [Told(status)]
    assert client().send(request(server.url)).status == status
    assert len(server.asked) == 1


def test_a_lost_connection_is_repeated(client: Make, server: WebServer, waits: list[float]) -> None:
    server.answers = [None, Told(200)]
    assert client().send(request(server.url)).attempts == 2
    assert waits == [0.5]


@pytest.mark.parametrize(("header", "wait"), [("7", 7.0), ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0), ("soon", 0.5), ("0", 0.5)])
def test_the_server_says_how_long(client: Make, server: WebServer, waits: list[float], header: str, wait: float) -> None:
    server.answers = [Told(429, {"Retry-After": header})]
    client(now=lambda: 1_700_000_000.0).send(request(server.url))
    assert waits == [wait]


def test_nobody_waits_for_hours(client: Make, server: WebServer, waits: list[float]) -> None:
    server.answers = [Told(429, {"Retry-After": "86400"})]
    assert client().send(request(server.url)).status == 429
    assert waits == []


def test_nothing_is_repeated_beyond_the_whole_time(client: Make, server: WebServer, waits: list[float]) -> None:
    server.answers = [Told(503, {"Retry-After": "20"})]
    assert client(within=10).send(request(server.url)).status == 503
    assert waits == []


def test_a_server_that_is_not_there_is_named_without_the_path(client: Make, server: WebServer, waits: list[float]) -> None:
    server.close()
    with pytest.raises(SendFailed) as caught:
        client().send(request(f"{server.url}/hooks/secret?token=secret"))
    assert caught.value.message == f"{server.url}: Connection refused"
    assert waits == [0.5, 1.0, 2.0]


def test_a_server_that_says_nothing_holds_nobody(client: Make, server: WebServer) -> None:
    release = threading.Event()
    server.before = release.wait
    with pytest.raises(SendFailed, match="no answer in time"):
        client(timeout=0.05, retries=0).send(request(server.url))
    release.set()


def test_a_cancelled_request_ends_at_once(client: Make, server: WebServer) -> None:
    cancel, release = Cancel(), threading.Event()

    def stop() -> None:
        cancel.set("stopped by ada")
        release.wait()

    server.before = stop
    with pytest.raises(Cancelled, match="stopped by ada"):
        client(cancel=cancel).send(request(server.url))
    release.set()


def test_redirects_are_followed(client: Make, server: WebServer) -> None:
    server.answers = [Told(302, {"Location": "/there"}), Told(307, {"Location": f"{server.url}/at/last"})]
    answer = client().send(request(server.url, body=b"x", headers=(("Content-Type", "text/plain"),), sensitive=(("X-Key", "k"),)))
    assert answer.status == 200
    seen = [(asked.method, asked.path, asked.body) for asked in server.asked]
    assert seen == [("POST", "/", b"x"), ("GET", "/there", b""), ("GET", "/at/last", b"")]
    assert all(asked.headers.get("X-Key") == "k" for asked in server.asked)
    assert "Content-Type" not in server.asked[1].headers


def test_307_keeps_method_and_body(client: Make, server: WebServer) -> None:
    server.answers = [Told(307, {"Location": "/there"})]
    client().send(request(server.url, body=b"x"))
    assert [(asked.method, asked.body) for asked in server.asked] == [("POST", b"x")] * 2


def test_another_origin_hears_no_secret(client: Make, server: WebServer) -> None:
    other = WebServer()
    server.answers = [Told(307, {"Location": other.url})]
    client().send(request(server.url, headers=(("X-Plain", "1"),), sensitive=(("Authorization", "secret"),)))
    other.close()
    assert server.asked[0].headers["Authorization"] == "secret"
    assert "Authorization" not in other.asked[0].headers
    assert other.asked[0].headers["X-Plain"] == "1"


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "//169.254.169.254/"])
def test_a_redirect_to_metadata_is_refused(client: Make, server: WebServer, waits: list[float], target: str) -> None:
    server.answers = [Told(302, {"Location": target})]
    with pytest.raises(AddressRefused):
        client().send(request(server.url))
    assert waits == []


def test_a_redirect_that_leads_nowhere_says_where_it_is_from(client: Make, server: WebServer, waits: list[float]) -> None:
    server.answers = [Told(307, {"Location": "http://169.254.169.254/latest"})]
    with pytest.raises(AddressRefused) as caught:
        client(retries=0).send(request(server.url))
    assert caught.value.message.startswith(f"{server.url} redirects: 169.254.169.254 is an address")


def test_a_redirect_in_a_circle_ends(client: Make, server: WebServer) -> None:
    server.answers = [Told(302, {"Location": "/"})] * 20
    with pytest.raises(SendFailed, match="redirects more than 5 times"):
        client().send(request(server.url))
    assert len(server.asked) == 6


def test_a_long_answer_is_read_in_part(client: Make, server: WebServer) -> None:
    server.answers = [Told(200, {}, b"x" * 10_000_000)]
    one = client()
    assert len(one.send(request(server.url)).body) == 65536
    assert one.send(request(server.url)).body == b"{}"
