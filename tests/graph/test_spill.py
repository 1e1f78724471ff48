from __future__ import annotations

import errno
from pathlib import Path

import pytest

from resh.errors import GraphError
from resh.graph import spill as spilling
from resh.graph.content import Content
from resh.graph.spill import Spill, Stub
from resh.model.scope import Scope

SCOPE = Scope("aws", "1", "eu-west-1", "aws_ec2_volume")


def content(number: int, size: int = 10) -> Content:
    body = b'{"filler": "%s"}' % (b"x" * size)
    return Content(
        bytes([number % 256]) * 16, "aws_ec2_volume", SCOPE, "eu-west-1", None, f"name-{number}", f"vol-{number}", None, None, body
    )


@pytest.mark.parametrize(("size", "in_file"), [(10, 0), (1 << 20, 8)])
def test_what_was_put_comes_back_in_any_order(tmp_path: Path, size: int, in_file: int) -> None:
    spill = Spill(tmp_path)
    contents = [content(number, size) for number in range(40)]
    kept = [spill.put(one) for one in contents]
    assert sum(isinstance(one, Stub) for one in kept) == in_file
    assert [one[:3] for one in kept] == [one[:3] for one in contents]
    for one, stub in reversed(list(zip(contents, kept, strict=True))):
        assert spill.get(stub) == one
    again = spill.put(content(99))
    assert spill.get(kept[0]) == contents[0]
    assert spill.get(again).name == "name-99"
    assert list(tmp_path.iterdir()) == [], "the file has no name"
    spill.close()


def test_put_after_get_does_not_overwrite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spilling, "_IN_MEMORY", 0)
    spill = Spill(tmp_path)
    first, second = spill.put(content(1)), spill.put(content(2))
    spill.get(first)
    third = spill.put(content(3))
    assert [spill.get(stub).rid for stub in (first, second, third)] == ["vol-1", "vol-2", "vol-3"]
    spill.close()


def test_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spilling, "_IN_MEMORY", 0)
    monkeypatch.setattr(spilling, "TemporaryFile", full)
    with pytest.raises(GraphError, match="No space left on device") as told:
        Spill(tmp_path).put(content(1))
    assert told.value.hint == "make room beside the graph"


def test_a_disk_that_is_full_when_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spilling, "_IN_MEMORY", 0)
    monkeypatch.setattr(spilling, "TemporaryFile", lambda **_: open("/dev/full", "w+b", buffering=1 << 20))  # noqa: SIM115
    spill = Spill(tmp_path)
    stub = spill.put(content(1))
    with pytest.raises(GraphError, match="No space left on device"):
        spill.get(stub)
    spill.close()
