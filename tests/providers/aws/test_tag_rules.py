from __future__ import annotations

import pytest

from resh.providers.aws.tag_rules import objection


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("aws:owner", "ada", "keys that begin with aws:"),
        ("AWS:x", "", "keys that begin with aws:"),
        ("", "x", "a tag needs a key"),
        ("k" * 129, "", "has 129 letters: AWS takes 128"),
        ("owner", "x" * 257, "has 257 letters: AWS takes 256"),
        ("awsome", 'a=b "q"\n🔥', ""),
        ("k" * 128, "x" * 256, ""),
    ],
)
def test_what_aws_takes(key: str, value: str, why: str) -> None:
    found = objection(key, value)
    assert (why in found) if why else not found
