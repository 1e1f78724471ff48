"""Where a session may write files: at the machine itself anywhere, over SSH beneath `exports/<user>` of the state folder, which sftp reads.

    with context.files.replacing("report.csv") as output:           # whole or not at all
    with context.files.appending("session.txt") as output:          # behind what is there
        output.write("…"); output.buffer.write(b"…")

Everything that writes a file for a user goes through here. What leads out of the export folder is refused, whatever name or link leads
there: each part of a path is opened beneath the one before it, and no link is followed.
"""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from resh.errors import BadValue, Denied, ReshError
from resh.text import did_you_mean

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

FOLDER = "exports"
MOST_FILES = 10_000
_DEEPEST = 8
_UNSAFE = re.compile(r"[^\w.@-]")
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LOOK_AGAIN = 8 << 20
"""Bytes after which a writer looks how full the folder is, if there is that much room: others write, too."""


class Place(NamedTuple):
    """An open folder, and a name in it that has no separator."""

    folder: int
    name: str


class Files(ABC):
    """Errors name the file as the user did."""

    @abstractmethod
    def _place(self, file: str) -> AbstractContextManager[Place]: ...

    def _room(self, wanted: int = 1) -> int:
        """Bytes that may be written; ReshError when those that are wanted may not."""
        return sys.maxsize

    @contextmanager
    def replacing(self, file: str) -> Iterator[io.TextIOWrapper]:
        """What is written takes the place of the file when the block ends well."""
        with _named(file), self._place(file) as place, _aside(place) as descriptor, _text(descriptor, self._room) as output:
            yield output

    @contextmanager
    def appending(self, file: str) -> Iterator[io.TextIOWrapper]:
        """Behind what the file has; whoever wants others to see it meanwhile flushes."""
        with _named(file), self._place(file) as place, _text(_append(place), self._room) as output:
            yield output


class Anywhere(Files):
    """At the machine itself: what the system lets its user write. A link is followed; a device gets what is written."""

    @contextmanager
    def replacing(self, file: str) -> Iterator[io.TextIOWrapper]:
        path = _expanded(file)
        if path.is_dir() or path.is_file() or not path.exists():
            with super().replacing(file) as output:
                yield output
        else:
            with _named(file), _text(os.open(path, os.O_WRONLY | os.O_CLOEXEC), self._room) as output:
                yield output

    @contextmanager
    def appending(self, file: str) -> Iterator[io.TextIOWrapper]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        with _named(file), _text(os.open(_expanded(file), flags, 0o600), self._room) as output:
            yield output

    @contextmanager
    def _place(self, file: str) -> Iterator[Place]:
        path = _expanded(file)
        path = path.resolve() if path.is_symlink() else path
        if not path.name:
            raise IsADirectoryError(21, "it is a folder")
        folder = os.open(path.parent, _OPEN_FOLDER)
        try:
            yield Place(folder, path.name)
        finally:
            os.close(folder)


