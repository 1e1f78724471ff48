from __future__ import annotations

import pytest
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String

from resh.shell.highlight import ReshLexer

LINES = [
    "sql 'select name from volume where x = ''a'' -- all' | list",
    'sql select "a" || 1 /* c',
    'k=volume search is({{k}}){{#a}} and b = {{a}}{{/a}} and c = "{{d}}"',
    "search is(volume) and volume_size > 5 | count kind",
    "a=1 b='x y' search all; # no comment",
    "# a comment\nsearch",
    'echo "open',
    "search is(",
    "search a = 1 %% b | head",
    "format {kind}:{id}",
    "\\",
    "| | ;;",
    'search name =~ "a|b" <-default[1:]- is(x) sort a desc limit 3',
    "日本 | 日本",
    "",
]


def tokens(text: str) -> list[tuple[object, str]]:
    return [(kind, value) for _, kind, value in ReshLexer().get_tokens_unprocessed(text)]


@pytest.mark.parametrize("text", LINES)
def test_nothing_is_lost(text: str) -> None:
    assert "".join(value for _, value in tokens(text)) == text


@pytest.mark.parametrize("text", LINES)
def test_nothing_is_lost_while_typing(text: str) -> None:
    for end in range(len(text)):
        assert "".join(value for _, value in tokens(text[:end])) == text[:end]


def test_a_search_is_read_with_its_grammar() -> None:
    found = tokens("search is(volume) and volume_size > 5 | count")
    assert (Keyword, "search") in found
    assert (Name.Class, "volume") in found
    assert (Operator.Word, "and") in found
    assert (Name.Attribute, "volume_size") in found
    assert (Number, "5") in found
    assert (Punctuation, "|") in found
    assert (Keyword, "count") in found


def test_errors_are_marked() -> None:
    assert (Error, "serch") in tokens("serch is(volume)")
    assert (Error, '"') in tokens('echo "a')
    assert (Error, "%%") in tokens("search a = 1 %% b")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("search is(volume)", Name.Function, "is"),
        ("search is(volume)", Name.Class, "volume"),
        ("search not name = x", Operator.Word, "not"),
        ("search a in [x, 3]", Number, "3"),
        ("search a = true", Keyword.Constant, "true"),
        ("search a = {{x}}", String.Interpol, "{{x}}"),
        ("kind=volume search is({{kind}})", String.Interpol, "{{kind}}"),
        ("sql select name from volume", Keyword, "select"),
        ("sql 'select name from volume limit 3'", Keyword, "from"),
        ("search all #tag sort a", Name.Variable, "#tag"),
        ("search all sort a desc", Keyword, "desc"),
        ("search all -delete-> all", Operator, "delete"),
        ("search age > 3d", Number, "3d"),
        ("search a = x", String, "x"),
        ("search expand(some, x=3)", Name.Variable, "some"),
        ("search with_usage(1w, cpu) all", Name.Function, "with_usage"),
        ("search aggregate(a: sum(1)): all", Name.Function, "sum"),
        ("search ctime < @TODAY@ and a = 1", Name.Constant, "@TODAY@"),
        ("search ctime < @TODAY@ and a = 1", Name.Attribute, "a"),
        ("search (a = 1\n  and b = 2)", Name.Attribute, "b"),
        ('search name = "web ser', String, '"web ser'),
        ('search name = "a | b" | count', String, '"a | b"'),
    ],
)
def test_every_kind_of_word_has_its_look(text: str, kind: object, value: str) -> None:
    assert (kind, value) in tokens(text)


def test_a_word_that_is_being_typed_is_no_error_yet() -> None:
    assert Error not in [kind for kind, _ in tokens("search is(volume) an")]
    assert (Error, "an") in tokens("search is(volume) an ")


def test_comments_strings_and_options() -> None:
    assert tokens("# hello")[0] == (Comment.Single, "# hello")
    assert (String, "'a | b'") in tokens("echo 'a | b'")
    assert (Name.Decorator, "--follow") in tokens("workflows run x --follow")


def test_a_front_end_may_know_further_commands() -> None:
    class Further(ReshLexer):
        def known(self) -> tuple[str, ...]:
            return ("mine",)

    found = [(kind, value) for _, kind, value in Further().get_tokens_unprocessed("mine a=b | other c")]
    assert (Keyword, "mine") in found
    assert (Error, "other") in found
