"""What resh itself runs with: its user or role with all that gives them their rights, and the machine that it runs on with its network.

    itself(["arn:aws:sts::123456789012:assumed-role/cleaner/i-0f3a"], documents, store)     # {node id: 'resh runs with it', …}

A session that is called like an instance is what the instance's own role is given, so that is the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from resh.cleanup.rules.survey import Documents, identity
from resh.graph.base import Document, GraphStore

WHY = "resh runs with it"
_ARN = re.compile(r"arn:[^:]+:(?:iam|sts)::(?P<account>\d*):(?P<sort>user|role|assumed-role|root)(?:/(?P<rest>.*))?")
_RIGHTS = frozenset(("aws_iam_access_key", "aws_iam_policy", "aws_iam_group", "aws_iam_role", "aws_iam_instance_profile"))
_MACHINE = re.compile(r"i-[0-9a-f]+")
_NETWORK = frozenset((
    "aws_ec2_subnet", "aws_vpc", "aws_ec2_security_group", "aws_iam_instance_profile", "aws_ec2_volume", "aws_ec2_network_interface",
))  # fmt: skip


def itself(arns: Iterable[str], documents: Documents, store: GraphStore) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for arn in arns:
        if match := _ARN.fullmatch(arn):
            rest = (match["rest"] or "").split("/")
            sort = "user" if match["sort"] == "user" else "role"
            name = rest[0] if match["sort"] == "assumed-role" else rest[-1]
            for document in _named(documents, f"aws_iam_{sort}", name, match["account"]):
                found |= dict.fromkeys(_with(document, _RIGHTS, store), WHY)
            if _MACHINE.fullmatch(rest[-1]):
                for document in _named(documents, "aws_ec2_instance", rest[-1], match["account"]):
                    found |= dict.fromkeys(_with(document, _NETWORK, store), WHY)
    return found


def _named(documents: Documents, kind: str, name: str, account: str) -> Iterator[Document]:
    if not name:
        return
    property = "id" if kind == "aws_ec2_instance" else "name"
    for document in documents(f'is({kind}) and {property} = "{name}"'):
        if identity(document, "account") == account and (document.get("reported") or {}).get(property) == name:
            yield document


def _with(document: Document, kinds: frozenset[str], store: GraphStore) -> Iterator[str]:
    """The resource, and what of these kinds is next to it."""
    yield document["id"]
    for pair in store.neighbours([document["id"]], "default"):
        for id in set(pair) - {document["id"]}:
            other = store.node(id)
            if other is not None and other["kind"] in kinds:
                yield id
