"""From text to tree.

parse("is(volume) and age > 3d")        Query; SyntaxProblem names the place and what may stand there
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from resh.errors import SyntaxProblem
from resh.record import Record
from resh.search.builder import Builder, Misfit
from resh.search.machine import Machine, Mismatch, TooDeep, TooMany
from resh.search.tree import Query
from resh.search.wording import found_at, one_of, words

_LONGEST = 1_000_000
_NESTED = 32  # so whatever walks a tree may do so by recursion, and SQLite takes what is made of it
_SPLIT = "search for less at a time"


def parse(text: str) -> Query:
    """The search that `text` says. Raises SyntaxProblem."""
    if not text.strip():
        raise SyntaxProblem("a search is missing", text, len(text), ("all", "is(…)"), "all finds everything")
    if len(text) > _LONGEST:
        raise SyntaxProblem(f"a search has at most {_LONGEST:,} characters, this one has {len(text):,}", text, _LONGEST, (), _SPLIT)
    if not text.isascii():
        _refuse_halves(text)
    machine = Machine(text, Builder())
    try:
        query: Query = machine.run()
    except TooDeep as problem:
        raise SyntaxProblem("this search nests too deeply", text, problem.position) from None
    except TooMany as problem:
        raise SyntaxProblem("this search has too many words and values", text, problem.position, (), _SPLIT) from None
    except Mismatch as problem:
        raise _problem(machine, problem.position) from None
    except Misfit as problem:
        raise SyntaxProblem(problem.message, text, problem.token.start, (), problem.hint) from None
    if machine.deepest > _NESTED and _nests(query):
        raise SyntaxProblem("this search nests too deeply", text, len(text))
    return query


def _refuse_halves(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        raise SyntaxProblem("half a character, which is no text", text, problem.start) from None


def _nests(query: Query) -> bool:
    """Whether something lies within too many others."""
    level: list[object] = [query]
    for _ in range(_NESTED):
        level = [inner for outer in level for inner in _within(outer)]
    return bool(level)


def _within(value: object) -> Iterator[object]:
    """What a record or the list of a value holds; a record's own tuples, and pairs in them, are no levels."""
    held: list[object] = [value] if isinstance(value, tuple) else list(vars(value).values())
    for _ in range(2):
        held = list(chain.from_iterable(item if isinstance(item, tuple) else (item,) for item in held))
    return (inner for inner in held if isinstance(inner, Record | tuple))


def _problem(machine: Machine, position: int) -> SyntaxProblem:
    text, expected = machine.text, words(machine.allowed())
    found = found_at(text, position)
    where = f"'{found}' does not fit" if found else "the search ends too early"
    return SyntaxProblem(f"{where}: expected {one_of(expected)}", text, position, expected, _hint(found, expected))


def _hint(found: str, expected: tuple[str, ...]) -> str:
    """What people who write this usually mean."""
    if found.startswith('"'):
        return "the closing quote is missing"
    if found.startswith("'"):
        return 'a string has double quotes: "…"'
    if found == "," and "and" in expected:
        return "join conditions with and, or with or"
    return "sort comes before limit" if found == "sort" and "reversed" in expected else ""
