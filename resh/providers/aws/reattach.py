"""The calls that bring back ties that were cut to break a cycle, in the form of the AWS CLI, out of what the journal has of them.

reattach(SECURITY_GROUP, document, ties).lines
# ("aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-1 --ip-permissions …",)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from resh.errors import UsageError
from resh.providers.aws.cli_lines import CliLines
from resh.providers.aws.remakes import Path, Then
from resh.providers.base import Document, Remade, Tie
from resh.providers.catalog import Resource
from resh.providers.ending import Detach
from resh.providers.mapping import expression
from resh.providers.session import GLOBAL

_NAMED = "group_id: ReferencedGroupInfo.GroupId, user_id: ReferencedGroupInfo.UserId, description: Description"
_PAIR = f"{{{_NAMED}, vpc_peering_connection_id: ReferencedGroupInfo.VpcPeeringConnectionId}}"
_RULE = Path(f"[{{ip_protocol: IpProtocol, from_port: FromPort, to_port: ToPort, user_id_group_pairs: [{_PAIR}]}}]")
_GROUP = {"GroupId": "{id}", "IpPermissions": _RULE}

AGAIN: Mapping[str, tuple[Then, ...]] = {
    "aws_ec2_security_group": (
        Then("authorize_security_group_ingress", _GROUP, "ties[?IsEgress == `false`]"),
        Then("authorize_security_group_egress", _GROUP, "ties[?IsEgress == `true`]"),
    ),
}
"""Calls by kind, for each of the ties."""


def reattach(resource: Resource, node: Document, ties: Sequence[Tie]) -> Remade:
    """Raises UsageError where nobody knows how."""
    if resource.kind not in AGAIN or resource.detach is None:
        raise UsageError(f"nobody knows how {resource.kind} names others again", "cleanup show has what was cut")
    known = {**node["reported"], "ties": [dict(tie) for tie in ties]}
    write = CliLines(resource.call.service, known, node["ancestors"]["region"]["reported"]["id"] or GLOBAL, {})
    lines = tuple(line for then in AGAIN[resource.kind] for line in write.followed(then))
    return Remade(lines, (*_gone(resource.detach, known["id"], ties), *write.lost))


def _gone(detach: Detach, id: str, ties: Sequence[Tie]) -> Iterator[str]:
    """What stands in the lines and may have been deleted since, and what the ties had of their own."""
    names = dict.fromkeys([id, *(str(expression(detach.names)(tie)) for tie in ties)])
    yield f"those of {', '.join(names)} that were deleted: put in what took their place"
    yield f"ids of what was cut: {', '.join(str(expression(detach.id)(tie)) for tie in ties)}"
    if tags := [f"{tag.get('Key')}={tag.get('Value')}" for tie in ties for tag in tie.get("Tags") or ()]:
        yield f"tags of what was cut: {', '.join(tags)}"
