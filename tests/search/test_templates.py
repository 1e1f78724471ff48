"""Templates become searches, and a value never says more than its place in the template."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from resh.errors import SyntaxProblem, UsageError
from resh.search import parse
from resh.search.expansion import expand
from resh.search.settings_text import settings
from resh.search.template_check import check
from resh.search.templates import fill, render
from resh.search.terms import Combined, Is, Object, Predicate, Value
from resh.search.tree import Query

NOON = 1_700_481_600.0  # 2023-11-20T12:00:00Z
HOSTILE = ('a" or all', '"', "\\", '\\"', 'x\\" or is(volume) or a = \\"', "`", "a\nb", "x) or (all", "{{x}}", "null", "5", "-5", "web-")
texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(HOSTILE)


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("is({{kind}})", {"kind": "volume"}, "is(volume)"),
        ("is({{kinds}})", {"kinds": ["a", "b"]}, "is([a, b])"),
        ("foo={{foo}} and test in {{list}}", {"foo": 123, "list": ["a", "b c"]}, 'foo=123 and test in [a, "b c"]'),
        ("{{#is.with_index}}{{^first}} or {{/first}}is({{value}}){{/is.with_index}}", {"is": ["alb", "elb"]}, "is(alb) or is(elb)"),
        ("foo={{foo.parens}}{{#filter}} and x = {{filter}}{{/filter}}", {"foo": "123", "filter": 32}, 'foo="123" and x = 32'),
        ("foo={{foo.parens}}{{#filter}} and x = {{filter}}{{/filter}}", {"foo": "123"}, 'foo="123"'),
        ("expires < {{x.from_now}}", {"x": "1d"}, "expires < 2023-11-21T12:00:00Z"),
        ("age > {{n}}d limit {{n}}", {"n": 3}, "age > 3d limit 3"),
        ("a = {{x}}", {"x": None}, "a = null"),
        ("a = {{x}}", {"x": "null"}, 'a = "null"'),
        ("a = {{x}}", {"x": {"k": [1, True]}}, 'a = {"k": [1, true]}'),
        ('name ~ "^{{x}}$"', {"x": 'a"b\\d'}, 'name ~ "^a\\"b\\\\d$"'),
        ("tags.{{k}} = 1", {"k": "owner"}, "tags.owner = 1"),
        ("tags.{{k}} = 1", {"k": "aws:name"}, "tags.`aws:name` = 1"),
        ("tags.`aws:{{k}}` = 1", {"k": "a b"}, "tags.`aws:a b` = 1"),
        ("is(volume) and {{{condition}}}", {"condition": "a = 1 or b = 2"}, "is(volume) and a = 1 or b = 2"),
        ("ctime < @TODAY@ and name = {{x}}", {"x": "@TODAY@"}, 'ctime < 2023-11-20 and name = "@TODAY@"'),
    ],
)
def test_rendering(template: str, values: dict[str, Any], expected: str) -> None:
    assert render(template, values, NOON) == expected
    parse(expected)


@given(texts)
@example('" or all')
def test_a_text_stays_the_value_that_it_is(text: str) -> None:
    query = parse(render("is(a) and b = {{x}} and c = 1", {"x": text}, NOON))
    assert query == _three(Predicate("b", "==", text))


@given(texts, st.sampled_from(["", "\\", "\\\\", "x\\", "d"]))
def test_inside_of_quotes_it_stays_inside(text: str, before: str) -> None:
    query = parse(render(f'is(a) and b ~ "{before}{{{{x}}}}-" and c = 1', {"x": text}, NOON))
    term = query.parts[0].term
    assert isinstance(term, Combined)
    middle = term.rest[0][1]
    assert isinstance(middle, Predicate)
    assert str(middle.value).endswith(text + "-")
    assert query == _three(middle)


@given(texts)
def test_in_the_place_of_a_name_it_is_one_name_or_an_error(text: str) -> None:
    try:
        query = parse(render("is({{x}}) and tags.{{x}} = 1 and c = 1", {"x": text}, NOON))
    except SyntaxProblem:
        return
    assert _shape(query) == _shape(parse("is(a) and tags.b = 1 and c = 1"))


@given(st.recursive(st.none() | st.booleans() | st.integers(-99, 99) | texts, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_lists_and_numbers_too(value: Any) -> None:
    query = parse(render("b = {{x}}", {"x": value}, NOON))
    assert query == Query((parse("all").parts[0].changed(term=Predicate("b", "==", _tuples(value))),))


TEMPLATES = {
    "old": "is({{kind}}) and age > {{age}}",
    "either": "a = 1 or b = 2",
    "way": "is(a) and x = 1 --> is(b)",
    "few": "is(a) sort n limit 5",
    "sums": "aggregate(kind: sum(1) as n): is({{kind}})",
    "nested": 'expand(old, kind={{kind}}, age="7d") and name = {{name}}',
    "round": "x = 1 and not expand(about)",
    "about": "expand(round)",
    "wrong": "is({{kind}}) limit {{n}}",
    "owned": "is(volume){{#owner}} and tags.owner = {{owner}}{{/owner}}",
}


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("expand(old, kind=volume, age=3d)", "is(volume) and age > 3d"),
        ("x = 1 and expand(either)", "x = 1 and (a = 1 or b = 2)"),
        ("not expand(either) or expand(either)", "not (a = 1 or b = 2) or (a = 1 or b = 2)"),
        ("expand(either) and x = 1 --> expand(either)", "(a = 1 or b = 2) and x = 1 --> (a = 1 or b = 2)"),
        ("expand(way) and y = 2 sort n --> is(c)", "is(a) and x = 1 --> is(b) and y = 2 sort n --> is(c)"),
        ("q = 1 and expand(way) with(any, -->)", "q = 1 and (is(a) and x = 1) --> is(b) with(any, -->)"),
        ("is(z) --> expand(way)", "is(z) --> is(a) and x = 1 --> is(b)"),
        ("expand(few) limit 3", "is(a) sort n limit 3"),
        ("expand(few) reversed", "is(a) sort n limit 5 reversed"),
        ("expand(few) and x = 1", "is(a) sort n limit 5 -default[0]-> x = 1 sort n"),
        ("expand(few) --> is(b)", "is(a) sort n limit 5 --> is(b)"),
        ("expand(sums, kind=volume)", "aggregate(kind: sum(1) as n): is(volume)"),
        ("expand(sums, kind=volume) sort n limit 2", "aggregate(kind: sum(1) as n): is(volume) sort n limit 2"),
        ("aggregate(sum(1)): expand(way)", "aggregate(sum(1)): is(a) and x = 1 --> is(b)"),
        ('expand(nested, kind=volume, name="a\' or all")', '(is(volume) and age > 7d) and name = "a\' or all"'),
        ("is(a) with(any, --> expand(either))", "is(a) with(any, --> (a = 1 or b = 2))"),
        ("is(a) {b: --> expand(way)}", "is(a) {b: --> is(a) and x = 1 --> is(b)}"),
        ("list[*].{expand(either)}", "list[*].{(a = 1 or b = 2)}"),
        ("expand(owned)", "is(volume)"),
        ("expand(owned, owner=ada)", "is(volume) and tags.owner = ada"),
    ],
)
def test_expanding(search: str, expected: str) -> None:
    expanded = expand(parse(search), TEMPLATES, NOON)
    assert expanded == parse(expected)
    assert not expanded.templated


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("expand(odl)", "no template 'odl'"),
        ("expand(old, kind=volume)", r"in the template old: nothing gives \{\{age\}\} a value"),
        ("expand(round)", "comes back to itself: round → about → round"),
        ("expand(about) and a = 1", "comes back to itself: about → round → about"),
        ("not expand(way)", "template way is a whole search"),
        ("x = 1 or expand(few)", "only be joined with and"),
        ("expand(few) or x = 1", "only be joined with and"),
        (
            "expand(wrong, kind=a, n=many)",
            r"in the template wrong: what stands for \{\{n\}\} does not fit: expected a number",
        ),
        ("expand(sums, kind=a) and x = 1", "cannot be searched further"),
        ("expand(owned, onwer=ada)", "template owned has no parameter onwer"),
        ("a = {{x}}", r"nothing gives \{\{x\}\} a value"),
        ("a in [1, {{x}}]", r"nothing gives \{\{x\}\} a value"),
        ("has_key(tags, {{x}})", r"nothing gives \{\{x\}\} a value"),
        ("expand(old, kind={{x}}, age=1d)", r"nothing gives \{\{x\}\} a value"),
    ],
)
def test_what_cannot_be_expanded(search: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        expand(parse(search), TEMPLATES, NOON)


def test_the_nearest_names_are_told() -> None:
    with pytest.raises(UsageError) as caught:
        expand(parse("expand(nestd)"), TEMPLATES, NOON)
    assert "nested" in caught.value.hint


def test_an_error_of_a_template_shows_the_place_in_it() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        expand(parse('expand(wrong, kind="a b", n=many)'), TEMPLATES, NOON)
    assert caught.value.text == TEMPLATES["wrong"]
    assert caught.value.text[caught.value.position :] == "{{n}}"


def test_templates_that_multiply_are_stopped() -> None:
    templates = {f"t{n}": f"expand(t{n - 1}) and expand(t{n - 1})" for n in range(1, 20)} | {"t0": "all"}
    with pytest.raises(UsageError, match="too often or too deeply"):
        expand(parse("expand(t19)"), templates, NOON)
    deep = {f"t{n}": f"expand(t{n - 1})" for n in range(1, 99)} | {"t0": "all"}
    with pytest.raises(UsageError, match="too often or too deeply"):
        expand(parse("expand(t98)"), deep, NOON)


def test_expanding_twice_is_expanding_once() -> None:
    once = expand(parse("expand(way) and y = 2"), TEMPLATES, NOON)
    assert expand(once, TEMPLATES, NOON) == once


@pytest.mark.parametrize(
    "template",
    [
        "is({{kind}}) and age > {{days}}d",
        "{{path}} = {{value}} limit {{n}}",
        "is(a) -{{types}}[{{from}}:]-> all",
        "x {{{op}}} 5",
        "is(volume) and {{{condition}}}",
        "is(volume) sort {{path}} {{direction}}",
        "{{#is.with_index}}{{^first}} or {{/first}}is({{value}}){{/is.with_index}}",
        "is(a){{#x}} and b = {{x}}{{/x}}",
        "aggregate({{function}}({{path}})): all",
        "expand({{template}}, a={{b}})",
        "a < {{x.from_now}}",
    ],
)
def test_templates_that_can_become_a_search(template: str) -> None:
    check(template)


@pytest.mark.parametrize(
    ("template", "position"),
    [
        ("is({{kind}}) anf age > 3d", 13),
        ("Hello {{name}}", 6),
        ("is(a", 4),
        ("a = {{x}} {{y}} b", 17),
        ("a {{op}} 5", 2),
        ("", 0),
        ("{{x", 0),
    ],
)
def test_templates_that_cannot(template: str, position: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        check(template)
    assert (caught.value.text, caught.value.position) == (template, position)


def test_variables_of_a_line_fill_a_search() -> None:
    assert fill("is({{kind}}) limit {{n}}", {"kind": "volume", "n": "3"}, NOON) == "is(volume) limit 3"
    assert fill('a = "{{ }}" or {a: <--} }}', {}, NOON) == 'a = "{{ }}" or {a: <--} }}'
    for text in ("is({{kind}})", 'a = "{{kind}}"', "{{{kind}}}"):
        with pytest.raises(SyntaxProblem, match="nothing gives") as caught:
            fill(text, {}, NOON)
        assert "kind=… in front of the line" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "values", "rest"),
    [
        ("name=John, mood=happy Hello {{name}}", {"name": "John", "mood": "happy"}, "Hello {{name}}"),
        ('ls=[{name:Lisa},{name: "B, x"}] {{#ls}}', {"ls": [{"name": "Lisa"}, {"name": "B, x"}]}, "{{#ls}}"),
        ("a=1, b=true,c=null , d=[] e=1 x", {"a": 1, "b": True, "c": None, "d": []}, "e=1 x"),
        ("{{#name}}x", {}, "{{#name}}x"),
        ("is(volume)", {}, "is(volume)"),
        ("a == 1", {}, "a == 1"),
        ('o={"k": {"l": [1]}}', {"o": {"k": {"l": [1]}}}, ""),
    ],
)
def test_values_in_front_of_a_template(text: str, values: dict[str, Any], rest: str) -> None:
    assert settings(text) == (values, rest)


@pytest.mark.parametrize("text", ["a=[1", "a=[1 2]", "a={b}", "a={b: 1", "a=", "a=,", 'a="x'])
def test_values_that_do_not_end(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        settings(text)


def _three(middle: Predicate) -> Query:
    return Query((parse("all").parts[0].changed(term=Combined(Is(("a",)), (("and", middle), ("and", Predicate("c", "==", 1))))),))


def _shape(query: Query) -> list[str]:
    term = query.parts[0].term
    assert len(query.parts) == 1
    assert isinstance(term, Combined)
    return [type(term.first).__name__, *(f"{connective} {type(other).__name__}" for connective, other in term.rest)]


def _tuples(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    if isinstance(value, dict):
        return Object(tuple((key, _tuples(item)) for key, item in value.items()))
    found: Value = value
    return found
