"""Text on its way to a client: what a command writes in its thread, what the loop writes, and their order."""

from __future__ import annotations

import asyncio
from typing import cast

import asyncssh

from resh.frontends.ssh.channel import PACKET, ChannelWriter


class Channel:
    def __init__(self) -> None:
        self.sent: list[tuple[str, bool]] = []

    def is_closing(self) -> bool:
        return False

    def write(self, text: str) -> None:
        self.sent.append((text, False))

    def write_stderr(self, text: str) -> None:
        self.sent.append((text, True))


def made() -> tuple[Channel, ChannelWriter]:
    channel = Channel()
    return channel, ChannelWriter(cast("asyncssh.SSHServerChannel[str]", channel))


def test_many_lines_go_together_and_none_is_lost() -> None:
    async def run() -> None:
        channel, writer = made()

        def lines() -> None:
            for number in range(20_000):
                writer.write(f"{number}\n")

        await asyncio.to_thread(lines)
        writer.flush()
        assert "".join(text for text, _ in channel.sent) == "".join(f"{number}\n" for number in range(20_000))
        assert len(channel.sent) < 10_000
        assert max(len(text) for text, _ in channel.sent) < PACKET + 10

    asyncio.run(run())


def test_both_streams_and_the_loop_keep_their_order() -> None:
    async def run() -> None:
        channel, writer = made()

        def lines() -> None:
            writer.write("a")
            writer.write("b")
            writer.write("oops", stderr=True)
            writer.write("c")

        thread = asyncio.get_running_loop().run_in_executor(None, lines)
        while len(writer._waiting) < 4:  # the loop has no turn meanwhile
            pass
        writer.write("after")
        assert channel.sent == [("ab", False), ("oops", True), ("c", False), ("after", False)]
        await thread

    asyncio.run(run())
