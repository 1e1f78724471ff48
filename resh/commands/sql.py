"""`sql`: the graph for people who think in SQL. One view for each kind; nothing can be written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.commands.line import unquote
from resh.errors import SyntaxProblem, TimedOut, UsageError
from resh.text import did_you_mean

if TYPE_CHECKING:
    from resh.graph.sandbox import Refused
    from resh.search.views import Views

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|;|\w+|\s+|.", re.DOTALL)
_COLUMN = re.compile(r"no such column: (?:\w+\.)?\"?(.*?)\"?(?: - should this be .*)?")
_TABLE = re.compile(r"no such table: (.*)")
_FUNCTION = re.compile(r"no such function: (.*)|not authorized to use function: (.*)")
_NEAR = re.compile(r'near "(\w+)"')
_READING = "sql only reads: select … from a view, or with … select; sql --tables lists the views"


def run(context: Context, rows: Rows, statement: str | None, tables: bool) -> Rows:
    if tables:
        return _tables(context, unquote(statement or ""))
    if not statement:
        raise UsageError("sql: statement is missing", "such as sql select name, volume_size from volume limit 5")
    return _rows(context, _single(_unquoted(statement)))


def _rows(context: Context, statement: str) -> Iterator[dict[str, Any]]:
    from resh.graph.sandbox import Refused

    seconds = context.app.settings.seconds("search.sql_timeout")
    views = context.app.searches.views
    try:
        for names, row in context.app.searches.sql(statement, seconds, context.cancel):
            yield {name: value.hex() if isinstance(value, bytes) else value for name, value in zip(names, row, strict=True)}
    except Refused as refused:
        raise _explained(refused, statement, views) from None
    except TimedOut:
        limit = context.app.settings.text("search.sql_timeout")
        raise TimedOut(f"the statement took longer than {limit}", "config set search.sql_timeout allows more") from None


def _tables(context: Context, pattern: str) -> Rows:
    """Views with their columns; without a pattern one row for each view."""
    views = context.app.searches.views
    names = [name for name in views.names() if not pattern or fnmatch(name, pattern)]
    if pattern and not names:
        raise UsageError(f"there is no view '{pattern}'", did_you_mean(pattern, views.names()) or "sql --tables lists them all")
    for name in names:
        context.cancel.check()
        columns = views.columns(name)
        if pattern:
            yield from ({"view": name, "column": column.name, "type": column.type, "description": column.description} for column in columns)
        else:
            yield {"view": name, "columns": ", ".join(column.name for column in columns)}


def _unquoted(text: str) -> str:
    """Without the quotes around the whole; inside of them the quote itself is doubled, as SQL has it, or has a backslash."""
    body = text.strip()
    quote = body[:1]
    if len(body) < 2 or quote not in ("'", '"') or body[-1] != quote:
        return body
    inside = body[1:-1].replace("\\" + quote, quote + quote)
    return body if quote in inside.replace(quote + quote, "") else inside.replace(quote + quote, quote)


def _single(statement: str) -> str:
    """Raises SyntaxProblem for a second statement."""
    ended = False
    for token in _TOKEN.finditer(statement):
        if ended and not token[0].isspace() and not token[0].startswith(("--", "/*")) and token[0] != ";":
            raise SyntaxProblem("one statement at a time", statement, token.start(), ("the end",))
        ended = ended or token[0] == ";"
    return statement


def _explained(refused: Refused, statement: str, views: Views) -> UsageError:
    """SQLite's words with the place in the statement, and what was perhaps meant."""
    message, position = refused.message, _characters(statement, refused.position)
    named = [name for token in _TOKEN.finditer(statement) if (name := _plain(token[0])) and views.columns(name)]
    if found := _COLUMN.fullmatch(message):
        known = {column.name for name in named for column in views.columns(name)}
        where = f" in view {named[0]}" if len(set(named)) == 1 else ""
        return _at(f"no such column {found[1]}{where}", statement, found[1], position, _column_hint(statement, found[1], position, known))
    if found := _TABLE.fullmatch(message):
        name = found[1].rpartition(".")[2]
        return _at(f"no such view {name}", statement, name, position, did_you_mean(name, views.names()) or _READING)
    if found := _FUNCTION.fullmatch(message):
        from resh.graph.sandbox import FUNCTIONS

        name = found[1] or found[2]
        return _at(f"there is no function {name} here", statement, name, position, did_you_mean(name, FUNCTIONS))
    if "not authorized" in message or "prohibited" in message or "because it is a view" in message:
        return UsageError(message, _READING)
    if message.startswith("incomplete input"):
        position = len(statement)
    word = _NEAR.match(message)
    hint = f'a word of SQL; the view is written "{word[1]}"' if word and views.columns(word[1]) else ""
    return UsageError(message, hint) if position is None else SyntaxProblem(message, statement, position, (), hint)


def _column_hint(statement: str, name: str, position: int | None, known: set[str]) -> str:
    if position is not None and statement[position : position + 1] == '"':
        return f"text stands in single quotes: '{name}'"
    return did_you_mean(name, known) or (f"text stands in single quotes: '{name}'" if known else "")


def _at(message: str, statement: str, name: str, position: int | None, hint: str) -> UsageError:
    """The place is SQLite's, else where the name stands first."""
    if position is None:
        places = [token.start() for token in _TOKEN.finditer(statement) if _plain(token[0]).lower() == name.lower()]
        position = places[0] if places else None
    return UsageError(message, hint) if position is None else SyntaxProblem(message, statement, position, (), hint)


def _plain(token: str) -> str:
    return token[1:-1] if token.startswith('"') else token


def _characters(text: str, offset: int | None) -> int | None:
    """SQLite counts bytes."""
    return None if offset is None else len(text.encode()[:offset].decode(errors="ignore"))


SQL = Command(
    "sql",
    run,
    "rows of a SELECT over one view for each kind",
    SOURCE,
    arguments=(
        Argument(
            "statement",
            required=False,
            help="a SELECT; with --tables names of views, * and ? allowed",
            complete="sql",
            raw=True,
            angles=True,
        ),
    ),
    options=(Option("tables", help="list the views, or the columns of some"),),
    help="Each kind is a view, volume as well as aws_ec2_volume, with its properties as columns; lists and objects are JSON text, true is "
    "1. edges(from_id, to_id, type) connects their node_id, history tells what changed. Nothing can be written. A statement with | or ; "
    "in it stands in quotes. The setting search.sql_timeout bounds how long it may run.",
    examples=(
        ("sql select name, volume_size from volume where volume_size > 100 order by volume_size desc limit 5", "the five largest"),
        ("sql select region, count(*) as n, sum(volume_size) as gb from aws_ec2_volume group by region", "sums"),
        (
            "sql select v.name, i.name as host from volume v join edges e on e.to_id = v.node_id join instance i on i.node_id = e.from_id",
            "what hangs on what",
        ),
        ("sql --tables volume", "the columns of a view"),
    ),
)
