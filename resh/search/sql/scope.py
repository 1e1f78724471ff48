"""A scope: one row of the graph under its aliases, and what a path means there.

    scope = Scope(writer, "x1.dst")
    scope.read("tags.owner", lambda reference: …)      # SQL over wherever `tags.owner` lives; [*] becomes EXISTS
    scope.joins()                                       # the tables that turned out to be needed

Only what is used is joined: a search by kind and name never touches the documents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from resh.errors import UsageError
from resh.graph.document import ANCESTORS, METADATA
from resh.graph.scope_table import LAST_SEEN
from resh.graph.usage_table import LATEST
from resh.search.paths import LEVELS, Place, Step, place, steps
from resh.search.sql.boolean import joined
from resh.search.sql.reference import NOTHING, Column, Element, Flag, Json, Number, Reference, Tree
from resh.search.sql.walk import Edges
from resh.search.sql.writer import Writer

if TYPE_CHECKING:
    from resh.search.sql.brought import Brought
    from resh.search.sql.tables import Kinds

_COLUMNS = {"name": "name", "id": "rid", "ctime": "ctime"}
_ACCOUNT = {
    ("cloud", "id"): "a.cloud",
    ("cloud", "name"): "a.cloud",
    ("account", "id"): "a.id",
    ("account", "name"): "coalesce(nullif(a.name, ''), a.id)",
}
STATISTICS = ("min", "avg", "max")
_LATEST = LATEST.format(nid="n.nid")
Use = Callable[[Reference], str]
NID = "\2nid"
"""Stands for the number of a row that comes from nowhere, until it is known which table it is read from."""


class Scope:
    """`nid` is SQL for the row's number, `inside` what a context is about: relative paths start there."""

    brought: Brought | None = None
    """What paths may lead to beside the node itself."""

    def __init__(self, writer: Writer, nid: str, node: str = "", needs: set[str] | None = None, inside: Tree | None = None) -> None:
        self.writer = writer
        self.nid = nid
        self.node = node or writer.alias("n")
        self.doc = self.node.replace("n", "d")
        self.needs = set[str]() if needs is None else needs
        self.inside = inside

    @property
    def scans(self) -> bool:
        """It comes from nowhere: all rows of the graph."""
        return self.nid == NID

    def joins(self) -> str:
        """The tables that turned out to be needed, beside the one that has the row's number."""
        return self.writer.tables.joins(self)

    def stand(self, where: str, rest: str, kinds: Kinds) -> tuple[str, str, str]:
        """For a scope that comes from nowhere: the tables to select from, the row's number in the first of them, and the condition that is
        left to check. `where` is the whole condition, `kinds` the part of it that is about kinds, `rest` all other SQL about the scope."""
        return self.writer.tables.stand(self, where, rest, kinds)

    def count(self, where: str) -> str:
        """For such a scope: SQL for how many rows fit, if there is a quicker way than to stand on each; else nothing."""
        return self.writer.tables.count(self, where)

    def placed(self, sql: str) -> str:
        """SQL about a scope that came from nowhere, now that it is known where it stands."""
        return self.writer.tables.placed(self, sql)

    def column(self, name: str) -> str:
        self.needs.add(self.node)
        return self.writer.tables.column(self, name)

    def document(self) -> str:
        self.needs.add(self.doc)
        return self.writer.tables.document(self)

    def whole(self, sql: str) -> str:
        """What stands on the aliases `n` and `d` of `resh.graph.document`, on this row."""
        if self.brought and _LATEST in sql:
            sql = sql.replace(_LATEST, self.brought.usage("n.nid", _LATEST))
        return self.writer.tables.whole(self, sql)

    def read(self, path: str, use: Use) -> str:
        """SQL of `use` for what the path leads to; with [*] true when it is true for some element."""
        if self.inside is not None and not path.startswith("/"):
            return self._descend(self.inside, steps(path), use)
        reference = self.reference(self.place(path))
        if isinstance(reference, Json) and None in reference.steps:
            return self._descend(Json(reference.document), reference.steps, use)
        return use(reference)

    def within(self, path: str, use: Callable[[Scope], str]) -> str:
        """SQL of `use` in the scope of a context."""

        def enter(reference: Reference) -> str:
            if not isinstance(reference, Json | Element):
                raise UsageError(f"'{path}' has no properties of its own")
            within = Scope(self.writer, self.nid, self.node, self.needs, reference)
            within.brought = self.brought
            return use(within)

        return self.read(path, enter)

    def kind(self) -> Column:
        return Column(f"(SELECT k.name FROM kind k WHERE k.kid = {self.nid} >> 40)")

    def is_age(self, path: str) -> bool:
        return self.inside is None and self.place(path).is_age

    def place(self, path: str) -> Place:
        """Where a path leads; what is merged into the node hides what it has itself."""
        found = place(path)
        if self.brought:
            for whole in (steps(path), (found.section, *found.steps)):
                if self.brought.holds(whole):
                    return Place("merged", whole)
        return found

    def reference(self, found: Place) -> Reference:
        section, names = found.section, found.steps
        if section == "merged" and self.brought:
            return self.brought.at(self.nid, names)
        if section == "reported":
            if len(names) == 1 and names[0] in _COLUMNS:
                return Column(self.column(_COLUMNS[str(names[0])]))
            return self.kind() if names == ("kind",) else Json(self.document(), names)
        if section == "desired":
            return Json(self.column("desired") if names else f"coalesce({self.column('desired')}, '{{}}')", names)
        if section == "metadata":
            return self._metadata(names)
        if section == "node":
            return self._field(str(names[0]))
        if section == "ancestors":
            return self._ancestor(names)
        if section == "usage":
            return self._usage(names)
        return self._relative(section, names)

    def _field(self, name: str) -> Column:
        if name == "kind":
            return self.kind()
        return Column(_time(self.column(name)) if name in ("created", "updated") else self.column(name))

    def _metadata(self, names: tuple[Step, ...]) -> Reference:
        if names == ("expires",):
            return Column(self.column("expires"))
        if names == ("stale",):
            return Flag(f"{self.column('stale')} IS NOT NULL")
        if names == ("last_seen",):
            return Column(self._last_seen())
        tag = self.brought.tag() if self.brought and names in ((), ("query_tag",)) else ""
        if names:
            return Column(tag) if tag else Json(self.column("meta"), names)
        return Json(f"json_patch({self.whole(METADATA)}, json_object('query_tag', {tag}))" if tag else self.whole(METADATA))

    def _usage(self, names: tuple[Step, ...]) -> Reference:
        """The latest samples, or those of the period that the search asks for."""
        if len(names) != 2 or names[1] not in STATISTICS:
            return Json(self.whole(_LATEST), names)
        metric, statistic = map(str, names)
        named = f"nid = n.nid AND metric = {self.writer.bind(metric)}"
        sql = f"(SELECT {statistic} FROM usage WHERE {named} ORDER BY at DESC LIMIT 1)"
        return Number(self.whole(self.brought.measured("n.nid", metric, statistic, sql) if self.brought else sql))

    def _last_seen(self) -> str:
        return _time(self.whole(LAST_SEEN))

    def _ancestor(self, names: tuple[Step, ...]) -> Reference:
        """The levels that each node knows itself, or the nearest node of another kind."""
        if names == () or (len(names) < 3 and names[0] in LEVELS):
            return Json(f"(SELECT {self.whole(ANCESTORS)} FROM account a WHERE a.gid = {self.column('gid')})", names)
        if names[0] not in LEVELS or names[1] != "reported" or names[2:] not in (("id",), ("name",)):
            return self._relative("ancestors", names)
        if names[0] in ("region", "zone"):
            return Column(f"nullif({self.column(str(names[0]))}, '')")
        inside = _ACCOUNT[str(names[0]), str(names[2])]
        gid = self.column("gid")
        select = f"{gid} IN (SELECT a.gid FROM account a WHERE {{condition}})"
        return Column(f"(SELECT {inside} FROM account a WHERE a.gid = {gid})", (inside, select))

    def _relative(self, section: str, names: tuple[Step, ...]) -> Json:
        """The document of the nearest node of a kind, up or down the default edges."""
        if names[1:2] != ("reported",) or not isinstance(names[0], str) or section not in ("ancestors", "descendants"):
            return NOTHING
        edges = Edges("default", section == "ancestors").everywhere(self.writer.tables)
        walk, end = self.writer.alias("w"), self.writer.alias("f")
        first = [f"SELECT e.{edge.far} FROM {edge.table('e')} WHERE {edge.leave(self.nid, 'e')}" for edge in edges]
        step = [f"SELECT e.{edge.far} FROM {walk} w CROSS JOIN {edge.table('e')} ON {edge.leave('w.nid', 'e')}" for edge in edges]
        found = Scope(self.writer, f"{end}.nid")
        fits = f"w.nid <> {self.nid} AND {of_kinds(self.writer, (names[0],), 'w.nid')}"
        document = (
            f"(SELECT {found.document()} FROM (WITH RECURSIVE {walk}(nid) AS ({' UNION '.join((*first, *step))}) "
            f"SELECT w.nid FROM {walk} w WHERE {fits} LIMIT 1) {end}{found.joins()})"
        )
        return Json(document, names[2:])

    def _descend(self, tree: Tree, path: tuple[Step, ...], use: Use) -> str:
        if None not in path:
            return use(tree.at(path))
        star = path.index(None)
        element = Element(self.writer.alias("e"))
        rest = self._descend(element, path[star + 1 :], use)
        elements = tree.at(path[:star]).elements
        return f"EXISTS (SELECT 1 FROM {elements} {element.alias} WHERE typeof({element.alias}.key) = 'integer' AND ({rest}))"


def _time(seconds: str) -> str:
    """As documents show it."""
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {seconds}, 'unixepoch')"


def of_kinds(writer: Writer, kinds: tuple[str, ...], nid: str) -> str:
    """SQL that is true for the rows of these kinds."""
    ranges = sorted({bounds for kind in kinds for bounds in writer.kinds.rowid_ranges(kind)})
    parts = [f"{nid} BETWEEN {writer.bind(first)} AND {writer.bind(last)}" for first, last in ranges]
    return f"({joined(parts, 'OR')})" if len(parts) > 1 else parts[0] if parts else "0"
