"""All that can be typed: the table of commands, then those of packages, then those that people made of templates.

    known = Repertoire(app)
    known.find("big_volumes")       the entry, wherever the command is from; UnknownCommand with the nearest names
    known.load(entry)               its declaration

Nobody asks it about a name that the table has: a plain line reads no further file. A name of the table is never another command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from sys import maxsize
from typing import TYPE_CHECKING

from resh.commands.base import Command
from resh.commands.custom import declared, line
from resh.commands.line import Stage, split
from resh.commands.table import NAMES, TABLE, Entry, load
from resh.errors import SyntaxProblem, UnknownCommand, UsageError
from resh.text import did_you_mean

if TYPE_CHECKING:
    from resh.app import App
    from resh.state.commands import CustomCommand

MOST_LEVELS = 10
"""A command of a template may use another one, but not for ever."""


class Repertoire:
    """Without an app it is the table; with a `user` also what he made for himself, before what is everybody's."""

    def __init__(self, app: App | None = None, user: str = "") -> None:
        self._app, self._user = app, user

    @cached_property
    def custom(self) -> Mapping[str, CustomCommand]:
        stored = self._app.tables.commands.stored() if self._app else {}
        if self._app and self._user:
            stored |= self._app.tables.commands_of(self._user).stored()
        return {name: command for name, command in stored.items() if name not in NAMES and name not in self._plugged}

    @cached_property
    def _further(self) -> Mapping[str, tuple[Entry, Command]]:
        found = [(command, "plugins") for command in self._plugged.values()]
        found += [(declared(custom), "your own") for custom in self.custom.values()]
        return {one.name: (Entry(one.name, "", "", one.summary, one.position, family), one) for one, family in found}

    @cached_property
    def _plugged(self) -> Mapping[str, Command]:
        plugged = self._app.plugins.commands if self._app else {}
        return {name: command for name, command in plugged.items() if name not in NAMES}

    @property
    def entries(self) -> Sequence[Entry]:
        """Each command once."""
        return (*TABLE.values(), *(entry for entry, _ in self._further.values()))

    @cached_property
    def names(self) -> Mapping[str, Entry]:
        """With aliases."""
        return {**{name: entry for name, (entry, _) in self._further.items()}, **NAMES}

    def find(self, name: str) -> Entry:
        if name in NAMES:
            return NAMES[name]
        if name in self._further:
            return self._further[name][0]
        raise UnknownCommand(f"there is no command '{name}'", did_you_mean(name, self.names) or "help lists them all")

    def load(self, entry: Entry) -> Command:
        return load(entry) if entry.module else self._further[entry.name][1]

    def expanded(self, stages: Sequence[Stage], now: float, level: int = 0) -> Iterator[Stage]:
        """The stages, with those of templates in the place of their commands."""
        for stage in stages:
            custom = None if stage.name in NAMES else self.custom.get(stage.name)
            if custom is None:
                yield stage
            elif level == MOST_LEVELS:
                raise UsageError(f"{stage.name} uses itself, or too many others that use others", f"commands show {stage.name}")
            else:
                yield from self.expanded(stages_of(custom, stage.source, now), now, level + 1)


def stages_of(custom: CustomCommand, source: str, now: float) -> list[Stage]:
    """The stages that a use of it becomes. They stand nowhere in the text that was typed."""
    try:
        pipelines = split(line(custom, source, now))
    except SyntaxProblem as error:
        raise UsageError(f"{custom.name}: {error.message}", error.hint or f"commands show {custom.name}") from None
    if len(pipelines) != 1:
        raise UsageError(f"{custom.name}: its template is no single line", f"commands show {custom.name}")
    (pipeline,) = pipelines
    if pipeline.env:
        raise UsageError(f"{custom.name}: its template sets variables, which only a line that is typed can", f"commands show {custom.name}")
    return [stage.changed(start=maxsize, arguments_at=maxsize, end=maxsize) for stage in pipeline.stages]
