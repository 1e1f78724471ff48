from __future__ import annotations

import pytest

from resh.errors import UsageError
from resh.events.event import Problem, ScopeFailed, StepEvent, WorkflowStarted
from resh.events.filter import Filter, fits, patterns, rank, severity
from resh.events.table import names

KNOWN = names({"collect": ["collect"], "cleanup": ["cleanup_plan", "cleanup"]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("collect", ("collect",)),
        ("cleanup_*, error", ("cleanup_*", "error")),
        ("task_end", ("workflow_ended",)),
        ("config-updated", ("config_updated",)),
        ("*", ("*",)),
        ("p?e_collect,", ("p?e_collect",)),
    ],
)
def test_names_and_patterns(text: str, expected: tuple[str, ...]) -> None:
    assert patterns(text, KNOWN) == expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("colect", "no event is called 'colect'", "collect"),
        ("collect,logni", "no event is called 'logni'", "login"),
        ("cleanpu_*", "no event fits 'cleanpu_*'", "cleanup"),
        ("task_edn", "no event is called 'task_edn'", "task_end"),
        ("folow", "no event is called 'folow'", "follow"),
        ("qqqq", "no event is called 'qqqq'", "there are account_merged, alert_fired"),
        (" , ", "names no event", "such as collect"),
    ],
)
def test_a_name_that_no_event_has_is_refused_with_the_nearest(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        patterns(text, KNOWN, ("last", "follow"))
    assert message in refused.value.message
    assert hint in refused.value.hint


def test_a_filter_goes_by_name_severity_and_run() -> None:
    scope, step = ScopeFailed(run="01a7"), StepEvent(type="cleanup_plan", run="01a7")
    assert Filter()(scope)
    assert Filter(run="01a7")(scope)
    assert not Filter(run="01a8")(scope)
    assert Filter(severity="warning")(scope)
    assert not Filter(severity="error")(scope)
    assert Filter(severity="error")(Problem())
    assert Filter(("cleanup*",))(step)
    assert not Filter(("cleanup*",))(WorkflowStarted())
    assert not Filter(("cleanup*",), "warning")(step)


def test_severities() -> None:
    assert severity("warning") == "warning"
    with pytest.raises(UsageError, match="'warn' is no severity"):
        severity("warn")
    assert rank("debug") < rank("info") < rank("warning") < rank("error") < rank("of another version")


def test_one_pattern_is_enough() -> None:
    assert fits("login", ("pre_*", "log*"))
    assert not fits("login", ("pre_*",))
    assert not fits("login", ())
