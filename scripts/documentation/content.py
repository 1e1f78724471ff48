"""What the generated regions say, from the declarations that the program itself works by."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any

import world
from examples import Examples
from regions import table

from resh.cli import parser
from resh.commands.base import BOTH, SOURCE, Command
from resh.commands.help import usage
from resh.commands.table import TABLE, Entry, load
from resh.events.event import Event, StartRequested, StepEvent
from resh.events.table import EVENTS, about, fields
from resh.metrics.definitions import defaults as metric_definitions
from resh.placeholders import PLACEHOLDERS, value
from resh.providers.aws.catalogs import catalog
from resh.settings import SETTINGS, Setting

_POSITION = {SOURCE: "starts a line", BOTH: "starts a line, or works on the rows before it"}


class Content:
    """`content("settings")`; `content("command count")`."""

    def __init__(self, examples: Examples) -> None:
        self._examples = examples
        self._regions: dict[str, Callable[[], str]] = {
            "options": options,
            "settings": settings,
            "kinds": kinds,
            "metrics": metrics,
            "placeholders": placeholders,
            "events": event_types,
        }

    def __call__(self, name: str) -> str:
        kind, _, rest = name.partition(" ")
        if kind == "command":
            return "\n\n".join(self._entry(TABLE[rest]))
        return self._regions[name]()

    def _entry(self, entry: Entry) -> Iterator[str]:
        command = load(entry)
        notes = [_POSITION.get(entry.position, "works on the rows before it")]
        if entry.aliases:
            notes.append(f"also called {', '.join(f'`{alias}`' for alias in entry.aliases)}")
        yield f"### {entry.name}"
        yield f"{sentence(command.summary)} It {', '.join(notes)}."
        if command.subcommands:
            if command.run:
                yield from self._details(command, entry.name)
            elif command.help:
                yield prose(command.help)
            yield from self._subcommands(command, entry.name)
        else:
            yield from self._details(command, entry.name)

    def _subcommands(self, command: Command, label: str) -> Iterator[str]:
        for sub in command.subcommands:
            yield f"#### {label} {sub.name}"
            yield sentence(sub.summary)
            yield from self._details(sub, f"{label} {sub.name}")
            yield from self._subcommands(sub, f"{label} {sub.name}")

    def _details(self, command: Command, label: str) -> Iterator[str]:
        yield f"```text\n{usage(command, label)}\n```"
        if command.role > 1:
            yield f"Needs the role {command.role.name}."
        if command.help:
            yield prose(command.help)
        if rows := list(_parameters(command)):
            yield table(("argument", "what it is"), rows)
        yield f"```console\n{self._examples.recording(command)}\n```"


def _parameters(command: Command) -> Iterator[tuple[str, str]]:
    for argument in command.arguments:
        yield f"`{argument.name}`", argument.help + _default(argument.default)
    for option in command.options:
        flag = option.type is bool
        short = f"`-{option.short}`, " if option.short else ""
        yield f"{short}`--{option.name}{'' if flag else f' <{option.name}>'}`", option.help + ("" if flag else _default(option.default))


def _default(value: Any) -> str:
    return "" if value in (None, ()) else f" (default {value})"


def sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."


def prose(text: str) -> str:
    """Help text as Markdown, which would take <step> for a tag."""
    return text.replace("<", "\\<")


def settings() -> str:
    return table(
        ("setting", "type", "default", "what it does"),
        ((f"`{s.path}`", s.type, _setting_default(s), s.description + _choices(s)) for s in SETTINGS),
    )


def _setting_default(setting: Setting) -> str:
    if setting.type == "flag":
        return str(setting.default).lower()
    return f"`{setting.default}`" if setting.default not in ("", []) else "empty"


def _choices(setting: Setting) -> str:
    return f" ({' or '.join(setting.choices)})" if setting.choices else ""


def options() -> str:
    """The command line of resh, sub-commands included."""
    return table(("option", "what it does"), _options(parser(), ""))


def _options(of: argparse.ArgumentParser, label: str) -> Iterator[tuple[str, str]]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                yield f"`{choice.dest}`", choice.help or ""
                yield from _options(action.choices[choice.dest], f"{choice.dest} ")
        elif action.dest != "help":
            names = ", ".join(action.option_strings) or "|".join(map(str, action.choices or ()))
            metavar = f" {action.metavar}" if action.metavar else ""
            yield f"`{label}{names}{metavar}`", action.help or "which shell"


def kinds() -> str:
    found = catalog()
    rows = []
    for resource in sorted((found.account, found.region, *found.resources), key=lambda resource: resource.kind):
        bases = ", ".join(f"`{base}`" for base in resource.bases if base != "resource")
        rows.append((f"`{resource.kind}`", bases, "yes" if resource.delete else "no", resource.description))
    return table(("kind", "is a", "can be deleted", "what it is"), rows)


def metrics() -> str:
    return table(
        ("metric", "unit", "what it measures"), ((f"`{metric.name}`", metric.unit, metric.help) for metric in metric_definitions())
    )


def placeholders() -> str:
    return table(("placeholder", "on Monday 2026-11-23, 10:37:01"), ((f"`@{name}@`", str(value(name, world.NOW))) for name in PLACEHOLDERS))


def event_types() -> str:
    """Every event, and the fields that only it has."""
    rows = [("`pre_<step>`, `<step>`, `post_<step>`", *_event(StepEvent)), ("`start_<workflow>_workflow`", *_event(StartRequested))]
    rows += [(f"`{name}`", *_event(cls)) for name, cls in EVENTS.items()]
    return table(("event", "severity", "what it says", "fields of its own"), rows)


def _event(cls: type[Event]) -> tuple[str, str, str]:
    also = f" Resoto: {', '.join(f'`{name}`' for name in cls.also)}." if cls.also else ""
    own = "; ".join(f"`{name}` ({type}): {meaning}" for name, (type, meaning) in fields(cls).items())
    return str(cls._defaults["severity"]), f"{about(cls)}.{also}", own
