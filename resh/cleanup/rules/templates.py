"""What rules must know of things that are kept for later: what launch templates name, and what a plan of backups looks after."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from resh.cleanup.rules.survey import Survey
from resh.graph.base import Document

_LOOKED_AFTER = ("aws:backup:", "aws:dlm:")
"""Tags that begin so say that AWS Backup, or the Data Lifecycle Manager, deletes it in its time."""


def mentioned(survey: Survey, prefix: str) -> frozenset[str]:
    """All ids such as sg-0f3a that launch templates and configurations name, wherever in them."""
    pattern = re.compile(rf"\b{prefix}-[0-9a-f]+\b")
    return frozenset(id for document in _templates(survey) for id in pattern.findall(json.dumps(document["reported"])))


def named_groups(survey: Survey) -> frozenset[str]:
    """Names of security groups that they name so: those of a default VPC."""
    return frozenset(name for document in _templates(survey) for name in _below(document["reported"], "security_groups"))


def is_looked_after(document: Document) -> bool:
    return any(str(tag).startswith(_LOOKED_AFTER) for tag in document["reported"].get("tags") or {})


def _templates(survey: Survey) -> list[Document]:
    known = {"aws_ec2_launch_template", "aws_autoscaling_launch_configuration"} & {kind.name for kind in survey.kinds}
    search = " or ".join(f"is({name})" for name in sorted(known))
    return list(survey.documents(search)) if search else []


def _below(value: Any, key: str) -> Iterator[str]:
    """Texts in lists of that key, however deep."""
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        if name.endswith(key) and isinstance(inner, list):
            yield from (text for text in inner if isinstance(text, str))
        yield from _below(inner, key)
