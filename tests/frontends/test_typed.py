from __future__ import annotations

import random

import pytest

from resh.frontends.ssh.typed import BEGIN, END, KEYS, LONGEST, MOST_AHEAD, Typed


class Case:
    def __init__(self) -> None:
        self.refused = 0
        self.typed = Typed(self._refuse)

    def _refuse(self) -> None:
        self.refused += 1

    def pieces(self) -> list[str]:
        return list(iter(self.typed.take, ""))


@pytest.fixture
def case() -> Case:
    return Case()


def test_keys_come_a_few_at_a_time(case: Case) -> None:
    case.typed.add("x" * (2 * KEYS + 1))
    assert len(case.typed) == 2 * KEYS + 1
    assert case.pieces() == ["x" * KEYS, "x" * KEYS, "x"]
    assert not case.typed


@pytest.mark.parametrize("size", [0, 1, 1000, LONGEST])
@pytest.mark.parametrize("chance", range(5))
def test_a_paste_comes_as_a_whole_however_it_is_cut(case: Case, size: int, chance: int) -> None:
    cuts, text = random.Random(chance), f"ab{BEGIN}{'x' * size}{END}\r"
    at = 0
    while at < len(text):
        length = cuts.randrange(1, 5 if chance < 3 else 500)
        case.typed.add(text[at : at + length])
        at += length
    pieces = case.pieces()
    assert "".join(pieces) == text
    assert f"{BEGIN}{'x' * size}{END}" in pieces


@pytest.mark.parametrize("step", [1, 7, 1000, 1_000_000])
def test_of_a_paste_that_is_too_long_nothing_comes(case: Case, step: int) -> None:
    text = f"{BEGIN}{'x' * (LONGEST + 1)}{END}after"
    for at in range(0, len(text), step):
        case.typed.add(text[at : at + step])
    assert (case.refused, "".join(case.pieces())) == (1, "after")


def test_a_paste_without_an_end_takes_no_memory(case: Case) -> None:
    case.typed.add(BEGIN)
    for _ in range(100):
        case.typed.add("x" * 100_000)
    assert len(case.typed._paste or "") <= LONGEST + 1
    assert case.pieces() == []
    case.typed.add(f"{END}echo a")
    assert case.pieces() == ["echo a"]


def test_keys_that_are_too_many_are_dropped_and_the_end_of_a_paste_never_is(case: Case) -> None:
    case.typed.add("x" * (2 * MOST_AHEAD))
    case.typed.add(f"{BEGIN}pasted{END}")
    case.typed.add(f"{BEGIN}no more{END}")
    assert "".join(case.pieces()) == "x" * MOST_AHEAD + f"{BEGIN}pasted{END}"
    assert case.refused == 1
    case.typed.add("y")
    assert case.pieces() == ["y"]


def test_an_end_without_a_beginning_is_no_key(case: Case) -> None:
    case.typed.add(f"a{END}b")
    assert case.pieces() == ["ab"]


@pytest.mark.parametrize("held", ["\x1b", "\x1b[", "\x1b[2", "\x1b[200"])
def test_what_may_begin_a_paste_waits_until_it_does_not(case: Case, held: str) -> None:
    case.typed.add(f"a{held}")
    assert case.pieces() == ["a"]
    assert case.typed.flush() == held
    assert case.typed.flush() == ""


def test_an_arrow_is_itself(case: Case) -> None:
    case.typed.add("\x1b")
    case.typed.add("[A")
    assert case.pieces() == ["\x1b[A"]


def test_clearing_ends_a_paste_too(case: Case) -> None:
    case.typed.add(f"a{BEGIN}b")
    case.typed.clear()
    case.typed.add("c")
    assert case.pieces() == ["c"]
