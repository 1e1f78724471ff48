"""What one key costs: an answer of the completer on the whole graph, with 500 kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from figures import Figure, median_ms

from resh.app import App
from resh.commands.base import Role
from resh.frontends.interactive.sink import TerminalSink
from resh.model.kinds import Kind, Property
from resh.shell.complete import complete
from resh.shell.session import Session

LIMIT_MS = 5.0
PREFIXES = (
    "se",
    "search ",
    "search is(aws_b",
    "search is(aws_ec2_volume) and vol",
    "search is(volume) and volume_status = available | li",
    "workflows run co",
)


def figures(home: Path) -> Iterator[Figure]:
    with App(home) as app:
        for number in range(500):
            properties = tuple(Property(f"property_{letter}{number}", "string", "made up") for letter in "abcdefghij")
            app.kinds.add(Kind(f"aws_made_up_{number:03}", ("resource",), "A made-up kind.", properties))
        sink = TerminalSink(lambda text: None, lambda: 80, colour=False)
        session = Session(app, user="bench", role=Role.admin, sink=sink, interactive=True)
        worst = max(median_ms(lambda text=text: complete(session, text)) for text in PREFIXES)
    yield Figure("completion, the slowest of six places", worst, LIMIT_MS, 1, "5 ms")
