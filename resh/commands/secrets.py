"""`detect-secrets`: which rows hold what looks like a password, a key or a token. The package detect-secrets looks, in a process apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from resh.commands.apart import Apart, worker
from resh.commands.base import FLOW, Command, Context, Option, Row, Rows
from resh.commands.paths import is_node, value
from resh.errors import ReshError, UsageError
from resh.search.paths import steps

_SHOWN = 3
_DEEPEST = 50


def run(context: Context, rows: Rows, path: tuple[str, ...], with_secrets: bool, reveal: bool) -> Rows:
    for one in path:
        try:
            steps(one)
        except UsageError as error:
            raise UsageError(f"detect-secrets: {error.message}", error.hint) from None
    with worker("resh.commands.secrets_worker") as apart, context.cancel.interrupting(apart.kill):
        context.cancel.check()
        for row in rows:
            found = _secret(context, apart, list(_texts(row, path)))
            if found or not with_secrets:
                info = _info(*found, reveal) if found else {"secret_detected": False}
                yield {**row, "info": info} if isinstance(row, dict) else {"value": row, "info": info}


def _secret(context: Context, apart: Apart, texts: list[tuple[str, str]]) -> tuple[str, str, str] | None:
    """Path, kind and text of the first one."""
    lines = [(path, line) for path, text in texts for line in _lines(path, text)]
    try:
        results = list(apart.results([line for _, line in lines]))
    except ValueError as error:
        raise ReshError(f"detect-secrets: {error}", "install resh[secrets]") from None
    except (BrokenPipeError, EOFError):
        context.cancel.check()
        raise ReshError("detect-secrets ended before its time", "take less at a time") from None
    number, kind, secret = results[0] if results else (0, "", "")
    return (lines[number][0], kind, secret) if results else None


def _info(path: str, kind: str, secret: str, reveal: bool) -> dict[str, Any]:
    shown = secret if reveal or len(secret) <= _SHOWN else f"{secret[:_SHOWN]}…"
    return {"secret_detected": True, "secret_type": kind, "potential_secret": shown, "path": path}


def _texts(row: Row, paths: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if paths:
        return chain.from_iterable(_within(path, value(row, path), 0) for path in paths)
    return _within("", row["reported"] if is_node(row) else row, 0)


def _within(path: str, found: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Every text in it, with its path."""
    if isinstance(found, str):
        yield path, found
    elif depth < _DEEPEST and isinstance(found, dict):
        for key, inner in found.items():
            yield from _within(f"{path}.{key}" if path else str(key), inner, depth + 1)
    elif depth < _DEEPEST and isinstance(found, list):
        for number, inner in enumerate(found):
            yield from _within(f"{path}[{number}]", inner, depth + 1)


def _lines(path: str, text: str) -> Iterator[str]:
    """As code would have it: a name tells that a value is a password. Of a text of many lines each stands for itself."""
    name = path.rpartition(".")[2].partition("[")[0] or "value"
    lines = text.splitlines()
    if len(lines) == 1:
        quoted = text.replace('"', "'")
        yield f'{name} = "{quoted}"'
    yield from lines


DETECT_SECRETS = Command(
    "detect-secrets",
    run,
    "rows with what looks like a secret in them",
    FLOW,
    options=(
        Option("path", str, (), "look only there; repeatable", complete="property", many=True),
        Option("with-secrets", help="only rows that have one"),
        Option("reveal", help="show it whole, not only how it begins"),
    ),
    help="Each row gets info: whether there is one, and of the first its type, path and beginning. Without --path all of a resource "
    "that its cloud reports is looked at. It needs the package detect-secrets: pip install 'resh[secrets]'.",
    examples=(
        ("search is(instance) | detect-secrets --with-secrets | list kind, id, /info.path, /info.secret_type", "what should not be there"),
        ('json {"password": "hunter22"} | detect-secrets', "one row"),
    ),
)
