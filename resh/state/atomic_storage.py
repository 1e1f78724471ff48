"""A TinyDB storage that survives `kill -9`, a full disk, several threads and several processes.

    storage = AtomicStorage(home / "state" / "settings.json")
    with storage.lock, TinyDB(storage=lambda: storage) as db:    # read, change, write: all under the lock
        db.table("settings").insert({...})
    storage.read()                                               # at any time, without the lock: the old file or the new one

It is a storage by its methods and not by its base class, so that a plain read never imports TinyDB. `tables.py` uses it.
A write goes to a temporary file beside the target, is synced and renamed; the version before stays as `.bak`.
A file that does not parse or that a newer resh wrote is an error and is never overwritten.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resh.errors import StateError
from resh.lock import FileLock, open_private

FORMAT = 1
_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
Contents = dict[str, dict[str, Any]]


class AtomicStorage:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.backup = path.with_name(path.name + ".bak")
        self.lock = FileLock(path.with_suffix(".lock"))
        self._sound: tuple[int, int, int] | None = None

    def stamp(self) -> object:
        """Another one after each write; None while there is no file."""
        try:
            return _signature(os.stat(self.path))
        except FileNotFoundError:
            return None

    def read(self) -> Contents | None:
        """All tables; None when there is no file yet. Raises StateError when it is unreadable, damaged or newer."""
        try:
            with self.path.open("rb") as file:
                signature = _signature(os.fstat(file.fileno()))
                text = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateError(f"{self.path} cannot be read: {error.strerror}", "the state folder must be yours and readable") from None
        contents = self._checked(text)
        self._sound = signature
        return contents

    def write(self, contents: Contents) -> None:
        with self.lock:
            self._refuse_unsound()
            text = _text(contents)
            try:
                self._replace(text.encode())
            except OSError as error:
                raise StateError(f"{self.path} cannot be written: {error.strerror}", "what it held before is unchanged") from None

    def close(self) -> None:
        """Nothing stays open between two calls."""

    def _checked(self, text: bytes) -> Contents:
        try:
            contents = json.loads(text)
        except ValueError as error:
            raise self._damaged(str(error)) from None
        if not isinstance(contents, dict) or not isinstance(contents.get("format"), int):
            raise self._damaged("it names no format")
        version = contents.pop("format")
        if version > FORMAT:
            raise StateError(
                f"{self.path} was written by a newer resh (format {version}, this one knows {FORMAT})",
                "update resh, or use another state folder",
            )
        if not all(isinstance(table, dict) for table in contents.values()):
            raise self._damaged("a table is not an object")
        return contents

    def _damaged(self, why: str) -> StateError:
        if self.backup.exists():
            hint = f"restore the version before it: cp {self.backup} {self.path}"
        else:
            hint = f"move it away to start afresh: mv {self.path} {self.path}.damaged"
        return StateError(f"{self.path} is damaged: {why}", hint)

    def _refuse_unsound(self) -> None:
        """Read what is there now, unless it is what was read last: only a sound file may be replaced."""
        try:
            unchanged = self._sound == _signature(os.stat(self.path))
        except OSError:
            unchanged = False
        if not unchanged:
            self.read()

    def _replace(self, text: bytes) -> None:
        temporary = self.path.with_name(self.path.name + ".tmp")
        fd = open_private(temporary, os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(fd, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(fd)
        if self.path.exists():
            self._keep_backup()
        os.replace(temporary, self.path)
        _sync_folder(self.path.parent)

    def _keep_backup(self) -> None:
        """A second name for the present file; there is no moment without the file or without a backup."""
        fresh = self.backup.with_name(self.backup.name + ".tmp")
        fresh.unlink(missing_ok=True)
        try:
            os.link(self.path, fresh)
        except OSError:  # a file system without hard links
            import shutil

            shutil.copy2(self.path, fresh)
        os.replace(fresh, self.backup)


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _text(contents: Contents) -> str:
    """A line for each row: `json` would indent them in Python, which takes twenty times as long, and nobody else's turn meanwhile."""
    tables = [f'"format": {FORMAT}', *(f"{_json(name)}: {{\n{_rows(rows)}}}" for name, rows in contents.items())]
    return f"{{{', '.join(tables)}}}"


def _rows(rows: Mapping[str, Any]) -> str:
    return ",\n".join(f"{_json(str(number))}: {_json(row)}" for number, row in rows.items())
