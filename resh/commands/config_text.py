"""Settings as a text to edit, to keep and to carry elsewhere: what is stored, and as comments what else there is.

text = written(settings, stored, paths)
taken(settings, text)                       {"cleanup.enabled": True}; Mistake with the line of what is wrong
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resh.errors import UsageError
from resh.secret_references import check
from resh.setting_values import Setting, convert
from resh.settings import PREFIX, Settings
from resh.settings_file import Mistake, dump, parse

_HEAD = """\
# Settings that are stored. What is not written, or is behind a #, is not stored: then the default counts,
# unless the file of --config, the environment or an option has another value.
"""


def under(settings: Settings, path: str | None) -> list[Setting]:
    """Those of a path: one setting, or all below the part before a dot; UsageError when there is none."""
    start = (path or "").rstrip(".") + "."
    chosen = [setting for setting in settings if not path or setting.path == path or setting.path.startswith(start)]
    return chosen or [settings.find(path or "")]


def written(settings: Settings, stored: Mapping[str, Any], chosen: Iterable[Setting]) -> str:
    """The text for an editor, each setting with what it means."""
    return _HEAD + "".join("\n" + _entry(settings, stored, setting) for setting in chosen)


def _entry(settings: Settings, stored: Mapping[str, Any], setting: Setting) -> str:
    notes = [setting.description + (f" ({' or '.join(setting.choices)})" if setting.choices else "")]
    source = settings.source(setting.path)
    if source not in ("default", "state"):
        notes.append(f"here the value from the {source} counts" + ("" if setting.secret else f": {settings.shown(setting.path)}"))
    if setting.secret:
        notes.append("a secret: write env:VARIABLE, file:/path or keyring:service/name")
    text = dump(setting.path, stored.get(setting.path, setting.default))
    shown = text if setting.path in stored else "".join(f"#{line}" for line in text.splitlines(keepends=True))
    return "".join(f"# {note}\n" for note in notes) + shown


def exported(settings: Settings, stored: Mapping[str, Any], chosen: Iterable[Setting], everything: bool) -> Iterator[str]:
    """What is stored, or the values that count; of secrets only where they are."""
    for setting in chosen:
        value = settings.written(setting.path) if everything else stored.get(setting.path)
        if (setting.path not in stored and not everything) or (setting.secret and settings.shown(setting.path) == "(hidden)"):
            continue
        if not (setting.secret and not value):
            yield from dump(setting.path, value).splitlines()


def taken(settings: Settings, text: str, within: str | None = None) -> dict[str, Any]:
    """The values that the text has, typed; each must be of the path. Raises Mistake with the line."""
    found = {}
    for one in parse(text, settings.declared):
        try:
            setting = settings.find(one.path)
            if within and setting.path not in [of.path for of in under(settings, within)]:
                raise UsageError(f"{one.path} is not under {within}", "config edit changes all settings")
            found[one.path] = typed(setting, one.value)
        except UsageError as error:
            raise Mistake(error.message, error.hint, one.line) from None
    return found


def typed(setting: Setting, value: Any) -> Any:
    """The value as it is stored; of a secret only where it is. UsageError says what fits."""
    if setting.secret:
        check(setting.path, str(value), f"; or give it each time as {PREFIX}{setting.path.upper().replace('.', '__')}")
    return convert(setting, value)


def marked(text: str, error: UsageError) -> str:
    """The text with the mistake above the line that it is in."""
    lines, at = text.splitlines(keepends=True), max(getattr(error, "line", 1) - 1, 0)
    note = f"{MARK}{' '.join(error.message.split())}{f' ({error.hint})' if error.hint else ''}\n"
    return "".join([*lines[:at], note, *lines[at:]])


def unmarked(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(MARK))


MARK = "## "
