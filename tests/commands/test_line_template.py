from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resh.commands.line import split, unquote, words
from resh.commands.line_template import check, render, uses_args
from resh.errors import SyntaxProblem, UsageError
from resh.search import parse

HOSTILE = [
    "a",
    "a b",
    'a "b"',
    "it's",
    "a | count",
    "a; exit",
    "\\",
    '\\"',
    "\\'",
    "'",
    '"',
    "a\nb",
    "{{x}}",
    "ü",
    "",
    "|",
    "a\\ 'b' \"c\"",
]
VALUES = st.text(st.sampled_from("ab \"'\\|;\n{}=@ü"), max_size=8)


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("search is({{kind}})", "search is(volume)"),
        ("search name = {{name}}", 'search name = "a \\"b\\""'),
        ('slack title="About {{name}}"', 'slack title="About a \\"b\\""'),
        ("format '{{name}}'", "format 'a \"b\"'"),
        ("""json '{"n": "{{name}}"}'""", """json '{"n": "a \\u0022b\\u0022"}'"""),
        ("search {{{name}}}", 'search a "b"'),
        ("search all{{#owner}} and tags.owner = {{owner}}{{/owner}}", "search all"),
        ("search all{{^owner}} and tags.owner = null{{/owner}}", "search all and tags.owner = null"),
        ("search ctime < {{age.ago}} limit {{n}}", "search ctime < 2023-11-13T22:13:20Z limit 5"),
        ("search {{args}} | count", 'search is(volume) and a = "b" | count'),
    ],
)
def test_values_take_their_places(template: str, line: str) -> None:
    values = {"kind": "volume", "name": 'a "b"', "owner": "", "age": "1d", "n": "5", "args": 'is(volume) and a = "b"'}
    assert render(template, values, 1_700_000_000.0) == line


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_stays_one_word(value: str) -> None:
    for template in ("slack title={{x}} next", 'slack title="{{x}}" next', 'slack title="it\'s {{x}}" next', "slack 'title={{x}}' next"):
        (pipeline,) = split(render(template, {"x": value}))
        (stage,) = pipeline.stages
        title, last = (word for word, _ in words(stage.source))
        assert last == "next"
        assert title.removeprefix("title=").removeprefix("it's ").replace("\\n", "\n") == value


@settings(deadline=None)
@given(VALUES)
def test_no_value_adds_a_command(value: str) -> None:
    template = """search name = {{x}} and a = "{{x}}" | format '{{x}} b' | json '{"a": "{{x}}"}' | echo {{x}}"""
    if re.search(r"\n[ \t]*#", value):
        with pytest.raises(UsageError, match="a comment even within single quotes"):
            render(template, {"x": value})
        return
    (pipeline,) = split(render(template, {"x": value}))
    assert [stage.name for stage in pipeline.stages] == ["search", "format", "json", "echo"]
    parse(pipeline.stages[0].text)


def test_no_value_is_a_comment() -> None:
    for template, value in (("echo '{{x}}' | count", "a\n # b"), ("echo '\n{{x}}'", "#"), ("echo 'a\n {{x}}'", " #")):
        with pytest.raises(UsageError, match="begins with #"):
            render(template, {"x": value})
    for template, value in (("echo '{{x}}'", "# a"), ("echo '\na {{x}}'", "#"), ('echo "{{x}}"', "a\n#")):
        assert len(split(render(template, {"x": value}))) == 1


@settings(deadline=None)
@given(VALUES)
def test_json_within_single_quotes_has_the_value(value: str) -> None:
    (pipeline,) = split(render("""json '{"a": "{{x}}"}'""", {"x": value}))
    text = pipeline.stages[0].source
    assert json.loads(text[1:-1]) == {"a": value}
    assert json.loads(unquote(text)) == {"a": value}


def test_names_must_be_parameters() -> None:
    check("search is({{kind}}) {{args}} {{#tags.as_list}}{{key}}{{/tags.as_list}}", {"kind", "tags", "key"})
    with pytest.raises(UsageError, match=r"\{\{kind\}\}, which is no parameter"):
        check("search is({{kind}})", set())
    with pytest.raises(SyntaxProblem):
        check("search {{#a}}", {"a"})


def test_args() -> None:
    assert uses_args("search {{args}}")
    assert uses_args("search {{{args}}}")
    assert not uses_args("search args")


def test_what_is_no_time_is_named() -> None:
    with pytest.raises(UsageError, match=r"age\.ago"):
        render("search ctime < {{age.ago}}", {"age": "old"})
