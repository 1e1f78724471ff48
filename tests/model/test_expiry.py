from __future__ import annotations

from typing import Any

import pytest

from resh.model.expiry import expires

CTIME = "2026-11-01T00:00:00Z"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"resoto:expires": "2026-12-24T18:00:00Z"}, "2026-12-24T18:00:00Z"),
        ({"resh:expires": "2026-12-24T18:00:00+01:00"}, "2026-12-24T17:00:00Z"),
        ({"resh:expires": "2026-12-24"}, "2026-12-24T00:00:00Z"),
        ({"resoto:expiration": "3d"}, "2026-11-04T00:00:00Z"),
        ({"resh:expiration": "1d 12h"}, "2026-11-02T12:00:00Z"),
        ({"expiration": "2w"}, "2026-11-15T00:00:00Z"),
        ({"expiration": "2026-12-24"}, "2026-12-24T00:00:00Z"),
        ({"expiration": "1d", "resh:expires": "2026-12-24"}, "2026-12-24T00:00:00Z"),
        ({"expiration": "1d", "resh:expires": "soon"}, "2026-11-02T00:00:00Z"),
        ({"expiration": "never"}, None),
        ({"resh:expires": "never"}, None),
        ({"expiration": ""}, None),
        ({"expiration": "-3d"}, None),
        ({"expiration": "999999999y"}, None),
        ({"expiration": "2026-13-45"}, None),
        ({"expiration": 3}, None),
        ({"expiration": None}, None),
        ({"owner": "ada"}, None),
        ({}, None),
        (None, None),
        ("text", None),
    ],
)
def test_what_tags_say(tags: Any, expected: str | None) -> None:
    assert expires({"ctime": CTIME, "tags": tags}) == expected


@pytest.mark.parametrize("ctime", [None, "", "yesterday", 17])
def test_a_duration_needs_a_start(ctime: Any) -> None:
    assert expires({"ctime": ctime, "tags": {"expiration": "3d"}}) is None
    assert expires({"ctime": ctime, "tags": {"expiration": "2026-12-24"}}) == "2026-12-24T00:00:00Z"


def test_a_resource_without_tags_does_not_expire() -> None:
    assert expires({}) is None
