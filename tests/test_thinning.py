from __future__ import annotations

import pytest

from resh.errors import BadValue
from resh.thinning import Step, steps

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize("texts", [["2d=4h", "30d=6h"], ["2d=4h", "1d=8h"], ["2d=4h", "30d=4h"], ["0d=4h"]])
def test_slots_that_do_not_fit_into_each_other_are_refused(texts: list[str]) -> None:
    with pytest.raises(BadValue, match="do not follow"):
        steps(texts)


@pytest.mark.parametrize(("text", "message"), [("2d", "'2d' is not an age"), ("2d=", "'2d=' is not an age"), ("2d=soon", "'soon'")])
def test_what_is_no_step_is_named(text: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        steps([text])


def test_steps_are_in_order() -> None:
    assert steps(["30d=1d", "2d=4h"]) == (Step(2 * DAY, 4 * HOUR), Step(30 * DAY, DAY))
