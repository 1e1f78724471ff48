"""`format` and `dump`: rows as text that the user lays out, as JSON, as YAML, or as the source of a picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from resh.commands import columns as cols
from resh.commands import console, graph_forms
from resh.commands.base import FLOW, Argument, Command, Context, Option, Row, Rows
from resh.commands.columns import Column
from resh.commands.line import unquote
from resh.commands.listing import duration
from resh.commands.paths import is_node, value
from resh.errors import UsageError
from resh.render.values import cell, plain
from resh.search.paths import steps
from resh.text import Linked, hyperlink

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_ID = re.compile(r"^  id: (.+)$", re.MULTILINE)
Template = list[str | Column]
"""Text, and what stands in braces."""


def run_format(context: Context, rows: Rows, template: str | None, **forms: bool) -> Rows:
    chosen = [name for name, on in forms.items() if on]
    if len(chosen) + bool(template) != 1:
        raise UsageError("format needs either a template or one of its forms", f"such as format {{kind}}:{{id}}, or --{' --'.join(_FORMS)}")
    if template:
        parsed = [part if isinstance(part, str) else part.changed(path=context.led(part.path)) for part in parse(unquote(template))]
        if any(console.is_page(part.path) for part in parsed if isinstance(part, Column)):
            rows = console.with_pages(context, rows)
        return map(partial(_filled, context, parsed), rows)
    return _FORMS[chosen[0]](context, rows)


def run_dump(context: Context, rows: Rows) -> Rows:
    """On a terminal the id of a resource is a link to its page in the cloud's console."""
    for row in rows:
        (text,) = _yaml(context, iter((row,)))
        url = console.page(context, row) if context.links and is_node(row) else None
        yield _with_link(text, url) if url else text


def _with_link(text: str, url: str) -> str:
    start = text.find("\nreported:")
    found = _ID.search(text, start) if start >= 0 else None
    if found is None:
        return text
    return Linked(text, text[: found.start(1)] + hyperlink(found[1], url) + text[found.end(1) :])


def parse(text: str) -> Template:
    """Raises UsageError for a brace without its partner and for a path that is none."""
    found: Template = []
    position = 0
    for match in _FIELD.finditer(text):
        found.append(text[position : match.start()])
        position = match.end()
        if match[0] in ("{{", "}}"):
            found.append(match[0][0])
        elif match[1]:
            path = _path(match[1].strip())
            found.append(Column(path, path))
        else:
            raise UsageError(f"format: '{match[0]}' at {match.start() + 1} holds no path", "write {path}, and {{ or }} for a brace")
    found.append(text[position:])
    return found


def _path(text: str) -> str:
    try:
        if text != ".":
            steps(text)
    except UsageError as error:
        raise UsageError(f"format: {error.message}", error.hint) from None
    return text


def _filled(context: Context, template: Template, row: Row) -> str:
    return "".join(part if isinstance(part, str) else plain(_value(context, row, part)).replace("\n", " ") for part in template)


def _value(context: Context, row: Row, column: Column) -> Any:
    """Of a resource's age how long it is, as CSV has it."""
    found = value(row, column.path)
    if column.is_age and is_node(row) and (seconds := cols.age_seconds(found, context.now)) is not None:
        return duration(seconds, exact=True)
    return found


def _json(context: Context, rows: Rows) -> Iterator[str]:
    from resh.render.json import compact

    opening = "["
    for row in rows:
        yield opening + compact(row)
        opening = ","
    yield "]" if opening == "," else "[]"


def _ndjson(context: Context, rows: Rows) -> Iterator[str]:
    from resh.render.json import compact

    return map(compact, rows)


def _text(context: Context, rows: Rows) -> Iterator[str]:
    for row in rows:
        yield row if isinstance(row, str) else _pairs(context, row)


def _pairs(context: Context, row: Row) -> str:
    columns = cols.of_nodes(context.query) if is_node(row) else cols.of_rows([row])
    if not columns:
        return cell(row)
    found = ((column.name, _value(context, row, column)) for column in columns)
    return ", ".join(f"{cell(name)}={cell(item)}" for name, item in found if item is not None)


def _yaml(context: Context, rows: Rows) -> Iterator[str]:
    """Text stays as it is: the dump of a dump of a dump would double its escapes each time."""
    from resh.render.yaml import document

    return (row if isinstance(row, str) else document(row) for row in rows)


_FORMS: dict[str, Callable[[Context, Rows], Iterator[Any]]] = {
    "json": _json,
    "ndjson": _ndjson,
    "text": _text,
    "yaml": _yaml,
    **graph_forms.FORMS,
}


def forms() -> Mapping[str, Callable[[Context, Rows], Iterator[Any]]]:
    """What makes lines of rows, by name."""
    return {**_FORMS, "jsonl": _ndjson}


FORMAT = Command(
    "format",
    run_format,
    "rows as text, JSON, YAML or the source of a picture",
    FLOW,
    arguments=(
        Argument("template", required=False, help="text with {path} for values, {{ and }} for braces", complete="column", raw=True),
    ),
    options=(
        Option("json", help="one JSON array of whole documents"),
        Option("ndjson", help="whole documents, one JSON object a line"),
        Option("text", help="name=value pairs, one row a line"),
        Option("yaml", help="whole documents as YAML"),
        Option("dot", help="resources and edges for Graphviz"),
        Option("mermaid", help="resources and edges as a Mermaid flowchart, which wikis and pull requests draw"),
        Option("graphml", help="resources and edges as GraphML, for yEd, Gephi and others"),
        Option("cytoscape", help="resources and edges as the elements of Cytoscape.js, in JSON"),
    ),
    help="A path is read in the reported section; one that starts with / from the top of the document. A missing value is written as null. "
    "{/console} is the address of a resource in the cloud's console. "
    "Forms that draw edges take them from the search before them; those of type delete are dashed.",
    examples=(
        ("search is(volume) | format {kind}:{id}", "one line for each volume"),
        ("search is(volume) | format {id} belongs to {/ancestors.account.reported.name}", "a path from the top of the document"),
        ("search is(instance) | format {name} {/console}", "where each is in the console of its cloud"),
        ("search is(volume) | format --ndjson", "whole documents for another program"),
        ("search is(aws_vpc) limit 1 -[0:2]-> | format --mermaid", "a picture of a network and what is in it, for a wiki"),
    ),
)

DUMP = Command(
    "dump",
    run_dump,
    "rows as whole documents to read",
    FLOW,
    help="Everything that is known of each row, as YAML. On a terminal the id of a resource is a link to the cloud's console.",
    examples=(("search is(volume) | head -1 | dump", "one volume with all that is known of it"),),
)
