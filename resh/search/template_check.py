"""Whether a template can become a search, before anybody needs it: it is rendered with stand-ins for its parameters and parsed.

    check("is({{kind}}) and age > {{days}}d")       fine
    check("is({{kind}}) anf age > 3d")              SyntaxProblem: 'anf' does not fit

What fits a parameter is found by trying: a word, a number, and so on, until the parser takes it. Sections are there at first; if nothing
comes of it, they are tried away.
"""

from __future__ import annotations

from typing import Any

from resh.errors import SyntaxProblem
from resh.search.mustache import Scopes, Tag
from resh.search.parser import parse
from resh.search.templates import rendered

_VALUES: tuple[Any, ...] = ("a", 1, "default", "asc", "and", "sum")
_TEXTS: tuple[Any, ...] = ("a", "all", "=", "and", "1", "")
"""For `{{{x}}}`, which may stand for anything."""


def check(text: str) -> None:
    """Raises SyntaxProblem with the place in the template."""
    try:
        _check(text, _StandIns(sections=True))
    except SyntaxProblem:
        try:
            _check(text, _StandIns(sections=False))
        except SyntaxProblem:
            pass
        else:
            return
        raise


def _check(text: str, stand_ins: _StandIns) -> None:
    """Of all that went wrong on the way it tells what came furthest."""
    furthest: SyntaxProblem | None = None
    while True:
        page = rendered(text, stand_ins, 0)
        try:
            parse(page.text)
            return
        except SyntaxProblem as error:
            problem = page.relocated(error)
            if furthest is None or problem.position > furthest.position:
                furthest = problem
            tag = page.tag_before(error.position)
            if tag is None or not stand_ins.change(tag):
                raise furthest from None


class _StandIns(Scopes):
    """Gives every name a value."""

    def __init__(self, sections: bool) -> None:
        super().__init__({})
        self._sections = sections
        self._tried: dict[int, int] = {}

    def inner(self, value: Any) -> Scopes:
        return self

    def value(self, tag: Tag) -> Any:
        if tag.sigil in ("#", "^"):
            return self._sections
        choices = _TEXTS if tag.sigil == "&" else _VALUES
        return choices[self._tried.get(tag.start, 0)]

    def change(self, tag: Tag) -> bool:
        """Try something else in the place of the tag; False when everything was tried."""
        number = self._tried.get(tag.start, 0) + 1
        self._tried[tag.start] = number
        return number < len(_TEXTS if tag.sigil == "&" else _VALUES)
