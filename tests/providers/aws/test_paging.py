from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import PaginationError

from resh.providers.aws.paging import Paging

ONE = {"input_token": "NextToken", "output_token": "NextToken", "result_key": "Items"}
MANY = {"input_token": ["Marker", "Version"], "output_token": ["NextMarker || Items[-1].Key", "NextVersion"], "more_results": "More"}


@pytest.mark.parametrize(
    ("described", "params", "answer", "following"),
    [
        (ONE, {"Max": 5}, {"Items": []}, None),
        (ONE, {"Max": 5}, {"NextToken": "b"}, {"Max": 5, "NextToken": "b"}),
        (ONE, {"Max": 5, "NextToken": "b"}, {"NextToken": "c"}, {"Max": 5, "NextToken": "c"}),
        (ONE, {"NextToken": "c"}, {"NextToken": ""}, None),
        (MANY, {}, {"More": True, "Items": [{"Key": "k"}]}, {"Marker": "k"}),
        (MANY, {"Marker": "k", "Version": "1"}, {"More": True, "NextMarker": "l"}, {"Marker": "l"}),
        (MANY, {}, {"More": False, "NextMarker": "l"}, None),
        (None, {}, {"Items": []}, None),
    ],
)
def test_the_page_after(described: Any, params: dict[str, Any], answer: dict[str, Any], following: Any) -> None:
    assert Paging(described).next(params, answer) == following


@pytest.mark.parametrize(
    ("described", "params", "answer", "why"),
    [
        (ONE, {"NextToken": "b"}, {"NextToken": "b"}, "leads back"),
        (None, {}, {"NextToken": "b"}, "knows no further page"),
    ],
)
def test_a_page_that_leads_nowhere(described: Any, params: dict[str, Any], answer: dict[str, Any], why: str) -> None:
    with pytest.raises(PaginationError, match=why):
        Paging(described).next(params, answer)
