"""What installed packages add to resh: entry points of the group `resh.plugins`, each a function that is given `Additions`.

    def add(resh: Additions) -> None:           [project.entry-points."resh.plugins"]
        resh.rule(Idle())                       racks = "resh_racks:add"

They are loaded when the first of their sorts is asked for; a plain search never does. A plugin that cannot be loaded, or adds what
cannot be used, is left out as a whole, with the reason; the others and resh itself go on.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from resh.errors import ReshError, UsageError
from resh.events.event import Event, Problem
from resh.record import Record
from resh.setting_values import Setting, check_declared
from resh.settings import SETTINGS

if TYPE_CHECKING:
    from resh.app import App
    from resh.cleanup.rules.plugged import PluginRule
    from resh.clock import Clock
    from resh.notify.base import Notifier
    from resh.providers.base import Provider
    from resh.settings import Settings
    from resh.workflows.handlers import Handler

GROUP = "resh.plugins"
RESERVED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "provider": frozenset(("aws",)),
        "rule": frozenset(setting.path.split(".")[2] for setting in SETTINGS if setting.path.startswith("cleanup.rules.")),
        "notifier": frozenset(("slack", "discord", "teams", "pagerduty", "alertmanager", "jira", "mail", "webhook")),
        "setting": frozenset(setting.path for setting in SETTINGS),
    }
)
"""What resh has of these names itself."""
_NAME = re.compile(r"[A-Za-z][\w-]*")
_PATH = re.compile(r"[a-z]\w*(?:\.\w+)+")

MakeProvider = Callable[["Settings", "Clock"], "Provider"]
Listen = Callable[[Event], None]


class EntryPoint(Protocol):
    """As importlib.metadata has them."""

    @property
    def name(self) -> str: ...

    @property
    def dist(self) -> Any: ...

    def load(self) -> Any: ...


class Step(Record):
    """`handler` runs at the event `pre_<step>`, `<step>` or `post_<step>`, and the step waits for it, at most `timeout` seconds."""

    event: str
    handler: Handler
    timeout: float
    name: str


class Additions:
    """What one plugin adds. Every method raises UsageError for what cannot be used."""

    def __init__(self, name: str, app: Callable[[], App]) -> None:
        self.name = name
        self._app = app
        self.settings: dict[str, Setting] = {}
        self.providers: dict[str, MakeProvider] = {}
        self.rules: dict[str, PluginRule] = {}
        self.commands: dict[str, Any] = {}
        self.notifiers: dict[str, Notifier] = {}
        self.steps: list[Step] = []
        self.listeners: list[Listen] = []

    @property
    def app(self) -> App:
        """The running resh, for what handlers do later: `app.documents("is(volume)")`, `app.graph`, `app.settings`."""
        return self._app()

    def setting(self, setting: Setting) -> None:
        """A setting that `config` shows and sets, such as `racks.file`."""
        if not isinstance(setting, Setting) or not _PATH.fullmatch(setting.path):
            raise UsageError(f"{setting!r} is no setting", "its path is words with dots between them")
        check_declared(setting)
        self._add("setting", self.settings, setting.path, setting)

    def provider(self, name: str, make: MakeProvider) -> None:
        """A cloud: `make(settings, clock)` makes its Provider when the first one is needed."""
        self._add("provider", self.providers, name, _callable(make, f"the provider {name}"))

    def rule(self, rule: PluginRule) -> None:
        """A clean-up rule, which `cleanup.rules.<name>.enabled` switches on."""
        _with(rule, "a rule", "name", "description", "find")
        self._add("rule", self.rules, rule.name, rule)
        path = f"cleanup.rules.{rule.name}.enabled"
        self._add("setting", self.settings, path, Setting(path, "flag", False, f"mark {rule.description}"))

    def command(self, command: Any) -> None:
        """A `resh.commands.base.Command`. A name that resh has itself stays resh's."""
        _with(command, "a command", "name", "run", "summary", "position", "subcommands")
        if command.run is None and not command.subcommands:
            raise UsageError(f"the command {command.name} does nothing", "it has neither run nor subcommands")
        self._add("command", self.commands, command.name, command)

    def notifier(self, notifier: Notifier) -> None:
        """What a target of `notify` can be."""
        _with(notifier, "a notifier", "name", "description", "fields", "deliver")
        self._add("notifier", self.notifiers, notifier.name, notifier)

    def step(self, event: str, handler: Handler, *, timeout: float = 300.0) -> None:
        """Take part in `pre_<step>`, `<step>` or `post_<step>`: the step waits for `handler(event, context)`, after built-ins and rules."""
        self.steps.append(Step(event, _callable(handler, f"the handler of {event}"), timeout, f"{self.name} at {event}"))

    def listen(self, listener: Listen) -> None:
        """Hear every event, in their order, in a thread of its own; nothing waits for it."""
        self.listeners.append(_callable(listener, "the listener"))

    def _add(self, sort: str, own: dict[str, Any], name: str, value: Any) -> None:
        if not isinstance(name, str) or (sort != "setting" and not _NAME.fullmatch(name)):
            raise UsageError(f"{name!r} is no name for a {sort}", "a name begins with a letter and has letters, digits, _ and -")
        if name in own or name in RESERVED.get(sort, ()):
            raise UsageError(f"there is a {sort} {name} already", "take another name")
        own[name] = value

    def described(self) -> str:
        """`provider racks, rule idle, 2 handlers`"""
        sorts = (("provider", self.providers), ("rule", self.rules), ("command", self.commands), ("notifier", self.notifiers))
        named = [f"{sort} {name}" for sort, found in sorts for name in found]
        handlers = len(self.steps) + len(self.listeners)
        return ", ".join([*named, *([f"{handlers} handler{'s' if handlers > 1 else ''}"] if handlers else [])])


