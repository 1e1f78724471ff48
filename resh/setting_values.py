"""Values of settings as their types want them, from text, YAML or what was stored.

convert(find("aws.regions"), "eu-west-1,us-east-1")      # ["eu-west-1", "us-east-1"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from resh.errors import BadValue
from resh.record import Record
from resh.text import did_you_mean

SettingType = Literal[
    "flag", "number", "text", "list", "duration", "cron", "zone", "hours", "choice", "numbers", "durations", "limits", "networks", "rules",
    "thinning",
]  # fmt: skip


class Setting(Record):
    path: str
    type: SettingType
    default: Any
    description: str
    choices: tuple[str, ...] = ()
    secret: bool = False
    """Never shown, and never stored: what is stored says where it is, or it is given each time."""


_MOST = (1 << 63) - 1
"""What SQLite and JSON of others still hold."""
_ZONE = "write it like Europe/Berlin or UTC"
_TRUE, _FALSE = frozenset(("true", "yes", "on", "1")), frozenset(("false", "no", "off", "0"))


def convert(setting: Setting, value: Any) -> Any:
    """The value in the setting's type (durations stay text); BadValue names the setting and what fits."""
    try:
        return _CONVERT[setting.type](setting, value)
    except BadValue as error:
        raise BadValue(f"{setting.path}: {error.message}", error.hint) from None


def check_declared(setting: Setting) -> None:
    """Raises BadValue for a declaration that no value fits, its own default included."""
    if setting.type not in _CONVERT:
        raise BadValue(f"{setting.path}: there is no type '{setting.type}'", did_you_mean(str(setting.type), _CONVERT))
    convert(setting, setting.default)


def _flag(setting: Setting, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise BadValue(f"'{value}' is neither true nor false", "write true or false")
    return word in _TRUE


def _number(setting: Setting, value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise BadValue(f"'{value}' is not a whole number", "write it like 16") from None
    if number < 0:
        raise BadValue(f"{number} is negative", "write a number from 0 up")
    if number > _MOST:
        raise BadValue(f"{number} is too large", f"write a number up to {_MOST}")
    return number


def _text(setting: Setting, value: Any) -> str:
    return str(value)


def _list(setting: Setting, value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.strip("[]").split(",") if part.strip()]
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    raise BadValue(f"'{value}' is not a list", "write it like eu-west-1,us-east-1")


def _numbers(setting: Setting, value: Any) -> list[str]:
    return [f"{name}={_number(setting, text)}" for name, text in _pairs(setting, value, "500")]


def _durations(setting: Setting, value: Any) -> list[str]:
    return [f"{name}={_duration(setting, text)}" for name, text in _pairs(setting, value, "6h")]


def _pairs(setting: Setting, value: Any, example: str) -> Iterator[tuple[str, str]]:
    parts = [f"{name}={text}" for name, text in value.items()] if isinstance(value, dict) else _list(setting, value)
    for part in parts:
        name, _, text = (word.strip() for word in part.partition("="))
        if not name or not text:
            raise BadValue(f"'{part}' says nothing about a kind", f"write it like aws_ec2_*={example}")
        yield name, text


def _duration(setting: Setting, value: Any) -> str:
    from resh.durations import parse_duration

    parse_duration(str(value))
    return str(value)


def _limits(setting: Setting, value: Any) -> list[Any]:
    from resh.limits import entries, parse

    parse(value)
    return [dict(entry) for entry in entries(value)]


def _networks(setting: Setting, value: Any) -> list[str]:
    from ipaddress import ip_network

    def network(text: str) -> str:
        try:
            return str(ip_network(text, strict=False))
        except ValueError:
            raise BadValue(f"'{text}' is no network", "write it like 169.254.10.0/24, or one address") from None

    return [network(text) for text in _list(setting, value)]


def _rules(setting: Setting, value: Any) -> list[Any]:
    from resh.own_rules import entries, parse

    parse(value)
    return [dict(entry) for entry in entries(value)]


def _thinning(setting: Setting, value: Any) -> list[str]:
    from resh.thinning import steps

    texts = [f"{age}={span}" for age, span in value.items()] if isinstance(value, dict) else _list(setting, value)
    steps(texts)
    return texts


def _cron(setting: Setting, value: Any) -> str:
    expression = str(value).strip()
    if expression:
        from resh.timing import parse

        parse(expression)
    return expression


def _zone(setting: Setting, value: Any) -> str:
    from zoneinfo import ZoneInfo

    name = str(value).strip()
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise BadValue(f"there is no time zone '{name}'", _near_zone(name)) from None
    return name


def _hours(setting: Setting, value: Any) -> str:
    from resh.hours import parse

    parse(str(value))
    return str(value).strip()


def _near_zone(name: str) -> str:
    """Those of the same place, or else those that are written alike."""
    from zoneinfo import available_timezones

    zones = sorted(available_timezones())
    place = _place(name)
    return did_you_mean(name, [zone for zone in zones if _place(zone) == place], likeness=0.0) or did_you_mean(name, zones) or _ZONE


def _place(zone: str) -> str:
    return zone.rpartition("/")[2].lower().replace(" ", "_")


def _choice(setting: Setting, value: Any) -> str:
    if value not in setting.choices:
        raise BadValue(f"'{value}' is not one of {', '.join(setting.choices)}", did_you_mean(str(value), setting.choices))
    return str(value)


_CONVERT: dict[SettingType, Callable[[Setting, Any], Any]] = {
    "flag": _flag, "number": _number, "text": _text, "list": _list, "duration": _duration, "cron": _cron, "zone": _zone, "hours": _hours,
    "choice": _choice,
    "numbers": _numbers, "durations": _durations, "limits": _limits, "networks": _networks, "rules": _rules,
    "thinning": _thinning,
}  # fmt: skip
