"""`config`: settings, each with its value, where the value is from, and what it means."""

from __future__ import annotations

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.edit import run as edit
from resh.errors import ReshError, UsageError
from resh.events.people import ConfigDeleted, ConfigUpdated
from resh.setting_values import Setting, convert
from resh.settings import PREFIX


def run_show(context: Context, rows: Rows, path: str | None) -> Rows:
    settings = context.app.settings
    chosen = [setting for setting in settings if not path or setting.path == path or setting.path.startswith(path.rstrip(".") + ".")]
    for setting in chosen or [settings.find(path or "")]:
        yield _row(context, setting)


def run_set(context: Context, rows: Rows, path: str, value: str) -> Rows:
    app, setting = context.app, context.app.settings.find(path)
    if setting.secret:
        variable = f"{PREFIX}{path.upper().replace('.', '__')}"
        raise UsageError(f"{path} is a secret, which is never stored", f"give it each time: as {variable}, or in the file of --config")
    typed = convert(setting, value)
    app.tables.settings.store(path, typed)
    source = app.settings.source(path)
    if source in ("default", "state"):
        app.settings.set(path, typed, "state")
        app.settings_changed()
    else:
        context.sink.note(f"{path} is stored, but here the value from the {source} counts: {_shown(app.settings.shown(path))}")
    app.bus.emit(ConfigUpdated(path=path, by=context.user))
    yield _row(context, setting)


def run_unset(context: Context, rows: Rows, path: str) -> Rows:
    app, setting = context.app, context.app.settings.find(path)
    if not app.tables.settings.remove(path):
        raise ReshError(f"nothing is stored for {path}", f"its value is from the {app.settings.source(path)}")
    app.settings.unset(path)
    app.settings_changed()
    app.bus.emit(ConfigDeleted(path=path, by=context.user))
    yield _row(context, setting)


def _row(context: Context, setting: Setting) -> Row:
    settings = context.app.settings
    row = {"path": setting.path, "value": settings.shown(setting.path), "source": settings.source(setting.path)}
    if context.columns is not None:
        row["value"] = _shown(row["value"])
    return {**row, "type": setting.type, "description": setting.description}


def _shown(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


CONFIG = Command(
    "config",
    None,
    "settings with their values and sources",
    SOURCE,
    help="Sources, later ones win: default, state (config set), file (--config), environment (RESH__AWS__REGIONS), option (--set).",
    subcommands=(
        Command(
            "show",
            run_show,
            "all settings, or those under a path",
            arguments=(Argument("path", required=False, help="a setting, or the part before a dot", complete="setting"),),
            examples=(("config show cleanup", "everything about clean-up"),),
        ),
        Command(
            "set",
            run_set,
            "store a value",
            role=Role.admin,
            arguments=(
                Argument("path", help="a setting", complete="setting"),
                Argument("value", help="its new value; a list is separated by commas", complete="setting value"),
            ),
            examples=(("config set aws.regions eu-west-1,us-east-1", "collect two regions only"),),
        ),
        Command(
            "edit",
            edit,
            "change what is kept as text, in your editor",
            role=Role.admin,
            arguments=(Argument("place", help="metrics: what is measured", complete="place"),),
            options=(Option("file", str, None, "take this text instead of opening an editor", complete="file"),),
            help="Definitions that are new or changed are tried before they are stored; only what differs from the built-in ones is. "
            "The editor is that of VISUAL or EDITOR.",
            examples=(("config edit metrics", "what is measured"),),
        ),
        Command(
            "unset",
            run_unset,
            "forget a stored value",
            role=Role.admin,
            arguments=(Argument("path", help="a setting", complete="setting"),),
            help="Then the value of the next source counts: the default, unless a file, the environment or an option has another.",
            examples=(("config set aws.regions eu-west-1; config unset aws.regions", "all regions again"),),
        ),
    ),
)
