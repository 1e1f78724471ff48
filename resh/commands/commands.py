"""`commands`: commands of one's own, made of templates. They are used, completed and explained like built-in ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resh.commands.base import FLOW, SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.custom import TYPES, check_type
from resh.commands.line import unquote
from resh.commands.line_template import check
from resh.commands.table import NAMES
from resh.errors import BadValue, Denied, ReshError, UsageError
from resh.state.commands import CustomCommand, Parameter
from resh.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_NAME = re.compile(r"[a-zA-Z][\w-]*")
_PARAMETER = re.compile(r"([A-Za-z][\w-]*)(?::(\w+))?(?:=(\"(?:[^\"\\]|\\.)*\"|\S*))?(?:\s+(.*))?", re.DOTALL)
_HOW = "write it like 'size:number=100 the smallest size': a name, and if wanted a type, a default and what it is"
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


def run_add(
    context: Context,
    rows: Rows,
    name: str,
    template: str,
    info: str | None,
    description: str | None,
    parameter: tuple[str, ...],
    source: bool,
) -> Rows:
    made = CustomCommand(name, _text(template), info or "", description or "", tuple(map(_parameter, parameter)), source)
    _check(context, made)
    if not context.app.tables.commands.add(made):
        raise UsageError(f"there is a command {name} already", f"commands update {name} replaces it")
    yield _row(made)


def run_update(
    context: Context,
    rows: Rows,
    name: str,
    template: str,
    info: str | None,
    description: str | None,
    parameter: tuple[str, ...],
    source: bool,
) -> Rows:
    before = _known(context, name)
    parameters = tuple(map(_parameter, parameter)) or before.parameters
    made = CustomCommand(
        name,
        _text(template),
        before.info if info is None else info,
        before.description if description is None else description,
        parameters,
        source or before.source,
    )
    _check(context, made)
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
    found = [_imported(entry) for entry in _entries(Path(file).expanduser())]
    for made in [one for one in found if one.name in NAMES]:
        context.sink.note(f"{made.name} is a command of resh already: passed over")
        found.remove(made)
    for made in found:
        _check(context, made, {one.name for one in found})
    table = context.app.tables.commands
    for made in found:
        if not table.add(made):
            table.change(made)
        yield _row(made)


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


def _text(template: str) -> str:
    return unquote(template).strip()


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"'{text}' is no parameter", _HOW)
    default = unquote(found[3]) if found[3] is not None else None
    return _typed(Parameter(found[1], found[2] or "text", default, (found[4] or "").strip()))


def _typed(parameter: Parameter) -> Parameter:
    if parameter.type not in TYPES:
        raise UsageError(
            f"{parameter.name}: there is no type '{parameter.type}'", did_you_mean(parameter.type, TYPES) or f"one of {', '.join(TYPES)}"
        )
    if parameter.default:
        try:
            check_type(parameter.type, parameter.default)
        except BadValue as error:
            raise UsageError(f"{parameter.name}: its default {error.message}", error.hint) from None
    return parameter


def _check(context: Context, made: CustomCommand, beside: Collection[str] = ()) -> None:
    """Raises UsageError, SyntaxProblem for what could never be used. `beside` are names of others that come with it."""
    from resh.commands.repertoire import Repertoire, stages_of

    if not _NAME.fullmatch(made.name):
        raise UsageError(f"'{made.name}' is no name for a command", "a name begins with a letter and has letters, digits, _ and -")
    if made.name in NAMES:
        raise UsageError(f"{made.name} is a command of resh", "take another name")
    names = [parameter.name for parameter in made.parameters]
    if twice := next((name for name in names if names.count(name) > 1 or name == "args"), ""):
        raise UsageError(f"the parameter {twice} is there twice" if twice != "args" else "args is what stands behind all parameters", _HOW)
    check(made.template, set(names))
    stages = stages_of(made, " ".join(f"{parameter.name}={_stand_in(parameter)}" for parameter in made.parameters), context.app.clock.now())
    if not stages:
        raise UsageError("the template is empty", "it is a line, such as 'search is(volume) | count'")
    known = Repertoire(context.app)
    if any(stage.name == made.name for stage in stages):
        raise UsageError(f"the template of {made.name} uses {made.name}", "a command cannot use itself")
    entries = [known.find(stage.name) for stage in stages if stage.name not in beside]
    first = entries[0] if entries and stages[0].name in (entries[0].name, *entries[0].aliases) else None
    if made.source and first and first.position is FLOW:
        raise UsageError(f"{first.name} can not start a line: it works on the rows of a command before it", "leave --source out")
    if not made.source and first and first.position is SOURCE:
        raise UsageError(f"{first.name} can only start a line", "add --source")


def _stand_in(parameter: Parameter) -> str:
    return {"number": "1", "duration": "1d", "time": "1d", "flag": "true"}.get(parameter.type, parameter.default or "x")


def _entries(file: Path) -> list[Mapping[str, Any]]:
    import yaml

    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no YAML'}", "give a file as commands show writes it") from None
    found = tree.get("custom_commands", tree) if isinstance(tree, dict) else tree
    found = found.get("commands") if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(entry, dict) and "name" in entry and "template" in entry for entry in found):
        raise UsageError(f"{file}: holds no commands", "it has custom_commands: commands:, each with a name and a template")
    return found


def _imported(entry: Mapping[str, Any]) -> CustomCommand:
    parameters = []
    for one in entry.get("parameters") or ():
        if not isinstance(one, dict) or "name" not in one:
            raise UsageError(f"{entry['name']}: a parameter has no name", "each has name, and if wanted type, default and description")
        default = one.get("default")
        text = (
            None
            if default is None
            else default
            if isinstance(default, str)
            else str(default).lower()
            if isinstance(default, bool)
            else str(default)
        )
        parameters.append(_typed(Parameter(str(one["name"]), str(one.get("type", "text")), text, str(one.get("description") or ""))))
    return CustomCommand(
        str(entry["name"]),
        str(entry["template"]).strip(),
        str(entry.get("info") or ""),
        str(entry.get("description") or ""),
        tuple(parameters),
        bool(entry.get("allowed_in_source_position", False)),
    )


_OWN = Argument("name", help="a command of your own", complete="own")
_TEMPLATE = Argument(
    "template", help="the line that it becomes, with {{parameters}}; in single quotes if it has | in it", raw=True, later=True
)
_OPTIONS = (
    Option("info", str, None, "a line about it"),
    Option("description", str, None, "more about it"),
    Option("parameter", str, (), "name[:type][=default] [what it is]; without a default it must be given", many=True),
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
            arguments=(Argument("name", help="its name"), _TEMPLATE),
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
            arguments=(_OWN, Argument("arguments", required=False, help="its parameters", raw=True, later=True)),
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
