from __future__ import annotations

import pytest

from resh.errors import BadValue, SyntaxProblem
from resh.metrics.label_test import parse

REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "")


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("region=eu-west-1", ["eu-west-1"]),
        ("region == 'eu-west-1'", ["eu-west-1"]),
        ("region=", [""]),
        ("region!=eu-west-1", ["eu-central-1", "us-east-1", ""]),
        ("region=~^EU-", ["eu-west-1", "eu-central-1"]),
        ("region =~ west|east", ["eu-west-1", "us-east-1"]),
        ("region!~-1$", [""]),
        ("region in [eu-west-1, us-east-1]", ["eu-west-1", "us-east-1"]),
        ('region not in ["eu-west-1",us-east-1]', ["eu-central-1", ""]),
        ("region=a=b", []),
    ],
)
def test_values_that_fit(text: str, fitting: list[str]) -> None:
    test = parse(text)
    assert test.label == "region"
    assert [region for region in REGIONS if test.fits({"region": region})] == fitting


def test_a_label_that_is_not_there_is_empty() -> None:
    assert parse("type=").fits({"region": "a"})
    assert not parse("type=gp3").fits({"region": "a"})


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("", "'' ends too early: expected a label", 0),
        ("=x", "'=x' does not fit: expected a label", 0),
        ("region", "'region' ends too early: expected one of = != =~ !~ in not in", 6),
        ("region > 3", "'> 3' does not fit: expected one of = != =~ !~ in not in", 7),
        ("region in a, b", "'a, b' does not fit: expected a list such as [eu-west-1, us-east-1]", 10),
        ("region not in", "'region not in' ends too early: expected a list such as [eu-west-1, us-east-1]", 13),
    ],
)
def test_what_does_not_fit_has_its_place(text: str, message: str, at: int) -> None:
    with pytest.raises(SyntaxProblem) as problem:
        parse(text)
    assert (problem.value.message, problem.value.position) == (message, at)


def test_a_pattern_that_is_none_is_named() -> None:
    with pytest.raises(BadValue, match=r"label 'region': '\(west' is not a regular expression"):
        parse("region=~(west")
