"""A search in words, and the sample that tells how much it should find."""

from __future__ import annotations

import pytest

from resh.search import parse
from resh.search.explain import SAMPLE, sampled, steps
from resh.search.terms import Every

COUNTS = {("volume",): 1200, (): 9000}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("all", ["9,000 resources"]),
        ("tags.owner = null", ["9,000 resources, those that fit tags.owner == null"]),
        ("is(volume) and a = 1 and b = 2", ["1,200 resources of volume, those that fit (a == 1 and b == 2)"]),
        ("is(volume) or a = 1", ['9,000 resources, those that fit (is("volume") or a == 1)']),
        ("is(volume) sort name desc limit 2, 3", ["1,200 resources of volume, sorted by name desc, the first 3 after 2"]),
        ("is(volume) reversed", ["1,200 resources of volume, reversed"]),
        ("is(volume) <-- ", ["1,200 resources of volume", "one step back along default edges"]),
        ("is(volume) -delete[0:]-> a = 1", ["1,200 resources of volume", "any number of steps along delete edges, those that fit a == 1"]),
        ("is(volume) -[2]->", ["1,200 resources of volume", "2 steps along default edges"]),
        ("is(volume) -[1:]->", ["1,200 resources of volume", "1 or more steps along default edges"]),
        (
            "is(volume) <-default[1:2]delete->",
            ["1,200 resources of volume", "1 to 2 steps along delete edges and back along default edges"],
        ),
        (
            "is(volume) {vm: <-- all} vm.x = 1 with(empty, -->)",
            ["1,200 resources of volume, each with vm: all <-default-, of them those that fit vm.x == 1, with(empty, -default->)"],
        ),
        (
            "aggregate(a: sum(1)): is(volume) sort a limit 1",
            ["1,200 resources of volume", "summed up by aggregate(a: sum(1)), sorted by a asc, the first 1"],
        ),
    ],
)
def test_words(query: str, words: list[str]) -> None:
    assert steps(parse(query), lambda kinds: COUNTS[kinds]) == words


def test_what_stages_add_has_words_too() -> None:
    query = parse("is(volume) sort name").ended(2)
    assert steps(query, lambda kinds: COUNTS[kinds]) == ["1,200 resources of volume, sorted by name asc, (the last 2)"]
    narrowed = parse("is(volume) limit 5").then(parse("a = 1"))
    assert steps(narrowed, lambda kinds: COUNTS[kinds]) == ["1,200 resources of volume, the first 5", "of these, those that fit a == 1"]


def test_a_sample_is_of_the_first_part() -> None:
    found = sampled(parse("is(volume) or a = 1 --> b = 2 sort c limit 3"), 10 * SAMPLE)
    assert found is not None
    query, times = found
    assert times == 10
    assert query.aggregate is not None
    assert str(query.parts[0].term) == f'((is("volume") or a == 1) and {Every(10)})'
    assert query.parts[-1] == parse("b = 2").parts[0]


def test_small_graphs_are_looked_at_whole_and_inner_limits_are_not_guessed() -> None:
    assert sampled(parse("all"), SAMPLE) == sampled(parse("all"), 0)
    assert sampled(parse("all limit 3 --> all"), 5) is None
