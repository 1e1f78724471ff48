"""`system`: what resh runs on and keeps, and its state folder as one file: made, checked and put back."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path

from resh.cleanup.alone import alone
from resh.commands.base import SOURCE, Argument, Command, Context, Role, Row, Rows
from resh.errors import Denied, ReshError

_BACKUPS, _DRY_RUN = "backups", "cleanup.dry_run"


def run_info(context: Context, rows: Rows) -> Rows:
    """One row for each fact."""
    yield from ({"name": name, "value": value} for name, value in _facts(context).items())


def _facts(context: Context) -> dict[str, Row]:
    import os

    import apsw

    from resh import __version__

    app = context.app
    return {
        "version": __version__,
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
        "system": platform.platform(),
        "process": os.getpid(),
        "state folder": str(app.home),
        "size": _size(app.home),
        "graph": _size(app.graph.database.path),
        "resources": app.graph.count(),
        "accounts": len(app.graph.accounts()),
        "runs": len(app.runner.running()),
    }


def _size(path: Path) -> str:
    files = (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else (path,)
    return f"{sum(file.stat().st_size for file in files) / 1e6:,.1f} MB"


def run_backup(context: Context, rows: Rows, file: str | None) -> Rows:
    from resh.backup.archive import write

    _refuse_remote(context)
    app = context.app
    target = Path(file).expanduser() if file else _default(context)
    made = write(app.home, app.graph.database, target, context.cancel, app.clock.now())
    yield {"file": str(target), "created": made.created, "resources": made.resources, "files": len(made.files), "size": _size(target)}


def run_check(context: Context, rows: Rows, file: str) -> Rows:
    from resh.backup.archive import unpacked

    _refuse_remote(context)
    with unpacked(Path(file).expanduser(), context.app.home, context.cancel) as (_, made):
        yield {"file": file, "created": made.created, "version": made.version, "resources": made.resources, "files": len(made.files)}


def run_restore(context: Context, rows: Rows, file: str) -> Rows:
    """What is there now is put aside first, in a backup of its own."""
    from resh.backup.archive import unpacked, write
    from resh.backup.restore import restore

    _refuse_remote(context)
    app, cancel = context.app, context.cancel
    for command, running in (("workflows", app.runner.running()), ("jobs", app.jobs.running())):
        if running:
            raise ReshError(f"the run {running[0].id} is in progress", f"{command} stop {running[0].id}, or wait until it has ended")
    with unpacked(Path(file).expanduser(), app.home, cancel) as (folder, made):
        what = f"the graph of {app.graph.count():,} resources with its marks, history and metrics, and the settings"
        context.confirm(f"Replace {what}, by those of {made.created}?")
        before = _default(context, "before-restore")
        write(app.home, app.graph.database, before, cancel, app.clock.now())
        with alone(app.home, "none, but a backup is being restored"):
            done = restore(app.home, app.graph.database, folder, made, cancel)
            _disarm(context, made.created)
    app.graph.indexer.changed()
    yield {
        "file": file, "created": made.created, "resources": app.graph.count(), "replaced": len(done.replaced),
        "kept": ", ".join(done.kept), "before": str(before),
    }  # fmt: skip


def _disarm(context: Context, created: str) -> None:
    """Marks and protections are old now: what was protected since is not any more, and switches are as they were."""
    app = context.app
    if app.cleanup.dry_run:
        return
    app.tables.settings.store(_DRY_RUN, True)
    if app.settings.source(_DRY_RUN) in ("default", "state"):
        app.settings.set(_DRY_RUN, True, "state")
    now = "only says what it would delete now" if app.cleanup.dry_run else "deletes for good, as its settings here say"
    context.sink.note(
        f"marks and protections are those of {created}: clean-up {now}; look at cleanup plan before config set {_DRY_RUN} false"
    )


def _default(context: Context, name: str = "resh") -> Path:
    moment = datetime.fromtimestamp(context.app.clock.now(), UTC).strftime("%Y%m%dT%H%M%SZ")
    return context.app.home / _BACKUPS / f"{name}-{moment}.tar.gz"


def _refuse_remote(context: Context) -> None:
    if not context.local:
        raise Denied("backups are made and restored only in a local session", "do it on the machine that resh runs on")


_FILE = Argument("file", help="a backup", complete="file")
_TARGET = (Argument("file", required=False, help="where to; otherwise into backups/ of the state folder", complete="file"),)

SYSTEM = Command(
    "system",
    None,
    "what resh runs on, and backups of all that it keeps",
    SOURCE,
    subcommands=(
        Command(
            "info",
            run_info,
            "versions, sizes and counts",
            examples=(("system info", "all"), ("system info | format {name} {value} | head 1", "one of them")),
        ),
        Command(
            "backup",
            run_backup,
            "write everything that resh keeps into one file",
            role=Role.admin,
            arguments=_TARGET,
            help="A gzipped tar that only you may read: the graph as of one moment with its history, marks and metrics, the state, the "
            "journal, events and SSH files. Nobody has to stop for it. Works in local sessions only.",
            examples=(("system backup", "into the state folder"), ("system backup resh.tar.gz", "into another one")),
            subcommands=(
                Command(
                    "create",
                    run_backup,
                    "the same, as Resoto writes it",
                    role=Role.admin,
                    arguments=_TARGET,
                    examples=(("system backup create resh.tar.gz", "as system backup does"),),
                ),
                Command(
                    "restore",
                    run_restore,
                    "what system restore does, as Resoto writes it",
                    role=Role.admin,
                    arguments=(_FILE,),
                    examples=(("system backup create resh.tar.gz; system backup restore resh.tar.gz", "there and back"),),
                ),
            ),
        ),
        Command(
            "check",
            run_check,
            "read a backup to its end, and say what is in it",
            role=Role.admin,
            arguments=(_FILE,),
            help="Every file is compared with what was written, and the graph is opened. Nothing changes.",
            examples=(("system backup resh.tar.gz; system check resh.tar.gz", "made, and sure that it can be restored"),),
        ),
        Command(
            "restore",
            run_restore,
            "put a backup back",
            role=Role.admin,
            arguments=(_FILE,),
            help="It is checked first, and what is there now is put aside as a backup of its own. The graph is replaced in one "
            "transaction, for every process that uses it, then settings, templates, jobs, workflows and the like. What happened stays on "
            "record, and who may enter is not changed: the journal, events, runs, histories and SSH files are only brought where there are "
            "none.",
            examples=(("system backup resh.tar.gz; system restore resh.tar.gz", "there and back"),),
        ),
    ),
)
