"""The user's export folder over SFTP, to read and nothing else: `exports/<user>` of the state folder is the client's `/`.

No link is followed, wherever it leads: each part of a path is opened beneath the one before it, so that nothing can be exchanged meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Never

import asyncssh

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHANGES = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC | asyncssh.FXF_EXCL
SFTP_VERSION = 3
"""What OpenSSH speaks."""
_MOST_AT_ONCE = 1 << 18
MOST_OPEN = 32
"""Files and folders that a client may have open; the server has not many more descriptors for everybody."""


class Exports(asyncssh.SFTPServer):
    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], root: Path, sent: Callable[[int], None]) -> None:
        super().__init__(channel)
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = root
        self._sent = sent
        self._open = 0
        self._flows = asyncio.Event()
        self._flows.set()

    def pause(self, paused: bool) -> None:
        """Whether the client takes nothing at the moment."""
        (self._flows.clear if paused else self._flows.set)()

    def exit(self) -> None:
        """The client has what it wanted. scp takes a channel that ends without a status for a failure."""
        if not self.channel.is_closing():
            self.channel.exit(0)

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & _CHANGES:
            _refuse()
        return self._opened(path)

    def _opened(self, path: bytes) -> BinaryIO:
        with self._one_more(), self._parent(path) as (folder, name):
            descriptor = os.open(name, _FILE, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise asyncssh.SFTPPermissionDenied("only plain files can be read")
        self._open += 1  # until it is closed
        return open(descriptor, "rb", buffering=0)

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        await self._turn()
        assert hasattr(file_obj, "fileno")
        data = os.pread(file_obj.fileno(), min(size, _MOST_AT_ONCE), offset)
        self._sent(len(data))
        return data

    def close(self, file_obj: object) -> None:
        assert hasattr(file_obj, "close")
        self._open -= 1
        file_obj.close()

    async def lstat(self, path: bytes) -> os.stat_result:
        await self._turn()
        with self._parent(path) as (folder, name):
            return os.stat(name, dir_fd=folder, follow_symlinks=False)

    async def stat(self, path: bytes) -> os.stat_result:
        found = await self.lstat(path)
        if stat.S_ISLNK(found.st_mode):
            raise asyncssh.SFTPPermissionDenied("links are not followed")
        return found

    def fstat(self, file_obj: object) -> os.stat_result:
        assert hasattr(file_obj, "fileno")
        return os.fstat(file_obj.fileno())

    def realpath(self, path: bytes) -> bytes:
        """As the client sees it: there is nothing above `/`, and no link to look through."""
        return b"/" + b"/".join(_parts(path))

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        await self._turn()
        with self._one_more():
            for name, facts in self._listed(path):
                yield asyncssh.SFTPName(os.fsencode(name), attrs=asyncssh.SFTPAttrs.from_local(facts))

    def _listed(self, path: bytes) -> list[tuple[str, os.stat_result]]:
        with self._folder(_parts(path)) as folder:
            return [(name, os.stat(name, dir_fd=folder, follow_symlinks=False)) for name in sorted(os.listdir(folder))]

    async def _turn(self) -> None:
        """Between two requests others have theirs; while the client takes nothing, it gets nothing: it may have asked a thousand times."""
        await asyncio.sleep(0)
        await self._flows.wait()

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        if self._open >= MOST_OPEN:
            raise asyncssh.SFTPFailure(f"{MOST_OPEN} files and folders are open already: close some")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    @contextmanager
    def _parent(self, path: bytes) -> Iterator[tuple[int, bytes]]:
        parts = _parts(path)
        with self._folder(parts[:-1]) as folder:
            yield folder, parts[-1] if parts else b"."

    @contextmanager
    def _folder(self, parts: list[bytes]) -> Iterator[int]:
        folder = os.open(self._root, _FOLDER)
        try:
            for part in parts:
                below = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = below
            yield folder
        finally:
            os.close(folder)

    # -- what changes something, or leads elsewhere ------------------------------------------------------------------------------

    def open56(self, path: bytes, desired_access: int, flags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """Of versions that are not spoken here."""
        _refuse()

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        _refuse()

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        _refuse()

    def lsetstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        _refuse()

    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        _refuse()

    def remove(self, path: bytes) -> None:
        _refuse()

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        _refuse()

    def rmdir(self, path: bytes) -> None:
        _refuse()

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        _refuse()

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        _refuse()

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        _refuse()

    def link(self, oldpath: bytes, newpath: bytes) -> None:
        _refuse()

    def readlink(self, path: bytes) -> bytes:
        _refuse()

    def statvfs(self, path: bytes) -> Never:
        _refuse()

    def fstatvfs(self, file_obj: object) -> Never:
        _refuse()

    def fsync(self, file_obj: object) -> None:
        _refuse()


def _refuse() -> Never:
    raise asyncssh.SFTPPermissionDenied("this folder can only be read")


def _parts(path: bytes) -> list[bytes]:
    """Without `.`; `..` leads back, and never above the root."""
    parts: list[bytes] = []
    for part in path.split(b"/"):
        if part == b"..":
            del parts[-1:]
        elif part not in (b"", b"."):
            parts.append(part)
    return parts
