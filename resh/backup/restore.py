"""A state folder as it was when a backup was made; others may go on working with it meanwhile.

    with unpacked(Path("resh.tar.gz"), home, cancel) as (folder, manifest):
        restore(home, database, folder, manifest, cancel)       Restored

The graph's content is replaced in one transaction, for all processes at once. Settings, templates and the like are replaced one by one.
What happened stays on record, and who may enter is not changed by an old file: the journal, events, runs, histories and SSH files are only
brought where there are none.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from resh.backup.archive import GRAPH, Manifest
from resh.cancel import Cancel
from resh.errors import StateError
from resh.graph.database import Database
from resh.record import Record
from resh.state.atomic_storage import AtomicStorage

_STATE = "state"
_KEPT = frozenset(("runs.json", "job_runs.json", "schedule.json", "paces.json", "prices.json"))
"""Of the state: what was learned and what happened."""


class Restored(Record):
    """Paths in the state folder: what is now as the backup has it, and what was kept because it was there."""

    replaced: tuple[str, ...]
    kept: tuple[str, ...]


def restore(home: Path, database: Database, folder: Path, manifest: Manifest, cancel: Cancel) -> Restored:
    """`folder` has the unpacked files. Raises StateError, with nothing changed, where this version cannot read one."""
    _check_state(folder / _STATE)
    database.replace(folder / GRAPH, cancel)
    replaced, kept = [GRAPH], list[str]()
    for name in manifest.files:
        if name != GRAPH:
            (replaced if _bring(folder / name, home / name) else kept).append(name)
    return Restored(tuple(replaced), tuple(kept))


def _check_state(folder: Path) -> None:
    """Every table can be read by this version, before the first is replaced."""
    for path in folder.glob("*.json"):
        if path.name not in _KEPT:
            AtomicStorage(path).read()


def _bring(source: Path, target: Path) -> bool:
    if target.parent.name == _STATE and target.suffix == ".json" and target.name not in _KEPT:
        AtomicStorage(target).write(AtomicStorage(source).read() or {})
        return True
    if target.exists():
        return False
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.restored")
    try:
        shutil.copyfile(source, fresh)
        os.chmod(fresh, 0o600)
        os.replace(fresh, target)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise StateError(f"{target}: {error.strerror}", "graph and settings are restored; do it again when there is room") from None
    return True
