"""Keys of a terminal behind SSH, on their way to whoever is attached."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from resh.frontends.ssh.channel import ChannelInput
from resh.frontends.ssh.typed import KEYS, MOST_AHEAD


class Case:
    """Reads whatever is ready, as a prompt does."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.turns: list[int] = []
        self.interrupts = 0
        self.flow: list[bool] = []
        self.input = ChannelInput(self._interrupt, self.flow.append)

    def ready(self) -> None:
        keys = [key.data for key in self.input.read_keys()]
        self.turns.append(len(keys))
        self.read += keys

    def _interrupt(self) -> None:
        self.interrupts += 1

    @property
    def text(self) -> str:
        return "".join(self.read)


def on_a_loop(steps: Callable[[Case], Awaitable[None]]) -> Case:
    async def run() -> Case:
        case = Case()
        await steps(case)
        return case

    return asyncio.run(run())


async def turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


def test_others_have_their_turn_between_many_keys() -> None:
    async def steps(case: Case) -> None:
        with case.input.attach(case.ready):
            case.input.feed("x" * (10 * KEYS))
            assert len(case.text) == KEYS
            await turns(20)
        assert case.text == "x" * (10 * KEYS)
        assert max(case.turns) == KEYS

    on_a_loop(steps)


def test_a_client_that_types_too_much_is_paused_until_it_was_read() -> None:
    async def steps(case: Case) -> None:
        with case.input.attach(case.ready):
            case.input.feed("x" * (MOST_AHEAD - 1))
            assert case.flow == [True]
            await turns(3000)
            assert case.flow == [True, False]
        assert len(case.text) == MOST_AHEAD - 1

    on_a_loop(steps)


def test_whoever_leaves_the_prompt_hears_the_client_again() -> None:
    async def steps(case: Case) -> None:
        with case.input.attach(case.ready):
            case.input.feed("x" * (MOST_AHEAD - 1))
        assert case.flow == [True, False]
        case.input.feed("\x03")
        assert case.interrupts == 1

    on_a_loop(steps)


def test_control_c_without_a_prompt_interrupts_and_drops_what_was_typed() -> None:
    async def steps(case: Case) -> None:
        case.input.feed("old\x03new")
        assert (case.interrupts, case.input.interrupted) == (1, True)
        with case.input.attach(case.ready):
            assert not case.input.interrupted
            await turns(2)
        assert case.text == "new"

    on_a_loop(steps)


def test_control_c_while_something_is_printed_above_the_prompt_is_the_prompt_s() -> None:
    async def steps(case: Case) -> None:
        with case.input.attach(case.ready):
            with case.input.detach():
                case.input.feed("a\x03")
                await turns(2)
                assert case.text == ""
            await turns(2)
        assert (case.text, case.interrupts) == ("a\x03", 0)

    on_a_loop(steps)


def test_what_was_typed_before_the_end_is_read_before_it() -> None:
    async def steps(case: Case) -> None:
        case.input.feed("x" * (2 * KEYS))
        case.input.close()
        assert not case.input.closed
        with case.input.attach(case.ready):
            await turns(5)
        assert (case.text, case.input.closed) == ("x" * (2 * KEYS), True)

    on_a_loop(steps)


def test_an_end_at_once_drops_it() -> None:
    async def steps(case: Case) -> None:
        case.input.feed("x" * (2 * KEYS))
        case.input.close(at_once=True)
        assert case.input.closed

    on_a_loop(steps)


def test_the_escape_key_comes_when_nothing_follows() -> None:
    async def steps(case: Case) -> None:
        with case.input.attach(case.ready):
            case.input.feed("\x1b")
            await turns(2)
            assert case.text == ""
            assert [key.data for key in case.input.flush_keys()] == ["\x1b"]

    on_a_loop(steps)
