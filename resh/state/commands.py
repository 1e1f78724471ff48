"""Commands that people made of templates, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from resh.record import Record

if TYPE_CHECKING:
    from resh.state.tables import StateTable


class Parameter(Record):
    """`default` is None for one that must be given. `type` is one of `resh.commands.custom.TYPES`."""

    name: str
    type: str = "text"
    default: str | None = None
    description: str = ""


class CustomCommand(Record):
    """`source`: it may start a line. `info` is a line about it, `description` the rest of its help."""

    name: str
    template: str
    info: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    source: bool = False

    def row(self) -> dict[str, Any]:
        parameters = [{name: getattr(parameter, name) for name in Parameter._fields} for parameter in self.parameters]
        return {**{name: getattr(self, name) for name in self._fields}, "parameters": parameters}


class CustomCommands:
    def __init__(self, table: StateTable) -> None:
        self._table = table

    def stored(self) -> dict[str, CustomCommand]:
        """In the order of the names."""
        return {row["name"]: _command(row) for row in sorted(self._table.rows().values(), key=lambda row: str(row["name"]))}

    def add(self, command: CustomCommand) -> bool:
        """False when there is one of that name: it stays as it is."""
        from tinydb import where

        with self._table.changing() as table:
            return not table.contains(where("name") == command.name) and bool(table.insert(command.row()))

    def change(self, command: CustomCommand) -> bool:
        """False when there is none of that name."""
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.update(command.row(), where("name") == command.name))

    def remove(self, name: str) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.remove(where("name") == name))


def _command(row: Mapping[str, Any]) -> CustomCommand:
    """What another version stored beside is left out."""
    parameters = tuple(Parameter(**_known(Parameter, parameter)) for parameter in row["parameters"])
    return CustomCommand(**{**_known(CustomCommand, row), "parameters": parameters})


def _known(kind: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in kind._fields if name in row}
