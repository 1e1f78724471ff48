"""The rule `unused_security_groups`: groups that nothing belongs to, and that no rule and no template names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey

_READ = ("aws_ec2_network_interface", "aws_ec2_instance", "aws_ec2_launch_template")


@dataclass(frozen=True, slots=True)
class UnusedSecurityGroups:
    name: str = "unused_security_groups"
    description: str = "security groups that nothing belongs to, and that no other group and no launch template names"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        groups = [node for node in survey.documents("is(aws_ec2_security_group)") if node["reported"].get("name") != "default"]
        ids = [node["id"] for node in groups]
        members, namers, named = survey.below(ids), survey.below(ids, "delete"), mentioned(survey, "sg")
        for group in groups:
            old, used = survey.age(group), members[group["id"]] or set(namers[group["id"]]) - {group["id"]}
            if old is not None and not used and group["reported"].get("id") not in named and survey.read(group, *_READ):
                yield Found(group["id"], f"nothing belongs to it, known for {age(old)}")


def mentioned(survey: Survey, prefix: str) -> frozenset[str]:
    """All ids such as sg-0f3a that launch templates and configurations name, wherever in them."""
    pattern = re.compile(rf"\b{prefix}-[0-9a-f]+\b")
    known = {"aws_ec2_launch_template", "aws_autoscaling_launch_configuration"} & {kind.name for kind in survey.kinds}
    search = " or ".join(f"is({name})" for name in sorted(known))
    documents = survey.documents(search) if search else ()
    return frozenset(id for document in documents for id in pattern.findall(json.dumps(document["reported"])))
