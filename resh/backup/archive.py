"""A state folder in one file, made while resh works, and read only after all of it was checked.

    made = write(home, database, Path("resh.tar.gz"), cancel, now)          Manifest: when, by which version, how many resources
    with unpacked(Path("resh.tar.gz"), home, cancel) as (folder, manifest): ...   the files, each with the content that was written

The graph in it is a copy that SQLite makes of one moment; every other file is replaced as a whole or only grows. The archive is a
gzipped tar; its last member, `manifest.json`, has the SHA-256 of every other one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO

import apsw

from resh import __version__
from resh.cancel import Cancel
from resh.clock import iso
from resh.errors import ReshError, StateError
from resh.graph import database as graph
from resh.graph.beside import FOLDER as GRAPHS
from resh.graph.beside import SUFFIX
from resh.graph.database import Database
from resh.record import Record
from resh.whole_file import replacing

GRAPH = "graph.sqlite3"
MANIFEST = "manifest.json"
FORMAT = 1
_LEFT_OUT = ("locks", "backups", "visits", GRAPHS)
_ENDS_LEFT_OUT = (".lock", ".bak", ".tmp")
_CHUNK = 1 << 20
_MOST = 1 << 20  # bytes of a manifest
_QUICK = 1  # level of the compression: the next ones take three times as long for a tenth less


class Manifest(Record):
    """`files` has the SHA-256 of each by its path in the state folder."""

    created: str
    version: str
    resources: int
    files: Mapping[str, str]


def write(home: Path, database: Database, target: Path, cancel: Cancel, now: float) -> Manifest:
    """The archive appears whole or not at all, and only its owner may read it. Raises ReshError where it cannot be written."""
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=home) as scratch, replacing(target) as file:
            copy = Path(scratch) / GRAPH
            resources = _copy_graph(database, copy, cancel)
            hashes: dict[str, str] = {}
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_QUICK, format=tarfile.PAX_FORMAT) as tar:
                for name, path in chain([(GRAPH, copy)], _beside(home, Path(scratch), cancel), _files(home)):
                    with suppress(FileNotFoundError):  # it was replaced by one of another name
                        hashes[name] = _add(tar, name, path, cancel, now)
                manifest = Manifest(iso(now), __version__, resources, hashes)
                body = json.dumps({"format": FORMAT, **manifest.__dict__}, indent=1).encode()
                tar.addfile(_entry(MANIFEST, len(body), now), io.BytesIO(body))
    except OSError as error:
        raise ReshError(f"{target}: {error.strerror}", "write into a folder that is yours and has room") from None
    return manifest


@contextmanager
def unpacked(archive: Path, home: Path, cancel: Cancel) -> Iterator[tuple[Path, Manifest]]:
    """All files in a folder beside the state, which goes with the block. Raises StateError for what is no archive of ours, or damaged."""
    try:
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as scratch:
            folder = Path(scratch)
            manifest = _unpack(archive, folder, cancel)
            _check_graph(folder / GRAPH, archive)
            yield folder, manifest
    except (tarfile.TarError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _damaged(archive, str(error) or type(error).__name__) from None
    except OSError as error:
        raise StateError(f"{archive}: {error.strerror or error}", "name a backup that resh made, beside room for its content") from None


def _copy_graph(database: Database, copy: Path, cancel: Cancel) -> int:
    """Of one moment, without free pages; returns how many resources it has."""
    connection = database.private()
    try:
        with database.faults(), cancel.interrupting(connection.interrupt):
            cancel.check()
            connection.execute("VACUUM INTO ?", (str(copy),))
    finally:
        connection.close()
    os.chmod(copy, 0o600)
    check = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return int(check.execute("SELECT count(*) FROM node").get)
    finally:
        check.close()


def _beside(home: Path, scratch: Path, cancel: Cancel) -> Iterator[tuple[str, Path]]:
    """The graphs beside it, copied one after the other."""
    for path in sorted((home / GRAPHS).glob(f"*{SUFFIX}")):
        copy, database = scratch / "beside", Database(path)
        try:
            _copy_graph(database, copy, cancel)
            yield f"{GRAPHS}/{path.name}", copy
        finally:
            database.close()
            copy.unlink(missing_ok=True)


def _files(home: Path) -> Iterator[tuple[str, Path]]:
    """Every other file by its path in the folder. Links are not followed: what they lead to is not ours."""
    for folder, folders, names in os.walk(home):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not (here == home and name in _LEFT_OUT))
        for name in sorted(names):
            path = here / name
            if name.startswith((".", GRAPH)) or name.endswith(_ENDS_LEFT_OUT) or path.is_symlink() or not path.is_file():
                continue
            yield path.relative_to(home).as_posix(), path


def _add(tar: tarfile.TarFile, name: str, path: Path, cancel: Cancel, now: float) -> str:
    """A file that grows meanwhile is taken as long as it is now."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        reader = _Reader(file, size, cancel)
        tar.addfile(_entry(name, size, now), reader)
    return reader.hash


