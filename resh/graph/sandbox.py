"""A SELECT of somebody else, run so that it can do no harm: it sees what we show it, writes nothing, and ends in time.

    sandbox = Sandbox(database, views, {"edges": Edges()})
    for names, row in sandbox.run("select name from volume limit 5", seconds=60, cancel=cancel): ...      # ("name",), ("data",)

It has a connection of its own that cannot write. An authorizer allows reading of our views and tables, and functions without effects;
everything else is denied, the graph's own tables too: they are for the views alone. A view is made when a statement turns out to name it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from secrets import token_hex
from time import monotonic
from typing import Any, cast

import apsw

from resh.cancel import Cancel
from resh.errors import Cancelled, TimedOut
from resh.graph.database import Database
from resh.graph.regex import regex_function
from resh.graph.virtual import Module, Rows, Source

FUNCTIONS = frozenset(
    name
    for line in (
        "abs ceil ceiling exp floor ln log log10 log2 mod pi pow power radians degrees random round sign sqrt trunc",
        "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan tanh",
        "char coalesce concat concat_ws format glob hex if ifnull iif instr length like lower ltrim max min nullif octet_length",
        "printf quote regexp replace rtrim substr substring trim typeof unhex unicode upper likelihood likely unlikely",
        "avg count group_concat median percentile percentile_cont percentile_disc string_agg sum total",
        "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number",
        "date datetime julianday strftime time timediff unixepoch",
        "-> ->> json json_array json_array_length json_error_position json_extract json_group_array json_group_object json_insert",
        "json_object json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid jsonb jsonb_extract",
    )
    for name in line.split()
)
_TABLE_FUNCTIONS = frozenset(("json_each", "json_tree"))
_LIMITS = {
    apsw.SQLITE_LIMIT_LENGTH: 50_000_000,
    apsw.SQLITE_LIMIT_SQL_LENGTH: 1_000_000,
    apsw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    apsw.SQLITE_LIMIT_ATTACHED: 0,
}
_STEPS = 10_000  # of SQLite's machine between two looks at the clock: some milliseconds
_MISSING = re.compile(r"no such table: (?:main\.|temp\.)?(.*)")


class Refused(Exception):
    """SQLite, or the sandbox, does not take the statement. `position` is an offset into it in bytes, or None."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Sandbox:
    """`views(name)` is the SELECT of a view over the tables of `main`, or None; `tables` are there from the start."""

    def __init__(self, database: Database, views: Callable[[str], str | None], tables: Mapping[str, Source]) -> None:
        self._database = database
        self._views = views
        self._tables = tables

    def run(self, statement: str, seconds: float, cancel: Cancel) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
        """Names of the columns and a row, as they come. Raises Refused, TimedOut and Cancelled."""
        with self._database.faults():
            connection = self._database.private()
            try:
                yield from _Run(connection, self._views, self._tables, seconds, cancel).rows(statement)
            finally:
                connection.close()


