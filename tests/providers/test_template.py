from __future__ import annotations

from typing import Any

import pytest

from resh.errors import UsageError
from resh.providers.template import fill, slots

KNOWN = {"id": "vol-1", "size": 8, "list": [1, 2], "each": {"arn": "arn:x"}, "key": "owner"}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{id}", "vol-1"),
        ("{size}", 8),
        ("{list}", [1, 2]),
        ("{each.arn}", "arn:x"),
        ("volume/{id} of {size}", "volume/vol-1 of 8"),
        ({"Ids": ["{id}"], "Force": True}, {"Ids": ["vol-1"], "Force": True}),
        ({"{key}": "{id}"}, {"owner": "vol-1"}),
        ({"User": "{user?}", "Size": "{size?}", "Arn": "{each.arn?}"}, {"Size": 8, "Arn": "arn:x"}),
        ("{ no slot }", "{ no slot }"),
        ('{"Version": 1}', '{"Version": 1}'),
    ],
)
def test_fill(template: Any, filled: Any) -> None:
    assert fill(template, KNOWN) == filled


@pytest.mark.parametrize("template", ["{nothing}", "{id.more}", ["x-{nothing}"]])
def test_a_slot_without_a_value(template: Any) -> None:
    with pytest.raises(UsageError, match="nothing is known as"):
        fill(template, KNOWN)


def test_slots() -> None:
    assert slots({"A": ["{id}"], "{key}": "{each.arn} {tag_list}", "B": "{user?}"}) == {"id", "key", "each", "tag_list", "user"}
