"""`config`: settings, each with its value, where the value is from, and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.commands.config_text import exported, taken, typed, under
from resh.commands.edit import run as edit
from resh.commands.storing import as_text, change, row
from resh.errors import Denied, ReshError, UsageError
from resh.settings_file import Mistake


def run_list(context: Context, rows: Rows) -> Rows:
    """One row for each part of the settings."""
    settings = context.app.settings
    for name, found in groupby(sorted(settings, key=lambda one: one.path), key=lambda one: one.path.partition(".")[0]):
        paths = [setting.path for setting in found]
        changed = sum(settings.source(path) != "default" for path in paths)
        yield {"name": name, "settings": len(paths), "changed": changed}


def run_show(context: Context, rows: Rows, path: str | None) -> Rows:
    yield from (row(context, setting.path) for setting in under(context.app.settings, path))


def run_get(context: Context, rows: Rows, path: str) -> Iterator[Row]:
    yield context.app.settings.shown(context.app.settings.find(path).path)


def run_diff(context: Context, rows: Rows, path: str | None) -> Rows:
    """What is not as it comes, and what is stored but does not count."""
    settings, stored = context.app.settings, context.app.tables.settings.stored()
    for setting in under(settings, path):
        source = settings.source(setting.path)
        if source == "default" and setting.path not in stored:
            continue
        found = {"path": setting.path, "value": settings.shown(setting.path), "source": source, "default": setting.default}
        if source != "state" and setting.path in stored:
            found["stored"] = stored[setting.path]
        yield found if context.columns is None else {name: as_text(value) for name, value in found.items()}


def run_set(context: Context, rows: Rows, path: str, value: tuple[str, ...]) -> Rows:
    settings = context.app.settings
    yield from change(context, {name: typed(settings.find(name), text) for name, text in _pairs(context, path, value)})


def _pairs(context: Context, path: str, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """`path value`, or `path=value, path=value`."""
    if "=" not in path:
        if len(words) != 1:
            told = f"there is no place for '{words[1]}'" if words else "value is missing"
            raise UsageError(f"config set: {told}", "config set --help shows how to write it; a value with blanks stands in quotes")
        return [(path, words[0])]
    pairs = [word.rstrip(",").partition("=") for word in (path, *words)]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise UsageError(f"config set: '{wrong[0]}' sets nothing", "write setting=value, each behind a blank")
    return [(name, value) for name, _, value in pairs]


def run_reset(context: Context, rows: Rows, path: tuple[str, ...]) -> Rows:
    if not path:
        raise UsageError("config reset: path is missing", "a setting, or the part before a dot")
    settings, stored = context.app.settings, context.app.tables.settings.stored()
    gone = [setting.path for one in path for setting in under(settings, one) if setting.path in stored]
    if not gone:
        paths = [setting.path for one in path for setting in under(settings, one)]
        hint = f"its value is from the {settings.source(paths[0])}" if len(paths) == 1 else "config diff shows what is"
        raise ReshError(f"nothing is stored for {', '.join(path)}", hint)
    yield from change(context, {}, list(dict.fromkeys(gone)))


def run_copy(context: Context, rows: Rows, path: str, to: str) -> Rows:
    """The values that count; what is the same already is not stored. Nothing of a secret but where it is."""
    settings, wanted = context.app.settings, {}
    for setting in under(settings, path):
        target, value = settings.find(to.rstrip(".") + setting.path[len(path.rstrip(".")) :]), settings.written(setting.path)
        if setting.secret and (not value or settings.shown(setting.path) == "(hidden)"):
            continue
        if settings.written(target.path) != (copied := typed(target, value)):
            wanted[target.path] = copied
    if not wanted:
        context.sink.note("nothing changed")
    yield from change(context, wanted)


def run_update(context: Context, rows: Rows, path: str, file: str) -> Rows:
    yield from edit(context, rows, path, file)


def run_export(context: Context, rows: Rows, path: str | None, all: bool) -> Iterator[str]:
    settings = context.app.settings
    yield from exported(settings, context.app.tables.settings.stored(), under(settings, path), all)


def run_import(context: Context, rows: Rows, file: str) -> Rows:
    if not context.local:
        raise Denied("config import works only in a local session", "set each with config set")
    try:
        text = Path(file).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or 'is no UTF-8 text'}", "name a readable YAML file") from None
    try:
        wanted = taken(context.app.settings, text)
    except Mistake as error:
        raise UsageError(f"{file}, line {error.line}: {error.message}", error.hint) from None
    stored = context.app.tables.settings.stored()
    yield from change(context, {path: value for path, value in wanted.items() if path not in stored or stored[path] != value})


_PART = Argument("path", required=False, help="a setting, or the part before a dot", complete="setting")

CONFIG = Command(
    "config",
    None,
    "settings with their values and sources",
    SOURCE,
    help="Sources, later ones win: default, state (config set), file (--config), environment (RESH__AWS__REGIONS), option (--set). "
    "Secrets are never stored and never shown; what is stored for one is where it is: env:VARIABLE, file:/path or keyring:service/name.",
    subcommands=(
        Command("list", run_list, "parts of the settings, with how much is not the default", examples=(("config list", "all"),)),
        Command(
            "show",
            run_show,
            "all settings, or those under a path",
            arguments=(_PART,),
            examples=(("config show cleanup", "everything about clean-up"),),
        ),
        Command(
            "get",
            run_get,
            "the value of one, and nothing else",
            arguments=(Argument("path", help="a setting", complete="setting"),),
            examples=(("config get collect.accounts", "for a script"),),
        ),
        Command(
            "diff",
            run_diff,
            "what is not the default",
            arguments=(_PART,),
            help="What is stored, but does not count because another source has a value, is shown as well.",
            examples=(("config set collect.accounts 8; config diff collect", "one is not as it comes"),),
        ),
        Command(
            "set",
            run_set,
            "store values",
            role=Role.admin,
            arguments=(
                Argument("path", help="a setting; or setting=value, with more of them behind it", complete="setting"),
                Argument("value", required=False, many=True, help="its new value; a list is separated by commas", complete="setting value"),
            ),
            help="All of them are stored or, if one does not fit, none.",
            examples=(
                ("config set aws.regions eu-west-1,us-east-1", "collect two regions only"),
                ("config set collect.accounts=8, collect.refresh=4", "two at once"),
                ("config set metrics.token env:METRICS_TOKEN", "where a secret is"),
            ),
        ),
        Command(
            "edit",
            edit,
            "change settings, or what is measured, as text in your editor",
            role=Role.admin,
            arguments=(Argument("place", required=False, help="a setting, or the part before a dot; or metrics", complete="setting"),),
            options=(Option("file", str, None, "take this text instead of opening an editor", complete="file"),),
            help="Nothing is stored before all is right: what is wrong is marked in the text, and the editor opens again. Metrics that are "
            "new or changed are tried. The editor is that of VISUAL or EDITOR.",
            examples=(("config edit metrics", "what is measured"), ("config edit cleanup", "everything about clean-up")),
        ),
        Command(
            "reset",
            run_reset,
            "forget stored values",
            role=Role.admin,
            arguments=(Argument("path", help="settings, or parts before a dot", complete="setting", many=True),),
            help="Then the value of the next source counts: the default, unless a file, the environment or an option has another.",
            examples=(("config set aws.regions eu-west-1; config reset aws.regions", "all regions again"),),
        ),
        Command(
            "delete",
            run_reset,
            "forget stored values, as reset does",
            role=Role.admin,
            arguments=(Argument("path", help="settings, or parts before a dot", complete="setting", many=True),),
            examples=(("config set aws.regions eu-west-1; config delete aws.regions", "all regions again"),),
        ),
        Command(
            "copy",
            run_copy,
            "store the values of a part, or of one setting, at another",
            role=Role.admin,
            arguments=(
                Argument("path", help="a setting, or the part before a dot", complete="setting"),
                Argument("to", help="one of the same type, or a part with the same settings", complete="setting"),
            ),
            help="All of them are stored or, if one does not fit, none.",
            examples=(
                (
                    "config set cleanup.rules.volumes.grace 3d; config copy cleanup.rules.volumes.grace cleanup.rules.old_snapshots.grace",
                    "what one rule has, for another one",
                ),
            ),
        ),
        Command(
            "update",
            run_update,
            "what is stored under a path becomes what a YAML file says",
            role=Role.admin,
            arguments=(
                Argument("path", help="a setting, or the part before a dot; or metrics", complete="setting"),
                Argument("file", help="a file as config export writes it", complete="file"),
            ),
            help="As config edit with --file: all of it or, if something is wrong, nothing; what the file does not name is stored no more. "
            "Works in local sessions only.",
            examples=(("config export --all collect | write collect.yaml; config update collect collect.yaml", "as it was then"),),
        ),
        Command(
            "export",
            run_export,
            "what is stored, as YAML",
            arguments=(_PART,),
            options=(Option("all", help="the values that count here, defaults included"),),
            help="config import reads it, and so does --config. Of secrets it has only where they are.",
            examples=(("config set collect.accounts 8; config export", "for another machine"),),
        ),
        Command(
            "import",
            run_import,
            "store what a YAML file has",
            role=Role.admin,
            arguments=(Argument("file", help="a file as config export writes it, or as --config reads it", complete="file"),),
            help="All of it or, if something is wrong, nothing. Settings that it does not name stay. Works in local sessions only.",
            examples=(("config export --all collect | write collect.yaml; config import collect.yaml", "there and back"),),
        ),
    ),
)
