"""`config edit`: what is kept as text, in an editor. What comes back is tried before it is stored.

Another place to edit is one entry in PLACES.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from resh.commands.base import Context, Row, Rows
from resh.errors import Cancelled, Denied, ReshError, UsageError
from resh.events.people import ConfigUpdated
from resh.metrics.definitions import Definition, defaults, differences, dump, load
from resh.text import did_you_mean


def run(context: Context, rows: Rows, place: str, file: str | None) -> Rows:
    if place not in PLACES:
        hint = did_you_mean(place, PLACES) or f"there is {', '.join(PLACES)}; config set stores settings"
        raise UsageError(f"there is no '{place}' to edit", hint)
    yield from PLACES[place](context, file)


def _metrics(context: Context, file: str | None) -> Rows:
    """A text that is wrong is shown again, with what is wrong with it above, until it is right or stays as it is."""
    before = dump(context.app.metrics)
    text, problem = before, ""
    while True:
        text = _edited(context, problem, text, file)
        try:
            wanted = load(text)
            _try(context, wanted)
            break
        except UsageError as error:
            if file is not None:
                raise
            problem = f"# {error.message}{f' ({error.hint})' if error.hint else ''}\n"
    changes = differences(wanted, defaults())
    stored = context.app.tables.metrics.stored()
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


def _edited(context: Context, problem: str, text: str, file: str | None) -> str:
    if not context.local:
        raise Denied("config edit works only in a local session", "edit at the machine that resh runs on")
    if file is not None:
        try:
            return Path(file).expanduser().read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no UTF-8 text'}", "name a readable YAML file") from None
    import click

    edited = click.edit(problem + text, extension=".yaml", require_save=False)
    if edited is None or edited == problem + text:
        raise Cancelled("nothing was changed")
    return edited.removeprefix(problem)


PLACES: dict[str, Callable[[Context, str | None], Rows]] = {"metrics": _metrics}
