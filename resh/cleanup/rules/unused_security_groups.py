"""The rule `unused_security_groups`: groups that nothing belongs to, and that no rule and no template names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey
from resh.cleanup.rules.templates import mentioned, named_groups

_READ = ("aws_ec2_network_interface", "aws_ec2_instance", "aws_ec2_launch_template")


@dataclass(frozen=True, slots=True)
class UnusedSecurityGroups:
    name: str = "unused_security_groups"
    description: str = "security groups that nothing belongs to, and that no other group and no launch template names"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        groups = [node for node in survey.documents("is(aws_ec2_security_group)") if node["reported"].get("name") != "default"]
        ids = [node["id"] for node in groups]
        members, namers, named = survey.below(ids), survey.below(ids, "delete"), mentioned(survey, "sg") | named_groups(survey)
        for group in groups:
            old, used = survey.age(group), members[group["id"]] or set(namers[group["id"]]) - {group["id"]}
            names = {group["reported"].get("id"), group["reported"].get("name")}
            if old is not None and not used and named.isdisjoint(names) and survey.read(group, *_READ):
                yield Found(group["id"], f"nothing belongs to it, known for {age(old)}")
