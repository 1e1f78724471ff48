"""Which events start a job: names and conditions."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from resh.events.event import ERROR, Event, Problem, ScopeFailed, StepEvent, WorkflowEnded
from resh.events.table import names
from resh.events.trigger import checked, parse

KNOWN = names({"collect": ("collect", "cleanup_plan")})
COLLECTED = StepEvent(type="post_collect", workflow="collect", step="collect", counts={"created": 3, "accounts": {"denied": 1}})


@pytest.mark.parametrize(
    ("text", "event", "fits"),
    [
        ("post_collect", COLLECTED, True),
        ("pre_collect", COLLECTED, False),
        ("post_*", COLLECTED, True),
        ("pre_collect,post_collect", COLLECTED, True),
        ("post_collect workflow=collect", COLLECTED, True),
        ("post_collect workflow!=collect", COLLECTED, False),
        ("post_collect counts.created>2", COLLECTED, True),
        ("post_collect counts.created>=10", COLLECTED, False),
        ("post_collect counts.created<10", COLLECTED, True),
        ("post_collect counts.created=3.0", COLLECTED, True),
        ("post_collect counts.accounts.denied=1", COLLECTED, True),
        ("post_collect counts.deleted>0", COLLECTED, False),
        ("post_collect counts.deleted!=0", COLLECTED, True),
        ("post_collect workflow=collect counts.created>5", COLLECTED, False),
        ("workflow_ended status~'^(partial|failed)$'", WorkflowEnded(status="failed"), True),
        ("task_end status=ok", WorkflowEnded(status="ok"), True),
        ("error 'text=no luck'", Problem(text="no luck"), True),
        ("* severity>=warning", Problem(text="no luck"), True),
        ("* severity>=error", ScopeFailed(), False),
        ("* severity<=warning", Event(type="x", severity=ERROR), False),
    ],
)
def test_what_fits(text: str, event: Event, fits: bool) -> None:
    assert checked(text, KNOWN)(event) is fits
    assert parse(text)(event) is fits


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("post_colect", "no event is called 'post_colect'", "post_collect"),
        ("collect_done", "no event is called 'collect_done'", "did you mean collect"),
        ("nothing_*", "no event fits 'nothing_*'", "there are"),
        ("", "'' names no event", "post_collect workflow=collect"),
        ("post_collect created", "'created' is no condition", "counts.created>0"),
        ("workflow_ended stats=ok", "workflow_ended has no field 'stats'", "status"),
        ("error text~'('", "'(' is no regular expression", "write an event"),
        ("post_collect counts.created>>0", "counts.created>: '>0' is no number", "counts.created>0"),
        ("* severity>=warn", "severity: 'warn' is not one of", "did you mean warning?"),
        ("error 'text=a", "names no event", "write an event"),
    ],
)
def test_what_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked(text, KNOWN)
    assert message in caught.value.message
    assert hint in caught.value.hint
