"""The rule `unattached_network_interfaces`: cards that no instance has, and that no service made for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey

_OWN = (None, "", "interface", "efa", "efa-only")
"""Types of cards that people make; `lambda`, `branch`, `vpc_endpoint` and others are made by services, not all of which say so."""


@dataclass(frozen=True, slots=True)
class UnattachedNetworkInterfaces:
    name: str = "unattached_network_interfaces"
    description: str = "network interfaces that are attached to nothing, but those of services"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        limit = survey.seconds(self.name, "min_age")
        for document in survey.documents("is(aws_ec2_network_interface) and network_interface_status = available"):
            reported, old = document["reported"], survey.age(document)
            free = reported.get("network_interface_status") == "available" and not reported.get("nic_attachment")
            service = reported.get("nic_requester_managed") or reported.get("network_interface_type") not in _OWN
            if free and not service and old is not None and old >= limit:
                yield Found(document["id"], f"attached to nothing, known for {age(old)} (limit {age(limit)})")
