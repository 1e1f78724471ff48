"""`tree`: rows as a tree, by where they live or by any properties; or along the edges that came with them.

    aws (5)
    └── demo (5)
        └── eu-west-1 (5)
            ├── aws_ec2_instance (1)
            │   └── i-1 (web)
            └── aws_ec2_volume (4)
                ├── vol-1 (data)
                └── … 3 more

It keeps counts and the labels that it shows, not the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from resh.commands.base import FLOW, Command, Context, Option, Row, Rows
from resh.commands.columns import Column, age_seconds
from resh.commands.found import Found, is_edge
from resh.commands.listing import duration
from resh.commands.paths import is_node, value
from resh.errors import UsageError
from resh.render.tree import drawn
from resh.render.values import cell
from resh.search.paths import steps
from resh.text import fit

LEVELS = ("cloud", "account", "region", "kind")
_LEAF = ("kind", "id", "name")
_NOTHING = "none"


def run(context: Context, rows: Rows, by: str | None, edges: bool, max: int) -> Iterator[str]:
    if edges and by:
        raise UsageError("tree: --by and --edges exclude each other", "choose one of them")
    if max < 0:
        raise UsageError("tree: --max cannot be negative", "0 shows everything")
    lines = _along_edges(context, rows, max) if edges else _by_levels(context, rows, _levels(context, by), max)
    return (fit(line, context.columns) if context.columns else line for line in lines)


def _levels(context: Context, by: str | None) -> tuple[Column, ...]:
    if not by:
        return tuple(Column(path, path) for path in LEVELS)
    levels = tuple(path for part in by.split(",") if (path := part.strip()))
    for path in levels:
        try:
            steps(path)
        except UsageError as error:
            raise UsageError(f"tree: {error.message}", error.hint) from None
    return tuple(Column(context.led(path), path) for path in levels)


class _Branch:
    """`count` rows below; `leaves` are the first ones that are no branch themselves."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.count = 0
        self.branches: dict[str, _Branch] = {}
        self.leaves: list[str] = []

    def add(self, path: Sequence[str], leaf: str, most: int) -> None:
        branch = self
        branch.count += 1
        for name in path:
            branch = branch.branches.setdefault(name, _Branch(name))
            branch.count += 1
        if not most or len(branch.leaves) < most:
            branch.leaves.append(leaf)

    def lines(self, most: int) -> list[_Branch | str]:
        """What is below, in order; a line for what is too much."""
        if not self.branches:
            more = self.count - len(self.leaves)
            return [*self.leaves, f"… {more} more"] if more else list(self.leaves)
        found = sorted(self.branches.values(), key=lambda branch: branch.label)
        if not most or len(found) <= most:
            return list(found)
        rest = found[most:]
        return [*found[:most], f"… {len(rest)} more ({sum(branch.count for branch in rest)})"]


def _by_levels(context: Context, rows: Rows, levels: tuple[Column, ...], most: int) -> Iterator[str]:
    root = _Branch("")
    for path, leaf in _placed(rows, levels, context.now):
        context.cancel.check()
        root.add(path, leaf, most)
    for top in root.lines(most):
        yield _label(top)
        yield from drawn(_below(top, most), _label, lambda node: _below(node, most))


def _label(node: _Branch | str) -> str:
    return cell(node if isinstance(node, str) else f"{node.label} ({node.count})")


def _below(node: _Branch | str, most: int) -> list[_Branch | str]:
    return [] if isinstance(node, str) else node.lines(most)


def _placed(rows: Rows, levels: tuple[Column, ...], now: float) -> Iterator[tuple[list[str], str]]:
    """The branches of each row from the top, and its label."""
    sources = tuple(level.source for level in levels)
    told = any(level.path == "kind" for level in levels)
    if isinstance(rows, Found) and not rows.is_aggregate:
        for found in rows.values((*sources, *_LEAF)):
            kind, id, name = found[len(levels) :]
            yield _names(levels, found, now), _leaf("" if told else kind, id, name)
        return
    for row in rows:
        if not is_edge(row):
            values = [value(row, level.path) for level in levels]
            known = levels if is_node(row) else [level.changed(plain=True) for level in levels]
            yield _names(known, values, now), _row_label(row, told)


