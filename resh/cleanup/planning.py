"""Draws up a plan: the marked resources in the order of their delete edges, and which of them may not, or cannot, go. No call is made.

    plan = make_plan(documents("/desired.clean == true"), store, kinds, providers, clock.now())

The same marks on the same resources give the same id. Cycles that a call of their cloud can break are in the plan, too, with what has to
let go of what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial

from resh.cleanup import losses
from resh.cleanup.cost import monthly_costs
from resh.cleanup.drift import fingerprint
from resh.cleanup.holds import Holds
from resh.cleanup.marking import goes_with, label, name_of
from resh.cleanup.order import Verdict, Web, verdicts
from resh.cleanup.plan import Cycle, Hold, Period, Plan, PlanItem, Refused, Say, at_once, digest, nothing
from resh.cleanup.protection import lets_pass, refusal
from resh.cleanup.rings import described
from resh.cleanup.rules.survey import identity
from resh.graph.base import Document, GraphStore
from resh.model.kinds import Kinds
from resh.providers.base import Detaching, Provider


def make_plan(
    marked: Iterable[Document],
    store: GraphStore,
    kinds: Kinds,
    providers: Mapping[str, Provider],
    now: float,
    objection: Say = nothing,
    note: Say = nothing,
    quarantine: Period = at_once,
) -> Plan:
    """Order the marked resources over delete edges and refuse what may not, or cannot, go; `objection` is asked besides."""
    documents = {document["id"]: document for document in marked if not (document.get("metadata") or {}).get("cleaned")}
    refused = {
        id: why for id, document in documents.items() if (why := _objection(document, store, kinds, providers) or objection(document))
    }
    periods = {id: quarantine(document) for id, document in documents.items()}
    lets_go, home = partial(_detaching, providers=providers), partial(_home, providers=providers)
    held = Holds(documents, refused, store, kinds, lets_go, home)
    web = replace(
        _read_web(documents, refused, store, kinds, held),
        later=frozenset(id for id, seconds in periods.items() if seconds and id not in refused),
        lets_go=lambda id, other: bool(_detaching(documents.get(id), documents.get(other), providers)),
    )
    found, costs = _verdicts(web, documents, held), monthly_costs(documents.values(), store)
    items = {id: _item(document, found[id], costs.get(id), note(document), periods[id]) for id, document in documents.items()}
    planned = {id: found[id] for id in items}
    return assemble(items, planned, now, _cycles(web, found, documents, providers), _holds(held, items, lets_go))


def _holds(held: Holds, items: Mapping[str, PlanItem], lets_go: Callable[[Document, Document], str]) -> Iterator[Hold]:
    """By what holds them; nobody lets go for what only goes into quarantine."""
    by_holder: dict[tuple[str, str], list[str]] = {}
    for (holder, id), home in sorted(held.found.items()):
        if not items[id].quarantine:
            by_holder.setdefault((holder, home), []).append(id)
    for (holder, home), ids in by_holder.items():
        document = held.holder(holder)
        item = _item(document, Verdict(), None, "", 0.0)
        reason = f"goes with {label(held.documents[home])}: {items[home].reason}"
        calls = dict.fromkeys(lets_go(document, held.documents[id]) for id in ids)
        yield Hold(replace(item, reason=reason, by=items[home].by), tuple(ids), home, ", ".join(calls))


def _home(document: Document, providers: Mapping[str, Provider]) -> str:
    provider: object = providers.get(identity(document, "cloud"))
    return provider.home(document) if isinstance(provider, Detaching) else ""


def _detaching(document: Document | None, other: Document | None, providers: Mapping[str, Provider]) -> str:
    """The call by which the one lets go of the other, and may go after it; empty where there is none."""
    if document is None or other is None or other["id"] in goes_with(document):
        return ""
    provider: object = providers.get(identity(document, "cloud"))
    same = identity(document, "cloud") == identity(other, "cloud")
    return provider.detaches(document["kind"], other["kind"]) if same and isinstance(provider, Detaching) else ""


def _cycles(web: Web, found: Mapping[str, Verdict], documents: Mapping[str, Document], providers: Mapping[str, Provider]) -> list[Cycle]:
    rings = {verdict.ring.members: verdict.ring for verdict in found.values() if verdict.ring}
    return [
        Cycle(members, ring.cuts, described(web.edges, web.marked, frozenset(members)), ", ".join(calls))
        for members, ring in sorted(rings.items())
        if (calls := {_detaching(documents[id], documents[other], providers): None for id, others in ring.cuts for other in others})
    ]


def _objection(document: Document, store: GraphStore, kinds: Kinds, providers: Mapping[str, Provider]) -> str:
    if why := refusal(document, kinds):
        return why
    cloud = identity(document, "cloud")
    if cloud not in providers:
        return f"no provider for the cloud '{cloud}'"
    return providers[cloud].undeletable(document) or losses.objection(document, store, kinds, providers[cloud])


def _verdicts(web: Web, documents: Mapping[str, Document], held: Holds) -> Mapping[str, Verdict]:
    """With what goes along with others refused where all of these are, or what holds it stays: which may hold back others, and so on."""
    along = {id: roots for id, document in documents.items() if (roots := goes_with(document))}
    while True:
        found = verdicts(web)
        stays = {
            id: _stays(roots[0], web)
            for id, roots in along.items()
            if not found[id].why and all(root not in documents or found[root].why for root in roots)
        }
        stays |= held.stays(found)
        if not stays:
            homes: dict[str, set[str]] = {}
            for (_, id), home in held.found.items():
                homes.setdefault(id, set()).add(home)
            return {id: _with_quarantine(id, verdict, found, web, along, homes) for id, verdict in found.items()}
        web = replace(web, refused={**web.refused, **stays})


def _with_quarantine(
    id: str,
    verdict: Verdict,
    found: Mapping[str, Verdict],
    web: Web,
    along: Mapping[str, tuple[str, ...]],
    homes: Mapping[str, AbstractSet[str]],
) -> Verdict:
    """What is put in quarantine waits for nothing but what it goes along with: where that fails, it stays in service.

    Nor is anything deleted before what it goes along with is there; nor what is held by something whose home is only put there.
    """
    together = verdict.ring.members if verdict.ring else (id,)
    roots = frozenset(root for one in together for root in along.get(one, ()) if root in web.later and not found[root].why)
    if id in web.later:
        return replace(verdict, after=roots - along.keys())
    roots |= frozenset(home for one in together for home in homes.get(one, ()) if home in web.later)
    return replace(verdict, after=verdict.after | roots) if roots else verdict


def _stays(root: str, web: Web) -> str:
    named = web.marked.get(root)
    return f"goes along with {named}, which is refused" if named else "what it goes along with is not to be deleted"


def _read_web(documents: Mapping[str, Document], refused: Mapping[str, str], store: GraphStore, kinds: Kinds, held: Holds) -> Web:
    """Delete edges from the marked nodes down, one bulk read for each step; only what is passed through leads further.

    Without those to what will have let go.
    """
    marked = {id: label(document) for id, document in documents.items()}
    edges: dict[str, set[str]] = {}
    blocking: dict[str, str] = {}
    frontier, passed = set(marked), set[str]()
    while frontier:
        targets = set[str]()
        for source, target in store.neighbours(sorted(frontier), "delete"):
            if source in frontier and source != target and not held.passes(source, target):
                edges.setdefault(source, set()).add(target)
                targets.add(target)
        frontier = set()
        for id in targets - marked.keys() - blocking.keys() - passed:
            document = store.node(id)
            if document is None or lets_pass(document, kinds):
                passed.add(id)
                frontier.add(id)
            else:
                blocking[id] = label(document)
    for id, document in documents.items():
        for root in goes_with(document):
            if root in marked and root != id:
                edges.setdefault(root, set()).add(id)  # what takes others along goes last, also out of a cycle
    return Web(edges, marked, {**held.refused, **refused}, blocking)


def _item(document: Document, verdict: Verdict, cost: float | None, note: str, quarantine: float) -> PlanItem:
    reported, desired = document.get("reported") or {}, document.get("desired") or {}
    return PlanItem(
        id=document["id"],
        kind=document["kind"],
        rid=str(reported.get("id") or document["id"]),
        name=name_of(document),
        cloud=identity(document, "cloud"),
        account=identity(document, "account"),
        account_name=identity(document, "account", "name"),
        region=identity(document, "region"),
        reason=str(desired.get("clean_reason") or "no reason given"),
        by=str(desired.get("clean_by") or "unknown"),
        fingerprint=fingerprint(reported),
        after=tuple(sorted(verdict.after)),
        owner=str(tags.get("owner") or "") if isinstance(tags := reported.get("tags"), Mapping) else "",
        born=str(reported.get("ctime") or document.get("created") or ""),
        monthly_cost=cost,
        note=note,
        along=goes_with(document),
        quarantine=quarantine,
    )


def assemble(
    items: Mapping[str, PlanItem], found: Mapping[str, Verdict], now: float, cycles: Iterable[Cycle] = (), holds: Iterable[Hold] = ()
) -> Plan:
    """A plan of items by their verdicts; with those of the cycles that are planned whole, and what holds others of the plan."""
    generations: dict[int, list[PlanItem]] = {}
    refused: list[Refused] = []
    for item in sorted(items.values(), key=lambda item: (item.cloud, item.account, item.region, item.kind, item.name, item.id)):
        verdict = found[item.id]
        if verdict.why:
            refused.append(Refused(item, verdict.why))
        else:
            generations.setdefault(verdict.generation, []).append(item)
    ordered = tuple(tuple(generations[number]) for number in sorted(generations))
    whole = tuple(cycle for cycle in cycles if all(id in found and not found[id].why for id in cycle.members))
    going = {item.id for generation in ordered for item in generation}
    parts = ((hold, tuple(id for id in hold.others if id in going)) for hold in holds if hold.home in going)
    holding = tuple(replace(hold, others=others) for hold, others in parts if others)
    plan = Plan("", now, ordered, tuple(refused), whole, holding)
    return replace(plan, id=digest(plan))
