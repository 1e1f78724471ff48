"""Completion behind `aws`: nothing until a model is read, then services, operations and options."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from resh.commands.base import Role
from resh.shell.aws_words import AwsWords
from resh.shell.complete import complete
from tests.commands.conftest import Shell


@pytest.fixture
def read() -> Callable[[AwsWords, str], list[str]]:
    """Ask, wait until more is known, ask again."""

    def ask(words: AwsWords, text: str) -> list[str]:
        more = threading.Event()
        words.changed = more.set
        if not words.expected(text)[0]:
            assert more.wait(60)
        return list(words.expected(text)[0])

    return ask


def test_what_may_follow(read: Callable[[AwsWords, str], list[str]]) -> None:
    words = AwsWords()
    assert {"ec2", "s3", "sts"} <= set(read(words, "e"))
    assert words.expected("e")[1] == "e"
    assert {"describe-volumes", "stop-instances"} <= set(read(words, "ec2 describe-vol"))
    assert words.expected("ec2 describe-vol")[0]["describe-volumes"].startswith("Describes the specified EBS volumes")
    assert read(words, "ec2 stop-instances ")[0] == "--instance-ids"
    assert words.expected("ec2 stop-instances ")[0]["--instance-ids"] == "list, required"
    assert "--instance-ids" not in words.expected("ec2 stop-instances --instance-ids i-1 --")[0]
    assert "--query" in words.expected("ec2 stop-instances --instance-ids i-1 --")[0]
    assert words.expected("ec2 stop-instances --instance-ids i")[0] == {}
    assert words.expected("ec2 no-such --")[0].keys() == {"--account", "--region", "--query"}


def test_a_service_that_is_none(read: Callable[[AwsWords, str], list[str]]) -> None:
    words = AwsWords()
    words._read("ec3")
    assert words.expected("ec3 x")[0] == {}


def test_in_the_shell(shell: Shell) -> None:
    words = shell.session.vocabulary.aws
    for service in ("", "sts"):
        words._asked.add(service)
        words._read(service)

    def candidates(text: str) -> list[str]:
        return [candidate.text for candidate in complete(shell.session, text)]

    assert {"accounts", "permissions", "ec2"} <= set(candidates("aws "))
    assert candidates("aws acc")[0] == "accounts"
    assert candidates("search is(volume) | aws sts get-caller-id") == ["get-caller-identity"]
    assert "--role-arn" in candidates("aws sts assume-role --")
    shell.session.role = Role.viewer
    assert "sts" not in candidates("aws ")
