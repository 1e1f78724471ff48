"""`clean`, `unclean`, `protect`, `unprotect`: marks on the resources of a search, or on ids that come as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from resh.cleanup import marking
from resh.cleanup.marking import Marking
from resh.commands.base import FLOW, Argument, Command, Context, Role, Rows
from resh.commands.line import unquote
from resh.commands.lookup import node_id
from resh.events.event import CleanupMarked

_CHUNK = 1000
Mark = Callable[[Sequence[str]], list[Marking]]


def run_clean(context: Context, rows: Rows, reason: str | None) -> Rows:
    app, why = context.app, unquote(reason or "")
    marked = 0

    def mark(ids: Sequence[str]) -> list[Marking]:
        nonlocal marked
        markings = marking.clean(app.graph, app.kinds, ids, reason=why, by=context.user, now=app.clock.now())
        marked += sum(one.done for one in markings)
        return markings

    try:
        yield from _marked(context, rows, mark)
    finally:  # also when what comes behind has enough
        if marked:
            app.bus.emit(CleanupMarked(by=context.user, count=marked, reason=why))


def run_unclean(context: Context, rows: Rows) -> Rows:
    app = context.app

    def unmark(ids: Sequence[str]) -> list[Marking]:
        markings = marking.unclean(app.graph, ids, by=context.user)
        freed = (app.graph.node(one.id) for one in markings if one.done)
        for problem in app.cleanup.mark_tag.withdraw((node for node in freed if node is not None), context.cancel):
            context.sink.note(f"{problem}; the next cleanup_plan tries again")
        return markings

    return _marked(context, rows, _freeing(context, unmark))


def run_protect(context: Context, rows: Rows, reason: str | None) -> Rows:
    app, why = context.app, unquote(reason or "")

    def protect(ids: Sequence[str]) -> list[Marking]:
        return marking.protect(app.graph, app.kinds, ids, reason=why, by=context.user, now=app.clock.now())

    return _marked(context, rows, _freeing(context, protect))


def run_unprotect(context: Context, rows: Rows) -> Rows:
    return _marked(context, rows, lambda ids: marking.unprotect(context.app.graph, ids, by=context.user))


def _freeing(context: Context, mark: Mark) -> Mark:
    """The same, and what is in quarantine is put back into service."""

    def freed(ids: Sequence[str]) -> list[Marking]:
        markings = mark(ids)
        for problem in context.app.cleanup.release_freed({one.id for one in markings if one.done}, context.user):
            context.sink.note(problem)
        return markings

    return freed


def _marked(context: Context, rows: Rows, mark: Mark) -> Rows:
    """Mark in chunks; give back the documents that were marked, say of each other one why not."""
    done = refused = 0
    ids = (node_id(context, row) for row in rows)
    while chunk := list(islice(ids, _CHUNK)):
        context.cancel.check()
        for result in mark(chunk):
            document = context.app.graph.node(result.id) if result.done else None
            if document is None:
                refused += 1
                context.sink.note(_refusal(result))
            else:
                done += 1
                yield document
    if refused:
        context.status = 3 if done else 1


def _refusal(result: Marking) -> str:
    return f"refused: {result.kind} {result.name}: {result.why}" if result.kind else f"refused: {result.id}: {result.why}"


_REASON = Argument("reason", required=False, help="why, for the plan, the journal, and whoever wonders later", raw=True, complete="free")

CLEAN = Command(
    "clean",
    run_clean,
    "mark resources for the next clean-up",
    FLOW,
    Role.operator,
    arguments=(_REASON,),
    help="Nothing is deleted by this: the step cleanup of a workflow does that, where settings allow it. Protected resources and kinds "
    "that can not be deleted are refused.",
    examples=(("search is(volume) and volume_status = available | clean not attached to anything", "mark unattached volumes"),),
)
UNCLEAN = Command(
    "unclean",
    run_unclean,
    "take the clean-up mark off",
    FLOW,
    Role.operator,
    examples=(("search /desired.clean = true | unclean", "nothing is marked any more"),),
)
PROTECT = Command(
    "protect",
    run_protect,
    "keep resources from every clean-up",
    FLOW,
    Role.operator,
    arguments=(_REASON,),
    help="The protection outlives every collect, and every mark.",
    examples=(("search is(database) | protect holds the orders", "no clean-up touches a database"),),
)
UNPROTECT = Command(
    "unprotect",
    run_unprotect,
    "take the protection off",
    FLOW,
    Role.operator,
    help="A protection by a tag in the cloud stays.",
    examples=(("search /metadata.protected = true | unprotect", "nothing is protected any more"),),
)
