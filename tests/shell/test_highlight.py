from __future__ import annotations

import pytest
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String

from resh.shell.highlight import ReshLexer

LINES = [
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


def test_comments_strings_and_options() -> None:
    assert tokens("# hello")[0] == (Comment.Single, "# hello")
    assert (String, "'a | b'") in tokens("echo 'a | b'")
    assert (Name.Decorator, "--follow") in tokens("workflows run x --follow")
