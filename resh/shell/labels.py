"""What may follow where labels of a metric are asked for: a list of them, or a condition on one.

    conditions({"region": ["eu-west-1", "us-east-1"]}, "region=eu")     # {'region=eu-west-1': '', 'region=us-east-1': ''}

Who completes sorts out what fits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from resh.commands.span import TOTAL

Labels = Mapping[str, Sequence[str]]
_BEGUN = re.compile(r"(\w+)(=~|!~|!=|=)")
_MOST = 200


def lists(labels: Labels, typed: str) -> dict[str, str]:
    """Labels between commas, each once."""
    before = typed[: typed.rfind(",") + 1]
    left = [label for label in labels if label not in before.split(",")]
    return {**{before + label: _example(labels[label]) for label in left}, **({} if before else {TOTAL: "all together"})}


def conditions(labels: Labels, typed: str) -> dict[str, str]:
    begun = _BEGUN.match(typed)
    if begun is None:
        return {f"{label}=": _example(values) for label, values in labels.items()}
    return {f"{begun[0]}{value}": "" for value in labels.get(begun[1], ())[:_MOST]}


def _example(values: Sequence[str]) -> str:
    shown = ", ".join(value or '""' for value in values[:3])
    return f"{shown}, …" if len(values) > 3 else shown
