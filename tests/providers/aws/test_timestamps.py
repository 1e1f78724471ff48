from __future__ import annotations

from typing import Any

import pytest
from botocore.utils import parse_timestamp

from resh.providers.aws.answers import timestamp


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:05.678+0000",
        "2026-01-02T03:04:05+02:00",
        "2026-01-02 03:04:05",
        "2026-01-02",
        "Fri, 02 Jan 2026 03:04:05 GMT",
        1767323045,
        1767323045.25,
        "1767323045",
        "20260102",
        -62135596800,
    ],
)
def test_a_time_is_what_botocore_makes_of_it(value: Any) -> None:
    assert timestamp(value) == parse_timestamp(value)


@pytest.mark.parametrize("value", ["soon", "", None])
def test_what_is_none_is_refused_as_botocore_does(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        parse_timestamp(value)
    with pytest.raises((ValueError, TypeError)):
        timestamp(value)
