r"""Templates of command lines: text with parameters that becomes a line.

    render('search name = {{name}} | slack title="About {{name}}"', {"name": 'a "b"'})
    # search name = "a \"b\"" | slack title="About a \"b\""

A value is one word, or stays inside of the quotes that it stands in: it never ends them, and never adds a command, whatever it holds.
`{{{x}}}` and `{{args}}` are text as it is.

Where it stands decides how it is written. Outside of quotes it is a plain word or goes into double quotes; there `\"` and `\\`
mean the same to a search, to JSON and to the words of a command. Within single quotes it is text with `\'` and `\\`; in JSON within single
quotes (`json '{"name": "{{name}}"}'`) it has numbers in the place of quotes and backslashes, because not everybody reads escapes of lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from resh.errors import SyntaxProblem, UsageError
from resh.search.mustache import Found, Missing, Scopes, Text, Unfit, names, pieces, plain, walk

ARGS = "args"
_PLAIN = re.compile(r"[A-Za-z0-9_/.:]+(?:-+[A-Za-z0-9_/.:]+)*")
_COMMENT = re.compile(r"\n[ \t]*#")
_NUMBERS = {"\\\\": "\\u005c", '\\"': "\\u0022", "'": "\\u0027"}


def render(text: str, values: Mapping[str, str], now: float = 0.0) -> str:
    """Raises SyntaxProblem with the place in the template, UsageError for a value that is no time where it has to be."""
    page = _Page()
    try:
        for item in walk(pieces(text), Scopes(values, now)):
            if isinstance(item, Text):
                page.write(item.text)
            else:
                page.insert(item)
    except Unfit as unfit:
        raise UsageError(f"{unfit.tag.name}: {unfit.why.message}", unfit.why.hint) from None
    except Missing as missing:
        name = missing.tag.name
        raise SyntaxProblem(f"nothing gives {{{{{name}}}}} a value", text, missing.tag.start, (), "make it a parameter") from None
    return page.text


def check(text: str, known: set[str]) -> None:
    """Raises SyntaxProblem for a tag that is none, UsageError for a name that is no parameter."""
    unknown = sorted(name for name in names(pieces(text)) if name not in (*known, ARGS, "."))
    if unknown:
        raise UsageError(f"the template uses {{{{{unknown[0]}}}}}, which is no parameter", f"add --parameter {unknown[0]}")


def uses_args(text: str) -> bool:
    return ARGS in names(pieces(text))


class _Page:
    """A line that grows, and which quotes are open at its end, as `line.py` reads it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._quote = ""
        self._inner = False
        self._escaping = False
        self._last = ""

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def write(self, text: str) -> None:
        self._parts.append(text)
        for letter in text:
            self._follow(letter)

    def insert(self, found: Found) -> None:
        raw = found.tag.sigil == "&" or found.tag.name == ARGS
        if raw:
            self.write(plain(found.value))
            return
        if self._escaping:
            self.write("\\")  # a backslash before the tag stands for itself, and must not escape what the value begins with
        written = self._written(plain(found.value))
        self._parts.append(written)
        self._last = written[-1:] or self._last

    def _written(self, text: str) -> str:
        encoded = json.dumps(text, ensure_ascii=False)
        if self._quote == '"':
            return encoded[1:-1]
        if self._inner:
            return re.sub(r"""\\\\|\\"|'""", lambda found: _NUMBERS[found[0]], encoded[1:-1])
        if self._quote:
            if _COMMENT.search("".join(self.text.rpartition("\n")[1:]) + text):
                raise UsageError("a line of a value begins with #, which is a comment even within single quotes", "use double quotes there")
            return text.replace("\\", "\\\\").replace("'", "\\'")
        return text if _PLAIN.fullmatch(text) else encoded

    def _follow(self, letter: str) -> None:
        if self._escaping:
            self._escaping = False
        elif letter == "\\":
            self._escaping = True
        elif letter == self._quote:
            self._quote, self._inner = "", False
        elif self._quote:
            self._inner ^= letter == '"'
        elif letter == '"' or (letter == "'" and not self._last.isalnum()):
            self._quote = letter
        self._last = letter
