"""`help`: all commands by family, or one in full; and `exit`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Rows
from resh.commands.table import TABLE, find, load
from resh.errors import UnknownCommand, UsageError
from resh.placeholders import PLACEHOLDERS, value
from resh.text import did_you_mean, pad

if TYPE_CHECKING:
    from resh.commands.repertoire import Repertoire

_COLUMNS = 16
_WIDEST = 20
"""Columns for the name of a command."""
_HIGHEST = 255


def run_help(context: Context, rows: Rows, name: tuple[str, ...]) -> Iterator[str]:
    if not name:
        return overview(context.repertoire, context.role)
    if name[0] == "placeholders":
        now = context.app.clock.now()
        return (f"{pad(f'@{word}@', _COLUMNS)}{value(word, now)}" for word in PLACEHOLDERS)
    try:
        return iter(list(describe(name, context.repertoire)))
    except (UnknownCommand, UsageError) as error:
        found = searched(context, name)
        if not found:
            raise error from None
        return iter(found)


def run_exit(context: Context, rows: Rows, status: int) -> Rows:
    if not 0 <= status <= _HIGHEST:
        raise UsageError(f"exit: {status} is no exit status", f"it is a number up to {_HIGHEST}")
    context.leave, context.status = True, status
    yield from ()


def overview(known: Repertoire | None = None, role: Role = Role.admin) -> Iterator[str]:
    """Every command that the role may use with its summary; those that somebody added, too, when it is known who asks."""
    entries_of_all = known.entries if known else TABLE.values()
    open_ones = [entry for entry in entries_of_all if role is Role.admin or is_open_to(known.load(entry) if known else load(entry), role)]
    for family, entries in groupby(open_ones, key=lambda entry: entry.family):
        yield family
        for entry in entries:
            yield f"  {pad(entry.name, _WIDEST)}{entry.summary}"
    yield (
        "help <command> tells more, help <words> finds commands by what they do; help placeholders lists @NOW@ and the like. "
        "Commands are joined with |, lines with ;"
    )


def searched(context: Context, words: tuple[str, ...]) -> list[str]:
    """Commands that the role may use, their sub-commands and settings with all these words in what they tell of themselves."""
    wanted = [word.lower() for word in words]
    known, found = context.repertoire, list[tuple[str, str]]()
    for entry in known.entries:
        found += _telling(known.load(entry), entry.name, context.role, wanted, entry.aliases)
    for setting in context.app.settings:
        if _tells(wanted, setting.path, setting.description, *setting.choices):
            found.append((f"config show {setting.path}", setting.description))
    columns = max((len(label) + 2 for label, _ in found), default=0)
    lines = [f"{pad(label, columns)}{summary}" for label, summary in found]
    return [*lines, "help <command> tells more"] if lines else []


def _telling(command: Command, label: str, role: Role, wanted: list[str], aliases: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    if not is_open_to(command, role):
        return
    parts: tuple[Argument | Option, ...] = (*command.arguments, *command.options)
    texts = (label, *aliases, command.summary, command.help, *(text for part in parts for text in (part.name, part.help)))
    if _tells(wanted, *texts):
        yield label, command.summary
    for sub in command.subcommands:
        yield from _telling(sub, f"{label} {sub.name}", role, wanted)


def _tells(wanted: list[str], *texts: str) -> bool:
    text = " ".join(texts).lower()
    return all(word in text for word in wanted)


def is_open_to(command: Command, role: Role) -> bool:
    """Whether the role may use it, or anything in it."""
    if command.run and command.role <= role:
        return True
    return any(is_open_to(sub, role) for sub in command.subcommands)


def describe(words: tuple[str, ...], known: Repertoire | None = None) -> Iterator[str]:
    """One command, or one of its sub-commands, in full."""
    entry = known.find(words[0]) if known else find(words[0])
    command, label = known.load(entry) if known else load(entry), entry.name
    for word in words[1:]:
        found = {sub.name: sub for sub in command.subcommands}
        if word not in found:
            raise UsageError(f"{label} has no sub-command '{word}'", did_you_mean(word, found))
        command, label = found[word], f"{label} {word}"
    yield usage(command, label)
    yield f"  {command.summary}"
    if entry.aliases and label == entry.name:
        yield f"  also: {', '.join(entry.aliases)}"
    if command.help:
        yield from ("", f"  {command.help}")
    yield from _details(command)


def usage(command: Command, label: str) -> str:
    """`count [path]`, `workflows list|show|run`, `aws accounts|permissions, or aws <request>`."""
    parts = [label]
    if command.subcommands:
        parts.append("|".join(sub.name for sub in command.subcommands) + (f", or {label}" if command.run else ""))
    parts += [f"[--{option.name}{'' if option.type is bool else f' <{option.name}>'}]" for option in command.options]
    for argument in command.arguments:
        more = "…" if argument.many else ""
        parts.append(f"<{argument.name}>{more}" if argument.required else f"[{argument.name}{more}]")
    return " ".join(parts)


def _details(command: Command) -> Iterator[str]:
    if command.role > 1:
        yield from ("", f"  needs the role {command.role.name}")
    rows = [(argument.name, argument.help) for argument in command.arguments]
    rows += [(f"{f'-{option.short}, ' if option.short else ''}--{option.name}", _option(option)) for option in command.options]
    rows += [(sub.name, f"{sub.summary}{_needed(sub, command)}") for sub in command.subcommands]
    if rows:
        yield ""
        columns = max(_COLUMNS, *(len(name) + 2 for name, _ in rows))
        yield from (f"  {pad(name, columns)}{help}" for name, help in rows)
    examples = command.examples or tuple(example for sub in command.subcommands for example in sub.examples)
    if examples:
        yield from ("", "  for example")
        for line, what in examples:
            yield f"    {line}"
            yield f"      {what}"


def _needed(sub: Command, group: Command) -> str:
    """The role that some of a group need, where others are open to more people."""
    roles = {one.role for one in group.subcommands}
    return f" (role {sub.role.name})" if len(roles) > 1 and sub.role > min(roles) else ""


def _option(option: Option) -> str:
    known = option.default not in (None, ()) and option.type is not bool
    return f"{option.help} (default {option.default})" if known else option.help


HELP = Command(
    "help",
    run_help,
    "commands, or one command in full",
    SOURCE,
    arguments=(
        Argument("name", required=False, help="a command, and a sub-command of it; or words to look for", complete="command", many=True),
    ),
    examples=(("help", "all commands"), ("help workflows run", "one in full"), ("help json lines", "what has to do with it")),
)
EXIT = Command(
    "exit",
    run_exit,
    "leave the shell",
    SOURCE,
    arguments=(Argument("status", int, required=False, default=0, help="exit status of the session"),),
    examples=(("exit", "good bye"),),
)
