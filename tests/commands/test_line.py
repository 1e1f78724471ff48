from __future__ import annotations

import pytest

from resh.commands.line import is_open, split, unquote, words
from resh.errors import SyntaxProblem


def names(text: str) -> list[list[str]]:
    return [[stage.name for stage in pipeline.stages] for pipeline in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ;  ; ", []),
        ("count", [["count"]]),
        ("search is(a) | count kind ; kinds", [["search", "count"], ["kinds"]]),
        ('search name = "a|b;c" | count', [["search", "count"]]),
        ("echo 'a | b' | head -1", [["echo", "head"]]),
        (r"jobs add search is(a) \| count", [["jobs"]]),
        ("search all\n| count\nkinds", [["search", "count"], ["kinds"]]),
        ("search all |\n count", [["search", "count"]]),
        ("search (is(a) and\n b = 1) | count", [["search", "count"]]),
        ("search all \\\n| count", [["search", "count"]]),
        ("# a comment; with | signs and 'quotes\nkinds", [["kinds"]]),
        ("search all #tag | count", [["search", "count"]]),
        ("echo it's fine | head", [["echo", "head"]]),
    ],
)
def test_splitting(text: str, expected: list[list[str]]) -> None:
    assert names(text) == expected


def test_escapes_go_and_quotes_stay() -> None:
    stage = split(r'jobs add search name = "a\"b" \| count \; \"x\"')[0].stages[0]
    assert stage.text == r'add search name = "a\"b" | count ; "x"'


def test_places() -> None:
    text = "a=1 search is(volume) | count volume_type"
    search, count = split(text)[0].stages
    assert (text[search.start : search.end], text[search.arguments_at : search.end]) == ("search is(volume)", "is(volume)")
    assert (text[count.start : count.end], count.text) == ("count volume_type", "volume_type")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("search all \\\n | count", [("search", "all"), ("count", "")]),
        ("search all | \\\n count \\\n kind", [("search", "all"), ("count", "kind")]),
        ("search \\\n all", [("search", "all")]),
        ("search all \\\n", [("search", "all")]),
        ("echo 'a\\\nb'", [("echo", "'a\\\nb'")]),
    ],
)
def test_a_backslash_joins_lines_wherever_it_stands(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(stage.name, stage.source) for stage in split(text)[0].stages] == expected


def test_environment_comes_first() -> None:
    pipeline = split("graph=prod section='/ x' search a=1")[0]
    assert pipeline.env == {"graph": "prod", "section": "/ x"}
    assert pipeline.stages[0].text == "a=1"


@pytest.mark.parametrize(("text", "position"), [('echo "a', 5), ("a | echo 'b", 9)])
def test_an_open_quote_is_named_with_its_place(text: str, position: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        split(text)
    assert caught.value.position == position


@pytest.mark.parametrize("text", ["| count", "a |", "a || b", "a | ; b"])
def test_a_missing_command(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="a command is missing"):
        split(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", False), ("a |", True), ("a 'b", True), ("a \\", True), ("a \\|", False), ("# don't", False), ("a (", False)],
)
def test_continuation(text: str, expected: bool) -> None:
    assert is_open(text) is expected


def test_brackets_continue_when_asked() -> None:
    assert is_open("search is(", brackets=True)
    assert not is_open("search is(a)", brackets=True)


def test_words() -> None:
    assert [word for word, _ in words(r"""a 'b c' "d \" e" f\ g don't""")] == ["a", "b c", 'd " e', "f g", "don't"]
    assert words("ab  cd")[1] == ("cd", 4)


@pytest.mark.parametrize(("text", "expected"), [('"a b"', "a b"), ("'a'", "a"), ('"a" or "b"', '"a" or "b"'), ("a", "a"), ('"', '"')])
def test_unquote(text: str, expected: str) -> None:
    assert unquote(text) == expected
