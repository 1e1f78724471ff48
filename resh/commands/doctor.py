"""`doctor`: whether everything is well, from the state folder to the clouds, and what to do where it is not.

Each check is a function that gives its findings. A new one goes into `_CHECKS`.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from resh.commands.base import SOURCE, Command, Context, Option, Role, Rows
from resh.durations import format_duration
from resh.errors import ReshError
from resh.lock import Claim

_ROOM = 500_000_000
"""Bytes that should be free beside the graph: a merge writes what is new twice before it is in place."""
_SKEWED, _REFUSED = 60.0, 300.0
"""Seconds: of these AWS refuses requests: https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html"""
_LARGE_LOG = 1_000_000_000
OK, WARNING, FAILED = "ok", "warning", "failed"


class Finding(NamedTuple):
    check: str
    state: str
    found: str
    remedy: str = ""


Findings = Iterator[Finding]


def run(context: Context, rows: Rows, offline: bool, thorough: bool) -> Rows:
    """A check that fails itself is a finding, too. Status 1 when anything has failed."""
    for name, check in _CHECKS.items():
        context.cancel.check()
        if (offline and check is _clouds) or (not thorough and check is _whole):
            continue
        try:
            findings = list(check(context))
        except ReshError as error:
            findings = [Finding(name, FAILED, error.message, error.hint)]
        for finding in findings:
            if finding.state == FAILED:
                context.status = 1
            yield finding._asdict()


def _versions(context: Context) -> Findings:
    import apsw

    from resh import __version__

    yield Finding("versions", OK, f"resh {__version__}, Python {platform.python_version()}, SQLite {apsw.sqlite_lib_version()}")


def _folder(context: Context) -> Findings:
    home = context.app.home
    status, free = home.stat(), shutil.disk_usage(home).free
    if status.st_uid != os.getuid():
        yield Finding("state folder", WARNING, f"{home} belongs to another user", "only its owner should use it")
    elif status.st_mode & 0o077:
        yield Finding("state folder", WARNING, f"others may enter {home}", f"chmod 700 {home}")
    else:
        yield Finding("state folder", OK, str(home))
    wanted = context.app.graph.database.path.stat().st_size + _ROOM
    room = f"{free / 1e9:,.1f} GB free"
    yield (
        Finding("room", OK, room)
        if free > wanted
        else Finding("room", WARNING, room, f"{wanted / 1e9:,.1f} GB should be: a backup and a large collect need it")
    )


def _state(context: Context) -> Findings:
    """Every file that is read at some time, now."""
    from resh.state.atomic_storage import AtomicStorage

    files = sorted(context.app.home.joinpath("state").glob("*.json"))
    broken = 0
    for path in files:
        try:
            AtomicStorage(path).read()
        except ReshError as error:
            broken += 1
            yield Finding("state files", FAILED, error.message, error.hint)
    if not broken:
        yield Finding("state files", OK, f"{len(files)} can be read")


def _graph(context: Context) -> Findings:
    graph = context.app.graph
    path = graph.database.path
    log = path.with_name(f"{path.name}-wal")
    found = f"{graph.count():,} resources, {_accounts(len(graph.accounts()))}, {path.stat().st_size / 1e6:,.1f} MB"
    yield Finding("graph", OK, found)
    if log.exists() and log.stat().st_size > _LARGE_LOG:
        size = f"its log has grown to {log.stat().st_size / 1e9:,.1f} GB"
        yield Finding("graph", WARNING, size, "somebody reads without an end: end sessions that wait for a slow reader")
    if waiting := graph.unindexed():
        yield Finding("words", OK, f"{waiting:,} resources wait for the index of words; searches look through them meanwhile")


def _whole(context: Context) -> Findings:
    database = context.app.graph.database
    with database.faults(), context.cancel.interrupting(database.reader().interrupt):
        problems = [str(row[0]) for row in database.reader().execute("PRAGMA integrity_check(1)")]
    if problems == ["ok"]:
        yield Finding("graph, every page", OK, "whole")
    else:
        yield Finding("graph, every page", FAILED, problems[0], "restore a backup: system restore <file>")


def _collect(context: Context) -> Findings:
    """The last run that read the clouds, and what it could not read."""
    app = context.app
    ended = next((run for run in app.tables.runs.last(100) if run.ended and "collect" in run.workflow), None)
    if ended is None:
        yield Finding("collect", WARNING, "nothing was collected yet", "workflows run collect_and_cleanup")
        return
    ago = format_duration(app.clock.now() - ended.ended)
    fine = ended.status in ("ok", "partial")
    remedy = "" if fine else f"workflows log {ended.id}"
    yield Finding("collect", OK if fine else WARNING, f"{ended.workflow} {ended.id}: {ended.status}, {ago} ago", remedy)
    bad = Counter(report.status.value for report, _ in app.graph.scopes(bad_only=True))
    if denied := bad.pop("denied", 0):
        yield Finding("permissions", WARNING, f"{denied} scopes are denied", "aws permissions --missing prints the policy that opens them")
    for status, count in sorted(bad.items()):
        yield Finding("scopes", WARNING, f"{count} {status}", "collect status --bad")


def _schedule(context: Context) -> Findings:
    app = context.app
    upcoming = app.scheduler.next_runs()
    if not upcoming:
        yield Finding("schedule", OK, "nothing is scheduled")
        return
    name, at = upcoming[0]
    following = f"{name} in {format_duration(max(0.0, at - app.clock.now()))}"
    if Claim(app.home / "locks" / "schedule.lock").holder() is None:
        remedy = "resh serve, or a prompt that stays open, keeps it"
        yield Finding("schedule", WARNING, f"{following}, but nobody keeps the schedule now", remedy)
    else:
        yield Finding("schedule", OK, following)


def _clouds(context: Context) -> Findings:
    """Credentials, by asking whose they are; and the clock, by the date of the answers."""
    for name, provider in context.app.providers.items():
        try:
            accounts = provider.accounts()
        except ReshError as error:
            yield Finding(name, FAILED, error.message, error.hint)
            continue
        yield Finding(name, OK, f"{_accounts(len(accounts))} can be reached")
        for problem in provider.problems:
            yield Finding(name, WARNING, problem.message, problem.hint)
        skew: float | None = getattr(provider, "skew", None)
        if skew is not None:
            yield _clock(abs(skew))


def _clock(skew: float) -> Finding:
    if skew < _SKEWED:
        return Finding("clock", OK, f"{skew:.0f} s from the cloud's")
    return Finding("clock", FAILED if skew > _REFUSED else WARNING, f"{format_duration(skew)} from the cloud's", "let NTP set it")


def _accounts(count: int) -> str:
    return f"{count:,} account{'' if count == 1 else 's'}"


_CHECKS: dict[str, Callable[[Context], Findings]] = {
    "versions": _versions,
    "state folder": _folder,
    "state files": _state,
    "graph": _graph,
    "graph, every page": _whole,
    "collect": _collect,
    "schedule": _schedule,
    "clouds": _clouds,
}

DOCTOR = Command(
    "doctor",
    run,
    "whether everything is well, and what to do where it is not",
    SOURCE,
    Role.operator,
    options=(
        Option("offline", help="leave the clouds out"),
        Option("thorough", help="read every page of the graph, too: a few seconds for each GB"),
    ),
    help="Looks at versions, the state folder, its files and room, the graph, the last collect and what it was denied, the schedule, "
    "credentials and the clock. It ends with status 1 when anything has failed.",
    examples=(
        ("doctor", "all of it"),
        ("doctor --offline | jq 'select(.check == \"permissions\") | .remedy'", "what to do about one of them"),
    ),
)
