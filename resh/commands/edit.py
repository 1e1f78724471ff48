"""`config edit`: settings and definitions of metrics as text, in an editor. What comes back is tried before anything is stored.

Another place to edit is one entry in PLACES.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from resh.commands.base import Context, Row, Rows
from resh.commands.config_text import marked, taken, under, unmarked, written
from resh.commands.editor import edited
from resh.commands.storing import change
from resh.errors import Cancelled, Denied, ReshError, UsageError
from resh.events.people import ConfigUpdated
from resh.metrics.definitions import Definition, defaults, differences, dump, load

Wanted = TypeVar("Wanted")


def run(context: Context, rows: Rows, place: str | None, file: str | None) -> Rows:
    if not context.local:
        raise Denied("config edit works only in a local session", "edit at the machine that resh runs on")
    if place in PLACES:
        yield from PLACES[place](context, file)
    else:
        yield from _settings(context, place, file)


def _settings(context: Context, path: str | None, file: str | None) -> Rows:
    """Those under a path, or all. What somebody else stored meanwhile is told before it is replaced."""
    app = context.app
    chosen = [setting.path for setting in under(app.settings, path)]
    before = app.tables.settings.stored()

    def read(text: str) -> dict[str, object]:
        nonlocal before
        found, now = taken(app.settings, text, path), app.tables.settings.stored()
        if foreign := [name for name in chosen if now.get(name) != before.get(name)]:
            before = now
            raise UsageError(f"somebody has changed {', '.join(foreign)} meanwhile", "save again to replace that")
        return found

    wanted = _right(context, written(app.settings, before, under(app.settings, path)), file, read)
    values = {name: value for name, value in wanted.items() if name not in before or before[name] != value}
    gone = [name for name in chosen if name in before and name not in wanted]
    if not values and not gone:
        context.sink.note("nothing changed")
    yield from change(context, values, gone)


def _metrics(context: Context, file: str | None) -> Rows:
    def read(text: str) -> tuple[Definition, ...]:
        wanted = load(text)
        _try(context, wanted)
        return wanted

    wanted = _right(context, dump(context.app.metrics), file, read)
    changes, stored = differences(wanted, defaults()), context.app.tables.metrics.stored()
    if changes == stored:
        context.sink.note("nothing changed")
        return
    context.app.tables.metrics.replace(changes)
    context.app.bus.emit(ConfigUpdated(path="metrics", by=context.user))
    for name in sorted(changes.keys() | stored.keys()):
        if changes.get(name) != stored.get(name):
            yield _told(name, changes.get(name))


def _told(name: str, fields: object) -> Row:
    return {"metric": name, "change": "as built in" if fields is None else "changed" if fields else "measured no more"}


def _try(context: Context, definitions: tuple[Definition, ...]) -> None:
    """Measure each that is new or changed. Raises UsageError with the name of the one that cannot be."""
    before, most = set(context.app.metrics), context.app.settings.number("metrics.max_series")
    for definition in definitions:
        if definition not in before:
            try:
                context.app.generator.measure(definition, context.cancel, most)
            except Cancelled:
                raise
            except ReshError as error:
                told = error.message if definition.name in error.message else f"metric '{definition.name}': {error.message}"
                raise UsageError(told, error.hint) from None


def _right(context: Context, text: str, file: str | None, read: Callable[[str], Wanted]) -> Wanted:
    """What `read` makes of the edited text. One that is wrong is shown again, with the mistake at its place, until it is right or stays."""
    if file is not None:
        return read(_of_file(file))
    shown = text
    while True:
        context.sink.live([])  # the screen is the editor's now
        text = _edited(shown)
        try:
            return read(text)
        except UsageError as error:
            shown = marked(text, error)


def _edited(shown: str) -> str:
    saved = edited(shown, ".yaml")
    if saved is None or saved == shown:
        raise Cancelled("nothing was changed")
    return unmarked(saved)


def _of_file(file: str) -> str:
    try:
        return Path(file).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no UTF-8 text'}", "name a readable YAML file") from None


PLACES: dict[str | None, Callable[[Context, str | None], Rows]] = {"metrics": _metrics}
