"""`jq`: rows through a filter of jq. It runs in a process of its own (`jq_worker.py`), which ends with the line or when that is cancelled.

A path such as .name leads into the reported section of a resource, as everywhere: a filter sees its properties beside the keys of the
whole document. What it lets through untouched comes out as it was.
"""

from __future__ import annotations

from resh.commands.apart import Apart, worker
from resh.commands.base import FLOW, Argument, Command, Context, Option, Row, Rows
from resh.commands.jq_worker import MEMORY, PATIENCE
from resh.commands.line import unquote
from resh.commands.paths import is_node
from resh.errors import ReshError, UsageError
from resh.render.json import compact
from resh.text import fit, one_line


def run(context: Context, rows: Rows, filter: str, no_rewrite: bool) -> Rows:
    with worker("resh.commands.jq_worker") as apart, context.cancel.interrupting(apart.kill):
        context.cancel.check()
        try:
            _begin(apart, unquote(filter) if filter.startswith("'") else filter)
            for row in rows:
                yield from _results(context, apart, row, whole=no_rewrite)
        except (BrokenPipeError, EOFError):
            context.cancel.check()
            may = f"a filter may use {MEMORY >> 30} GB of memory, and {PATIENCE} s for a result"
            raise ReshError("jq ended before its time", f"{may}; take less at a time") from None


def _results(context: Context, apart: Apart, row: Row, whole: bool) -> Rows:
    seen = row if whole or not is_node(row) else {**row, **row["reported"]}
    try:
        for result in apart.results(seen):
            context.cancel.check()
            yield row if result == seen else result
    except ValueError as error:
        about = fit(one_line(compact(row.get("id", row) if isinstance(row, dict) else row)), 60)
        raise ReshError(f"jq: {error}", f"the row is {about}; ? after a path lets pass what does not fit") from None


def _begin(apart: Apart, filter: str) -> None:
    """Raises UsageError for what is no filter."""
    try:
        for _ in apart.results(filter):
            pass
    except ValueError as error:
        raise UsageError(f"jq: {error}", "jqlang.org/manual describes its language; put a filter with | into single quotes") from None


JQ = Command(
    "jq",
    run,
    "rows through a filter of jq",
    FLOW,
    arguments=(Argument("filter", help="a filter; in single quotes when it holds | or ; or >", raw=True, angles=True, complete="free"),),
    options=(Option("no-rewrite", help="show the filter the document as it is: .reported.name instead of .name"),),
    help="A path such as .name leads into the reported section of a resource; .ancestors, .metadata and the other keys of the "
    "whole document are beside. Numbers are those of JSON. A filter knows no environment and reads no files.",
    examples=(
        ("search is(volume) | jq {name, size: .volume_size}", "two properties of each, as JSON"),
        ("search is(volume) | jq 'select(.volume_size > 400) | .name'", "names of the large ones"),
        ("search is(instance) | jq --no-rewrite .ancestors.account.reported.name | uniq", "the accounts that have instances"),
    ),
)