def _names(levels: Sequence[Column], values: Sequence[Any], now: float) -> list[str]:
    """What the branches are called; an age is a duration, as in a table."""
    return [
        duration(seconds) if level.is_age and (seconds := age_seconds(found, now)) is not None else cell(found) or _NOTHING
        for level, found in zip(levels, values, strict=False)
    ]


def _row_label(row: Row, told: bool) -> str:
    if is_node(row):
        return _leaf("" if told else row["kind"], value(row, "id"), value(row, "name"))
    if isinstance(row, dict) and (found := [row[key] for key in ("id", "name") if row.get(key)]):
        return _leaf("", found[0], found[-1])
    return cell(row)


def _leaf(kind: str, id: Any, name: Any) -> str:
    """`vol-1 (data)`, with its kind in front where no branch tells it."""
    named = f"{cell(id)} ({cell(name)})" if name and name != id else cell(id)
    return f"{kind} {named}" if kind else named


def _along_edges(context: Context, rows: Rows, most: int) -> Iterator[str]:
    """Along the default edges; along others when none of these came."""
    labels: dict[str, str] = {}
    edges: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        context.cancel.check()
        if is_edge(row):
            edges.setdefault(str(row.get("edge_type")), {}).setdefault(str(row["from"]), []).append(str(row["to"]))
        elif is_node(row):
            labels[str(row["id"])] = _row_label(row, False)
    if labels and not edges:
        context.sink.note("no edges came with these rows: search --with-edges brings them")
    graph = _Graph(labels, edges.get("default") or next(iter(edges.values()), {}), most)
    for root in graph.roots():
        yield graph.label(root)
        yield from drawn(graph.below(root), graph.label, graph.below)


class _Graph:
    """Nodes by id. One that is below several others is drawn in full where it comes first."""

    def __init__(self, labels: dict[str, str], children: dict[str, list[str]], most: int) -> None:
        self._labels = labels
        self._children = {
            id: [child for child in dict.fromkeys(found) if child in labels and child != id] for id, found in children.items()
        }
        self._most = most
        self._drawn: set[str] = set()

    def roots(self) -> Iterator[str]:
        """Those below none; then, of circles that none of these leads to, whichever came first."""
        below = {child for found in self._children.values() for child in found}
        reached: set[str] = set()
        for id in (*(id for id in self._labels if id not in below), *self._labels):
            if id not in reached:
                self._reach(id, reached)
                yield id

    def _reach(self, id: str, reached: set[str]) -> None:
        todo = [id]
        while todo:
            current = todo.pop()
            if current not in reached:
                reached.add(current)
                todo += self._children.get(current, ())

    def label(self, id: str) -> str:
        if id not in self._labels:
            return id
        again = " (above)" if id in self._drawn and self._children.get(id) else ""
        return cell(self._labels[id]) + again

    def below(self, id: str) -> list[str]:
        if id in self._drawn or id not in self._labels:
            return []
        self._drawn.add(id)
        found = self._children.get(id, [])
        if not self._most or len(found) <= self._most:
            return found
        return [*found[: self._most], f"… {len(found) - self._most} more"]


TREE = Command(
    "tree",
    run,
    "rows as a tree, by where they live",
    FLOW,
    options=(
        Option("by", str, None, "the levels, properties with commas between them (default cloud,account,region,kind)", complete="property"),
        Option("edges", help="follow the default edges that search --with-edges gave along, or the others if there are no default ones"),
        Option("max", int, 20, "how many to show below each, 0 for all"),
    ),
    help="Each branch says how many rows are below it.",
    examples=(
        ("search is(volume) or is(instance) | tree", "where volumes and instances are"),
        ("search is(volume) | tree --by volume_type,tags.owner --max 3", "by other properties, three of each"),
        ("search --with-edges all | tree --edges --max 3", "everything, along the edges from the root down"),
    ),
)
