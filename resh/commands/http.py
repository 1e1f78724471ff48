"""`http` and `https`: each row as a request. What came back is counted by status."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from resh.commands.base import FLOW, Argument, Command, Context, Option, Role, Row, Rows
from resh.errors import SendFailed, UsageError

if TYPE_CHECKING:
    from resh.web.request import Headers, Request

_PARAMETER = re.compile(r"([^:=\s]+)==(.*)", re.DOTALL)
_PLAIN = ("accept", "content-type", "user-agent")
"""Headers that hold no secret: these go along to wherever a redirect leads."""


def run_http(context: Context, rows: Rows, **params: Any) -> Rows:
    return _sent(context, rows, "http", **params)


def run_https(context: Context, rows: Rows, **params: Any) -> Rows:
    return _sent(context, rows, "https", **params)


def _sent(
    context: Context,
    rows: Rows,
    scheme: str,
    request: tuple[str, ...],
    auth: str | None,
    compress: bool,
    no_body: bool,
    no_ssl_verify: bool,
    timeout: float,
    nr_of_retries: int,
    backoff: float | None,
    backoff_base: float,
) -> Rows:
    first = parse(request, scheme, auth)
    base = backoff_base if backoff is None else backoff
    client = context.app.web.client(context.cancel, timeout=timeout, retries=nr_of_retries, backoff=base, verify=not no_ssl_verify)
    counts: Counter[int] = Counter()
    failure = None
    with client:
        for row in rows:
            try:
                counts[client.send(first if no_body else with_body(first, row, compress)).status] += 1
            except SendFailed as error:
                failure = error
                break
    yield from ({"status": status, "requests": number} for status, number in sorted(counts.items()))
    _judge(context, counts, failure)


def _judge(context: Context, counts: Counter[int], failure: SendFailed | None) -> None:
    """The exit status: 1 when nothing went well, 3 when not everything did."""
    refused = sum(number for status, number in counts.items() if not 200 <= status < 300)
    if failure is not None:
        rest = f"; {counts.total()} requests before it were answered, the rows after it were not sent" if counts else ""
        raise type(failure)(f"{failure.message}{rest}", failure.hint)
    if refused:
        context.status = 1 if refused == counts.total() else 3


def parse(words: tuple[str, ...], scheme: str, auth: str | None = None) -> Request:
    """The request of `[method] address [name:value] [name==value]`."""
    from resh.web.request import METHODS, Request, basic, check_header, parse_url

    method, rest = (words[0].upper(), words[1:]) if words[0].upper() in METHODS else ("POST", words)
    if not rest:
        raise UsageError(f"{scheme}: the address is missing", f"write {scheme} {method} example.org/path")
    headers: list[tuple[str, str]] = []
    query: list[tuple[str, str]] = []
    for word in rest[1:]:
        if found := _PARAMETER.fullmatch(word):
            query.append((found[1], found[2]))
            continue
        name, colon, value = word.partition(":")
        if not colon:
            raise UsageError(f"{scheme}: a word behind the address is neither a header nor a parameter", "write name:value or name==value")
        check_header(name, value.strip())
        headers.append((name, value.strip()))
    url = parse_url(rest[0], scheme, query)
    if credentials := auth or url.auth:
        if ":" not in credentials:
            raise UsageError(f"{scheme}: --auth has no password", "write --auth user:password")
        headers.append(basic(credentials))
    return Request(method, url.changed(auth=""), tuple(_only(headers, True)), None, tuple(_only(headers, False)))


def _only(headers: Iterable[tuple[str, str]], plain: bool) -> Iterable[tuple[str, str]]:
    return (header for header in headers if (header[0].lower() in _PLAIN) == plain)


def with_body(request: Request, row: Row, compress: bool) -> Request:
    """The request with the row: JSON, or text if it is a line of text."""
    import orjson

    text = isinstance(row, str)
    body = row.encode() if text else orjson.dumps(row, default=str, option=orjson.OPT_NON_STR_KEYS)
    added: Headers = (
        () if _has(request, "content-type") else (("Content-Type", "text/plain; charset=utf-8" if text else "application/json"),)
    )
    if compress:
        import gzip

        body = gzip.compress(body)
        added = (*added, ("Content-Encoding", "gzip"))
    return request.changed(body=body, headers=(*request.headers, *added))


def _has(request: Request, name: str) -> bool:
    return any(key.lower() == name for key, _ in request.headers)


def seconds(text: str | float) -> float:
    """`30`, or a duration such as 1m."""
    from resh.durations import parse_duration

    word = str(text)
    found = float(word) if re.fullmatch(r"\d+(\.\d+)?", word) else parse_duration(word)
    if found <= 0:
        raise ValueError(word)
    return found


def count(text: str | int) -> int:
    if not re.fullmatch(r"\d{1,3}", str(text)):
        raise ValueError(text)
    return int(text)


def _command(name: str, summary: str, help: str, examples: tuple[tuple[str, str], ...]) -> Command:
    return Command(
        name,
        run_http if name == "http" else run_https,
        summary,
        FLOW,
        Role.operator,
        arguments=(
            Argument("request", help="[method] address, headers as name:value, parameters as name==value", many=True, complete="free"),
        ),
        options=(
            Option("compress", help="compress the body (gzip)"),
            Option("timeout", seconds, 30.0, "seconds, or a duration, that one attempt may take"),
            Option("no-ssl-verify", help="do not look at the server's certificate"),
            Option("no-body", help="send the row's request without a body"),
            Option("nr-of-retries", count, 3, "how often a request is repeated that failed"),
            Option("backoff-base", seconds, 0.5, "seconds before the first repetition; doubled for each further one"),
            Option("backoff", seconds, None, "the same"),
            Option("auth", str, None, "user:password", complete="free"),
        ),
        help=help,
        examples=examples,
    )


HTTP = _command(
    "http",
    "send each row to an address",
    "A row is sent as JSON, a line of text as text; chunk before it sends many rows in one request. The method is POST unless GET, PUT, "
    "DELETE or PATCH stands before the address; :8080/path is an address on this machine. Answers 429 and 5xx and lost connections are "
    "repeated, after waits that double, or as long as the server asks for. Other answers than 2xx make the exit status 3, or 1 if there "
    "are no others. Addresses of the local link and of machines' metadata are refused, whatever leads there; http.allow opens them. "
    "Lines with headers are not kept in the history.",
    (
        ("search is(volume) | chunk 50 | http --compress POST :8080/volumes", "fifty volumes in each request"),
        ("search is(volume) and age > 30d | http PUT inventory.example.org/old source==resh", "a parameter, source=resh"),
    ),
)
HTTPS = _command(
    "https",
    "send each row to an address, encrypted",
    "The same as http for an address without https:// in front of it.",
    (('search is(instance) | list --csv id, name | https inventory.example.org/lines "Content-Type:text/csv"', "a line in each request"),),
)
