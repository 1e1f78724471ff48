"""The rule `aws_vpcs`: with a VPC that is marked goes what is in it, unless an instance lives there that is not marked.

It runs after all others. What is in such a VPC besides, and is of no kind that goes with one, stays unmarked: then the plan refuses the VPC
and names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.marking import is_marked, name_of
from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey, is_alive
from resh.graph.base import Document

GO_ALONG = frozenset((
    "aws_vpc_peering_connection", "aws_ec2_network_acl", "aws_ec2_network_interface", "aws_elb", "aws_alb", "aws_alb_target_group",
    "aws_ec2_subnet", "aws_ec2_security_group", "aws_ec2_internet_gateway", "aws_ec2_nat_gateway", "aws_ec2_route_table",
    "aws_vpc_endpoint", "aws_ec2_elastic_ip",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class AwsVpcs:
    name: str = "aws_vpcs"
    description: str = "what is in a VPC that is marked, unless an instance lives there that is not"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        for vpc in survey.documents("is(aws_vpc) and /desired.clean == true"):
            inside = list(_inside(vpc, survey))
            if not any(node["kind"] == "aws_ec2_instance" and is_alive(node) and not is_marked(node) for node in inside):
                for node in inside:
                    if node["kind"] in GO_ALONG and not _is_default(node):
                        yield Found(node["id"], f"in the VPC {name_of(vpc)}, which is marked")


def _is_default(node: Document) -> bool:
    """A VPC's default group, to which the rules of other groups may lead, goes with it and cannot go by itself."""
    return bool(node["kind"] == "aws_ec2_security_group" and node["reported"].get("name") == "default")


def _inside(vpc: Document, survey: Survey) -> Iterator[Document]:
    """Everything that must be gone before the VPC."""
    seen, frontier = {vpc["id"]}, [vpc["id"]]
    while frontier:
        below = {id for targets in survey.below(frontier, "delete").values() for id in targets} - seen
        seen |= below
        frontier = sorted(below)
        yield from survey.nodes(frontier)
