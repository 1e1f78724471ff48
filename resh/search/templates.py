"""Templates of searches: text with parameters that becomes the text of a search.

    render("is({{kind}}) and name = {{name}}", {"kind": "volume", "name": 'a" or all'}, now)
    # is(volume) and name = "a\\" or all"

The rule, by which a value never says more than the template asks it for:

1. Inside of quotes (or backticks) it is text, and stays inside of them.
2. Elsewhere `{{x}}` is one value as the language writes it: a plain word, a number, true, null, a list; any other text goes into quotes.
   So it is a value where a value may stand, a name where a kind or a property may stand, and an error where neither fits. It can never
   add a condition.
3. `{{{x}}}` is text as it is. Whoever writes that into a template lets whoever uses it write a part of the search.

Placeholders such as @TODAY@ are filled in the text of the template, never in a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from resh.errors import SyntaxProblem
from resh.search.builder import word
from resh.search.mustache import Found, Missing, Quoted, Scopes, Tag, Text, Unfit, pieces, plain, walk
from resh.search.terms import Object, Value, quote, written

_PLAIN = re.compile(r"[A-Za-z0-9_/.:]+(?:-+[A-Za-z0-9_/.:]+)*")
_STEPS = re.compile(r"\w+(?:-+\w+)*(?:\.\w+(?:-+\w+)*)*")
_ANY = re.compile(r"\{\{\{?\s*[#^&]?\s*[\w.][\w.-]*\s*\}\}")


class Rendered(NamedTuple):
    """`places` leads from offsets in the text to offsets in the template, and to the tag that what stands there came from."""

    text: str
    template: str
    places: Sequence[tuple[int, int, Tag | None]]

    def relocated(self, error: SyntaxProblem) -> SyntaxProblem:
        """The same mistake with its place in the template."""
        start, origin, tag = next((place for place in reversed(self.places) if place[0] <= error.position), (0, 0, None))
        position = origin if tag else min(origin + error.position - start, len(self.template))
        message = error.message
        if tag:
            message = re.sub(r"^'.*' (?=does not fit)", lambda _: f"what stands for {{{{{tag.name}}}}} ", message, flags=re.DOTALL)
        return SyntaxProblem(message, self.template, position, error.expected, error.hint)

    def tag_before(self, position: int) -> Tag | None:
        """The last one whose value begins at that place of the text or before it."""
        return next((tag for start, _, tag in reversed(self.places) if tag and start <= position), None)


def render(text: str, values: Mapping[str, Any], now: float) -> str:
    """The text of the search. Raises SyntaxProblem with the place in the template: a wrong tag, a value that is missing or unfit."""
    return rendered(text, Scopes(values, now), now).text


def fill(text: str, variables: Mapping[str, str], now: float) -> str:
    """A search that somebody typed, with the variables of the line in place of its tags: words mean what they mean in a search."""
    if not _ANY.search(text):
        return text
    values = {name: meaning(value) for name, value in variables.items()}
    return rendered(text, Scopes(values, now), now, "write {}=… in front of the line").text


def rendered(text: str, scopes: Scopes, now: float, remedy: str = "give it as {}=…") -> Rendered:
    """The same, remembering where everything came from. `remedy` says how a missing parameter gets a value."""
    page = _Page(text, now)
    try:
        for item in walk(pieces(text), scopes):
            if isinstance(item, Text):
                page.write(item)
            else:
                page.insert(item)
    except Unfit as unfit:
        raise SyntaxProblem(f"{unfit.tag.name}: {unfit.why.message}", text, unfit.tag.start, (), unfit.why.hint) from None
    except Missing as missing:
        name = missing.tag.name.split(".")[0]
        raise SyntaxProblem(f"nothing gives {{{{{missing.tag.name}}}}} a value", text, missing.tag.start, (), remedy.format(name)) from None
    return Rendered("".join(page.letters), text, page.places)


class _Page:
    """Text that grows, and which quote is open at its end: what a value looks like depends on it."""

    def __init__(self, template: str, now: float) -> None:
        self.template = template
        self.now = now
        self.letters: list[str] = []
        self.places: list[tuple[int, int, Tag | None]] = []
        self._quote = ""
        self._length = 0
        self._last = ""
        self._escaping = False

    def write(self, item: Text) -> None:
        from resh import placeholders

        self._add(placeholders.fill(item.text, self.now), item.start, None)

    def insert(self, found: Found) -> None:
        tag = found.tag
        text = plain(found.value) if tag.sigil == "&" else self._written(found.value, tag)
        if self._escaping and tag.sigil != "&":
            text = "\\" + text  # a backslash before the tag stands for itself and must not escape what the value begins with
            self._escaping = False
        self._add(text, tag.start, tag)

    def _written(self, value: Any, tag: Tag) -> str:
        if self._quote == '"':
            return quote(plain(value))[1:-1]
        if self._quote == "`":
            return self._in_backticks(plain(value), tag)
        if self._last == "." and isinstance(value, str) and not _STEPS.fullmatch(value):
            return f"`{self._in_backticks(value, tag)}`"
        return written_plainly(value)

    def _in_backticks(self, text: str, tag: Tag) -> str:
        if "`" in text:
            raise SyntaxProblem(f"{tag.name} holds a backtick, which no name can", self.template, tag.start)
        return text

    def _add(self, text: str, origin: int, tag: Tag | None) -> None:
        if not text:
            return
        self.places.append((self._length, origin, tag))
        self.letters.append(text)
        self._length += len(text)
        self._last = text[-1]
        self._follow(text)

    def _follow(self, text: str) -> None:
        for letter in text:
            if self._escaping:
                self._escaping = False
            elif self._quote:
                if letter == self._quote:
                    self._quote = ""
                self._escaping = letter == "\\" and self._quote == '"'
            elif letter in '"`':
                self._quote = letter


def written_plainly(value: Any) -> str:
    """A value as a search writes it, without quotes where it is a plain word."""
    if isinstance(value, str):
        return value if not isinstance(value, Quoted) and _PLAIN.fullmatch(value) and meaning(value) == value else quote(value)
    if isinstance(value, list):
        return f"[{', '.join(map(written_plainly, value))}]"
    return written(searchable(value))


def meaning(text: str) -> Any:
    """What a word means in a search; a number that is too long for one is text."""
    try:
        return word(text) if text else text
    except ValueError:
        return text


def searchable(value: Any) -> Value:
    """JSON as a value of the language."""
    if isinstance(value, list):
        return tuple(map(searchable, value))
    if isinstance(value, Mapping):
        return Object(tuple((str(key), searchable(item)) for key, item in value.items()))
    found: Value = value
    return found


def jsonable(value: Value) -> Any:
    """A value of the language as JSON."""
    if isinstance(value, tuple):
        return list(map(jsonable, value))
    if isinstance(value, Object):
        return {key: jsonable(item) for key, item in value.pairs}
    return value
