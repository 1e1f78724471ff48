"""How commands of one's own are made: of the words of `commands add`, or of a file; and what is wrong with one.

parameter("size:number=100 the smallest size")      Parameter("size", "number", "100", "the smallest size")
check(context, made)                                raises UsageError for what could never be used
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from resh.commands.arguments import bind, wants_help
from resh.commands.base import FLOW, SOURCE, Command, Context
from resh.commands.custom import TYPES, check_type
from resh.commands.line import Stage, unquote
from resh.commands.line_template import check as check_names
from resh.commands.line_template import uses_args
from resh.commands.repertoire import Repertoire, stages_of
from resh.commands.table import NAMES
from resh.errors import BadValue, ReshError, UnknownCommand, UsageError
from resh.search import parse
from resh.search.terms import quote
from resh.state.commands import CustomCommand, Parameter
from resh.text import did_you_mean

_NAME = re.compile(r"[a-zA-Z][\w-]*")
_PARAMETER = re.compile(r"([A-Za-z][\w-]*)(?::(\w+))?(?:=(\"(?:[^\"\\]|\\.)*\"|\S*))?(?:\s+(.*))?", re.DOTALL)
_HOW = "write it like 'size:number=100 the smallest size': a name, and if wanted a type, a default and what it is"


def parameter(text: str) -> Parameter:
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


def check(context: Context, made: CustomCommand, beside: Collection[str] = (), own: bool = False) -> None:
    """Raises UsageError, SyntaxProblem for what could never be used. `beside` are names of others that come with it.

    What is everybody's uses nothing that is only its maker's `own`.
    """
    if not _NAME.fullmatch(made.name):
        raise UsageError(f"'{made.name}' is no name for a command", "a name begins with a letter and has letters, digits, _ and -")
    if made.name in NAMES or made.name in context.app.plugins.commands:
        raise UsageError(f"{made.name} is a command of {'resh' if made.name in NAMES else 'a plugin'}", "take another name")
    names = [parameter.name for parameter in made.parameters]
    if twice := next((name for name in names if names.count(name) > 1 or name == "args"), ""):
        raise UsageError(f"the parameter {twice} is there twice" if twice != "args" else "args is what stands behind all parameters", _HOW)
    check_names(made.template, set(names))
    stages = _used(made, 0, context)
    if not stages:
        raise UsageError("the template is empty", "it is a line, such as 'search is(volume) | count'")
    known = context.repertoire if own else Repertoire(context.app)
    if any(stage.name == made.name for stage in stages):
        raise UsageError(f"the template of {made.name} uses {made.name}", "a command cannot use itself")
    try:
        entries = [known.find(stage.name) for stage in stages if stage.name not in beside]
    except UnknownCommand as error:
        raise UsageError(f"{made.name}: {error.message}", error.hint) from None
    first = entries[0] if entries and stages[0].name in (entries[0].name, *entries[0].aliases) else None
    if made.source and first and first.position is FLOW:
        raise UsageError(f"{first.name} can not start a line: it works on the rows of a command before it", "leave --source out")
    if not made.source and first and first.position is SOURCE:
        raise UsageError(f"{first.name} can only start a line", "add --source")
    for stage in _fixed(made, stages, context):
        if stage.name not in beside and stage.name not in known.custom and not wants_help(stage):
            _check_stage(made, known.load(known.find(stage.name)), stage, context)


def _used(made: CustomCommand, turn: int, context: Context) -> list[Stage]:
    """What it becomes when somebody uses it with example values, which are others each turn."""
    values = [f"{parameter.name}={quote(_example(parameter, turn))}" for parameter in made.parameters]
    values += ["xy"[turn]] * uses_args(made.template)
    return stages_of(made, " ".join(values), context.app.clock.now())


def _example(parameter: Parameter, turn: int) -> str:
    examples = {"number": ("1", "2"), "duration": ("1d", "2d"), "time": ("1d", "2d"), "flag": ("true", "false")}
    return parameter.default or examples.get(parameter.type, ("x", "y"))[turn]


def _fixed(made: CustomCommand, stages: list[Stage], context: Context) -> list[Stage]:
    """Stages that are the same whatever values it is given: what is wrong with one is wrong for ever."""
    others = {(stage.name, stage.source) for stage in _used(made, 1, context)}
    return [stage for stage in stages if (stage.name, stage.source) in others]


def _check_stage(made: CustomCommand, declared: Command, stage: Stage, context: Context) -> None:
    try:
        command, params = bind(declared, stage, context.app.clock.now())
        for argument in command.arguments:
            if argument.complete == "search" and (text := params.get(argument.name)) and "{{" not in text:
                parse(text)
    except ReshError as error:
        raise UsageError(f"{made.name}: {error.message}", error.hint) from None


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


def imported(file: Path) -> list[CustomCommand]:
    """All commands of a file."""
    return [_imported(entry) for entry in _entries(file)]


def _imported(entry: Mapping[str, Any]) -> CustomCommand:
    parameters = []
    for one in entry.get("parameters") or ():
        if not isinstance(one, dict) or "name" not in one:
            raise UsageError(f"{entry['name']}: a parameter has no name", "each has name, and if wanted type, default and description")
        default = _text(one.get("default"))
        parameters.append(_typed(Parameter(str(one["name"]), str(one.get("type", "text")), default, str(one.get("description") or ""))))
    return CustomCommand(
        str(entry["name"]),
        str(entry["template"]).strip(),
        str(entry.get("info") or ""),
        str(entry.get("description") or ""),
        tuple(parameters),
        bool(entry.get("allowed_in_source_position", False)),
    )


def _text(default: Any) -> str | None:
    """A default of YAML as people would type it."""
    return str(default).lower() if isinstance(default, bool) else None if default is None else str(default)
