"""Macie: where it is on; not what it finds. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource

SESSION = Resource(
    kind="aws_macie2_session",
    description="Macie in one region: it looks for personal data in buckets; all that it has found goes with it.",
    call=Call("macie2", "get_macie_session", "@"),
    id="'session'",
    ctime="createdAt",
    tags="",
    fields={"mtime": "updatedAt"},
    edges=(Link("aws_iam_role", "serviceRole", by="arn"),),
    read={},
    gone=("NotEnabled", "ResourceNotFoundException"),
    delete=Action("disable_macie", {}),
)

RESOURCES = (SESSION,)
