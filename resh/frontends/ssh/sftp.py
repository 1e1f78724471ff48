"""The user's export folder over SFTP, to read and nothing else: `exports/<user>` of the state folder is the client's `/`.

No link is followed, wherever it leads: each part of a path is opened beneath the one before it, so that nothing can be exchanged meanwhile.
"""

from __future__ import annotations

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


class Exports(asyncssh.SFTPServer):
    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], root: Path, sent: Callable[[int], None]) -> None:
        super().__init__(channel)
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = root
        self._sent = sent

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & _CHANGES:
            _refuse()
        return self._open(path)

    def _open(self, path: bytes) -> BinaryIO:
        with self._parent(path) as (folder, name):
            descriptor = os.open(name, _FILE, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise asyncssh.SFTPPermissionDenied("only plain files can be read")
        return open(descriptor, "rb", buffering=0)

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        assert hasattr(file_obj, "fileno")
        data = os.pread(file_obj.fileno(), min(size, _MOST_AT_ONCE), offset)
        self._sent(len(data))
        return data

    def close(self, file_obj: object) -> None:
        assert hasattr(file_obj, "close")
        file_obj.close()

    def lstat(self, path: bytes) -> os.stat_result:
        with self._parent(path) as (folder, name):
            return os.stat(name, dir_fd=folder, follow_symlinks=False)

    def stat(self, path: bytes) -> os.stat_result:
        found = self.lstat(path)
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
        with self._folder(_parts(path)) as folder:
            names = os.listdir(folder)
            found = [(name, os.stat(name, dir_fd=folder, follow_symlinks=False)) for name in sorted(names)]
        for name, facts in found:
            yield asyncssh.SFTPName(os.fsencode(name), attrs=asyncssh.SFTPAttrs.from_local(facts))

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
