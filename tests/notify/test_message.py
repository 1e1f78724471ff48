from __future__ import annotations

from resh.notify.base import LONGEST_LINE, Item
from resh.notify.message import compose, item


def node(**more: object) -> dict[str, object]:
    ancestors = {level: {"reported": {"name": name}} for level, name in (("cloud", "aws"), ("account", "demo"), ("region", "eu-west-1"))}
    return {"id": "x", "kind": "aws_ec2_volume", "reported": {"id": "vol-1", "kind": "aws_ec2_volume", **more}, "ancestors": ancestors}


def test_a_resource_says_what_it_is_and_where() -> None:
    named = item(node(name="data"))
    assert named.text == "aws_ec2_volume data (vol-1) in demo eu-west-1"
    assert named.place == ("aws", "demo", "eu-west-1")
    assert named.data == {"kind": "aws_ec2_volume", "id": "vol-1", "name": "data"}
    assert item(node()).text == "aws_ec2_volume vol-1 in demo eu-west-1"
    assert item({"id": "x", "reported": {"kind": "graph_root", "id": "root"}}).text == "graph_root root"


def test_other_rows_are_told_as_they_are() -> None:
    assert item("a\nline\x1b[31m") == Item("a line�[31m", (), {"value": "a\nline\x1b[31m"})
    assert item({"group": {"region": "eu-west-1"}, "volumes": 3}).text == "region=eu-west-1, volumes=3"
    assert item({"a": None, "b": [1, "ü"]}).text == 'a=null, b=[1, "ü"]'
    assert item([1, 2]).text == "[1, 2]"


def test_the_first_rows_are_told_and_all_are_counted() -> None:
    said = compose((node(name=f"n{number}") for number in range(1000)), title="t", most=3)
    assert (len(said.items), said.total, said.more) == (3, 1000, 997)
    assert said.lines()[-1] == "… and 997 more"


def test_lines_are_short() -> None:
    assert len(item("x" * 1000).text) == LONGEST_LINE
    assert len(item(node(name="y" * 1000)).text) == LONGEST_LINE


def test_what_does_not_fit_is_counted() -> None:
    said = compose((node(name=f"{'n' * 100}{number}") for number in range(1000)), title="t", most=25)
    lines = said.lines("- ", 1000)
    assert len(lines) == 7
    assert lines[-1] == "… and 994 more"
    assert sum(map(len, lines)) + len(lines) <= 1000
    assert said.lines("- ", 20) == ["… and 1,000 more"]


def test_a_long_text_leaves_room_for_rows() -> None:
    said = compose((node(name="data") for _ in range(3)), title="t", text="x" * 1000)
    plain = said.plain(400)
    assert len(plain) <= 400
    assert plain.splitlines()[0].endswith("x…")
    assert plain.splitlines()[1] == "- aws_ec2_volume data (vol-1) in demo eu-west-1"
    assert said.plain().splitlines()[0] == "x" * 1000


def test_a_message_without_rows_is_its_text() -> None:
    assert compose((), title="t", text="hello").plain() == "hello"
