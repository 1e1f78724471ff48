"""What a plan is: what would be deleted, in which order, and what not and why. An artefact with an id; `planning.py` draws it up.

    plan.generations                # ((PlanItem(kind="aws_ec2_instance", …), …), (…))
    plan.refused                    # (Refused(item, "protected: database of the shop"), …)

Members of a generation do not depend on each other; each generation needs those before it to be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from math import fsum

from resh.graph.base import Document

MARKED = "/desired.clean == true"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One resource to delete. `rid` is the provider's id; `fingerprint` tells later whether it changed; `after` must go first."""

    id: str
    kind: str
    rid: str
    name: str
    cloud: str
    account: str
    account_name: str
    region: str
    reason: str
    by: str
    fingerprint: str
    after: tuple[str, ...] = ()
    owner: str = ""
    born: str = ""
    """When it was created, else when the graph first saw it."""
    monthly_cost: float | None = None
    """In USD, None where nobody knows."""
    note: str = ""
    """What to warn of."""
    along: tuple[str, ...] = ()
    """What it goes along with; it stays when all of that stays."""
    quarantine: float = 0.0
    """Seconds that it is out of service before it is deleted; when that is over, or there is none, 0."""

    def __str__(self) -> str:
        return f"{self.kind} {self.rid}" if self.name == self.rid else f"{self.kind} {self.rid} ({self.name})"


@dataclass(frozen=True, slots=True)
class Refused:
    item: PlanItem
    why: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """Planned resources that wait for each other: `members` are their ids in the order of deletion, `text` names them all round.

    Before the first goes, each of `cuts` lets go of those others, by `call`.
    """

    members: tuple[str, ...]
    cuts: tuple[tuple[str, tuple[str, ...]], ...]
    text: str
    call: str


@dataclass(frozen=True, slots=True)
class Hold:
    """`holder`, which is no part of the plan, goes with the planned `home`; it lets go of each of the planned `others` before that goes."""

    holder: PlanItem
    others: tuple[str, ...]
    home: str
    call: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`created` is epoch seconds; it is no part of the id."""

    id: str
    created: float
    generations: tuple[tuple[PlanItem, ...], ...] = ()
    refused: tuple[Refused, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    holds: tuple[Hold, ...] = ()

    def items(self) -> Iterator[PlanItem]:
        """What is to be deleted, in order."""
        for generation in self.generations:
            yield from generation

    def __len__(self) -> int:
        return sum(map(len, self.generations))

    @property
    def monthly_cost(self) -> float:
        """In USD, as far as it is known."""
        return round(fsum(item.monthly_cost or 0.0 for item in self.items()), 2)

    @property
    def isolated(self) -> int:
        """How many are put in quarantine and not deleted yet."""
        return sum(item.quarantine > 0 for item in self.items())


def digest(plan: Plan) -> str:
    """Its id: a hash of what it would do."""
    digest = blake2b(digest_size=6)
    for number, generation in enumerate(plan.generations):
        for item in generation:
            along = f"\0{','.join(item.along)}" if item.along else ""
            first = "\0quarantine" if item.quarantine else ""
            digest.update(f"{number}\0{item.id}\0{item.fingerprint}\0{item.reason}\0{item.by}{along}{first}\n".encode())
    for refused in plan.refused:
        digest.update(f"-\0{refused.item.id}\0{refused.why}\n".encode())
    for cycle in plan.cycles:
        digest.update(f"o\0{cycle.members}\0{cycle.cuts}\n".encode())
    for hold in plan.holds:
        digest.update(f"h\0{hold.holder.id}\0{hold.others}\n".encode())
    return digest.hexdigest()


Say = Callable[[Document], str]
"""Says something about a resource, or nothing."""
Period = Callable[[Document], float]
"""How long (seconds) a resource is in quarantine first."""


def nothing(document: Document) -> str:
    return ""


def at_once(document: Document) -> float:
    return 0.0
