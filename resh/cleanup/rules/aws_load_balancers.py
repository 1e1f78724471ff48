"""The rule `aws_load_balancers`: load balancers that send to nothing, their target groups, and target groups that belong to none.

Kept are those whose tag `expiration` is `never`, and those whose listeners answer by themselves (redirects, fixed answers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey, is_alive
from resh.graph.base import Document


@dataclass(frozen=True, slots=True)
class AwsLoadBalancers:
    name: str = "aws_load_balancers"
    description: str = "load balancers that send to nothing, with their target groups"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        for document in survey.documents("is(aws_elb) or is(aws_alb) or is(aws_alb_target_group)"):
            if self._is_old(document, survey) and survey.read(document, "aws_ec2_instance", "aws_alb_target_group", "aws_alb"):
                yield from _JUDGES[document["kind"]](self, document, survey)

    def _is_old(self, document: Document, survey: Survey) -> bool:
        old = survey.age(document)
        never = (document["reported"].get("tags") or {}).get("expiration") == "never"
        return not never and old is not None and old >= survey.seconds(self.name, "min_age")

    def _classic(self, document: Document, survey: Survey) -> Iterator[Found]:
        if not document["reported"].get("backends") and not _instances(document, survey):
            yield Found(document["id"], f"no instance behind it, {_old(document, survey)}")

    def _modern(self, document: Document, survey: Survey) -> Iterator[Found]:
        if document["reported"].get("backends") or _answers(document):
            return
        groups = [node for node in survey.nodes(survey.below([document["id"]])[document["id"]]) if node["kind"] == "aws_alb_target_group"]
        if all(self._is_idle(group, survey) for group in groups):
            yield Found(document["id"], f"nothing behind it, {_old(document, survey)}")
            for group in groups:
                yield Found(group["id"], f"its load balancer {document['reported'].get('name')} sends to nothing")

    def _is_idle(self, group: Document, survey: Survey) -> bool:
        instances = group["reported"].get("target_type") == "instance"
        return (
            instances and self._is_old(group, survey) and not group["reported"].get("alb_target_health") and not _instances(group, survey)
        )

    def _group(self, document: Document, survey: Survey) -> Iterator[Found]:
        if not document["reported"].get("alb_lb_arns") and not survey.below([document["id"]], "delete")[document["id"]]:
            yield Found(document["id"], f"belongs to no load balancer, {_old(document, survey)}")


_JUDGES = {
    "aws_elb": AwsLoadBalancers._classic,
    "aws_alb": AwsLoadBalancers._modern,
    "aws_alb_target_group": AwsLoadBalancers._group,
}


def _instances(document: Document, survey: Survey) -> list[Document]:
    """Those behind it that are not terminated."""
    nodes = survey.nodes(survey.below([document["id"]])[document["id"]])
    return [node for node in nodes if node["kind"] == "aws_ec2_instance" and is_alive(node)]


def _answers(document: Document) -> bool:
    actions = (action for listener in document["reported"].get("alb_listener") or () for action in listener.get("default_actions") or ())
    return any(action.get("type") != "forward" for action in actions)


def _old(document: Document, survey: Survey) -> str:
    return f"{age(survey.age(document) or 0)} old"
