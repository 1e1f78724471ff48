from __future__ import annotations

import gzip
import json
import logging

import pytest

from resh.app import App
from resh.commands.base import Role
from tests.commands.conftest import Shell
from tests.web_server import Told, WebServer
from tests.web_server import server as server

CLIENT = {"Host", "Accept-Encoding", "User-Agent", "Content-Length"}


def test_each_row_is_a_request(shell: Shell, server: WebServer) -> None:
    assert shell(f"search is(volume) | http {server.url}/volumes") == ['{"status":200,"requests":4}']
    assert (shell.status, shell.notes) == (0, [])
    assert {(asked.method, asked.path, asked.headers["Content-Type"]) for asked in server.asked} == {
        ("POST", "/volumes", "application/json")
    }
    assert sorted(json.loads(asked.body)["reported"]["id"] for asked in server.asked) == ["vol-1", "vol-2", "vol-3", "vol-4"]


def test_rows_in_chunks(shell: Shell, server: WebServer) -> None:
    assert shell(f"search is(volume) | chunk 3 | http --compress PUT :{server.port}/volumes") == ['{"status":200,"requests":2}']
    assert [len(json.loads(gzip.decompress(asked.body))) for asked in server.asked] == [3, 1]
    assert server.asked[0].headers["Content-Encoding"] == "gzip"


def test_lines_are_sent_as_text(shell: Shell, server: WebServer) -> None:
    shell(f"echo grüße | http {server.url}")
    (asked,) = server.asked
    assert (asked.body.decode(), asked.headers["Content-Type"]) == ("grüße", "text/plain; charset=utf-8")


def test_headers_and_parameters(shell: Shell, server: WebServer) -> None:
    shell(f'json {{}} | http PATCH {server.url}/a?x=1 "Greeting:hello from resh" type==volume "q==a b" content-type:text/x --auth ada:pw')
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("PATCH", "/a?x=1&type=volume&q=a+b")
    assert {name: value for name, value in asked.headers.items() if name not in CLIENT} == {
        "Greeting": "hello from resh",
        "content-type": "text/x",
        "Authorization": "Basic YWRhOnB3",
    }


def test_without_a_body(shell: Shell, server: WebServer) -> None:
    shell(f"json [1, 2] | http GET {server.url} --no-body")
    assert [(asked.method, asked.body) for asked in server.asked] == [("GET", b"")] * 2
    assert "Content-Type" not in server.asked[0].headers


def test_answers_are_counted_by_status(shell: Shell, server: WebServer) -> None:
    server.answers = [Told(404), Told(201), Told(404)]
    assert shell(f"json [1, 2, 3] | http {server.url}") == ['{"status":201,"requests":1}', '{"status":404,"requests":2}']
    assert shell.status == 3
    server.answers = [Told(404)]
    shell(f"json 1 | http {server.url}")
    assert shell.status == 1


def test_retries_are_as_many_as_wanted(shell: Shell, server: WebServer) -> None:
    server.answers = [Told(503), Told(503), Told(200)]
    assert shell(f"json 1 | http --nr-of-retries 2 --backoff-base 0.001 {server.url}") == ['{"status":200,"requests":1}']
    server.answers = [Told(503), Told(200)]
    assert shell(f"json 1 | http --nr-of-retries 0 {server.url}") == ['{"status":503,"requests":1}']


def test_a_server_that_goes_away_ends_it_and_says_how_far_it_came(shell: Shell, server: WebServer) -> None:
    server.answers = [Told(), None, None]
    assert shell(f"json [1, 2, 3] | http --nr-of-retries 0 {server.url}/secret") == ['{"status":200,"requests":1}']
    assert shell.status == 1
    (note,) = shell.notes
    assert "the connection was lost; 1 requests before it were answered" in note
    assert "secret" not in note


def test_metadata_is_out_of_reach_unless_allowed(shell: Shell) -> None:
    shell("json 1 | http GET 169.254.169.254/latest/meta-data/")
    assert shell.status == 1
    assert "169.254.169.254 is an address of this machine's network or of its metadata" in shell.notes[0]
    assert "http.allow" in shell.notes[0]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("http POST", "address is missing"),
        ("http x.org secret", "neither a header nor a parameter"),
        ('http x.org "A B:secret"', "'A B' is no name of a header"),
        ("http --auth secret x.org", "--auth has no password"),
        ("http --timeout 0 x.org", "timeout"),
        ("http --nr-of-retries many x.org", "nr_of_retries"),
        ("http ftp://secret/x", "addresses of 'ftp' are not supported"),
    ],
)
def test_mistakes_are_named_and_secrets_are_not(shell: Shell, line: str, named: str) -> None:
    shell(f"json 1 | {line}")
    assert shell.status == 2
    assert named in shell.notes[0]
    assert "secret" not in shell.notes[0]


def test_viewers_send_nothing(graph: App) -> None:
    viewer = Shell(graph, role=Role.viewer)
    viewer("json 1 | http :1/x")
    assert viewer.status == 126


def test_secrets_are_in_no_log(shell: Shell, server: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers = [Told(500)] * 2 + [None]
    shell(f"json [1, 2] | http --nr-of-retries 1 --backoff-base 0.001 {server.url}/s3cret?k=s3cret X-Key:s3cret --auth s3cret:s3cret")
    assert "s3cret" not in "\n".join([caplog.text, *shell.notes, shell.sink.out])


def test_networks_are_checked_when_set(shell: Shell) -> None:
    shell("config set http.allow 169.254.10.7,169.254.11.0/24")
    assert shell.status == 0
    assert shell.app.settings.list("http.allow") == ["169.254.10.7/32", "169.254.11.0/24"]
    shell("config set http.allow somewhere")
    assert shell.status == 2
    assert "'somewhere' is no network" in shell.notes[0]