class Plugin(Record):
    """`problem` is why it is left out; empty when it is not."""

    name: str
    package: str
    version: str
    additions: Additions
    problem: str = ""


class Plugins:
    """All of them, in the order of their names: the first one that takes a name has it."""

    def __init__(self, entries: Iterable[EntryPoint], app: Callable[[], App]) -> None:
        self.all: list[Plugin] = []
        for entry in sorted(entries, key=lambda entry: entry.name):
            plugin = _loaded(entry, app)
            clash = "" if plugin.problem else self._clash(plugin.additions)
            self.all.append(plugin.changed(problem=f"{clash} is added by another plugin already") if clash else plugin)

    @property
    def working(self) -> list[Additions]:
        return [plugin.additions for plugin in self.all if not plugin.problem]

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {path: setting for additions in self.working for path, setting in additions.settings.items()}

    @property
    def rules(self) -> tuple[PluginRule, ...]:
        return tuple(rule for additions in self.working for rule in additions.rules.values())

    @property
    def commands(self) -> Mapping[str, Any]:
        return {name: command for additions in self.working for name, command in additions.commands.items()}

    @property
    def notifiers(self) -> Mapping[str, Notifier]:
        return {name: notifier for additions in self.working for name, notifier in additions.notifiers.items()}

    @property
    def problems(self) -> list[Problem]:
        return [Problem(text=f"the plugin {one.name} of {one.package} is left out: {one.problem}") for one in self.all if one.problem]

    def providers(self, settings: Settings, clock: Clock) -> Mapping[str, Provider]:
        """Those that can be made; a plugin whose provider cannot is left out from then on."""
        found: dict[str, Provider] = {}
        for number, plugin in enumerate(self.all):
            if plugin.problem:
                continue
            try:
                made = {name: make(settings, clock) for name, make in plugin.additions.providers.items()}
                for provider in made.values():
                    _with(provider, "a provider", "name", "kinds", "accounts", "collect", "delete")
                    list(provider.kinds())
            except Exception as error:
                self.all[number] = plugin.changed(problem=_said(error))
            else:
                found |= made
        return found

    def _clash(self, additions: Additions) -> str:
        for sort in ("settings", "providers", "rules", "commands", "notifiers"):
            for other in self.working:
                if taken := getattr(other, sort).keys() & getattr(additions, sort).keys():
                    return f"{sort.removesuffix('s')} {min(taken)}"
        return ""


def installed() -> Iterable[EntryPoint]:
    if not any(map(_mentions_us, sys.path)):
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


def _mentions_us(place: str) -> bool:
    """Whether a package there may have an entry point of our group. importlib.metadata, with all that it imports and reads, takes a tenth
    of the time until the first prompt."""
    folder = place or "."
    if not os.path.isdir(folder):
        return os.path.exists(folder)  # an archive: only importlib.metadata knows what is in it
    with suppress(OSError):
        return any(_mentions(os.path.join(folder, name)) for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))
    return False


def _mentions(package: str) -> bool:
    with suppress(OSError), open(os.path.join(package, "entry_points.txt"), encoding="utf-8", errors="replace") as declared:
        return GROUP in declared.read()
    return False


def _loaded(entry: EntryPoint, app: Callable[[], App]) -> Plugin:
    additions = Additions(entry.name, app)
    package = getattr(entry.dist, "name", "") or "?"
    version = getattr(entry.dist, "version", "") or "?"
    try:
        _callable(entry.load(), "the entry point")(additions)
    except (Exception, SystemExit) as error:
        return Plugin(entry.name, package, version, Additions(entry.name, app), _said(error))
    return Plugin(entry.name, package, version, additions)


def _said(error: BaseException) -> str:
    return error.message if isinstance(error, ReshError) else f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def _callable(value: Any, what: str) -> Any:
    if not callable(value):
        raise UsageError(f"{what} is no function", "give something that can be called")
    return value


def _with(value: Any, what: str, *names: str) -> None:
    missing = [name for name in names if not hasattr(value, name)]
    if missing:
        raise UsageError(f"{value!r} is not {what}: it has no {missing[0]}", "docs/plugins.md shows one")
