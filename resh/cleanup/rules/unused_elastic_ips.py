"""The rule `unused_elastic_ips`: public addresses that are paid for and belong to nothing. Age counts from when resh first saw them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey

_HOLDERS = ("ip_association_id", "ip_instance_id", "ip_network_interface_id", "private_ip_address")


@dataclass(frozen=True, slots=True)
class UnusedElasticIps:
    name: str = "unused_elastic_ips"
    description: str = "elastic addresses that belong to no instance, network interface or gateway"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        limit = survey.seconds(self.name, "min_age")
        found = [node for node in survey.documents("is(aws_ec2_elastic_ip)") if not any(node["reported"].get(name) for name in _HOLDERS)]
        waiting = survey.below((node["id"] for node in found), "delete")
        for document in found:
            old = survey.age(document)
            if old is not None and old >= limit and not waiting[document["id"]]:
                yield Found(document["id"], f"belongs to nothing, known for {age(old)} (limit {age(limit)})")
