"""`commands`: commands of one's own, made of templates. They are used, completed and explained like built-in ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resh.commands import making
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.custom import TYPES
from resh.commands.line import unquote
from resh.commands.table import NAMES
from resh.errors import Denied, ReshError, UsageError
from resh.state.commands import CustomCommand
from resh.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 70


def run_list(context: Context, rows: Rows) -> Rows:
    for custom in context.app.tables.commands.stored().values():
        yield _row(custom)


def run_show(context: Context, rows: Rows, name: str) -> Iterator[str]:
    """As `commands import` reads it."""
    from resh.render.yaml import document

    custom = _known(context, name)
    row = {**custom.row(), "allowed_in_source_position": custom.source}
    del row["source"]
    yield from document({"custom_commands": {"commands": [row]}}).splitlines()


def run_add(context: Context, rows: Rows, name: str, template: str, **options: Any) -> Rows:
    made = _made(CustomCommand(name, ""), template, **options)
    making.check(context, made)
    if not context.app.tables.commands.add(made):
        raise UsageError(f"there is a command {name} already", f"commands update {name} replaces it")
    yield _row(made)


def run_update(context: Context, rows: Rows, name: str, template: str, **options: Any) -> Rows:
    made = _made(_known(context, name), template, **options)
    making.check(context, made)
    if not context.app.tables.commands.change(made):
        raise ReshError(f"the command {name} has just been deleted", f"commands add {name} makes it anew")
    yield _row(made)


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    custom = _known(context, name)
    context.app.tables.commands.remove(name)
    users = [
        other.name
        for other in context.app.tables.commands.stored().values()
        if re.search(rf"(?:^|\|)\s*{re.escape(name)}\b", other.template)
    ]
    if users:
        context.sink.note(f"still used by {', '.join(users)}")
    yield _row(custom)


def run_test(context: Context, rows: Rows, name: str, arguments: str | None) -> Iterator[str]:
    from resh.commands.custom import line

    yield line(_known(context, name), arguments or "", context.app.clock.now())


def run_import(context: Context, rows: Rows, file: str) -> Rows:
    """All of a file, or, when one of them is wrong, nothing."""
    if not context.local:
        raise Denied("commands import works only in a local session", "send each with commands add")
    found = making.imported(Path(file).expanduser())
    for made in [one for one in found if one.name in NAMES]:
        context.sink.note(f"{made.name} is a command of resh already: passed over")
        found.remove(made)
    for made in found:
        making.check(context, made, {one.name for one in found})
    table = context.app.tables.commands
    for made in found:
        if not table.add(made):
            table.change(made)
        yield _row(made)


def _made(
    before: CustomCommand, template: str, info: str | None, description: str | None, parameter: tuple[str, ...], source: bool
) -> CustomCommand:
    """What is not given stays as it was before."""
    return CustomCommand(
        before.name,
        unquote(template).strip(),
        before.info if info is None else info,
        before.description if description is None else description,
        tuple(map(making.parameter, parameter)) or before.parameters,
        source or before.source,
    )


def _row(custom: CustomCommand) -> Row:
    shown = " ".join(custom.template.split())
    names = (p.name if p.default is None else f"[{p.name}]" for p in custom.parameters)
    return {
        "name": custom.name,
        "info": custom.info,
        "parameters": ", ".join(names),
        "template": shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…",
    }


def _known(context: Context, name: str) -> CustomCommand:
    stored = context.app.tables.commands.stored()
    if name not in stored:
        raise UsageError(f"there is no command '{name}' of your own", did_you_mean(name, stored) or "commands list shows all")
    return stored[name]


_OWN = Argument("name", help="a command of your own", complete="own")
_TEMPLATE = Argument(
    "template",
    help="the line that it becomes, with {{parameters}}; in single quotes if it has | in it",
    raw=True,
    later=True,
    complete="line",
)
_OPTIONS = (
    Option("info", str, None, "a line about it", complete="free"),
    Option("description", str, None, "more about it", complete="free"),
    Option("parameter", str, (), "name[:type][=default] [what it is]; without a default it must be given", many=True, complete="free"),
    Option("source", help="it may start a line"),
)

COMMANDS = Command(
    "commands",
    None,
    "commands of your own, made of templates",
    SOURCE,
    help="A template is a line with parameters. {{x}} is a value and stays one, in the quotes that it stands in or as a word; {{{x}}} is "
    "text as it is; {{#x}}…{{/x}} is left out when x is empty; {{args}} is whatever is no parameter. Whoever uses the command needs the "
    f"role for everything in it. Types are {', '.join(TYPES[:-1])} and {TYPES[-1]}.",
    subcommands=(
        Command("list", run_list, "all of them; [these] parameters may be left out", examples=(("commands list", "all"),)),
        Command(
            "show",
            run_show,
            "one in full, as commands import reads it",
            arguments=(_OWN,),
            examples=(("commands show unowned", "in full"),),
        ),
        Command(
            "add",
            run_add,
            "make a new one",
            role=Role.admin,
            arguments=(Argument("name", help="its name", complete="free"), _TEMPLATE),
            options=_OPTIONS,
            help="It is checked: all commands in it must be there, and fit together.",
            examples=(
                (
                    "commands add --source --info \"volumes of at least a size\" --parameter 'size:number=100 the smallest size in GB' "
                    "big_volumes 'search is(volume) and volume_size >= {{size}} | list id, volume_size'",
                    "a command with a parameter",
                ),
                (
                    "commands add --parameter who:text tell_owner 'list id, name | notify team --title \"These are of {{who}}\"'",
                    "one for rows",
                ),
            ),
        ),
        Command(
            "update",
            run_update,
            "replace the template of one",
            role=Role.admin,
            arguments=(_OWN, _TEMPLATE),
            options=_OPTIONS,
            help="What is not given stays.",
            examples=(("commands update unowned 'search is({{kind}}) and tags.owner = null | list id, name, age'", "one more column"),),
        ),
        Command("delete", run_delete, "forget one", role=Role.admin, arguments=(_OWN,), examples=(("commands delete unowned", "gone"),)),
        Command(
            "test",
            run_test,
            "the line that it becomes, which is not run",
            arguments=(_OWN, Argument("arguments", required=False, help="its parameters", raw=True, later=True, complete="free")),
            examples=(("commands test unowned kind=volume", "what it would be"),),
        ),
        Command(
            "import",
            run_import,
            "take them from a YAML file",
            role=Role.admin,
            arguments=(Argument("file", help="a file as commands show writes it, or as Resoto has its custom commands", complete="file"),),
            help="All of them or, if one is wrong, none. Those of the same name are replaced.",
            examples=(("commands import commands.yaml", "those of a team"),),
        ),
    ),
)
