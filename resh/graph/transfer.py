"""A graph as lines of text, to take it to another machine, and back. Both ways no more than a line is in memory.

    export(database, "main", file, cancel, now)         Exported: how many rows of which table
    load(lines, draft, cancel)                          a graph's file with what the lines say; checked to the last one

The first line says what it is, then each table has a line with its columns and one for each row; the last one has the number of rows and
the SHA-256 of everything before it. Bytes are {"hex": …}. Time series and the index of words are no part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

import apsw
import orjson

from resh import __version__
from resh.cancel import Cancel
from resh.clock import iso
from resh.errors import StateError
from resh.graph import text_index
from resh.graph.database import VERSION, Database, build
from resh.record import Record

FORMAT = 1
TABLES = ("kind", "property", "account", "scope", "node", "doc", "edge", "adj", "usage", "hist", "edge_hist", "horizon")
_READ = {"reported": "json(reported)"}
_WRITTEN = {"reported": "jsonb(?)"}
_LOST = "SELECT count(*) FROM node n LEFT JOIN doc d ON d.nid = n.nid WHERE d.nid IS NULL"


class Exported(Record):
    """`rows` by table."""

    rows: Mapping[str, int]

    @property
    def resources(self) -> int:
        return self.rows["node"]


def export(database: Database, name: str, file: IO[bytes], cancel: Cancel, now: float) -> Exported:
    """All of one moment, while others go on writing."""
    sha, counts = hashlib.sha256(), dict.fromkeys(TABLES, 0)

    def write(value: Any) -> None:
        line = orjson.dumps(value, default=_bytes) + b"\n"
        sha.update(line)
        file.write(line)

    connection = database.private()
    try:
        with database.faults(), cancel.interrupting(connection.interrupt):
            connection.execute("BEGIN")
            write({"graph": name, "format": FORMAT, "schema": VERSION, "created": iso(now), "resh": __version__})
            for table in TABLES:
                columns = _columns(connection, table)
                write({"table": table, "columns": columns})
                for row in connection.execute(f"SELECT {', '.join(_READ.get(column, column) for column in columns)} FROM {table}"):
                    cancel.check()
                    write(row)
                    counts[table] += 1
    finally:
        connection.close()
    write({"rows": sum(counts.values()), "sha256": sha.hexdigest()})
    return Exported(counts)


def load(lines: Iterable[bytes], draft: Path, cancel: Cancel) -> Exported:
    """Raises StateError with the line for what is no export, is damaged, ends early or is of another version. The draft is the caller's."""
    reader = _Reader(lines, cancel)
    build(draft, index=False)
    connection = apsw.Connection(str(draft), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.execute("PRAGMA synchronous = off; PRAGMA cache_size = -65536").fetchall()  # it counts for nothing until it is whole
        with connection:
            connection.execute("DELETE FROM account")
            for table, columns in reader.tables():
                if columns != _columns(connection, table):
                    reader.refuse(f"the columns of {table} are others")
                values = ", ".join(_WRITTEN.get(column, "?") for column in columns)
                connection.executemany(f"INSERT INTO {table} VALUES ({values})", reader.rows(len(columns)))
            text_index.create(connection)
        _check(connection, reader)
        connection.execute("PRAGMA synchronous = full; PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except apsw.InterruptError:
        cancel.check()
        raise
    except apsw.Error as error:
        reader.refuse(str(error))
    finally:
        connection.close()
    return Exported(reader.counts)


class _Reader:
    """The lines, one by one, with the number of the present one."""

    def __init__(self, lines: Iterable[bytes], cancel: Cancel) -> None:
        self.counts = dict.fromkeys(TABLES, 0)
        self._lines, self._cancel = iter(lines), cancel
        self._sha, self._number = hashlib.sha256(), 0
        self._waiting: list[Any] = []

    def tables(self) -> Iterator[tuple[str, list[str]]]:
        self._greet(self._next())
        for table in TABLES:
            head = self._next()
            if not isinstance(head, dict) or head.get("table") != table or not isinstance(head.get("columns"), list):
                self.refuse(f"here the table {table} should begin")
            self._table = table
            yield table, head["columns"]
        self._end(self._next())

    def rows(self, columns: int) -> Iterator[Sequence[Any]]:
        """Those of the present table; the line behind them waits."""
        while isinstance(row := self._next(), list):
            if len(row) != columns:
                self.refuse(f"a row of {self._table} has {len(row)} values, not {columns}")
            self.counts[self._table] += 1
            yield tuple(self._value(value) for value in row)
        self._waiting.append(row)

    def refuse(self, why: str) -> NoReturn:
        raise StateError(f"line {self._number} of the export: {why}", "nothing was changed; take another one") from None

    def _next(self) -> Any:
        if self._waiting:
            return self._waiting.pop()
        self._cancel.check()
        line = next(self._lines, b"")
        self._number += 1
        if not line.endswith(b"\n"):
            self.refuse("it ends too early" if not line else "the line is not whole")
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            self.refuse(f"is no JSON ({error.msg})")
        if not (isinstance(found, dict) and "sha256" in found):
            self._sha.update(line)
        return found

    def _greet(self, head: Any) -> None:
        if not isinstance(head, dict) or not isinstance(head.get("format"), int) or "graph" not in head:
            self.refuse("is not the first of a graph that resh exported")
        if head["format"] > FORMAT or head.get("schema") != VERSION:
            self.refuse(f"it was written by resh {head.get('resh')}, whose graphs are of another format")

    def _end(self, last: Any) -> None:
        if not isinstance(last, dict) or "sha256" not in last:
            self.refuse("here the last line should be")
        if last["sha256"] != self._sha.hexdigest() or last.get("rows") != sum(self.counts.values()):
            self.refuse("the export is not what was written")
        if next(self._lines, b""):
            self.refuse("behind it nothing should be")

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            try:
                return bytes.fromhex(value["hex"])
            except (KeyError, TypeError, ValueError):
                self.refuse(f"{orjson.dumps(value)[:40]!r} is no value")
        if isinstance(value, list):
            self.refuse("a list is no value")
        return value


def _check(connection: apsw.Connection, reader: _Reader) -> None:
    if lost := connection.execute(_LOST).get:
        reader.refuse(f"{lost} resources have no document")
    problems = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    if problems != ["ok"]:
        reader.refuse(problems[0])


def _columns(connection: apsw.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]


def _bytes(value: Any) -> Mapping[str, str]:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    raise TypeError(type(value).__name__)


def opened(file: IO[bytes]) -> Iterable[bytes]:
    """The lines of a file, unpacked when it is gzipped. Raises OSError and EOFError as they are read."""
    start = file.read(2)
    file.seek(0)
    if start != b"\x1f\x8b":
        return file
    import gzip

    return gzip.GzipFile(fileobj=file)
