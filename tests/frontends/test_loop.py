"""What a prompt bears from whoever types at it, and for how long."""

from __future__ import annotations

import asyncio

import pytest
from prompt_toolkit.buffer import Buffer

from resh.errors import TimedOut
from resh.frontends.interactive.loop import _bounded
from resh.frontends.interactive.questions import Patience


def test_a_line_takes_so_many_keys() -> None:
    buffer = Buffer(on_text_changed=_bounded(5))
    for key in "1234567":
        buffer.insert_text(key)
    assert (buffer.text, buffer.cursor_position) == ("12345", 5)
    buffer.cursor_position = 1
    buffer.insert_text("x")
    assert (buffer.text, buffer.cursor_position) == ("1x234", 2)
    buffer.delete(1)
    assert buffer.text == "1x34"


async def _answered(answer: str) -> str:
    return answer


def test_an_answer_in_time() -> None:
    patience = Patience(60)
    assert asyncio.run(patience(_answered("yes"))) == "yes"
    assert not patience.over


def test_no_answer_is_the_end() -> None:
    patience = Patience(0)
    with pytest.raises(TimedOut, match="idle for too long"):
        asyncio.run(patience(asyncio.sleep(60)))
    assert patience.over


def test_at_the_machine_itself_nobody_hurries() -> None:
    assert asyncio.run(Patience(None)(_answered("yes"))) == "yes"
