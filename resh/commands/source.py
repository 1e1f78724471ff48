"""Small sources of rows: `json`, `echo`, `env`, `sleep`."""

from __future__ import annotations

import re

from resh.commands.base import SOURCE, Argument, Command, Context, Rows
from resh.commands.line import unquote
from resh.durations import parse_duration
from resh.errors import BadValue, SyntaxProblem
from resh.render.values import cell

_SECRET = re.compile(r"secret|token|passw|credential|private|(?:api|access|account)_?key", re.IGNORECASE)
"""Names of variables that hold what nobody should read on a screen."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def run_json(context: Context, rows: Rows, text: str) -> Rows:
    import orjson

    body = _unquoted(text)
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SyntaxProblem(f"json: {error.msg}", body, error.pos, hint='write it like {"id": 1} or [1, 2]') from None
    yield from found if isinstance(found, list) else [found]


def _unquoted(text: str) -> str:
    """Without the single quotes around it, within which \\' is an apostrophe: JSON itself does not escape any."""
    if len(text) < 2 or not text[0] == text[-1] == "'":
        return text
    return _ESCAPED.sub(lambda found: "'" if found[1] == "'" else found[0], text[1:-1])


def run_echo(context: Context, rows: Rows, text: str | None) -> Rows:
    yield unquote(text or "")


def run_env(context: Context, rows: Rows) -> Rows:
    for name in sorted(context.env):
        yield f"{name}={'(hidden)' if _SECRET.search(name) else cell(context.env[name])}"


def run_sleep(context: Context, rows: Rows, duration: str) -> Rows:
    seconds = float(duration) if duration.replace(".", "", 1).isdecimal() else parse_duration(duration)
    if seconds < 0:
        raise BadValue(f"sleep: '{duration}' is negative", "write it like 5s or 2m")
    if context.cancel.wait(seconds):
        context.cancel.check()
    yield from ()


JSON = Command(
    "json",
    run_json,
    "rows from JSON text",
    SOURCE,
    arguments=(Argument("text", help="JSON; a list becomes one row for each element", raw=True, angles=True, complete="free"),),
    help="Put the text into single quotes when it holds | or ;",
    examples=(("json [1, 2, 2] | uniq", "two rows"), ('json {"name": "disk"} | format {name}', "one row, formatted")),
)
ECHO = Command(
    "echo",
    run_echo,
    "the text itself",
    SOURCE,
    arguments=(Argument("text", required=False, help="any text, with placeholders such as @TODAY@", raw=True, complete="free"),),
    examples=(("echo today is @TODAY@", "the date"),),
)
ENV = Command(
    "env",
    run_env,
    "variables of this session",
    SOURCE,
    help="Values of variables that hold secrets, by their names, are hidden.",
    examples=(("env", "every variable with its value"),),
)
SLEEP = Command(
    "sleep",
    run_sleep,
    "wait",
    SOURCE,
    arguments=(Argument("duration", help="seconds, or a duration such as 1m30s", complete="duration"),),
    examples=(("sleep 0.1s", "a tenth of a second"),),
)
