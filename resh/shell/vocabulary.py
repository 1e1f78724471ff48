"""What can be completed, by what it is: kinds, properties, workflows, runs, settings, metrics, commands, files.

    Vocabulary(app).words("workflow")         {"collect": "collect everything", …}

Each source is read once in a few seconds at most, and kinds are sorted anew only when there are more: completion runs at every key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from resh.clock import iso
from resh.graph.base import MAIN
from resh.model.scope import Status
from resh.search.paths import AGES
from resh.shell.word_lists import WORDS

if TYPE_CHECKING:
    from resh.app import App
    from resh.commands.repertoire import Repertoire
    from resh.model.kinds import Kinds, Property
    from resh.shell.aws_words import AwsWords
    from resh.shell.values import Counted, Values

FRESH_SECONDS = 5.0
_RUNS = 30
_MOST_FILES = 200
Words = Mapping[str, str]
"""Names in order with their descriptions."""

_EVERYWHERE = {
    "id": "the cloud's own id",
    "name": "its name",
    "kind": "what it is",
    "ctime": "when it was created",
    "tags": "its tags",
    "account": "name of the account",
    "account.id": "id of the account",
    "region": "name of the region",
    "cloud": "name of the cloud",
    "zone": "name of the zone",
    "/desired.clean": "whether it is marked for clean-up",
    "/metadata.protected": "whether clean-up keeps off it",
    "/metadata.expires": "when it expires",
    "/metadata.stale": "whether it could not be read lately",
}

_GRAPHS = {MAIN: "what is collected into"}


class Vocabulary:
    def __init__(self, app: App, user: str = "", whose: str = "", now: Callable[[], float] = time.monotonic) -> None:
        """`user` is whose export folder there is; `whose`, if not everybody's, background commands."""
        self._app = app
        self._user, self._whose = user, whose
        self._now = now
        self._cache: dict[str, tuple[float, Words]] = {}
        self._kinds_seen: tuple[float, Kinds | None] = (float("-inf"), None)
        self._repertoire: tuple[float, Repertoire | None] = (float("-inf"), None)
        self._values: Values | None = None
        self._aws: AwsWords | None = None
        self._sources: dict[str, Callable[[], Iterator[tuple[str, str]]]] = {
            "kind": self._kinds,
            "property": self._properties,
            "workflow": self._workflows,
            "run": self._runs,
            "scope": self._scopes,
            "setting": self._settings,
            "metric": self._metrics,
            "template": self._templates,
            "job": self._jobs,
            "job run": self._job_runs,
            "view": self._views,
            "command": self._commands,
            "account": self._accounts,
            "region": self._regions,
            "held": self._held,
            "event": lambda: iter(self._app.event_names.items()),
            "target": self._targets,
            "graph": lambda: ((name, _GRAPHS.get(name, "a graph beside it")) for name in self._app.graphs.names()),
            "alert": self._alerts,
            "notifier": self._notifiers,
            "own": self._own_commands,
            "user": self._users,
            "background": self._background,
            "export": self._exports,
            "rule": self._rules,
            "plan": self._plans,
            "step": self._steps,
            "tag": self._tags,
        }

    def words(self, source: str) -> Words:
        """Sorted; empty for a source that has no names."""
        if source in WORDS:
            return WORDS[source]
        read = self._sources.get(source)
        if read is None:
            return {}
        if source == "tag":  # who knows them remembers them, and may know more in a moment
            return dict(sorted(read()))
        return self._of_kinds(source, read) if source in ("kind", "property") else self._cached(source, read)

    def properties(self, kind: str) -> Words:
        """Of one kind; all properties when nobody knows the kind."""
        kinds = self.kinds()
        if kind not in kinds:
            return self.words("property")
        return self._of_kinds(f"property {kind}", lambda: _described(kinds.properties(kind).values()))

    def kinds(self) -> Kinds:
        at, kinds = self._kinds_seen
        if kinds is None or self._now() - at > FRESH_SECONDS:
            kinds = self._app.kinds
            self._kinds_seen = (self._now(), kinds)
        return kinds

    @property
    def repertoire(self) -> Repertoire:
        """All commands, as of a few seconds ago."""
        from resh.commands.repertoire import Repertoire

        at, known = self._repertoire
        if known is None or self._now() - at > FRESH_SECONDS:
            known = Repertoire(self._app, self._user)
            self._repertoire = (self._now(), known)
        return known

    @property
    def aws(self) -> AwsWords:
        if self._aws is None:
            from resh.shell.aws_words import AwsWords

            self._aws = AwsWords()
        return self._aws

    @property
    def occurring(self) -> Values:
        if self._values is None:
            from resh.shell.values import Values

            self._values = Values(self._app)
        return self._values

    def values(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return self.occurring.of(self._there(kinds), path, typed)

    def keys(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return self.occurring.of(self._there(kinds), path, typed, keys=True)

    def templates(self) -> Words:
        return self.words("template")

    def close(self) -> None:
        if self._values:
            self._values.close()

    def _there(self, kinds: tuple[str, ...]) -> tuple[str, ...]:
        known = self.kinds()
        return tuple(kind for kind in kinds if kind in known)

    def files(self, typed: str) -> Words:
        """Entries of the folder that the path so far names."""
        folder = typed[: typed.rfind("/") + 1]
        base = Path(folder).expanduser() if folder else Path()
        found: dict[str, str] = {}
        try:
            for entry in base.iterdir():
                if not entry.name.startswith(".") and len(found) < _MOST_FILES:
                    found[f"{folder}{entry.name}" + ("/" if entry.is_dir() else "")] = "folder" if entry.is_dir() else "file"
        except OSError:
            return {}
        return dict(sorted(found.items()))

    def _cached(self, key: str, read: Callable[[], Iterator[tuple[str, str]]]) -> Words:
        at, words = self._cache.get(key, (float("-inf"), {}))
        if self._now() - at > FRESH_SECONDS:
            words = dict(sorted(read()))
            self._cache[key] = (self._now(), words)
        return words

    def _of_kinds(self, key: str, read: Callable[[], Iterator[tuple[str, str]]]) -> Words:
        """Kinds are only ever added: their number tells whether they changed."""
        known = float(len(self.kinds()))
        seen, words = self._cache.get(key, (-1.0, {}))
        if seen != known:
            words = dict(sorted(read()))
            self._cache[key] = (known, words)
        return words

    def _kinds(self) -> Iterator[tuple[str, str]]:
        return ((kind.name, kind.description) for kind in self.kinds())

    def _properties(self) -> Iterator[tuple[str, str]]:
        return _described(prop for kind in self.kinds() for prop in kind.properties)

    def _workflows(self) -> Iterator[tuple[str, str]]:
        for workflow in self._app.runner.definitions.values():
            yield workflow.name, workflow.description or ", ".join(step.name for step in workflow.steps)

    def _runs(self) -> Iterator[tuple[str, str]]:
        return ((run.id, f"{run.workflow} {run.status} {iso(run.started)}") for run in self._app.tables.runs.last(_RUNS))

    def _scopes(self) -> Iterator[tuple[str, str]]:
        """What may be stopped alone in the runs under way."""
        runner = self._app.runner
        for running in runner.running():
            standing = runner.standing(running)
            yield from ((scope, f"in {running.id}") for scope in (standing.under_way(running.step) if standing else ()))

    def _jobs(self) -> Iterator[tuple[str, str]]:
        return ((job.id, " ".join(job.command.split())) for job in self._app.tables.jobs.all().values())

    def _job_runs(self) -> Iterator[tuple[str, str]]:
        return ((run.id, f"{run.workflow} {run.status} {iso(run.started)}") for run in self._app.tables.job_runs.last(_RUNS))

    def _settings(self) -> Iterator[tuple[str, str]]:
        return ((setting.path, setting.description) for setting in self._app.settings)

    def _metrics(self) -> Iterator[tuple[str, str]]:
        """With what snapshots are kept under."""
        measured = {metric.name: metric.help for metric in self._app.metrics}
        yield from ((name, "a snapshot of one's own") for name in self._app.timeseries.names() if name not in measured)
        yield from measured.items()

    def labels(self, source: str, given: Sequence[str], typed: str) -> Words:
        """Labels of the metric among the words that were given, or conditions on them."""
        from resh.shell.labels import conditions, lists

        about = {"label": lists, "label test": conditions}.get(source)
        name = next((word for word in given if word in self.words("metric")), None) if about else None
        return about(self._app.timeseries.labels(name), typed) if about and name else {}

    def columns(self, view: str) -> Words:
        """Of a view of `sql`."""
        columns = self._app.searches.views.columns(view)
        return {column.name: " · ".join(filter(None, (column.type, column.description))) for column in columns}

    def _views(self) -> Iterator[tuple[str, str]]:
        kinds = self.kinds()
        return ((name, kinds[name].description if name in kinds else "") for name in self._app.searches.views.names())

    def _templates(self) -> Iterator[tuple[str, str]]:
        return ((name, " ".join(text.split())) for name, text in self._app.tables.templates.stored().items())

    def _alerts(self) -> Iterator[tuple[str, str]]:
        return ((alert.name, alert.condition) for alert in self._app.tables.alerts.stored().values())

    def _targets(self) -> Iterator[tuple[str, str]]:
        return ((name, target.notifier) for name, target in self._app.tables.targets.stored().items())

    def _notifiers(self) -> Iterator[tuple[str, str]]:
        return ((name, notifier.description) for name, notifier in self._app.delivery.notifiers.items())

    def _users(self) -> Iterator[tuple[str, str]]:
        from resh.state.authorized import Users

        users = Users(self._app.home / "ssh" / "authorized_keys")
        return ((name, f"{len(users.lines(name))} keys") for name in users.names())

    def _background(self) -> Iterator[tuple[str, str]]:
        return ((str(job.number), f"{job.line}, of {job.user}") for job in self._app.background.jobs(self._whose))

    def _exports(self) -> Iterator[tuple[str, str]]:
        from resh.state.files import Exports

        return ((name, f"{facts.st_size:,} bytes") for name, facts in Exports(self._app.home, self._user).all())

    def setting_values(self, path: str) -> Words:
        """What a setting may be, and what it is."""
        setting = next((setting for setting in self._app.settings if setting.path == path), None)
        if setting is None or setting.secret:
            return {}
        choices = dict.fromkeys(setting.choices, "") or (WORDS["flag"] if setting.type == "flag" else self._of_type(setting.type))
        return {name: told or ("as it is without a setting" if name == setting.default else "") for name, told in choices.items()}

    def _of_type(self, type: str) -> Words:
        return WORDS.get({"duration": "duration", "cron": "schedule"}.get(type, ""), {})

    def _rules(self) -> Iterator[tuple[str, str]]:
        return ((rule.name, rule.description) for rule in self._app.cleanup.rules)

    def _plans(self) -> Iterator[tuple[str, str]]:
        yield "last", "the newest one"
        yield from ((id, "a plan") for id in self._app.plans.ids())

    def _steps(self) -> Iterator[tuple[str, str]]:
        for workflow in self._app.runner.definitions.values():
            yield from ((step.name, f"of {workflow.name}") for step in workflow.steps)

    def _tags(self) -> Iterator[tuple[str, str]]:
        return ((str(key), told) for key, told in self.keys(("resource",), "tags", ""))

    def tag_values(self, key: str, typed: str) -> Words:
        """Of resources that have the tag; a key with signs in it as a path writes it."""
        path = f"tags.{key}" if key.isidentifier() else f"tags.`{key}`"
        return {str(value): told for value, told in self.values(("resource",), path, typed) if value is not None}

    def _accounts(self) -> Iterator[tuple[str, str]]:
        return ((account.id, account.name) for account in self._app.graph.accounts())

    def _regions(self) -> Iterator[tuple[str, str]]:
        return ((region, "") for region in self._app.graph.regions())

    def _held(self) -> Iterator[tuple[str, str]]:
        return ((str(report.scope), report.message) for report, _ in self._app.graph.scopes(bad_only=True) if report.status is Status.HELD)

    def _commands(self) -> Iterator[tuple[str, str]]:
        return ((name, entry.summary) for name, entry in self.repertoire.names.items())

    def _own_commands(self) -> Iterator[tuple[str, str]]:
        return ((name, command.info) for name, command in self.repertoire.custom.items())


def _described(properties: Iterable[Property]) -> Iterator[tuple[str, str]]:
    """With those that every resource has."""
    yield from _EVERYWHERE.items()
    yield from ((age, "how long ago, such as 3d") for age in AGES)
    for prop in properties:
        yield prop.name, " · ".join(part for part in (prop.type, prop.unit, prop.description) if part)
