"""Settings that are a list of entries, as people write them: a list, one entry, or text in YAML (so that JSON does as well).

entries("[{rate: 5}]", "limits", "write it like {rate: 5}")        # [{"rate": 5}]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resh.errors import BadValue
from resh.plain_yaml import loader


def entries(value: Any, what: str, example: str) -> Sequence[Any]:
    """`what` names the entries, `example` shows one. Raises BadValue for what is no such list."""
    if isinstance(value, str):
        import yaml

        try:
            value = yaml.load(value, Loader=loader()) or []
        except yaml.YAMLError as error:
            raise BadValue(f"'{value}' cannot be read: {' '.join(str(error).split())}", example) from None
    if isinstance(value, Mapping):
        return [value]
    if not isinstance(value, list | tuple):
        raise BadValue(f"'{value}' is no list of {what}", example)
    return value
