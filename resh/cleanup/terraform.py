"""What Terraform looks after, by its state files (version 4). Deleting such a resource would bring it back, or break the next `apply`.

states = read_states(["infra/*.tfstate"])
states.file_of(document)          # 'infra/prod.tfstate', '' when none manages it
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from typing import Any

from resh.errors import UsageError
from resh.graph.base import Document

_VERSION = 4


@dataclass(frozen=True, slots=True)
class States:
    """Ids and ARNs of what is managed, with the file that says so."""

    files: Mapping[str, str] = field(default_factory=dict)

    def file_of(self, document: Document) -> str:
        reported = document.get("reported") or {}
        names = (str(reported.get(name) or "") for name in ("arn", "id", "name"))
        return next((self.files[name] for name in names if name in self.files), "")


def read_states(patterns: Iterable[str]) -> States:
    """Raises UsageError for a file that is missing or no state: what cannot be read might manage anything."""
    files: dict[str, str] = {}
    for pattern in patterns:
        paths = sorted(glob(str(Path(pattern).expanduser()), recursive=True))
        if not paths:
            raise UsageError(f"cleanup.terraform_states: there is no file '{pattern}'", "name one that there is")
        for path in paths:
            files |= dict.fromkeys(_managed(Path(path)), path)
    return States(files)


def _managed(path: Path) -> Iterator[str]:
    state = _read(path)
    try:
        for resource in state.get("resources") or ():
            if resource["mode"] == "managed":
                for instance in resource.get("instances") or ():
                    yield from _names(instance.get("attributes") or instance.get("attributes_flat") or {})
    except (AttributeError, KeyError, TypeError):
        raise _no_state(path) from None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        state = json.loads(path.read_bytes())
        version = state["version"]
    except OSError as error:
        raise UsageError(f"cleanup.terraform_states: {path}: {error.strerror}", "make it readable, or take it off the list") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _no_state(path) from None
    if version != _VERSION:
        hint = "write it anew with terraform 0.12 or later"
        raise UsageError(f"cleanup.terraform_states: {path} has version {version}, not {_VERSION}", hint)
    found: Mapping[str, Any] = state
    return found


def _no_state(path: Path) -> UsageError:
    return UsageError(
        f"cleanup.terraform_states: {path} is no state of Terraform", "name a .tfstate file, or what terraform state pull wrote"
    )


def _names(attributes: Mapping[str, Any]) -> Iterator[str]:
    """Of one instance; those that an older Terraform wrote, and a newer one has not touched, are flat."""
    return (str(attributes[name]) for name in ("arn", "id") if attributes.get(name))
