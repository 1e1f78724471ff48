"""Macie: where it is on; not what it finds. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource

NOT_ON = ("NotEnabled", "ResourceNotFoundException")

SESSION = Resource(
    kind="aws_macie2_session",
    description="Macie in one region: it looks for personal data in buckets; all that it has found goes with it.",
    call=Call("macie2", "get_macie_session", "@", absent=NOT_ON),
    id="'session'",
    ctime="createdAt",
    tags="",
    fields={"mtime": "updatedAt"},
    edges=(Link("aws_iam_role", "serviceRole", by="arn"),),
    read={},
    gone=NOT_ON,
    delete=Action("disable_macie", {}),
)

RESOURCES = (SESSION,)
