"""`graph`: copies of the graph beside it, as they were at a moment, and the graph as lines of text for other machines.

A line that begins with `graph=<name>` looks at one of them.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.errors import BadValue, Denied, ReshError, UsageError
from resh.graph.base import MAIN

_TIME = r"\d{4}-\d\d-\d\dT[\d:]+Z"


def run_list(context: Context, rows: Rows, pattern: str | None) -> Rows:
    try:
        wanted = re.compile(pattern or "")
    except re.error as error:
        raise BadValue(
            f"graph list: '{pattern}' is no regular expression: {error}", "graph list daily finds what has daily in its name"
        ) from None
    for name in context.app.graphs.names():
        if wanted.search(name):
            yield _row(context, name)


def run_copy(context: Context, rows: Rows, graphs: tuple[str, ...], force: bool) -> Rows:
    """`[source] <target>`"""
    source, target = _two("graph copy", graphs)
    _put_aside(context, target, force)
    context.app.graphs.copy(source, target, context.cancel, replace=force)
    yield _row(context, target)


def run_snapshot(context: Context, rows: Rows, graphs: tuple[str, ...], keep: int | None) -> Rows:
    """`[source] <label>`: a copy whose name says what it is of, and of when."""
    source, label = _two("graph snapshot", graphs)
    beside, start = context.app.graphs, f"snapshot-{source}-{label}-"
    if keep is not None and keep < 1:
        raise BadValue(f"graph snapshot: --keep {keep} would leave nothing", "write how many are to stay, such as --keep 7")
    name = start + iso(context.app.clock.now())
    beside.copy(source, name, context.cancel)
    yield _row(context, name)
    made = [found for found in beside.names() if re.fullmatch(re.escape(start) + _TIME, found)]
    for old in made[: -keep if keep else 0]:
        beside.delete(old)
        context.sink.note(f"{old} deleted: {keep} are kept")


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    row = _row(context, context.app.graphs.existing(name))
    if name != MAIN:
        context.confirm(f"Delete the graph {name} of {row['resources']:,} resources?")
    context.app.graphs.delete(name)
    yield row


def run_export(context: Context, rows: Rows, graphs: tuple[str, ...], force: bool) -> Rows:
    """`[graph] <file>`"""
    from resh.graph.transfer import export
    from resh.whole_file import replacing

    _refuse_remote(context)
    name, file = _two("graph export", graphs)
    path, database = Path(file).expanduser(), context.app.graphs.store(name).database
    if path.exists() and not force:
        raise UsageError(f"there is a file {path} already", "take another name, or --force to replace it")
    try:
        with replacing(path) as target, _packed(target, path) as packed:
            made = export(database, name, packed, context.cancel, context.app.clock.now())
    except OSError as error:
        raise ReshError(f"{path}: {error.strerror}", "write into a folder that is yours and has room") from None
    yield {"graph": name, "file": str(path), "resources": made.resources, "rows": sum(made.rows.values())}


def run_import(context: Context, rows: Rows, graphs: tuple[str, ...], force: bool) -> Rows:
    """`[graph] <file>`"""
    from resh.graph.transfer import load, opened

    _refuse_remote(context)
    name, file = _two("graph import", graphs)
    path, beside = Path(file).expanduser(), context.app.graphs
    beside.refuse(name, force)
    try:
        with path.open("rb") as source, beside.draft() as draft:
            made = load(opened(source), draft, context.cancel)
            _put_aside(context, name, force)
            beside.take(draft, name, context.cancel, replace=force)
    except (EOFError, OSError) as error:
        raise ReshError(f"{path}: {getattr(error, 'strerror', None) or error}", "name a file that graph export wrote") from None
    yield {**_row(context, name), "rows": sum(made.rows.values())}


def _row(context: Context, name: str) -> Row:
    store = context.app.graphs.store(name)
    path, merged = context.app.graphs.path(name), max((account.merged for account in store.accounts()), default=0.0)
    return {
        "name": name, "resources": store.count(), "accounts": len(store.accounts()),
        "collected": iso(merged) if merged else None, "size": f"{path.stat().st_size / 1e6:,.1f} MB",
    }  # fmt: skip


def _two(label: str, words: tuple[str, ...]) -> tuple[str, str]:
    """The first one may be left out: then it is about the graph that is collected into."""
    if len(words) > 2:
        raise UsageError(f"{label}: there is no place for '{words[2]}'", f"{label} --help shows how to write it")
    return (MAIN, words[0]) if len(words) == 1 else (words[0], words[1])


def _put_aside(context: Context, target: str, force: bool) -> None:
    """What is collected into is never just replaced: first somebody agrees, then what is there is kept beside it."""
    if target != MAIN or not force:
        return
    app = context.app
    if running := app.runner.running():
        raise ReshError(f"the run {running[0].id} is in progress", f"workflows stop {running[0].id}, or wait until it has ended")
    context.confirm(f"Replace the graph of {app.graphs.store(MAIN).count():,} resources that is collected into?")
    moment = datetime.fromtimestamp(app.clock.now(), UTC).strftime("%Y%m%dT%H%M%SZ")
    app.graphs.copy(MAIN, f"before-{moment}", context.cancel)
    context.sink.note(f"what was there is kept as the graph before-{moment}")


def _packed(target: IO[bytes], path: Path) -> AbstractContextManager[IO[bytes]]:
    """Gzipped if the name says so; closing it leaves the target open."""
    import gzip

    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=target, mode="wb", compresslevel=1, mtime=0))
    return nullcontext(target)


def _refuse_remote(context: Context) -> None:
    if not context.local:
        raise Denied("graphs are exported and imported only in a local session", "do it on the machine that resh runs on")


def _graphs(second: str, help: str) -> tuple[Argument, ...]:
    return (Argument(second, help=help, complete="graph", many=True),)


_FORCE = Option("force", help="replace what is there")
_MOMENT = "A copy has everything as it is at one moment: resources, edges, marks and history. Nobody has to wait for it."

GRAPH = Command(
    "graph",
    None,
    "copies of the graph beside it, and its way to other machines",
    SOURCE,
    help="The graph that is collected into is called main. A line that begins with graph=<name> is about another one: searches, history, "
    "kinds and what shows their rows. Nothing changes there; what collects, cleans up and runs by itself works on main. Each graph is a "
    "file in graphs/ of the state folder.",
    subcommands=(
        Command(
            "list",
            run_list,
            "all graphs",
            arguments=(Argument("pattern", required=False, help="a regular expression that the name fits", complete="free"),),
            examples=(("graph list", "main and those beside it"),),
        ),
        Command(
            "copy",
            run_copy,
            "keep a graph as it is now, under a name",
            role=Role.admin,
            arguments=_graphs("graphs", "the new name; before it the graph to copy, if not main"),
            options=(_FORCE,),
            help=f"{_MOMENT} With --force it takes the place of one that is there. Where that is main, what it was is kept as the graph "
            "before-<time>.",
            examples=(
                ("graph copy before-the-move", "main as it is now"),
                ("graph copy monday; graph=monday search is(volume) | count", "a search in it"),
            ),
        ),
        Command(
            "snapshot",
            run_snapshot,
            "keep a graph as it is now, under a label and the time",
            role=Role.admin,
            arguments=_graphs("graphs", "the label; before it the graph to copy, if not main"),
            options=(Option("keep", int, None, "delete the oldest of this label, so that so many stay"),),
            help="Its name is snapshot-<graph>-<label>-<time>. A job makes them regularly.",
            examples=(
                ("graph snapshot daily", "one"),
                ("jobs add --id daily-snapshot --schedule @daily graph snapshot --keep 7 daily", "every day, for a week"),
            ),
        ),
        Command(
            "delete",
            run_delete,
            "delete a graph beside main",
            role=Role.admin,
            arguments=(Argument("name", help="a graph", complete="graph"),),
            examples=(("graph copy monday; graph delete monday", "gone"),),
        ),
        Command(
            "export",
            run_export,
            "write a graph as lines of JSON",
            role=Role.admin,
            arguments=_graphs("graphs", "the file, gzipped when it ends in .gz; before it the graph, if not main"),
            options=(_FORCE,),
            help=f"{_MOMENT} The file has a line for each row of each table, and a checksum in the last one. Time series are no part "
            "of it. It is written whole or not at all. Works in local sessions only.",
            examples=(("graph export today.jsonl.gz", "main"), ("graph copy monday; graph export monday monday.jsonl", "another one")),
        ),
        Command(
            "import",
            run_import,
            "make a graph of what export wrote",
            role=Role.admin,
            arguments=_graphs("graphs", "the file; before it the graph that it becomes, if not main"),
            options=(_FORCE,),
            help="Every line is checked, and the checksum of all, before the graph is there. With --force it takes the place of one that "
            "is there; main is always there. Works in local sessions only.",
            examples=(("graph export main.jsonl; graph import copied main.jsonl", "there and back"),),
        ),
    ),
)
