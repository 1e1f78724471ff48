from __future__ import annotations

import pytest

from resh.errors import UsageError
from resh.web.request import Request, Url, basic, check_header, parse_url


@pytest.mark.parametrize(
    ("text", "scheme", "url"),
    [
        (":8080/call/me", "http", Url("http", "localhost", 8080, "/call/me")),
        (":8080", "https", Url("https", "localhost", 8080, "/")),
        ("example.org", "https", Url("https", "example.org", 443, "/")),
        ("example.org/a?b=c", "http", Url("http", "example.org", 80, "/a?b=c")),
        ("HTTPS://Example.org:8443/a b", "http", None),
        ("https://ada:secret@example.org/x", "http", Url("https", "example.org", 443, "/x", "ada:secret")),
        ("http://[::1]:9/ü", "http", Url("http", "::1", 9, "/%C3%BC")),
    ],
)
def test_addresses_as_people_write_them(text: str, scheme: str, url: Url | None) -> None:
    if url is None:
        with pytest.raises(UsageError):
            parse_url(text, scheme)
    else:
        assert parse_url(text, scheme) == url


def test_parameters_come_behind_those_of_the_address() -> None:
    url = parse_url("x/y?a=1", "http", [("greeting", "hello & bye"), ("type", "volume")])
    assert url.target == "/y?a=1&greeting=hello+%26+bye&type=volume"


@pytest.mark.parametrize("text", ["ftp://secret.org", "https://", "http://[::1/secret", "http://a:secret/", "file:///etc/secret", ""])
def test_what_is_no_address_is_refused_and_not_told(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_url(text, "http")
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"


def test_headers_are_looked_at_and_their_values_not_told() -> None:
    check_header("X-Good", "value with blanks, é")
    for name, value in (("X Bad", "secret"), ("X", "secret\nInjected: yes"), ("X", "secret→")):
        with pytest.raises(UsageError) as caught:
            check_header(name, value)
        assert "secret" not in caught.value.message


def test_the_text_of_a_request_holds_no_secret() -> None:
    request = Request("POST", parse_url("https://a:b@example.org:8443/hooks/T0/secret?k=v", "http"), (), b"secret", (basic("a:b"),))
    assert repr(request) == str(request) == "POST https://example.org:8443"
    assert "secret" not in repr(request.url)
    assert request.sensitive == (("Authorization", "Basic YTpi"),)
