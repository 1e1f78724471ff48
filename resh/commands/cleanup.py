"""`cleanup`: the plan, what is marked, the rules, and what was deleted."""

from __future__ import annotations

from collections.abc import Iterator

from resh.cleanup.journal import DETACH, QUARANTINE, RELEASE, Entry
from resh.cleanup.marking import label, name_of, unclean
from resh.cleanup.plan import MARKED
from resh.cleanup.quarantine import QUARANTINED
from resh.cleanup.rules.survey import identity
from resh.cleanup.wording import plural
from resh.commands.base import SOURCE, Argument, Command, Context, Role, Rows
from resh.commands.cleanup_plans import PLANNING
from resh.commands.cleanup_record import RECORD, REPORT
from resh.commands.cleanup_rules import RULES
from resh.errors import UsageError
from resh.graph.base import Document
from resh.providers.base import Reattaching, Recreating, Remade
from resh.text import did_you_mean


def run_marked(context: Context, rows: Rows) -> Rows:
    for document in context.app.documents(MARKED, context.cancel):
        desired, ancestors = document.get("desired") or {}, document.get("ancestors") or {}
        yield {
            "kind": document["kind"],
            "id": (document.get("reported") or {}).get("id"),
            "name": name_of(document),
            "reason": desired.get("clean_reason"),
            "by": desired.get("clean_by"),
            "marked_at": desired.get("clean_at"),
            **({"not_before": desired["clean_after"]} if desired.get("clean_after") else {}),
            **{name: ((ancestors.get(name) or {}).get("reported") or {}).get("name") for name in ("account", "region")},
            "node_id": document["id"],
        }


def run_recreate(context: Context, rows: Rows, entry: str) -> Iterator[str]:
    found = context.app.cleanup.journal.entry(entry)
    if found.deed in (QUARANTINE, RELEASE):
        raise UsageError(f"{label(found.document)} was not deleted by that", "cleanup release puts back into service what is in quarantine")
    remade = _remade(context, found)
    yield f"# {label(found.document)}: {found.result or 'unknown'} at {found.at}"
    yield from remade.lines
    yield from (f"# not brought back: {lost}" for lost in remade.lost)
    if found.edges and found.deed != DETACH:
        yield f"# not brought back: {plural(len(found.edges), 'relation')} to other resources, which cleanup show {found.id} lists"


def _remade(context: Context, entry: Entry) -> Remade:
    provider: object = context.app.cleanup.providers.get(identity(entry.document, "cloud"))
    if entry.deed == DETACH:
        if not entry.ties:
            raise UsageError(f"nothing of {label(entry.document)} was cut by that", f"cleanup show {entry.id} has what is known")
        if isinstance(provider, Reattaching):
            return provider.reattach(entry.document, entry.ties)
        raise UsageError(f"nobody knows how {entry.document['kind']} names others again", f"cleanup show {entry.id} has what was cut")
    if not isinstance(provider, Recreating):
        raise UsageError(f"nobody knows how {entry.document['kind']} is created again", "cleanup show has it in full")
    return provider.recreate(entry.document, entry.snapshots)


def run_release(context: Context, rows: Rows, resources: tuple[str, ...]) -> Iterator[str]:
    app = context.app
    isolated = list(app.documents(QUARANTINED, context.cancel))
    for wanted in resources:
        found = [one for one in isolated if wanted in _names(one)]
        if not found:
            known = sorted({name for one in isolated for name in _names(one)})
            raise UsageError(f"'{wanted}' is not in quarantine", did_you_mean(wanted, known) or f"'search {QUARANTINED}' finds what is")
        if len(found) > 1:
            ids = ", ".join(str(one["metadata"]["quarantine_entry"]) for one in found)
            raise UsageError(f"'{wanted}' names {len(found)} resources in quarantine", f"name one by its entry in cleanup history: {ids}")
        app.cleanup.release(found[0], context.user)
        unclean(app.graph, [found[0]["id"]], by=context.user)
        yield f"{label(found[0])} is back as it was, and not marked; protect keeps rules from marking it again"


def _names(document: Document) -> set[str]:
    """What people may call it: its ids, its name, and the entry of the journal."""
    reported = document["reported"]
    names = (document["id"], reported.get("id"), reported.get("name"), document["metadata"].get("quarantine_entry"))
    return {str(name) for name in names if name}


CLEANUP = Command(
    "cleanup",
    None,
    "what would be deleted, in which order, and what was",
    SOURCE,
    help="clean marks resources; the step cleanup of a workflow, or cleanup apply, deletes them, where settings allow it.",
    subcommands=(
        *PLANNING,
        Command("marked", run_marked, "what is marked, by whom and why", examples=(("cleanup marked | count reason", "reasons"),)),
        RULES,
        *RECORD,
        Command(
            "recreate",
            run_recreate,
            "the calls that would create again what was deleted or cut, as far as its cloud allows, and what they do not bring back",
            arguments=(Argument("entry", help="as cleanup history names it, or last", complete="free"),),
            help="Nothing is called: the lines are for the AWS CLI, to be read and run by you. What nobody knows stands in angle brackets.",
            examples=(("cleanup recreate last", "of the newest deletion"),),
        ),
        Command(
            "release",
            run_release,
            "put back into service what is in quarantine, and take its mark off",
            role=Role.operator,
            arguments=(Argument("resources", many=True, help="their ids, names or entries in cleanup history", complete="free"),),
            help="Where cleanup.quarantine, or the quarantine of a rule, is longer than 0s, what a clean-up would delete is first stopped, "
            "detached or denied for that time, as far as its kind allows; unclean and protect put it back as well.",
            examples=(
                ("search /metadata.quarantined != null | list id, /metadata.quarantined", "what is in quarantine, and until when"),
                ("cleanup release vol-0f3a91c2", "somebody needs it"),
            ),
        ),
        REPORT,
    ),
)