class Exports(Files):
    """The export folder of a user, `most_bytes` large. Folders in it are made as they are named."""

    def __init__(self, home: Path, user: str, most_bytes: int = 0) -> None:
        self.root = home / FOLDER / file_name(user)
        self._most = most_bytes

    @contextmanager
    def new(self, names: Iterable[str]) -> Iterator[tuple[str, io.TextIOWrapper]]:
        """A file under the first of these names that none has yet, and which name that is."""
        self._room()
        with _named(FOLDER), self._opened([]) as folder:
            name, descriptor = next(found for found in ((name, _created(name, folder)) for name in names) if found[1] >= 0)
            with _text(descriptor, self._room) as output:
                yield name, output

    def all(self) -> Iterator[tuple[str, os.stat_result]]:
        """Every file beneath the folder, by its path there."""
        if not self.root.is_dir():
            return
        for at, folders, names, folder in os.fwalk(self.root):
            folders.sort()
            for name in sorted(names):
                with suppress(OSError):
                    yield os.path.relpath(os.path.join(at, name), self.root), os.stat(name, dir_fd=folder, follow_symlinks=False)

    def delete(self, file: str) -> None:
        """One of `all`; a link goes itself, and a folder when nothing is left in it."""
        if file not in (known := [name for name, _ in self.all()]):
            raise ReshError(f"there is no file '{file}' in your export folder", did_you_mean(file, known) or "exports list shows them")
        *folders, name = file.split("/")
        with _named(file), self._opened(folders) as folder:
            os.unlink(name, dir_fd=folder)
        for depth in range(len(folders), 0, -1):
            with suppress(OSError), self._opened(folders[: depth - 1]) as folder:
                os.rmdir(folders[depth - 1], dir_fd=folder)

    @contextmanager
    def _place(self, file: str) -> Iterator[Place]:
        *folders, name = _parts(file)
        self._room()
        with self._opened(folders) as folder:
            yield Place(folder, name)

    @contextmanager
    def _opened(self, folders: list[str]) -> Iterator[int]:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(self.root, _OPEN_FOLDER | os.O_NOFOLLOW)
        try:
            for part in folders:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o700, dir_fd=folder)
                below = os.open(part, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = below
            yield folder
        finally:
            os.close(folder)

    def _room(self, wanted: int = 1) -> int:
        sizes = [found.st_size for _, found in self.all()]
        used, number = sum(sizes), len(sizes)
        if used + wanted > self._most or number >= MOST_FILES:
            full = f"{used / 1e6:,.0f} MB" if used + wanted > self._most else f"{number:,} files"
            raise ReshError(f"your export folder is full: {full}", "fetch what you need with sftp, then exports delete makes room")
        return self._most - used


def file_name(user: str) -> str:
    """The user's name as one of a file, whatever it is."""
    return _UNSAFE.sub("_", user).lstrip(".") or "_"


def _parts(file: str) -> list[str]:
    """Of a path beneath the export folder; Denied when it is none."""
    hint = "over SSH files go into a folder of your own: write a name such as report.csv, sftp reads it"
    if not file.isprintable():
        raise BadValue(f"{file!r} has characters that no name of a file may have here", hint)
    parts = [part for part in file.split("/") if part != "."]
    if file.startswith(("/", "~")) or ".." in parts:
        raise Denied(f"'{file}' leads out of your export folder", hint)
    if not all(parts) or not parts or len(parts) > _DEEPEST or any(part.startswith(".") for part in parts):
        raise BadValue(f"'{file}' is no name for a file here", f"up to {_DEEPEST} names, none with a dot in front: a/report.csv")
    return parts


def _expanded(file: str) -> Path:
    try:
        return Path(file).expanduser()
    except RuntimeError:  # ~nobody
        raise BadValue(f"'{file}' names the home of nobody", "write the whole path") from None


@contextmanager
def _aside(place: Place) -> Iterator[int]:
    """The descriptor of a new file, which takes its place at the end of the block; nothing of it stays when that fails."""
    temporary = f".resh-{os.urandom(6).hex()}"
    descriptor = os.open(temporary, _NEW, 0o600, dir_fd=place.folder)
    try:
        yield os.dup(descriptor)
        os.fchmod(descriptor, _mode(place))
        os.fsync(descriptor)
        os.replace(temporary, place.name, src_dir_fd=place.folder, dst_dir_fd=place.folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=place.folder)
        raise
    finally:
        os.close(descriptor)


def _mode(place: Place) -> int:
    """What the file had; a new one may be read by its owner alone, for it holds an inventory."""
    try:
        found = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    except OSError:
        return 0o600
    return found.st_mode & 0o777 if stat.S_ISREG(found.st_mode) else 0o600


def _created(name: str, folder: int) -> int:
    """A descriptor; -1 when there is something of that name."""
    try:
        return os.open(name, _NEW, 0o600, dir_fd=folder)
    except FileExistsError:
        return -1


def _append(place: Place) -> int:
    """Only to a plain file that has no other name elsewhere."""
    descriptor = os.open(place.name, _APPEND, 0o600, dir_fd=place.folder)
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
        return descriptor
    os.close(descriptor)
    raise OSError(1, "it is no plain file of its own")


class _Bounded(io.FileIO):
    """Asks for room as it grows."""

    def __init__(self, descriptor: int, room: Callable[[int], int]) -> None:
        super().__init__(descriptor, "w")
        self._room = room
        self._left = 0

    def write(self, data: Buffer, /) -> int:
        size = len(memoryview(data))
        if size > self._left:
            self._left = min(self._room(size), max(size, _LOOK_AGAIN))
        self._left -= size
        return super().write(data)


def _text(descriptor: int, room: Callable[[int], int]) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(_Bounded(descriptor, room)), "utf-8", "backslashreplace", newline="\n")


@contextmanager
def _named(file: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise ReshError(f"{file}: {error.strerror}", "write to a file, in a folder that exists and is yours") from None