def _entry(name: str, size: int, now: float) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(now), 0o600
    return entry


class _Reader:
    """The first `size` bytes of a file, and their hash."""

    def __init__(self, file: IO[bytes], size: int, cancel: Cancel) -> None:
        self._file, self._left, self._cancel = file, size, cancel
        self._sha = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        self._cancel.check()
        found = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(found)
        self._sha.update(found)
        return found

    @property
    def hash(self) -> str:
        return self._sha.hexdigest()


def _unpack(archive: Path, folder: Path, cancel: Cancel) -> Manifest:
    found: dict[str, str] = {}
    manifest = None
    with tarfile.open(archive, mode="r|gz") as tar:
        for entry in tar:
            source = tar.extractfile(entry) if entry.isreg() else None
            if source is None or manifest is not None:
                raise _damaged(archive, f"{entry.name} does not belong into a backup")
            if entry.name == MANIFEST:
                manifest = _manifest(archive, source.read(_MOST))
            else:
                found[entry.name] = _extract(source, _place(archive, folder, entry.name), cancel)
    if manifest is None:
        raise _damaged(archive, "its end is missing")
    if wrong := sorted(name for name in found.keys() | manifest.files.keys() if found.get(name) != manifest.files.get(name)):
        raise _damaged(archive, f"{wrong[0]} is not what was written")
    return manifest


def _place(archive: Path, folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        raise _damaged(archive, f"{name!r} leads out of the folder")
    return folder.joinpath(*parts)


def _extract(source: IO[bytes], target: Path, cancel: Cancel) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sha = hashlib.sha256()
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(descriptor, "wb") as file:
        while part := source.read(_CHUNK):
            cancel.check()
            sha.update(part)
            file.write(part)
    return sha.hexdigest()


def _manifest(archive: Path, text: bytes) -> Manifest:
    try:
        found = json.loads(text)
        if found["format"] > FORMAT:
            raise StateError(f"{archive} was made by a newer resh ({found['version']})", "restore it with that version, or upgrade resh")
        return Manifest(str(found["created"]), str(found["version"]), int(found["resources"]), dict(found["files"]))
    except (ValueError, KeyError, TypeError):
        raise _damaged(archive, "its manifest cannot be read") from None


def _check_graph(path: Path, archive: Path) -> None:
    """Opened as a graph of this version, and whole."""
    if not path.exists():
        raise _damaged(archive, "there is no graph in it")
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        graph.require_ours(path, connection)
        problems = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    except apsw.Error as error:
        problems = [str(error)]
    finally:
        connection.close()
    if problems != ["ok"]:
        raise _damaged(archive, f"its graph is damaged: {problems[0]}")


def _damaged(archive: Path, why: str) -> StateError:
    return StateError(f"{archive} is no whole backup of resh: {why}", "nothing was changed; take another one")
