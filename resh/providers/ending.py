"""How a resource ends, as its kind declares it (`catalog.py`): what is kept of it, emptied, lost with it and cut, and its quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resh.providers.catalog import Action, Call


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is kept of a resource when it is deleted and people want that; in parameters `{snapshot}` is a name that is new.

    Without `ids`, `action` is made in place of the deletion: the cloud keeps the snapshot and deletes. With `ids`, a JMESPath into its
    answer, it is made before, and nothing is deleted until `status`, asked for each of the ids as `{each}`, says that it is in one of the
    states of `complete`; one of `failed` means that there is none.
    `when`, a JMESPath over the reported properties, is true where there is something to keep; empty: always.
    """

    action: Action
    when: str = ""
    ids: str = ""
    status: Call | None = None
    complete: tuple[str, ...] = ("completed",)
    failed: tuple[str, ...] = ("error",)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """How a resource is put out of service for a while, and back again.

    `serves`, a JMESPath over the reported properties, is true while it is in service: only then `isolate` is made. `release` is filled from
    the resource as it was before that.
    """

    serves: str
    isolate: Action
    release: Action


@dataclass(frozen=True, slots=True)
class Detach:
    """How a resource lets go of those of `kinds` that it names, which wait for its own deletion: only where they are in a cycle.

    `call` lists its ties. Of each, a JMESPath tells whose it is (`of`), whom it names (`names`), and its own id (`id`), which is `{each}`
    in the parameters of the action: the one whose condition, another JMESPath over the tie, is true. `users` list the ids of what could not
    do without it: the cloud, which refuses to delete what is in use, would not refuse to cut its ties.
    """

    kinds: tuple[str, ...]
    call: Call
    users: tuple[Call, ...]
    of: str
    names: str
    id: str
    actions: Mapping[str, Action]


@dataclass(frozen=True, slots=True)
class Contents:
    """What must not be in a resource that is deleted, `what` in words: listed by `call`, deleted by `action`, up to `size` at once.

    Those are `{batch}` in its parameters. `full` are error codes by which the cloud says that there is something.
    """

    what: str
    call: Call
    action: Action
    full: tuple[str, ...]
    size: int = 1000


@dataclass(frozen=True, slots=True)
class Takes:
    """What a deletion destroys as well: the resources of `kind` in the same region whose ids are at `path` of the reported properties.

    `marked` asks that people or rules have marked those too: nobody who marks the one would expect to lose the others.
    """

    kind: str
    path: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class PartOf:
    """The resource of `kind` in the same region, its id at `path` of the reported properties, that it goes with and not without."""

    kind: str
    path: str
