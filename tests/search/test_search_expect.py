"""What may follow, and what each word is."""

from __future__ import annotations

import random

import pytest

from resh.model.kinds import Kind, Kinds, Property
from resh.search.expect import Expectation, expect
from resh.search.tokens import tokens

KINDS = Kinds(
    [
        Kind("resource", (), properties=(Property("name", description="what people call it"),)),
        Kind("volume", properties=(Property("volume_size", "int64", "how large", "GB"), Property("volume_encrypted", "boolean"))),
        Kind("aws_ec2_volume", ("volume",), "An EBS volume.", (Property("volume_kms_key_id"),)),
        Kind("instance", properties=(Property("instance_cores", "double"),)),
    ]
)


def texts(text: str) -> list[str]:
    return [found.text for found in expect(text, KINDS)]


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        ("", ["is(", "all", "name", "age", "aggregate(", "-->"], ["and", "sort by"]),
        ("is(", ["aws_ec2_volume", "instance", "volume"], ["name"]),
        ("is(vol", ["volume"], ["instance"]),
        ("is(volume) ", ["and", "or", "sort", "limit", "-->", "<--", "with("], ["volume_size", "="]),
        ("is(volume) and v", ["volume_size", "volume_encrypted", "volume_kms_key_id"], ["instance_cores", "name"]),
        ("is(volume) --> is(instance) and ", ["instance_cores", "name"], ["volume_size"]),
        ("name ", ["=", "~", "in", "not in", "any"], ["and"]),
        ("age > ", ["7d"], ["true"]),
        ("is(volume) and volume_encrypted = ", ["true", "false", "null"], ["7d"]),
        ("is(volume) -", ["-->", "-[1:]->"], ["<--"]),
        ("is(volume) --", ["-->"], ["<--"]),
        ("is(volume) <", ["<--", "<-->"], ["-->"]),
        ("is(volume) sort name ", ["asc", "desc", "limit"], ["and"]),
        ("all with(", ["empty", "any", "count"], []),
        ("aggregate(s", ["sum(", "stddev("], ["max("]),
        ("all <-", [], ["and"]),
    ],
)
def test_expectations(text: str, some: list[str], none: list[str]) -> None:
    found = texts(text)
    assert set(some) <= set(found)
    assert not set(none) & set(found)


def test_an_expectation_says_what_it_is_and_what_it_replaces() -> None:
    assert expect("is(volume) and volume_si", KINDS) == [Expectation("volume_size", 15, "property", "int64 · GB · how large")]
    assert expect("is(aws", KINDS) == [Expectation("aws_ec2_volume", 3, "kind", "An EBS volume.")]


@pytest.mark.parametrize("text", ["foo bla bar", "is(volume) ) ", "a = ", 'a = "x'])
def test_where_nothing_makes_sense_nothing_is_expected(text: str) -> None:
    assert [found for found in expect(text, KINDS) if found.category not in ("value",)] == []


def test_never_more_than_200() -> None:
    many = Kinds([Kind(f"kind_{number}", ()) for number in range(5_000)])
    assert len(expect("is(", many)) == 200


def test_any_beginning_of_a_search_is_answered() -> None:
    search = 'aggregate(a: sum(1)): is(volume) and a[*].{b="x" or c in [1, {}]} <-delete[1:]- all with(count>2, -->) #t sort age limit 1, 2'
    for end in range(len(search) + 1):
        for found in expect(search[:end], KINDS):
            assert 0 <= found.start <= end
        spans = tokens(search[:end])
        assert all(start < stop <= end for start, stop, _ in spans)
        assert [start for start, _, _ in spans] == sorted(start for start, _, _ in spans)


def test_tokens() -> None:
    text = "is(volume) and age > 3d and a in [1, true, x] sort b <-- all"
    named = [f"{text[start:end]}:{category}" for start, end, category in tokens(text) if category != "punctuation"]
    assert " ".join(named) == (
        "is:function volume:kind and:operator age:property >:operator 3d:string and:operator a:property in:operator 1:number true:constant "
        "x:string sort:keyword b:property <-:navigation -:navigation all:keyword"
    )


def test_tokens_after_an_error_still_have_a_look() -> None:
    assert tokens('foo bla "bar" 3') == [(0, 3, "property"), (4, 7, "error"), (8, 13, "string"), (14, 15, "number")]


def test_tokens_of_anything() -> None:
    pick = random.Random(3)
    for _ in range(500):
        text = bytes(pick.randrange(256) for _ in range(30)).decode("latin-1")
        assert all(0 <= start < end <= len(text) for start, end, _ in tokens(text))
