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
_MACHINE = re.compile(r"i-[0-9a-f]+")
_RIGHTS = frozenset(("aws_iam_access_key", "aws_iam_policy", "aws_iam_group", "aws_iam_role", "aws_iam_instance_profile"))
_NETWORK = frozenset((
    "aws_ec2_subnet", "aws_vpc", "aws_ec2_security_group", "aws_iam_instance_profile", "aws_ec2_volume", "aws_ec2_network_interface",
))  # fmt: skip
_AROUND = {"aws_iam_user": _RIGHTS, "aws_iam_role": _RIGHTS, "aws_ec2_instance": _NETWORK}
"""What belongs to each of them."""
_CALLED = {"aws_iam_user": "name", "aws_iam_role": "name", "aws_ec2_instance": "id"}

Named = tuple[str, str]
"""The account, and the name or id there."""


def itself(arns: Iterable[str], documents: Documents, store: GraphStore) -> Mapping[str, str]:
    wanted: dict[str, set[Named]] = {}
    for arn in arns:
        for kind, named in _meant(arn):
            wanted.setdefault(kind, set()).add(named)
    found: dict[str, str] = {}
    for kind, names in wanted.items():
        ids = [document["id"] for document in _named(documents, kind, names)]
        found |= dict.fromkeys((*ids, *_around(ids, _AROUND[kind], store)), WHY)
    return found


def _meant(arn: str) -> Iterator[tuple[str, Named]]:
    if (match := _ARN.fullmatch(arn)) and match["rest"]:
        rest = match["rest"].split("/")
        name = rest[0] if match["sort"] == "assumed-role" else rest[-1]
        yield "aws_iam_user" if match["sort"] == "user" else "aws_iam_role", (match["account"], name)
        if match["sort"] == "assumed-role" and _MACHINE.fullmatch(rest[-1]):
            yield "aws_ec2_instance", (match["account"], rest[-1])


def _named(documents: Documents, kind: str, names: set[Named]) -> Iterator[Document]:
    texts = ", ".join(f'"{name}"' for name in sorted({name for _, name in names}) if '"' not in name)
    for document in documents(f"is({kind}) and {_CALLED[kind]} in [{texts}]"):
        named = identity(document, "account"), str((document.get("reported") or {}).get(_CALLED[kind]) or "")
        if document["kind"] == kind and named in names:
            yield document


def _around(ids: list[str], kinds: frozenset[str], store: GraphStore) -> Iterator[str]:
    """What of these kinds is next to them."""
    near = {id for pair in store.neighbours(ids, "default") for id in pair} - set(ids)
    for id in sorted(near):
        other = store.node(id)
        if other is not None and other["kind"] in kinds:
            yield id
