"""Text with links in it."""

from __future__ import annotations

import re

import pytest

from resh.render.table import table
from resh.text import Link, Linked, fit, fit_drawn, hyperlink

URL = "https://console.aws.amazon.com/ec2/home?region=eu-west-1#VolumeDetails:volumeId=vol-1"
SEQUENCE = re.compile(r"\x1b]8;;([^\x1b\x07]*)\x1b\\")


def visible(text: str) -> str:
    return SEQUENCE.sub("", text)


def test_a_link_is_opened_and_closed_and_its_address_stands_as_it_is() -> None:
    assert hyperlink("vol-1", URL) == f"\x1b]8;;{URL}\x1b\\vol-1\x1b]8;;\x1b\\"


@pytest.mark.parametrize("hostile", ["\x1b\\", "\x07", "\x9c", "\x1b]0;title\x07", "a b", "ü", "\ud800", "\n", '"<>`{|}'])
def test_neither_address_nor_text_breaks_out(hostile: str) -> None:
    drawn = hyperlink(f"a{hostile}b", URL + hostile)
    opened, closed = SEQUENCE.findall(drawn)
    assert opened.startswith(URL)
    assert re.fullmatch(r"[!-~]+", opened)
    assert closed == ""
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", visible(drawn))


@pytest.mark.parametrize("columns", range(14))
def test_a_line_is_cut_by_what_is_seen_of_it_and_no_link_stays_open(columns: int) -> None:
    text = f"a {hyperlink('volume', URL)} b {hyperlink('更新', URL)}"
    cut = fit_drawn(text, columns)
    plain = "a volume b 更新"
    assert visible(cut) == fit(plain, columns)
    assert len(SEQUENCE.findall(cut)) == 4
    assert [bool(url) for url in SEQUENCE.findall(cut)] == [True, False, True, False]


def test_a_line_that_fits_stays_as_it_is() -> None:
    text = f"a {hyperlink('volume', URL)}"
    assert fit_drawn(text, 8) == text


@pytest.mark.parametrize("columns", [None, 80, 20, 9])
def test_a_table_is_the_same_with_links_and_without(columns: int | None) -> None:
    names = ["vol-1", "a name that is much too long for a narrow table", "更新", "x\x1b]8;;http://evil\x1b\\y"]
    rows = [(Link(name, URL), number) for number, name in enumerate(names)]
    plain = list(table(["name", "size"], [(str(name), size) for name, size in rows], columns))
    linked = list(table(["name", "size"], rows, columns))
    assert linked == plain
    for line in linked[1:]:
        assert isinstance(line, Linked)
        assert visible(line.drawn) == line
        assert {url for url in SEQUENCE.findall(line.drawn) if url} == {URL}


def test_padding_is_no_part_of_a_link() -> None:
    head, line, _ = table(["name", "size"], [(Link("a", URL), 1), ("longer", 2)])
    assert head == "name    size"
    assert isinstance(line, Linked)
    assert line.drawn == f"{hyperlink('a', URL)}          1"
