from __future__ import annotations

from resh.frontends.interactive.sink import TerminalSink
from resh.text import Drawn


def test_live_lines_give_way_with_whatever_was_echoed_below_them() -> None:
    shown: list[str] = []
    sink = TerminalSink(shown.append, lambda: 10, colour=False)
    sink.live(["one", "a long line that is cut"])
    sink.live([])
    sink.live([])
    assert shown == ["one\na long l…\n", "\r\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K", ""]


def test_a_drawn_line_is_not_cut_in_its_sequences() -> None:
    shown: list[str] = []
    TerminalSink(shown.append, lambda: 10, colour=True).live([Drawn("\x1b[7m12345678\x1b[0m")])
    assert shown == ["\x1b[7m12345678\x1b[0m\n"]


def test_notes_cannot_drive_the_terminal() -> None:
    shown: list[str] = []
    TerminalSink(shown.append, lambda: 0, colour=True).note("a\x1b[2J\x9bb")
    assert shown == ["\x1b[31ma�[2J�b\x1b[0m\n"]


def test_who_says_nothing_is_told_to_run_until_he_says_something() -> None:
    shown: list[str] = []
    sink = TerminalSink(shown.append, lambda: 20, colour=False)
    sink.begin()
    assert sink.still("1 s")
    assert sink.still("2 s")
    sink.write("a row\n")
    assert not sink.still("3 s")
    assert shown == ["1 s\n", "\r\x1b[2K\x1b[1A\x1b[2K2 s\n", "\r\x1b[2K\x1b[1A\x1b[2Ka row\n"]
    sink.begin()
    assert sink.still("1 s")
