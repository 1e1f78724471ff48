"""A command's declaration applied to the text behind its name: typed parameters, or a UsageError that names what is wrong.

    bind(HEAD, stage, now)          (HEAD, {"n": 5})
    bind(WORKFLOWS, stage, now)     (the sub-command `run`, {"name": "collect", "follow": True, "wait": False})

click does the work, made from the declaration when it is needed. A command that takes its text raw is bound here, without it: a plain
search must not pay for the import.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from resh.commands.base import Argument, Command, Option
from resh.commands.line import FOREIGN, Stage, first_word, unescape, unquote, words
from resh.errors import UsageError
from resh.placeholders import fill
from resh.text import did_you_mean

if TYPE_CHECKING:
    import click

Params = dict[str, Any]
_NODE_ID = r"(?a:-[\w-]{21})"
_NEGATIVE = r"-\d+(?:\.\d+)?"
_TEXT = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])"""
_OPTION = rf"(--[a-z][\w-]*)(?:={_TEXT}*)?\s+"
_WORD = rf"{_TEXT}+\s+"
_LAST_OPTION = rf"(?:^|\s)--([a-z][\w-]*)(?:(?:=|\s+)({_TEXT}+))?\s*$"
_LISTS = ("property", "column", "sort", "aggregate")
"""What people put into quotes as a whole although nothing in it needs them."""
HELP_WORDS = ("--help", "-h")


def wants_help(stage: Stage) -> bool:
    if stage.name == FOREIGN or stage.source.startswith(("'", '"')):
        return False
    return any(word in HELP_WORDS for word in stage.source.split()[:2])


def bind(command: Command, stage: Stage, now: float) -> tuple[Command, Params]:
    """The command, or its sub-command that the text names, with the values of all its arguments and options."""
    source, label = stage.source, command.name
    while command.subcommands and not (command.run and _is_own(command, source)):
        command, source = subcommand(command, source, label)
        label = f"{label} {command.name}"
    if command.arguments and command.arguments[-1].raw:
        return command, _bind_raw(command, source, now, label)
    return command, _bind_words(command, [fill(word, now) for word, _ in words(source)], label)


def _is_own(command: Command, source: str) -> bool:
    """Whether the text is the group's own, and none of its sub-commands."""
    word = source.partition(" ")[0]
    if not word:
        return not any(argument.required for argument in command.arguments)
    return not any(sub.name == word for sub in command.subcommands)


def subcommand(command: Command, source: str, label: str) -> tuple[Command, str]:
    """The sub-command that the text starts with, and the rest of the text."""
    names = [sub.name for sub in command.subcommands]
    word, _, rest = source.partition(" ")
    if not word:
        raise UsageError(f"{label}: a sub-command is missing", f"one of {', '.join(names)}")
    for sub in command.subcommands:
        if sub.name == word:
            return sub, rest.strip()
    raise UsageError(f"{label}: there is no sub-command '{word}'", did_you_mean(word, names) or f"one of {', '.join(names)}")


def _bind_raw(command: Command, source: str, now: float, label: str) -> Params:
    params = _defaults(command)
    options = {option.name: option for option in command.options}
    while options and source.startswith("--"):
        word, rest = first_word(source)
        if word == "--":
            source = rest
            break
        name, equals, value = word[2:].partition("=")
        if name not in options:
            raise UsageError(f"{label}: there is no option '--{name}'", _nearest_option(name, command))
        source = rest
        if options[name].type is bool:
            params[_key(name)] = True
        else:
            if not equals:
                value, source = first_word(source)
            _take(params, options[name], fill(value, now), label)
    *first, last = command.arguments
    if last.complete in ("search", "condition"):
        source = _trailing(options, source, params, now, label)
    for argument in first:
        word, behind = first_word(source)
        if not word and argument.required:
            raise UsageError(f"{label}: {argument.name} is missing", argument.help)
        word = fill(word, now)
        if argument.required or argument.fits is None or argument.fits(word):
            params[_key(argument.name)], source = word, behind
    text = source.strip() if last.foreign else unescape(source).strip()
    if text:
        text = unquote(text) if last.complete in _LISTS else text
        text = text if last.later or last.foreign else fill(text, now)
        params[_key(last.name)] = text
    elif last.required:
        raise UsageError(f"{label}: {last.name} is missing", last.help)
    return params


def _trailing(options: Mapping[str, Option], source: str, params: Params, now: float, label: str) -> str:
    """Options may stand behind a search, too, where nothing of a search looks like one; the text without them."""
    while (at := source.rfind("--")) >= 0 and (found := re.compile(_LAST_OPTION).search(source, max(0, at - 1))) and found[1] in options:
        option, value = options[found[1]], found[2] or ""
        if (option.type is bool) == bool(value):
            break
        if value:
            _take(params, option, fill(first_word(value)[0], now), label)
        else:
            params[_key(option.name)] = True
        source = source[: found.start()]
    return source


