"""`kinds`: what kinds of resources there are, and what each of them holds."""

from __future__ import annotations

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows


def run(context: Context, rows: Rows, name: str | None, all: bool) -> Rows:
    return _properties(context, name) if name else _kinds(context, all)


def _kinds(context: Context, everything: bool) -> Rows:
    kinds = context.app.kinds
    for kind in sorted(kinds, key=lambda kind: kind.name):
        context.cancel.check()
        if everything or kinds.leaves(kind.name) == {kind.name}:
            bases = ", ".join(base for base in kinds.lineage(kind.name)[1:] if base != "resource")
            yield {"name": kind.name, "bases": bases, "description": kind.description}


def _properties(context: Context, name: str) -> Rows:
    kinds = context.app.kinds
    kind = kinds[name]
    if context.interactive:
        context.sink.note(f"{' < '.join(kinds.lineage(name))}: {kind.description}")
    for prop in sorted(kinds.properties(name).values(), key=lambda prop: prop.name):
        yield {"property": prop.name, "type": prop.type, "unit": prop.unit, "description": prop.description}


KINDS = Command(
    "kinds",
    run,
    "kinds of resources, or one kind with its properties",
    SOURCE,
    arguments=(Argument("name", required=False, help="a kind, to see its properties", complete="kind"),),
    options=(Option("all", help="base kinds such as volume too"),),
    examples=(("kinds", "every kind that a cloud reports"), ("kinds volume", "the properties that every volume has")),
)
