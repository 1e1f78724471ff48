"""What is longer than the screen is paged, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from resh.frontends.interactive.pager import Left, More, Pager, command, rows_of
from tests.commands.conftest import MemorySink

COLUMNS, ROWS = 20, 10


def pager(sink: MemorySink, answers: Sequence[More] = (), program: Sequence[str] = ()) -> tuple[Pager, list[int]]:
    """With what was shown each time that somebody was asked."""
    wanted, asked = iter(answers), list[int]()

    def ask() -> More:
        asked.append(sink.out.count("\n"))
        return next(wanted)

    return Pager(sink, lambda: (COLUMNS, ROWS), ask, lambda: program), asked


def show(pager: Pager, lines: int, text: str = "line") -> None:
    with pager.paged() as write:
        for number in range(lines):
            write(f"{text} {number}\n")


def test_what_fits_prints_as_it_is() -> None:
    sink = MemorySink(COLUMNS)
    paging, asked = pager(sink, program=("false",))
    show(paging, ROWS - 2)
    assert (sink.out.count("\n"), asked) == (ROWS - 2, [])


@pytest.mark.parametrize(
    ("answers", "asked", "shown"),
    [
        ((More.page, More.page), [9, 18], 25),
        ((More.line, More.line, More.nothing), [9, 10, 11], 11),
        ((More.all,), [9], 25),
        ((More.nothing,), [9], 9),
    ],
)
def test_pages_are_turned(answers: Sequence[More], asked: list[int], shown: int) -> None:
    sink = MemorySink(COLUMNS)
    paging, found = pager(sink, answers)
    show(paging, 25)
    assert (found, sink.out.count("\n")) == (asked, shown)


def test_a_line_that_takes_more_rows_counts_as_so_many() -> None:
    sink = MemorySink(COLUMNS)
    paging, asked = pager(sink, [More.all])
    show(paging, 4, "日本" * 15)
    assert asked == [2]


def test_a_program_gets_all_of_it(tmp_path: Path) -> None:
    sink = MemorySink(COLUMNS)
    paging, asked = pager(sink, program=("tee", str(tmp_path / "shown")))
    show(paging, 25)
    assert (tmp_path / "shown").read_text() == "".join(f"line {number}\n" for number in range(25))
    assert (sink.out, asked) == ("", [])


def test_leaving_the_program_ends_the_rows() -> None:
    made: list[int] = []
    paging, _ = pager(MemorySink(COLUMNS), program=("head", "-1"))
    with paging.paged() as write:
        for number in range(1_000_000):
            made.append(number)
            write(f"{'x' * 1000}\n")
    assert len(made) < 1_000_000


def test_what_comes_slowly_prints_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Soon(threading.Timer):
        def __init__(self, seconds: float, function: Callable[[], None]) -> None:
            super().__init__(0, function)

    monkeypatch.setattr(threading, "Timer", Soon)
    sink = MemorySink(COLUMNS)
    paging, asked = pager(sink)
    with paging.paged() as write:
        write("first\n")
        while not sink.out:
            pass
        for number in range(30):
            write(f"{number}\n")
            assert sink.out.endswith(f"{number}\n")
    assert asked == []


def test_a_failure_shows_what_there_was_before() -> None:
    sink = MemorySink(COLUMNS)
    paging, _ = pager(sink)
    with suppress(ValueError), paging.paged() as write:
        write("first\n")
        raise ValueError
    assert sink.out == "first\n"


@pytest.mark.parametrize(
    ("setting", "local", "words"),
    [
        ("cat -n", True, ["cat", "-n"]),
        ("cat -n", False, ()),
        ("built-in", True, ()),
        ("no-such-program-here", True, ()),
        ("cat '", True, ()),
        ("", True, ()),
    ],
)
def test_the_program_of_the_setting(setting: str, local: bool, words: Sequence[str]) -> None:
    assert command(setting, local) == words


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", 1),
        ("a\n", 1),
        ("a\n\n", 2),
        ("a" * 21 + "\n", 2),
        ("\x1b[31m" + "a" * 20 + "\x1b[0m\n", 1),
        ("\x1b]8;;http://x\x1b\\a\x1b]8;;\x1b\\\n", 1),
    ],
)
def test_rows_that_a_text_takes(text: str, rows: int) -> None:
    assert rows_of(text, COLUMNS) == rows


def test_who_reads_takes_the_time_himself(tmp_path: Path) -> None:
    sink, read = MemorySink(COLUMNS), list[str]()

    @contextmanager
    def waiting() -> Iterator[None]:
        yield
        read.append("read")

    show(Pager(sink, lambda: (COLUMNS, ROWS), lambda: More.all, lambda: ("true",), waiting), 25)
    assert read


def test_a_session_that_ends_ends_the_program() -> None:
    sink = MemorySink(COLUMNS)
    paging, _ = pager(sink, program=("sleep", "1000"))
    with suppress(Left), paging.paged() as write:
        for number in range(25):
            write(f"{number}\n")
        paging.end()
