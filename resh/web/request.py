"""A request, its answer, and addresses as people write them.

    request = Request("POST", parse_url("https://example.org/hook", "https"), (("Authorization", "Bearer …"),), b"{}")
    str(request)                                    POST https://example.org

What may be a secret is in neither text: headers, the path and query of the address, the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlencode, urlsplit

from resh.errors import UsageError
from resh.record import Record

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SAFE = "%/:?#[]@!$&'()*+,;=~"  # what an address may have in it, beside letters and digits
Headers = tuple[tuple[str, str], ...]


class Url(Record):
    """`target` is what the server is asked for: path and query. `auth` is what stood before the host, `user:password`."""

    scheme: str
    host: str
    port: int
    target: str
    auth: str = ""

    @property
    def origin(self) -> str:
        usual = self.port == {"http": 80, "https": 443}[self.scheme]
        return f"{self.scheme}://{self.authority if not usual else self._name}"

    @property
    def authority(self) -> str:
        return self._name if self.port == {"http": 80, "https": 443}[self.scheme] else f"{self._name}:{self.port}"

    @property
    def _name(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def __repr__(self) -> str:
        return self.origin


class Request(Record):
    """`headers` are sent as they are; `sensitive` ones go to this origin only, wherever it redirects to."""

    method: str
    url: Url
    headers: Headers = ()
    body: bytes | None = None
    sensitive: Headers = ()

    def __repr__(self) -> str:
        return f"{self.method} {self.url.origin}"


class Answer(Record):
    """`body` is the beginning of it. `attempts` is how many requests it took."""

    status: int
    headers: Headers
    body: bytes
    attempts: int = 1

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


def parse_url(text: str, scheme: str, query: Iterable[tuple[str, str]] = ()) -> Url:
    """`scheme` is for an address without one; `:8080/path` is on this machine. The UsageError does not tell it: it may be secret."""
    found = _SCHEME.match(text)
    if found and found[1].lower() not in ("http", "https"):
        raise UsageError(f"addresses of '{found[1]}' are not supported", "write http:// or https://")
    whole = text if found else f"{scheme}://{'localhost' if text.startswith(':') else ''}{text}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError("the address is none", "write it like https://example.org/path, or :8080/path for this machine") from None
    if not host or re.search(r"[\s\x00-\x1f\x7f]", whole):
        raise UsageError("the address has no host, or a blank in it", "write it like https://example.org/path")
    pairs = "&".join(filter(None, (quote(parts.query, safe=_SAFE), urlencode(list(query)))))
    target = f"{quote(parts.path, safe=_SAFE) or '/'}{f'?{pairs}' if pairs else ''}"
    auth = parts.netloc.rpartition("@")[0]
    return Url(parts.scheme.lower(), host, port or {"http": 80, "https": 443}[parts.scheme.lower()], target, auth)


def check_header(name: str, value: str) -> None:
    """Raises UsageError that names the header, never its value."""
    if not _HEADER.fullmatch(name):
        raise UsageError(f"'{name}' is no name of a header", "write name:value, without a blank before the colon")
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        raise UsageError(f"the header {name} has a control character in its value", "take the end of line out of it")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise UsageError(f"the header {name} has a letter that no header can have", "headers are written in Latin 1") from None


def basic(auth: str) -> tuple[str, str]:
    """The header for `user:password`."""
    from base64 import b64encode

    return "Authorization", f"Basic {b64encode(auth.encode()).decode()}"
