from __future__ import annotations

from typing import Any

import pytest

from resh.errors import SyntaxProblem
from resh.search.mustache import Found, Missing, Scopes, Text, Unfit, parameters, pieces, plain, walk

NOON = 1_700_481_600.0  # 2023-11-20T12:00:00Z


def shown(template: str, **values: Any) -> str:
    """Values as plain text."""
    items = walk(pieces(template), Scopes(values, NOON))
    return "".join(item.text if isinstance(item, Text) else plain(item.value) for item in items)


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("Hello {{name}}", {"name": "John"}, "Hello John"),
        ("{{ name }}{{& name}}{{{name}}}{{! no one sees it }}", {"name": "x"}, "xxx"),
        ("{{#name}}Hello {{name}}. {{/name}}Nice", {"name": "John"}, "Hello John. Nice"),
        ("{{#name}}Hello {{name}}. {{/name}}Nice", {"name": False}, "Nice"),
        ("{{#name}}Hello {{name}}. {{/name}}Nice", {}, "Nice"),
        ("{{^name}}Hello stranger. {{/name}}Nice", {"name": "John"}, "Nice"),
        ("{{^name}}Hello stranger. {{/name}}Nice", {"name": ""}, "Hello stranger. Nice"),
        ("{{#size}}{{size}}{{/size}}", {"size": 0}, "0"),
        ("{{#ls}}{{name}} {{/ls}}", {"ls": [{"name": "Lisa"}, {"name": "Bart"}]}, "Lisa Bart "),
        ("{{#ls}}{{.}} {{/ls}}", {"ls": [1, 2]}, "1 2 "),
        ("{{#ls}}{{x}}{{.}} {{/ls}}", {"ls": [1, 2], "x": "a"}, "a1 a2 "),
        ("{{#ls.with_index}}{{^first}}, {{/first}}{{index}}:{{value}}{{/ls.with_index}}", {"ls": ["a", "b"]}, "0:a, 1:b"),
        ("{{#o.as_list.with_index}}{{key}}={{value}}{{^last}},{{/last}}{{/o.as_list.with_index}}", {"o": {"a": 1, "b": 2}}, "a=1,b=2"),
        ("{{#x.as_list}}<{{.}}>{{/x.as_list}}", {"x": "one"}, "<one>"),
        ("{{o.a.b}}", {"o": {"a": {"b": True}}}, "true"),
        ("{{a.b}}", {"a.b": "whole"}, "whole"),
        ("{{d}} {{d.from_now}} {{d.ago}}", {"d": "3d"}, "3d 2023-11-23T12:00:00Z 2023-11-17T12:00:00Z"),
        ("{{l}} {{o}} {{n}}", {"l": ["a", 1], "o": {"a": "b"}, "n": None}, '["a", 1] {"a": "b"} null'),
        ("a {b} {{ c } } {} }}", {}, "a {b} {{ c } } {} }}"),
    ],
)
def test_what_comes_out(template: str, values: dict[str, Any], expected: str) -> None:
    assert shown(template, **values) == expected


@pytest.mark.parametrize(
    ("template", "position", "words"),
    [
        ("a {{#x}} b", 2, "has no end"),
        ("a {{/x}}", 2, "ends no section"),
        ("{{#x}}{{/y}}", 6, "ends no section"),
        ("{{>other}}", 0, "not supported"),
        ("{{=<% %>=}}", 0, "not supported"),
        ("x {{a b}}", 2, "names no parameter"),
        ("{{#a}}" * 40 + "{{/a}}" * 40, 174, "too deeply"),
    ],
)
def test_tags_that_are_none(template: str, position: int, words: str) -> None:
    with pytest.raises(SyntaxProblem, match=words) as caught:
        pieces(template)
    assert caught.value.position == position


def test_what_nothing_gives_a_value_is_missing() -> None:
    for template in ("a {{x.y}}", "{{x}}", "{{#y}}{{x}}{{/y}}"):
        with pytest.raises(Missing):
            shown(template, y=1)


def test_a_time_needs_a_duration() -> None:
    for value in ("soon", "999999999999y", None):
        with pytest.raises(Unfit):
            shown("{{x.from_now}}", x=value)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("is({{kind}}) and age > {{age.ago}}", {"kind": True, "age": True}),
        ("{{#owner}}tags.owner = {{owner}}{{/owner}}{{kind}}", {"owner": False, "kind": True}),
        ("{{^all}}x{{/all}}", {"all": False}),
        ("{{#ls.with_index}}{{value}}{{index}}{{/ls.with_index}}", {"ls": False}),
        ("{{#a}}{{a}}{{/a}} {{a}}", {"a": True}),
        ("{{#a}}{{.}}{{/a}}", {"a": False}),
        ("nothing", {}),
    ],
)
def test_parameters_and_which_may_be_left_out(template: str, expected: dict[str, bool]) -> None:
    assert parameters(pieces(template)) == expected


def test_a_value_knows_its_place() -> None:
    found = [item for item in walk(pieces("ab {{x}}"), Scopes({"x": 1})) if isinstance(item, Found)]
    assert [(item.value, item.tag.start) for item in found] == [(1, 3)]
