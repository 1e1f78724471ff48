from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import resh
from resh.clock import FakeClock
from resh.events.bus import EventBus
from resh.events.changes import GraphMergeCompleted, ResourceCreated
from resh.events.event import (
    SEVERITIES,
    AccountMerged,
    CleanupFailed,
    CleanupMarked,
    Event,
    ResourceCleaned,
    ScopeFailed,
    StartRequested,
    StepEvent,
)
from resh.events.people import ConfigDeleted, ConfigUpdated, Login, Logout
from resh.events.table import EVENTS, OTHER_NAMES, about, fields, from_payload, names

EVERY = [StartRequested, StepEvent, *EVENTS.values()]


@pytest.mark.parametrize("cls", EVERY, ids=lambda cls: cls.__name__)
def test_every_event_says_what_it_is_about_and_what_its_fields_mean(cls: type[Event]) -> None:
    assert about(cls)[0].isupper()
    assert len(about(cls)) > 10
    for name, (type, meaning) in fields(cls, own=False).items():
        assert type in ("text", "number", "list", "object"), name
        assert meaning, name
    assert cls._defaults["severity"] in SEVERITIES


def test_every_event_is_emitted_somewhere() -> None:
    package = Path(resh.__file__).parent
    code = [file.read_text() for file in package.rglob("*.py") if file.parent.name != "events"]
    assert [cls.__name__ for cls in EVENTS.values() if not any(re.search(rf"\b{cls.__name__}\b", text) for text in code)] == []


def test_fields_are_typed() -> None:
    assert fields(CleanupMarked)["count"] == ("number", "how many resources")
    assert [type for type, _ in fields(StepEvent).values()] == ["text", "object"]
    assert fields(EVENTS["progress"])["path"][0] == "list"


def test_names_are_those_of_the_events_and_of_the_steps() -> None:
    found = names({"collect": ["collect"], "my_own": ["collect", "mine"]})
    assert found["workflow_started"] == "A run began"
    assert found["start_my_own_workflow"] == "asks for a run of my_own"
    assert {"start_collect_workflow", "pre_collect", "collect", "post_collect", "pre_mine", "post_mine", "login", "error"} <= found.keys()


@pytest.mark.parametrize(
    ("resoto", "ours"),
    [
        ("task_started", "workflow_started"),
        ("task_start", "workflow_started"),
        ("task_end", "workflow_ended"),
        ("config-updated", "config_updated"),
        ("config-deleted", "config_deleted"),
        ("graph-merge-completed", "graph_merge_completed"),
        ("message-listener-connected", "login"),
        ("message-listener-disconnected", "logout"),
    ],
)
def test_the_events_of_resoto_are_known_by_their_names(resoto: str, ours: str) -> None:
    assert OTHER_NAMES[resoto] == ours
    assert resoto not in EVENTS


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (StartRequested(type="start_collect_workflow", by="ada"), "asked for by ada"),
        (CleanupMarked(rule="expired", count=2), "rule expired marked 2"),
        (CleanupMarked(by="ada", count=1, reason="forgotten"), "ada marked 1: forgotten"),
        (AccountMerged(cloud="aws", account="1", created=7), "aws/1: +7 ~0 -0"),
        (ScopeFailed(scope="aws/1/eu/volume", status="denied", message="not for you"), "denied: aws/1/eu/volume (not for you)"),
        (ResourceCleaned(id="x", kind="aws_ec2_volume"), "deleted aws_ec2_volume x"),
        (CleanupFailed(id="x", kind="aws_ec2_volume", name="old", message="in use"), "could not delete aws_ec2_volume old: in use"),
        (ResourceCreated(cloud="aws", account="1", kind="aws_ec2_volume", count=3), "aws/1: 3 aws_ec2_volume"),
        (ResourceCreated(cloud="aws", account="1", count=9, kinds=4), "aws/1: 9 of 4 more kinds"),
        (GraphMergeCompleted(accounts=1, deleted=2), "1 account: +0 ~0 -2"),
        (Login(user="ada", role="admin", via="ssh", address="192.0.2.1"), "ada (admin), ssh from 192.0.2.1"),
        (Logout(user="ada", via="terminal"), "ada, terminal"),
        (ConfigUpdated(path="aws.regions", by="ada"), "aws.regions set by ada"),
        (ConfigDeleted(path="aws.regions", by="ada"), "aws.regions unset by ada"),
    ],
    ids=lambda value: value.type if isinstance(value, Event) else "",
)
def test_an_event_without_a_text_gets_its_line(event: Event, text: str) -> None:
    bus = EventBus(FakeClock())
    assert bus.emit(event).text == text
    assert bus.emit(event.changed(text="in other words")).text == "in other words"


@pytest.mark.parametrize("name", EVENTS)
def test_what_is_stored_comes_back_as_the_same_event(name: str) -> None:
    event = from_payload({"type": name, "run": "01a7"})
    assert isinstance(event, EVENTS[name])
    assert from_payload(event.payload()) == event


def test_a_stored_line_of_another_version_keeps_what_is_known() -> None:
    stored: dict[str, Any] = {"type": "login", "user": "ada", "planet": "earth"}
    assert from_payload(stored) == Login(user="ada")
    assert from_payload({"type": "start_mine_workflow", "by": "ada"}) == StartRequested(type="start_mine_workflow", by="ada")
    assert from_payload({"type": "pre_unheard_of", "step": "x"}) == StepEvent(type="pre_unheard_of", step="x")
