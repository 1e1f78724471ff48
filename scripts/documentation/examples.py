"""The examples of the commands, carried out: each command on its own copy of the world, so that no example depends on another.

with Examples() as examples:
    examples.recording(load(find("count")))         # '> search is(volume) | count\ntotal matched: 5\n…'
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import world

from resh.commands.base import Command
from resh.shell.evaluate import evaluate

COLUMNS = 120
LINES = 16
NEVER_RUN = frozenset(
    (
        "events follow",
        "events follow 'cleanup_*' --severity warning",
        "workflows stop 01a7",
        "cleanup release vol-0f3a91c2",
        "doctor",
        "background stop 1",
        "exports delete volumes.csv",
        "system info",
        "system backup",
        "system backup resh.tar.gz; system restore resh.tar.gz",
        "workflows stop 01a7 --scope 123456789012/eu-west-1",
        "jobs stop nag",
        "collect confirm aws/123456789012/*/aws_ec2_volume",
        "commands import commands.yaml",
        "config edit metrics",
        "config edit cleanup",
        "system backup create resh.tar.gz",
        "system backup create resh.tar.gz; system backup restore resh.tar.gz",
        "certificate create --common-name resh.example.org --dns-names resh.example.org,localhost --ip-addresses 127.0.0.1",
        "certificate authority | write resh-ca.crt",
        "welcome",
        "totd",
        "edit",
        "edit search is(volume) | list id, name",
        "record session.cast",
        "record --stop",
        "search is(volume) | list --csv id, volume_size | copy",
    )
)
"""They wait for Ctrl-C, need a terminal, a run that is under way, a scope that is held, an editor or a file, or differ from machine to
machine or from time to time."""


class Examples:
    def __enter__(self) -> Examples:
        self._folder = tempfile.TemporaryDirectory(prefix="resh-docs-")
        self._home = Path(self._folder.name) / "home"
        self._before = os.getcwd()
        os.chdir(self._folder.name)  # `write` makes its file here
        world.world(self._home)
        return self

    def __exit__(self, *exc: object) -> None:
        os.chdir(self._before)
        self._folder.cleanup()

    def recording(self, command: Command) -> str:
        """Every example of the command with what it prints."""
        copy = Path(self._folder.name) / "copy"
        shutil.copytree(self._home, copy)
        try:
            with world.reopened(copy) as app:
                sink = world.Sink(COLUMNS)
                session = world.session(app, sink)
                for line, _ in command.examples:
                    sink.text += f"\n> {line}\n"
                    before, sink.text = sink.text, ""
                    if line not in NEVER_RUN and evaluate(session, line) not in (0, 3):
                        raise RuntimeError(f"the example '{line}' fails: {sink.text.strip()}")
                    sink.text = before + "\n".join(_shortened(sink.text)) + "\n"
                return sink.text.strip().replace("\n\n\n", "\n\n")
        finally:
            shutil.rmtree(copy)


def _shortened(output: str) -> Iterator[str]:
    lines = output.rstrip().splitlines()
    for line in lines[:LINES]:
        yield (line if len(line) <= COLUMNS else line[: COLUMNS - 1] + "…").rstrip()
    if len(lines) > LINES:
        yield "…"
