from __future__ import annotations

import pytest

from resh.cancel import Cancel
from resh.errors import ReshError
from resh.workflows.scopes import Scopes
from resh.workflows.standing import Standing, Waiting, part


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize(
    ("scope", "ends", "parts"),
    [
        ("aws", True, {}),
        ("aws/1", True, {}),
        ("aws/1/eu", False, {"eu": "enough"}),
        ("aws/12", False, {}),
        ("aw", False, {}),
    ],
)
def test_a_scope_ends_what_is_in_it(scope: str, ends: bool, parts: dict[str, str], early: bool) -> None:
    scopes, cancel = Scopes(), Cancel()
    if early:
        scopes.stop(scope, "enough")
    with scopes.working("aws/1", cancel):
        if not early:
            scopes.stop(scope, "enough")
        scopes.stop(scope, "once more")
    assert (bool(cancel), dict(cancel.parts)) == (ends, parts)


def test_a_standing_comes_back_as_it_went() -> None:
    leaves = ((("collect", "aws", "1", "eu"), 1, 2), (("collect", "aws", "2"), 1, 1), (("cleanup",), 0, 1))
    standing = Standing(40, 1700.5, 2, leaves, Waiting("ec2:DescribeVolumes", "eu", 1600.25))
    assert Standing.parse(standing.text()) == standing
    assert standing.under_way("collect") == ["aws", "aws/1", "aws/1/eu"]
    assert standing.under_way("cleanup") == []


def test_a_part_is_known_by_its_end() -> None:
    scopes = ["aws", "aws/1", "aws/1/eu", "aws/2", "aws/2/eu"]
    assert part(scopes, "aws/1") == part(scopes, "1") == "aws/1"
    assert part(scopes, "2/eu") == "aws/2/eu"
    with pytest.raises(ReshError, match="several accounts"):
        part(scopes, "eu")
    with pytest.raises(ReshError, match="no 'x' under way"):
        part([], "x")
