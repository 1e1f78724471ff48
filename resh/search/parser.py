"""From text to tree.

parse("is(volume) and age > 3d")        Query; SyntaxProblem names the place and what may stand there
"""

from __future__ import annotations

from resh.errors import SyntaxProblem
from resh.search.builder import Builder
from resh.search.machine import Machine, Mismatch, TooDeep
from resh.search.tree import Query
from resh.search.wording import found_at, one_of, words


def parse(text: str) -> Query:
    """The search that `text` says. Raises SyntaxProblem, or BadValue for a navigation that ends before it starts."""
    if not text.strip():
        raise SyntaxProblem("a search is missing", text, len(text), ("all", "is(…)"), "all finds everything")
    machine = Machine(text, Builder().build)
    try:
        query: Query = machine.run()
    except TooDeep as problem:
        raise SyntaxProblem("this search nests too deeply", text, problem.position) from None
    except Mismatch as problem:
        raise _problem(machine, problem.position) from None
    return query


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
