"""Kinds as the graph stores them: a number for each name that is used, and what a collect declared of it.

So completion and search know the kinds of a provider without importing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw

from resh.model.kinds import Kind, Property


def generation(connection: apsw.Connection) -> int:
    """Grows with every change of the table."""
    return connection.execute("SELECT max(gen) FROM kind").get or 0


def numbers(connection: apsw.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT name, kid FROM kind"))


def declared(connection: apsw.Connection) -> list[Kind]:
    from json import loads

    rows = connection.execute("SELECT name, spec FROM kind WHERE spec IS NOT NULL ORDER BY name")
    return [_kind(name, loads(spec)) for name, spec in rows]


def bases(connection: apsw.Connection) -> dict[str, tuple[str, ...]]:
    """The bases of each declared kind: far less to read than all that is declared of it."""
    found: dict[str, tuple[str, ...]] = {}
    rows = connection.execute("SELECT k.name, b.value FROM kind k LEFT JOIN json_each(k.spec, '$.bases') b WHERE k.spec IS NOT NULL")
    for name, base in rows:
        found[name] = (*found.get(name, ()), base) if base else ()
    return found


def number(connection: apsw.Connection, names: Iterable[str]) -> dict[str, int]:
    """Give a number to each name that has none; all numbers."""
    known = numbers(connection)
    new = sorted(set(names) - known.keys())
    if not new:
        return known
    gen = generation(connection) + 1
    connection.executemany("INSERT INTO kind(name, gen) VALUES (?, ?)", ((name, gen) for name in new))
    return numbers(connection)


def declare(connection: apsw.Connection, kinds: Iterable[Kind]) -> None:
    """Store what differs from what is stored."""
    gen, given = generation(connection) + 1, {kind.name: kind for kind in kinds}
    stored = connection.executemany(
        "INSERT INTO kind(name, spec, gen) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
        " SET spec = excluded.spec, gen = excluded.gen WHERE spec IS NOT excluded.spec RETURNING kid, name",
        ((kind.name, _spec(kind), gen) for kind in given.values()),
    )
    _describe(connection, {kid: given[name].properties for kid, name in stored})


def property_types(connection: apsw.Connection, name: str) -> list[tuple[str, str]]:
    """(kind, type) of each declared kind that has a property of that name of its own."""
    return list(connection.execute("SELECT k.name, p.type FROM property p JOIN kind k USING (kid) WHERE p.name = ?", (name,)))


def _describe(connection: apsw.Connection, properties: Mapping[int, Iterable[Property]]) -> None:
    """These are the properties of the kinds now, by kind number."""
    if properties:
        connection.execute(f"DELETE FROM property WHERE kid IN ({', '.join(map(str, properties))})")
        rows = {(prop.name, prop.type, kid) for kid, props in properties.items() for prop in props}
        connection.executemany("INSERT INTO property(name, type, kid) VALUES (?, ?, ?)", sorted(rows))


def _spec(kind: Kind) -> str:
    from json import dumps

    properties = [(prop.name, prop.type, prop.description, prop.unit) for prop in kind.properties]
    return dumps({"bases": kind.bases, "description": kind.description, "phantom": kind.phantom, "properties": properties})


def _kind(name: str, spec: dict[str, list[str]]) -> Kind:
    properties = tuple(Property(*prop) for prop in spec["properties"])
    return Kind(name, tuple(spec["bases"]), str(spec["description"]), properties, bool(spec["phantom"]))
