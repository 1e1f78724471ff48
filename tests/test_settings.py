from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from resh.errors import BadValue, UsageError
from resh.settings import Settings
from resh.state.tables import Tables


def test_later_sources_win_and_say_so(tmp_path: Path) -> None:
    file = tmp_path / "resh.yaml"
    file.write_text("aws: {regions: [from-file], concurrency: 3}")
    settings = Settings.load(
        stored={"aws.regions": ["from-state"], "cleanup.enabled": True},
        file=file,
        environ={"RESH__AWS__REGIONS": "from-environment", "RESH_HOME": "/x"},
        overrides=["aws.concurrency=4"],
    )
    assert (settings.list("aws.regions"), settings.source("aws.regions")) == (["from-environment"], "environment")
    assert (settings.number("aws.concurrency"), settings.source("aws.concurrency")) == (4, "option")
    assert (settings.flag("cleanup.enabled"), settings.source("cleanup.enabled")) == (True, "state")
    assert settings.source("cleanup.dry_run") == "default"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("RESH__CLEANUP__ENABELD", "true", "did you mean cleanup.enabled"),
        ("RESH__CLEANUP__ENABLED", "maybe", "'maybe' is neither true nor false"),
        ("RESH__", "1", "there is no setting"),
    ],
)
def test_a_wrong_variable_is_named_as_it_was_written(name: str, value: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings.load(environ={name: value})
    assert caught.value.message.startswith(f"variable {name}: ")
    assert words in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "is no UTF-8 text"),
        (b": : [", "while parsing"),
        (b"- a", "holds no settings"),
        (b"cleanup: 5", "there is no setting 'cleanup'"),
        (b"cleanup: {enabled: x}", "'x' is neither true nor false"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "resh.yaml"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=words):
        Settings.load(file=file)


@pytest.mark.parametrize("override", ["cleanup.enabled", "=x", "cleanup.enabled="])
def test_a_wrong_override(override: str) -> None:
    with pytest.raises(UsageError):
        Settings.load(overrides=[override])


def test_what_is_sent_to_another_process_has_the_secrets_that_are_in_this_one(tmp_path: Path) -> None:
    settings = Settings.load(environ={"TOKEN": "swordfish"}, overrides=["metrics.token=env:TOKEN", "metrics.push.token=env:NOTHING"])
    there = pickle.loads(pickle.dumps(settings.frozen()))
    assert (there.text("metrics.token"), there.shown("metrics.push.token")) == ("swordfish", "env:NOTHING")


def test_what_another_process_stores_counts_at_once(tmp_path: Path) -> None:
    here, there = Tables(tmp_path), Tables(tmp_path)
    settings = Settings.load(overrides=["aws.retries=2"])
    settings.follow(here.settings)
    before = settings.generation
    assert settings.flag("cleanup.dry_run") is True
    there.settings.store("cleanup.dry_run", False)
    there.settings.store("aws.retries", 9)
    assert settings.flag("cleanup.dry_run") is False
    assert settings.source("cleanup.dry_run") == "state"
    assert settings.number("aws.retries") == 2
    assert settings.generation > before
    there.settings.remove("cleanup.dry_run")
    assert settings.flag("cleanup.dry_run") is True


def test_numbers_and_durations_by_name() -> None:
    settings = Settings.load(overrides=["aws.kinds.cap=aws_ecs_*=500, aws_ec2_snapshot = 20", "aws.kinds.every=aws_iam_policy=1d"])
    assert settings.numbers("aws.kinds.cap") == {"aws_ecs_*": 500, "aws_ec2_snapshot": 20}
    assert settings.durations("aws.kinds.every") == {"aws_iam_policy": 86400.0}
    settings.set("aws.kinds.cap", {"aws_vpc": 3}, "file")
    assert settings.get("aws.kinds.cap") == ["aws_vpc=3"]


@pytest.mark.parametrize("value", ["500", "aws_vpc=", "=5", "aws_vpc=many", "aws_vpc=-1"])
def test_a_number_by_name_that_is_none(value: str) -> None:
    with pytest.raises(UsageError, match=r"aws\.kinds\.cap: "):
        Settings().set("aws.kinds.cap", value, "option")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Berlim", "did you mean Europe/Berlin"),
        ("berlin", "did you mean Europe/Berlin?"),
        ("New York", "did you mean America/New_York?"),
        ("", "write it like Europe/Berlin or UTC"),
        ("../etc/passwd", "write it like Europe/Berlin or UTC"),
    ],
)
def test_a_time_zone_that_does_not_exist_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(BadValue, match=r"workflows\.timezone: there is no time zone") as caught:
        Settings.load(overrides=[f"workflows.timezone={name}"])
    assert caught.value.hint.startswith(hint)


def test_a_time_zone_that_exists() -> None:
    assert Settings.load(overrides=["workflows.timezone=America/New_York"]).text("workflows.timezone") == "America/New_York"
