"""What may follow in a search: asked of the parser, filled with names of kinds, properties and values.

    expect("is(vol", OnlyKinds(kinds))          [Expectation("volume", 3, "kind", "…"), …]
    expect("is(volume) and volume_status = ", vocabulary, matches)      with values from the graph, and the shell's idea of what fits

It works for any beginning of a search; where the text before makes no sense there is nothing to expect.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

from resh.search.builder import word
from resh.search.machine import Machine, Mismatch, Token, TooDeep, TooMany, is_one
from resh.search.names import Names, Scalar
from resh.search.paths import AGES
from resh.search.phrases import INWARD, NETWORKS, OUTWARD, PERIODS, PHRASES, SIGNS, Words, operators
from resh.search.properties import Described, Fits, fitting, offered, type_of
from resh.search.standing import VALUES, Standing
from resh.search.terms import quote

_MOST = 200
_LONGEST = 20_000  # letters; nobody waits for a completion behind them
_GOES_ON = ("x", "`", "]", "0")
"""What may make one word of a text and what is typed next."""


class Expectation(NamedTuple):
    """`text` may stand from `start` on, in place of what is typed there."""

    text: str
    start: int
    category: str
    description: str


def begins(typed: str, words: list[str]) -> Iterator[str]:
    """The words, which are sorted, that begin with what is typed."""
    return takewhile(lambda word: word.startswith(typed), islice(words, bisect_left(words, typed), None))


def expect(text: str, names: Names, fits: Fits = begins, before: Standing | None = None) -> list[Expectation]:
    """At most 200, best first. `before` is where the search stands that this one goes on with."""
    place = Place(text, before)
    found: dict[tuple[str, int], Expectation] = {}
    for offer in place.offers(names, fits):
        found.setdefault((offer.text, offer.start), offer)
        if len(found) == _MOST:
            break
    return list(found.values())


class Place:
    """The end of a text: what has been read before the word that is being typed, and what the parser takes there."""

    def __init__(self, text: str, before: Standing | None = None) -> None:
        self.text = text
        self.standing = Standing(before.kinds, before.outputs) if before else Standing()
        self._machine = machine = Machine(text)
        self.start = len(text) if len(text) < _LONGEST else -1
        last: Token | None = None
        at_last = now = machine.going_on("")
        try:
            for token in machine.tokens() if len(text) < _LONGEST else ():
                if last:
                    self.standing.take(last)
                last, at_last, now = token, now, machine.going_on("")
        except (TooDeep, TooMany):
            self.start = -1
        except Mismatch as problem:
            self.start = problem.position
        if last and last.end == self.start and _goes_on(at_last, text[last.start :]):
            self.start, self._machine = last.start, at_last
        elif last:
            self.standing.take(last)

    @property
    def typed(self) -> str:
        return self.text[self.start :]

    @property
    def allowed(self) -> set[str]:
        """Terminals that may stand there."""
        return set(self._machine.allowed())

    def offers(self, names: Names, fits: Fits) -> Iterator[Expectation]:
        if self.start < 0:
            return
        allowed = self.allowed
        signs = not self.typed
        if self.standing.navigation is not None:
            yield from self._navigations(self.standing.navigation, allowed)
            allowed -= {"_DASH", "_LEFT"}
            signs = False
        for category, found in self._offers(allowed, names, fits):
            for text, why in found:
                if not self._glues(text):
                    signs = False
                    yield Expectation(text, self.start, category, why)
        yield from self._longer_operators()
        if signs:
            yield from (Expectation(text, self.start, "punctuation", "") for text, terminal in SIGNS.items() if terminal in allowed)

    def _offers(self, allowed: Collection[str], names: Names, fits: Fits) -> Iterator[tuple[str, Iterable[Described]]]:
        """Values first, then words of the language, then names."""
        if "WORD" in allowed:
            yield "value", self._values(names)
        if "OPERATOR" in allowed:
            type = "" if self.typed else type_of(self.standing.path, self.standing.kinds, names.kinds())
            for terminal, words in operators(type).items():
                if terminal in allowed:
                    yield "keyword" if terminal == "MODIFIER" else "operator", _beginning(self.typed, words)
        for terminal, (category, words) in PHRASES.items():
            if terminal in allowed:
                yield category, _beginning(self.typed, words)
        if "KIND" in allowed:
            yield "kind", self._kinds(names, fits)
        if "PATH" in allowed:
            yield "property", offered(self.standing, self.typed, names, fits)
        if "NAME" in allowed and self.standing.word == "_EXPAND":
            yield "template", fitting(self.typed, sorted(names.templates().items()))

    def _kinds(self, names: Names, fits: Fits) -> Iterator[Described]:
        kinds, quoted = names.kinds(), self.typed.startswith('"')
        for name in fits(self.typed.strip('"').lower(), sorted(kind.name for kind in kinds)):
            yield quote(name) if quoted else name, kinds[name].description

    def _values(self, names: Names) -> Iterable[Described]:
        """What the brackets or the comparison around this place take."""
        standing = self.standing
        if standing.word == "FUNCTION":
            found = names.keys(standing.kinds, standing.path, self.typed.strip('"')) if standing.text == "has_key" else ()
            return self._spelled(found) if standing.text == "has_key" else _beginning(self.typed, NETWORKS)
        if standing.word == "_WITH_USAGE":
            opens = standing.last is not None and standing.last.type == "_LPAR"
            return _beginning(self.typed, PERIODS) if opens else self._spelled(names.keys(standing.kinds, "/usage", ""))
        if standing.word in ("_ID", "_EXPAND"):
            return ()
        return self._compared(names)

    def _compared(self, names: Names) -> Iterator[Described]:
        """Values of the property that is compared, then those that it may always have."""
        standing, operator = self.standing, self.standing.last.text if self.standing.last else ""
        if standing.path in AGES:
            yield from _beginning(self.typed, PERIODS)
            return
        found = list(names.values(standing.kinds, standing.path, self.typed.strip('"')))
        yield from self._spelled(found)
        constants: list[tuple[Scalar, str]] = []
        if type_of(standing.path, standing.kinds, names.kinds()) in ("boolean", ""):
            constants += [(value, "") for value in (True, False) if all(value is not other for other, _ in found)]
        if type_of(standing.path, standing.kinds, names.kinds()) == "boolean" or not found:
            yield from self._spelled(constants)
        if operator in ("=", "==", "!=") and standing.word != VALUES:
            yield from _beginning(self.typed, (("null", "not set"),))

    def _spelled(self, values: Iterable[tuple[Scalar, str]]) -> Iterator[Described]:
        """As the language writes them; in quotes where it needs them or somebody began with one."""
        quoted = self.typed.startswith('"')
        wanted = self.typed.strip('"').lower()
        inside: list[Described] = []
        for value, note in values:
            at = str(value).lower().find(wanted)
            text = spelled(value, quoted)
            if at == 0 and text:
                yield text, note
            elif at > 0 and text:
                inside.append((text, note))
        yield from inside

    def _navigations(self, start: int, allowed: Collection[str]) -> Iterator[Expectation]:
        """Whole forms of what has been begun, and its end."""
        begun = self.text[start:]
        forms = list(_beginning(begun, OUTWARD + INWARD))
        if not self.typed:
            forms += [(begun + end, "along these edges") for end, terminal in (("->", "_ARROW"), ("-", "_DASH")) if terminal in allowed]
        yield from (Expectation(form, start, "navigation", why) for form, why in forms)

    def _longer_operators(self) -> Iterator[Expectation]:
        """`<` may become `<=`."""
        last = self.standing.last
        if last and last.type == "OPERATOR" and last.end == len(self.text):
            longer = _beginning(last.text, operators("")["OPERATOR"])
            yield from (Expectation(text, last.start, "operator", why) for text, why in longer if text != last.text)

    def _glues(self, text: str) -> bool:
        """Whether it needs a blank before it."""
        before, first = self.text[self.start - 1 : self.start], text[0]
        if before.isalnum() or before in ("_", "`"):
            return first.isalnum() or first in '_"`/-'
        return before in tuple(')]}"') and (first.isalnum() or first in '_"`/')


@lru_cache(maxsize=4096, typed=True)
def spelled(value: Scalar, quoted: bool = False) -> str:
    """A value as the language reads it; nothing for one that it cannot read."""
    if isinstance(value, str):
        return value if not quoted and is_one("WORD", value) and word(value) == value else quote(value)
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if not quoted and is_one("WORD", text) and word(text) == value else ""


def _goes_on(before: Machine, tail: str) -> bool:
    """Whether the token that `tail` is may become a longer one."""
    for more in _GOES_ON:
        try:
            token = next(before.going_on(tail + more).tokens(), None)
        except Mismatch:
            continue
        if token and token.end > len(tail):
            return True
    return False


def _beginning(typed: str, words: Words) -> Iterator[Described]:
    return ((text, why) for text, why in words if text.startswith(typed))
