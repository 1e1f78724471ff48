"""Documents that are given, held against a search that was compiled for them (`resh.search.compiler.compile_given`).

    fitting(connection, compiled, [document, …])        # {0, 3}: which of them fit

They stand in a temporary table of a connection that cannot write the graph. A row's number has the kind of its document, as `node` has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import apsw
import orjson

from resh.graph import kind_table
from resh.graph.base import CompiledQuery, Document
from resh.graph.kind_index import KIND_BITS
from resh.graph.past import COLUMNS

TABLE = "temp.given"

_NAMES = ("nid", *COLUMNS, "reported")
_CREATE = f"CREATE TEMP TABLE IF NOT EXISTS given(nid INTEGER PRIMARY KEY, {', '.join(_NAMES[1:])})"
_INSERT = f"INSERT INTO {TABLE} VALUES ({', '.join('?' * len(COLUMNS))}, ?, jsonb(?))"
_SEQUENCE = (1 << KIND_BITS) - 1


def fitting(connection: apsw.Connection, query: CompiledQuery, documents: Sequence[Document]) -> set[int]:
    """Their places in the sequence."""
    connection.execute(_CREATE)
    connection.execute(f"DELETE FROM {TABLE}")
    connection.executemany(_INSERT, _rows(connection, documents))
    return {nid & _SEQUENCE for (nid,) in connection.execute(query.sql, query.bindings)}


def _rows(connection: apsw.Connection, documents: Sequence[Document]) -> Iterator[tuple[Any, ...]]:
    kinds = kind_table.numbers(connection)
    accounts = {(cloud, id): gid for gid, cloud, id in connection.execute("SELECT gid, cloud, id FROM account")}
    for number, document in enumerate(documents):
        reported, metadata, ancestors = document["reported"], document["metadata"], document["ancestors"]
        cloud, account, region, zone = (_id(ancestors, level) for level in ("cloud", "account", "region", "zone"))
        yield (
            kinds[document["kind"]] << KIND_BITS | number,
            document["id"],
            accounts.get((cloud, account), 0),
            region,
            zone,
            *(_text(reported.get(name)) for name in ("name", "id", "ctime")),
            _json({key: value for key, value in metadata.items() if key != "expires"}),
            _json(document["desired"]),
            metadata.get("expires"),
            _seconds(document["created"]),
            _seconds(document["updated"]),
            orjson.dumps(reported).decode(),
        )


def _id(ancestors: dict[str, Any], level: str) -> str | None:
    found = ancestors.get(level)
    return found["reported"]["id"] if found else None


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _json(section: dict[str, Any]) -> str | None:
    return orjson.dumps(section).decode() if section else None


def _seconds(time: str) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(time).timestamp())