class _Run:
    """One statement on its connection."""

    def __init__(
        self, connection: apsw.Connection, views: Callable[[str], str | None], tables: Mapping[str, Source], seconds: float, cancel: Cancel
    ) -> None:
        self._connection = connection
        self._views = views
        self._cancel = cancel
        self._left = seconds
        self._since = monotonic()
        self._late = False
        self._secret = f"_{token_hex(16)}_"
        """Our views are read through others of a name that nobody can know: what comes through those may read the graph's tables."""
        self._ours = {*tables, *_TABLE_FUNCTIONS}
        self._made: set[str] = set()
        self._trusted = False
        self._denied = ""
        for name, source in tables.items():
            connection.create_module(name, cast(Any, Module(source, self._execute)), eponymous_only=True)
        connection.create_scalar_function("regexp", regex_function(re.NOFLAG), 2, deterministic=True)
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)  # what stands in double quotes is a name, and a wrong name is an error
        for limit, value in _LIMITS.items():
            connection.limit(limit, value)
        self._hidden = {str(row[0]).lower() for row in connection.execute("SELECT name FROM main.sqlite_schema")}
        """Names in the file: a view of such a name must be there before a statement finds the table."""
        connection.authorizer = self._authorize
        connection.set_progress_handler(self._look_at_clock, _STEPS)

    def rows(self, statement: str) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
        with self._cancel.interrupting(self._connection.interrupt):
            self._cancel.check()
            cursor = self._timed(lambda: self._started(statement))
            names: tuple[str, ...] = ()
            while (row := self._timed(lambda: next(cursor, None))) is not None:
                self._cancel.check()
                names = names or _distinct([str(column[0]) for column in cursor.get_description()])
                yield names, row

    def _timed(self, work: Callable[[], Any]) -> Any:
        """Only the time of SQLite counts: whoever reads the rows may take theirs."""
        self._since = monotonic()
        try:
            return work()
        except apsw.InterruptError:
            if self._late:
                raise TimedOut("the statement takes too long") from None
            raise Cancelled(self._cancel.reason) from None
        except apsw.SQLError as error:
            offset = getattr(error, "error_offset", -1)
            raise Refused(str(error), None if offset < 0 else offset) from None
        except apsw.AuthError as error:
            raise Refused(f"no such table: {self._denied}" if self._denied else str(error)) from None
        except (apsw.TooBigError, apsw.BindingsError, apsw.MismatchError, apsw.RangeError) as error:
            raise Refused(str(error)) from None
        finally:
            self._left -= monotonic() - self._since

    def _started(self, statement: str) -> apsw.Cursor:
        """The statement under way. The views that it names are made on the way: first they are missing."""
        for name in self._hidden & set(re.findall(r"\w+", statement.lower())):
            self._make(name)
        while True:
            try:
                return self._connection.execute(statement, can_cache=False)
            except apsw.SQLError as error:
                missing = _MISSING.fullmatch(str(error))
                if missing is None or not self._make(missing[1]):
                    raise

    def _make(self, name: str) -> bool:
        """Make the view, if there is one of that name that is not made yet."""
        select = self._views(name) if name and name.lower() not in self._made else None
        if select is None:
            return False
        self._made.add(name.lower())
        quoted = name.replace('"', '""')
        secret, shown = f'temp."{self._secret}{quoted}"', f'temp."{quoted}"'
        self._execute(f"CREATE TEMP VIEW {secret} AS {select}")
        self._execute(f"CREATE TEMP VIEW {shown} AS SELECT * FROM {secret}")
        return True

    def _execute(self, sql: str, bindings: Sequence[Any] = ()) -> Rows:
        """Our own SQL, which may do anything. It is prepared before this returns."""
        before, self._trusted = self._trusted, True
        try:
            return iter(self._connection.execute(sql, bindings))
        finally:
            self._trusted = before

    def _authorize(self, action: int, first: str | None, second: str | None, database: str | None, inside: str | None) -> int:
        if self._trusted or action in (apsw.SQLITE_SELECT, apsw.SQLITE_RECURSIVE):
            return apsw.SQLITE_OK
        if action == apsw.SQLITE_FUNCTION and (second or "").lower() in FUNCTIONS:
            return apsw.SQLITE_OK
        if action == apsw.SQLITE_READ and first is not None:
            if self._may_read(first, second, database, inside or ""):
                return apsw.SQLITE_OK
            self._denied = first
        return apsw.SQLITE_DENY

    def _may_read(self, table: str, column: str | None, database: str | None, inside: str) -> bool:
        """Without a column it is about rows, not what is in them: of a name in the statement, or of a table that a view has brought in."""
        if inside.startswith(self._secret) or table.startswith(self._secret):
            return True
        if not column and not table.startswith("sqlite_"):
            return bool(self._made) if database else table.lower() not in self._hidden - self._made
        return table.lower() in (self._made if database == "temp" else self._ours)

    def _look_at_clock(self) -> bool:
        self._late = monotonic() - self._since > self._left
        return self._late or bool(self._cancel)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The second `name` is `name_2`: rows are objects."""
    found: list[str] = []
    for name in names:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return tuple(found)
