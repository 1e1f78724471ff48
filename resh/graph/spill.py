"""Contents of nodes on their way into the graph, in a file once they are many: a large account need not fit into memory twice.

    spill = Spill(folder)
    kept = spill.put(content)       # the content, or of a later one what the merge must have at hand of it
    spill.get(kept)                 # the content again

The file has no name, and goes with the process whatever happens to it.
"""

from __future__ import annotations

import pickle
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from resh.errors import GraphError
from resh.graph.content import Content
from resh.model.scope import Scope

_IN_MEMORY = 32 << 20  # bytes of documents
_BUFFER = 1 << 20  # bytes


class Stub(NamedTuple):
    """Of a content that is in the file."""

    hash: bytes
    kind: str
    scope: Scope
    start: int
    size: int


Kept = Content | Stub


class Spill:
    """Not safe for threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._room = _IN_MEMORY
        self._file: IO[bytes] | None = None
        self._end = 0
        self._at_end = True

    def put(self, content: Content) -> Kept:
        """Raises GraphError when there is no room."""
        if self._room > 0:
            self._room -= len(content.body)
            return content
        hash, kind, scope, *rest = content
        written = pickle.dumps(rest)
        try:
            self._write(written)
        except OSError as error:
            raise GraphError(f"what a collect finds cannot be kept: {error.strerror}", "make room beside the graph") from None
        stub = Stub(hash, kind, scope, self._end, len(written))
        self._end += len(written)
        return stub

    def get(self, kept: Kept) -> Content:
        if isinstance(kept, Content):
            return kept
        assert self._file is not None
        try:
            self._file.seek(kept.start)  # writes what waits to be written
        except OSError as error:
            raise GraphError(f"what a collect found cannot be kept: {error.strerror}", "make room beside the graph") from None
        self._at_end = False
        return Content(kept.hash, kept.kind, kept.scope, *pickle.loads(self._file.read(kept.size)))

    def close(self) -> None:
        if self._file:
            with suppress(OSError):  # what could not be written is wanted no more
                self._file.close()
            self._file = None

    def _write(self, written: bytes) -> None:
        if self._file is None:
            self._file = TemporaryFile(buffering=_BUFFER, dir=self._folder)  # noqa: SIM115 - until the merge is over
        if not self._at_end:
            self._file.seek(self._end)
            self._at_end = True
        self._file.write(written)
