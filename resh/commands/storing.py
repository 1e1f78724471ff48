"""Settings, stored and taken back: all of a change or nothing, an event for each, and a row that tells what counts now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from resh.commands.base import Context, Row, Rows
from resh.events.people import ConfigDeleted, ConfigUpdated


def change(context: Context, values: Mapping[str, Any], gone: Collection[str] = ()) -> Rows:
    """Typed values by path, and paths of which nothing is to be stored."""
    app = context.app
    app.tables.settings.change(values, gone)
    for path, value in values.items():
        source = app.settings.source(path)
        if source in ("default", "state"):
            app.settings.set(path, value, "state")
        else:
            context.sink.note(f"{path} is stored, but here the value from the {source} counts: {as_text(app.settings.shown(path))}")
    for path in gone:
        app.settings.unset(path)
    app.settings_changed()
    for path in values:
        app.bus.emit(ConfigUpdated(path=path, by=context.user))
    for path in gone:
        app.bus.emit(ConfigDeleted(path=path, by=context.user))
    for path in (*values, *gone):
        yield row(context, path)


def row(context: Context, path: str) -> Row:
    settings, setting = context.app.settings, context.app.settings.find(path)
    found = {"path": path, "value": settings.shown(path), "source": settings.source(path)}
    if context.columns is not None:
        found["value"] = as_text(found["value"])
    return {**found, "type": setting.type, "description": setting.description}


def as_text(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value
