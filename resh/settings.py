"""Settings: what can be configured, its type, its default, and where each value came from.

    settings = Settings.load(stored={"cleanup.enabled": True}, environ=os.environ, overrides=["aws.regions=eu-west-1,us-east-1"])
    settings.flag("cleanup.enabled")          # True
    settings.source("cleanup.enabled")        # 'state'

Sources, later ones win: default, state (what `config set` stored), file (`--config`), environment (`RESH__AWS__REGIONS`), option (`--set`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol

from resh.aws_settings import AWS
from resh.cleanup_settings import CLEANUP
from resh.errors import ReshError, UsageError
from resh.secret_references import is_reference, resolve
from resh.setting_values import Setting, convert
from resh.settings_file import read
from resh.text import did_you_mean

Source = Literal["default", "state", "file", "environment", "option"]


SETTINGS: tuple[Setting, ...] = (
    *AWS,
    Setting("collect.accounts", "number", 4, "accounts collected at the same time"),
    Setting(
        "collect.executor",
        "choice",
        "auto",
        "who collects: threads of this process, or processes of their own; auto: these behind prompts, so that nothing typed waits",
        ("auto", "threads", "processes"),
    ),
    Setting("collect.processes", "number", 1, "processes that collect, if any; they share the calls in flight; 0: one for each core"),
    Setting("collect.refresh", "number", 8, "resources that refresh reads at the same time"),
    Setting("collect.hold.share", "number", 30, "percent of a scope that may go at once; more waits for confirmation (100: never)"),
    Setting("collect.hold.number", "number", 10, "resources of a scope that may always go at once"),
    Setting("workflows.schedule", "flag", True, "whether this resh starts workflows on their schedules (never in scripts)"),
    Setting(
        "workflows.collect_and_cleanup.schedule",
        "cron",
        "0 * * * *",
        "when collect_and_cleanup starts: a cron expression, or every 30m; empty means never",
    ),
    Setting("workflows.collect.schedule", "cron", "", "when collect starts; empty means never"),
    Setting("workflows.cleanup.schedule", "cron", "", "when cleanup starts; empty means never"),
    Setting("workflows.metrics.schedule", "cron", "", "when metrics starts; empty means never"),
    Setting("workflows.timezone", "zone", "UTC", "time zone of the schedules, such as Europe/Berlin"),
    Setting("workflows.history", "number", 500, "runs to remember"),
    Setting("jobs.concurrency", "number", 8, "jobs that run at the same time, besides those that a workflow waits for"),
    Setting("jobs.history", "number", 1000, "runs of jobs to remember, with what they wrote"),
    Setting("events.size", "number", 8, "megabytes after which events.jsonl is put aside and a new one begins"),
    Setting("events.files", "number", 3, "how many files of events that were put aside are kept, one at least"),
    *CLEANUP,
    Setting("graph.history", "duration", "180d", "how long to keep the history of changes"),
    Setting("search.sql_timeout", "duration", "60s", "how long a statement of sql may run"),
    Setting("metrics.retention", "duration", "5y", "how long to keep time series"),
    Setting(
        "metrics.downsample",
        "thinning",
        ["2d=4h", "30d=1d", "180d=3d"],
        "how old values become fewer: at which age, and how long the slots are then that have one value each",
    ),
    Setting("metrics.max_series", "number", 10000, "how many label sets a metric may have; one with more is not measured"),
    Setting("metrics.listen", "text", "", "address on which a prompt or resh serve serves metrics, such as 127.0.0.1:9955; empty: nowhere"),
    Setting("metrics.token", "text", "", "the bearer token that who reads metrics must send; needed beyond this machine", secret=True),
    Setting("metrics.certificate", "text", "", "file with the certificate (PEM) to serve metrics over TLS"),
    Setting("metrics.key", "text", "", "file with the key of the certificate"),
    Setting("metrics.push.url", "text", "", "address to which each generation is sent, such as http://127.0.0.1:8428/api/v1/write"),
    Setting(
        "metrics.push.format",
        "choice",
        "remote_write",
        "what the address takes: Prometheus' remote write, or VictoriaMetrics' import of Prometheus' text",
        ("remote_write", "victoria"),
    ),
    Setting("metrics.push.token", "text", "", "the bearer token that is sent along", secret=True),
    Setting(
        "http.allow",
        "networks",
        [],
        "addresses of the local link or of machines' metadata that http and notify may reach all the same, such as 169.254.10.0/24",
    ),
    Setting("notify.timeout", "duration", "30s", "how long a message may take to its target, with all attempts"),
    Setting("shell.events", "flag", True, "whether events print above the prompt"),
    Setting("shell.links", "flag", True, "whether names and ids link to the cloud's console, in terminals that can"),
    Setting("shell.editing", "choice", "emacs", "keys of the prompt", ("emacs", "vi")),
    Setting(
        "shell.theme",
        "choice",
        "ansi",
        "colours of the prompt: the terminal's own sixteen, those for a light or a dark background, or none",
        ("ansi", "light", "dark", "none"),
    ),
    Setting("shell.timing", "choice", "slow", "of which lines it is told how long they took", ("slow", "on", "off")),
    Setting(
        "shell.pager", "text", "less -FRXK", "what shows results that are longer than the screen; built-in: resh itself; empty: nothing"
    ),
    Setting("shell.toolbar", "list", ["graph", "runs", "role", "errors", "count"], "what the line below the prompt tells"),
    Setting("shell.highlight", "flag", True, "whether states in tables have colours"),
    Setting("ssh.listen", "text", "127.0.0.1:2222", "address and port of resh serve"),
    Setting("ssh.idle_timeout", "duration", "1h", "how long an idle session at the prompt stays open"),
    Setting("ssh.max_sessions", "number", 100, "sessions at the same time"),
    Setting("ssh.user_sessions", "number", 20, "sessions of one user at the same time"),
    Setting("ssh.max_connections", "number", 200, "connections at the same time"),
    Setting("ssh.max_startups", "number", 40, "connections at the same time that have not logged in yet"),
    Setting("ssh.address_startups", "number", 10, "those of them that one address may have"),
    Setting("ssh.connection_rate", "number", 10, "connections a second that one address may open"),
    Setting("ssh.exempt", "list", [], "networks that may open more, and fail without having to wait, such as that of a bastion"),
    Setting("ssh.max_attempts", "number", 6, "keys that one connection may try"),
    Setting("ssh.stop_timeout", "duration", "30s", "how long commands may go on when resh serve is told to stop"),
    Setting("ssh.exports_size", "number", 1000, "megabytes of files that a user may have in the export folder"),
    Setting("ssh.audit_files", "number", 10, "how many files of ssh/audit.jsonl, and of ssh/strangers.jsonl, that were put aside are kept"),
    Setting(
        "ssh.key_exchange",
        "choice",
        "post-quantum",
        "key exchanges: only such that resist quantum computers (OpenSSH 9.9, with resh[sntrup] 8.9), or those of older clients, too",
        ("post-quantum", "compatible"),
    ),
)

_BY_PATH = {setting.path: setting for setting in SETTINGS}
_NAME = re.compile(r"\s*[\w.]*")
_AS_STORED = ("zone", "hours")
"""What is wrong with these is said where they are used: this machine may not know a time zone that another one has stored."""
PREFIX = "RESH__"


class Stored(Protocol):
    """Where `config set` keeps values; `stamp` is another one after each change, by whatever process."""

    def stored(self) -> Mapping[str, Any]: ...

    def stamp(self) -> object: ...


class Settings:
    """Values by path, typed by their declarations. `set` changes what this process uses; storing is the caller's.

    Settings that follow a store see at once what another process stores: a server must not go on deleting after somebody switched it off.
    """

    def __init__(self, further: Callable[[], Mapping[str, Setting]] = dict, environ: Mapping[str, str] | None = None) -> None:
        """`further` are settings that plugins declare; nobody asks for them before a path is unknown. In `environ` secrets may be."""
        self._further, self._environ = further, environ or {}
        self._values: dict[str, tuple[Any, Source]] = {}
        self._followed: Stored | None = None
        self._stamp: object = None
        self._generation = 0

    @classmethod
    def load(
        cls,
        *,
        stored: Mapping[str, Any] | None = None,
        file: Path | None = None,
        environ: Mapping[str, str] | None = None,
        overrides: Iterable[str] = (),
        further: Callable[[], Mapping[str, Setting]] = dict,
    ) -> Settings:
        settings = cls(further, environ)
        for path, value in (stored or {}).items():
            if settings.declared(path):  # a setting of another version is kept on disk and not used
                settings.set(path, value, "state")
        for found in read(file, settings.declared) if file else ():
            settings.set(found.path, found.value, "file")
        for name, value in (environ or {}).items():
            if name.startswith(PREFIX):
                settings._from_environment(name, value)
        for override in overrides:
            path, equals, value = override.partition("=")
            if not equals:
                word = _NAME.match(override)  # not what follows it: that may be a secret
                raise UsageError(f"'{word[0] if word else ''}' sets nothing", "write --set path=value, such as --set aws.regions=eu-west-1")
            settings.set(path.strip(), value.strip(), "option")
        return settings

    def declared(self, path: str) -> Setting | None:
        return _BY_PATH.get(path) or self._further().get(path)

    def find(self, path: str) -> Setting:
        """The declaration; UsageError with the nearest names when there is none."""
        setting = self.declared(path)
        if setting is None:
            names = [one.path for one in self]
            raise UsageError(f"there is no setting '{path}'", did_you_mean(path, names) or "config show lists them all")
        return setting

    def _from_environment(self, name: str, value: str) -> None:
        try:
            self.set(name[len(PREFIX) :].lower().replace("__", "."), value, "environment")
        except UsageError as error:
            raise type(error)(f"variable {name}: {error.message}", error.hint) from None

    def frozen(self) -> Settings:
        """As they are now, whatever is stored later; fit to be sent to another process."""
        self._refresh()
        copy = Settings(partial(dict, self._further()))
        copy._values = {path: (self._there(path, value), source) for path, (value, source) in self._values.items()}
        return copy

    def follow(self, stored: Stored) -> None:
        """Take what is stored now, and whatever will be."""
        self._followed, self._stamp = stored, object()
        self._refresh()

    @property
    def generation(self) -> int:
        """Grows whenever another process has stored something."""
        self._refresh()
        return self._generation

    def _refresh(self) -> None:
        if self._followed is None or (stamp := self._followed.stamp()) == self._stamp:
            return
        self._stamp = stamp
        values = {path: value for path, value in self._values.items() if value[1] != "state"}
        for path, value in self._followed.stored().items():
            if path not in values and (setting := self.declared(path)):
                values[path] = (value if setting.type in _AS_STORED else convert(setting, value), "state")
        self._values = values
        self._generation += 1

    def set(self, path: str, value: Any, source: Source) -> Any:
        typed = convert(self.find(path), value)
        self._values[path] = (typed, source)
        return typed

    def unset(self, path: str) -> None:
        """Forget the value that was stored; one of another source stays."""
        if self.source(path) == "state":
            del self._values[path]

    def shown(self, path: str) -> Any:
        """The value as people may see it: of a secret, where it is."""
        value = self.written(path)
        return "(hidden)" if value and self.find(path).secret and not is_reference(str(value)) else value

    def get(self, path: str) -> Any:
        """Raises ReshError for a secret that is not where it should be."""
        value = self.written(path)
        return resolve(value, self._environ) if self._refers(path, value) else value

    def written(self, path: str) -> Any:
        """As it was given; a secret may say only where it is."""
        self._refresh()
        return self._values[path][0] if path in self._values else self.find(path).default

    def _refers(self, path: str, value: Any) -> bool:
        return isinstance(value, str) and ":" in value and is_reference(value) and self.find(path).secret

    def _there(self, path: str, value: Any) -> Any:
        """What another process needs, which has not this one's environment."""
        with suppress(ReshError):
            return resolve(value, self._environ) if self._refers(path, value) else value
        return value

    def source(self, path: str) -> Source:
        self._refresh()
        return self._values[path][1] if path in self._values else "default"

    def __iter__(self) -> Iterator[Setting]:
        return iter((*SETTINGS, *self._further().values()))

    def flag(self, path: str) -> bool:
        return bool(self.get(path))

    def number(self, path: str) -> int:
        return int(self.get(path))

    def text(self, path: str) -> str:
        return str(self.get(path))

    def list(self, path: str) -> list[str]:
        return list(self.get(path))

    def numbers(self, path: str) -> dict[str, int]:
        """By name."""
        return {name: int(text) for name, _, text in (part.partition("=") for part in self.list(path))}

    def durations(self, path: str) -> dict[str, float]:
        """Seconds by name."""
        from resh.durations import parse_duration

        return {name: parse_duration(text) for name, _, text in (part.partition("=") for part in self.list(path))}

    def seconds(self, path: str) -> float:
        from resh.durations import parse_duration

        return parse_duration(str(self.get(path)))


def processes(settings: Settings) -> int:
    """How many collect at the same time, if it is not this one."""
    return settings.number("collect.processes") or os.cpu_count() or 1
