"""What a command is that people made of a template: its declaration, as for built-in ones, and the stages that it becomes.

    declared(custom)                    a Command with an option for each parameter, for help and completion
    line(custom, stage.source, now)     the line that takes its place

Its stages take the place of its own before anything else happens, so that they become part of a search like stages that were typed,
and whoever uses it needs the role for each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from resh.commands.base import BOTH, FLOW, Argument, Command, Context, Option, Rows
from resh.commands.line import words
from resh.commands.line_template import ARGS, render, uses_args
from resh.durations import parse_duration, parse_time
from resh.errors import BadValue, UsageError
from resh.state.commands import CustomCommand, Parameter
from resh.text import did_you_mean

COMPLETED = ("kind", "property", "account", "region", "workflow", "metric", "template", "target")
"""Types of values that the shell can complete."""
TYPES = ("text", "number", "duration", "time", "flag", *COMPLETED)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_OPTION = re.compile(r"--(\w[\w-]*)(?:=(.*))?", re.DOTALL)
_PAIR = re.compile(r"(\w[\w-]*)=(.*)", re.DOTALL)


def declared(custom: CustomCommand) -> Command:
    rest = Argument(ARGS, required=False, help="what takes the place of {{args}}", many=True, complete="free")
    return Command(
        custom.name,
        _never,
        custom.info or "a command of your own",
        BOTH if custom.source else FLOW,
        arguments=(rest,) if uses_args(custom.template) else (),
        options=tuple(_option(parameter) for parameter in custom.parameters),
        help=f"{custom.description or 'It is made of a template.'} Options may be written name=value. It becomes: {custom.template}",
        pairs=True,
    )


def _option(parameter: Parameter) -> Option:
    need = " (must be given)" if parameter.default is None else ""
    complete = parameter.type if parameter.type in COMPLETED else ""
    return Option(parameter.name, str, parameter.default, f"{parameter.description or parameter.type}{need}", complete)


def _never(context: Context, rows: Rows, **params: object) -> Rows:
    raise AssertionError("its stages take its place before anything runs")


def line(custom: CustomCommand, source: str, now: float) -> str:
    """The line that its arguments make of it. Raises UsageError for a parameter that is missing, unknown or of another type."""
    given, rest = _given(custom, source)
    if rest and not uses_args(custom.template):
        given, rest = _in_order(custom, given, rest)
    if rest and not uses_args(custom.template):
        raise UsageError(f"{custom.name}: there is no place for '{rest}'", f"help {custom.name} shows how to write it")
    values = {parameter.name: _value(custom, parameter, given) for parameter in custom.parameters}
    return render(custom.template, {**values, ARGS: rest}, now)


def _given(custom: CustomCommand, source: str) -> tuple[dict[str, str], str]:
    """Values by parameter, and the text of all other words as it stands."""
    names = {parameter.name.replace("-", "_"): parameter.name for parameter in custom.parameters}
    given: dict[str, str] = {}
    rest: list[str] = []
    pending = iter(_pieces(source))
    for word, text in pending:
        option, pair = _OPTION.fullmatch(word), _PAIR.fullmatch(word)
        if option and (name := names.get(option[1].replace("-", "_"))):
            given[name] = option[2] if option[2] is not None else next(pending, (None, ""))[0] or _no_value(custom, name)
        elif option and not uses_args(custom.template):
            raise UsageError(f"{custom.name}: there is no option '--{option[1]}'", _nearest(option[1], names))
        elif pair and (name := names.get(pair[1].replace("-", "_"))):
            given[name] = pair[2]
        else:
            rest.append(text)
    return given, " ".join(rest)


def _in_order(custom: CustomCommand, given: dict[str, str], rest: str) -> tuple[dict[str, str], str]:
    """Words without a name are the values of the parameters that have none, in their order."""
    free = [parameter.name for parameter in custom.parameters if parameter.name not in given]
    pieces = list(_pieces(rest))
    named = {name: word for name, (word, _) in zip(free, pieces, strict=False)}
    return {**given, **named}, " ".join(text for _, text in pieces[len(free) :])


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    """Words without their quotes, and as they stand in the text."""
    found = words(source)
    ends = [*(start for _, start in found[1:]), len(source)]
    for (word, start), end in zip(found, ends, strict=False):
        yield word, source[start:end].rstrip()


def _no_value(custom: CustomCommand, name: str) -> str:
    raise UsageError(f"{custom.name}: --{name} has no value", f"write {name}=…")


def _nearest(name: str, names: Mapping[str, str]) -> str:
    return did_you_mean(name, names.values()) or (f"it has {', '.join(names.values())}" if names else "it has no parameters")


def _value(custom: CustomCommand, parameter: Parameter, given: Mapping[str, str]) -> str:
    value = given.get(parameter.name, parameter.default)
    if value is None:
        raise UsageError(f"{custom.name}: {parameter.name} is missing", parameter.description or f"write {parameter.name}=…")
    if value and parameter.name in given:
        try:
            check_type(parameter.type, value)
        except BadValue as error:
            raise UsageError(f"{custom.name}: {parameter.name}: {error.message}", error.hint) from None
    return value


def check_type(type: str, value: str) -> None:
    """Raises BadValue. Placeholders are looked at when they are filled."""
    if "@" in value:
        return
    if type == "number" and not _NUMBER.fullmatch(value):
        raise BadValue(f"'{value}' is no number", "write it like 100")
    if type == "flag" and value not in ("true", "false"):
        raise BadValue(f"'{value}' is neither true nor false", "write true or false")
    if type == "duration":
        parse_duration(value)
    if type == "time":
        parse_time(value, 0.0)
