"""What changed in the graph, as events: one for each kind and sort of change, after an account is merged; one when a run has merged all.

They are for jobs and for looking back. People at a prompt read `account_merged` and `post_collect`, which say the same in less.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from resh.events.event import DEBUG, Event


class ResourceChange(Event):
    """How many resources of one kind changed in one account."""

    type: str = "resource_changed"
    severity: str = DEBUG
    cloud: Annotated[str, "such as aws"] = ""
    account: Annotated[str, "id of the account"] = ""
    kind: Annotated[str, "their kind; empty for what is summed up of the kinds with the fewest"] = ""
    count: Annotated[int, "how many resources"] = 0
    kinds: Annotated[int, "how many kinds are summed up"] = 1

    def line(self) -> str:
        what = self.kind or f"of {self.kinds} more kinds"
        return f"{self.cloud}/{self.account}: {self.count} {what}"


class ResourceCreated(ResourceChange):
    """Resources of a kind are new in an account."""

    type: str = "resource_created"


class ResourceUpdated(ResourceChange):
    """Resources of a kind changed in an account."""

    type: str = "resource_updated"


class ResourceDeleted(ResourceChange):
    """Resources of a kind are gone from an account."""

    type: str = "resource_deleted"


class GraphMergeCompleted(Event):
    """A run has merged every account that it could read."""

    type: str = "graph_merge_completed"
    severity: str = DEBUG
    accounts: Annotated[int, "accounts that were merged"] = 0
    created: Annotated[int, "resources that are new"] = 0
    updated: Annotated[int, "resources that changed"] = 0
    deleted: Annotated[int, "resources that are gone"] = 0

    also: ClassVar[tuple[str, ...]] = ("graph-merge-completed",)

    def line(self) -> str:
        return f"{self.accounts} account{'' if self.accounts == 1 else 's'}: +{self.created} ~{self.updated} -{self.deleted}"