def _take(params: Params, option: Option, value: str, label: str) -> None:
    given = _value(option, value, label)
    params[_key(option.name)] = (*params[_key(option.name)], given) if option.many else given


def raw_start(command: Command, source: str) -> int:
    """Where the raw text begins behind the options, for whoever reads a line that is being typed."""
    valued = {f"--{option.name}" for option in command.options if option.type is not bool}
    option, word = re.compile(_OPTION), re.compile(_WORD)
    start = len(source) - len(source.lstrip())
    while found := option.match(source, start):
        value = word.match(source, found.end()) if found[1] in valued and "=" not in found[0] else None
        start = value.end() if value else found.end()
    return start


def _value(option: Option, value: str, label: str) -> Any:
    if not value:
        raise UsageError(f"{label}: --{option.name} has no value", option.help)
    try:
        return option.type(value)
    except ValueError:
        raise UsageError(f"{label}: '{value}' does not fit --{option.name}", option.help) from None


def _bind_words(command: Command, arguments: list[str], label: str) -> Params:
    import click

    if command.pairs:
        arguments = _as_options(command, arguments)
    try:
        context = click_command(command).make_context(label, _ids_last(arguments), allow_extra_args=True)
    except click.NoSuchOption as error:
        raise UsageError(f"{label}: there is no option '{error.option_name}'", _nearest_option(error.option_name, command)) from None
    except click.UsageError as error:
        raise _usage(command, label, error) from None
    if context.args:
        raise UsageError(f"{label}: there is no place for '{context.args[0]}'", f"{label} --help shows how to write it")
    return {**_defaults(command), **context.params}


def _as_options(command: Command, arguments: list[str]) -> list[str]:
    """Words such as `title=Disks` as `--title=Disks`, where there is such an option."""
    names = {_key(option.name): option.name for option in command.options}
    pairs = [(word, word.partition("=")) for word in arguments]
    return [f"--{names[_key(name)]}={value}" if equals and _key(name) in names else word for word, (name, equals, value) in pairs]


def _ids_last(arguments: list[str]) -> list[str]:
    """One node id in sixty starts with a dash; it is no option, and neither is a negative number."""
    if "--" in arguments:
        return arguments
    for at, word in enumerate(arguments):
        if re.fullmatch(_NEGATIVE, word) and not any(other.startswith("--") for other in (*arguments[at - 1 : at], *arguments[at:])):
            return [*arguments[:at], "--", *arguments[at:]]
    ids = [word for word in arguments if re.fullmatch(_NODE_ID, word)]
    return [*(word for word in arguments if word not in ids), "--", *ids] if ids else arguments


def click_command(command: Command) -> click.Command:
    """The declaration as click sees it."""
    import click

    params: list[click.Parameter] = [_click_argument(argument) for argument in command.arguments]
    params += [_click_option(option) for option in command.options]
    return click.Command(command.name, params=params, add_help_option=False)


def _click_argument(argument: Argument) -> click.Argument:
    import click

    # click takes a default of None for a value that is there, and would never miss the argument
    default = {} if argument.required or argument.many else {"default": argument.default}
    return click.Argument(
        [_key(argument.name)], type=argument.type, required=argument.required, nargs=-1 if argument.many else 1, **default
    )


def _click_option(option: Option) -> click.Option:
    import click

    names = [f"--{option.name}", _key(option.name), *([f"-{option.short}"] if option.short else [])]
    if option.type is bool:
        return click.Option(names, is_flag=True, default=False)
    return click.Option(names, type=option.type, default=option.default, multiple=option.many)


def _usage(command: Command, label: str, error: click.UsageError) -> UsageError:
    import click

    if isinstance(error, click.MissingParameter) and error.param is not None:
        missing = next((a for a in command.arguments if _key(a.name) == error.param.name), None)
        return UsageError(f"{label}: {error.param.name} is missing", missing.help if missing else "")
    if isinstance(error, click.BadParameter) and error.param is not None:
        return UsageError(f"{label}: {error.param.name}: {error.message.rstrip('.')}", f"{label} --help shows how to write it")
    return UsageError(f"{label}: {error.format_message().rstrip('.')}", f"{label} --help shows how to write it")


def _nearest_option(name: str, command: Command) -> str:
    names = [f"--{option.name}" for option in command.options]
    return did_you_mean(f"--{name.lstrip('-')}", names) or (f"it has {', '.join(names)}" if names else "it has no options")


def _defaults(command: Command) -> Params:
    values: Params = {_key(argument.name): () if argument.many else argument.default for argument in command.arguments}
    for option in command.options:
        values[_key(option.name)] = False if option.type is bool else option.default
    return values


def _key(name: str) -> str:
    return name.replace("-", "_")
