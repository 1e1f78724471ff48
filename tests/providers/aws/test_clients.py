"""Clients are made once, and given up when they are too many or their credentials have changed."""

from __future__ import annotations

import pytest
from botocore.loaders import create_loader

from resh.providers.aws import clients
from resh.providers.aws.clients import Clients
from resh.providers.aws.credentials import role_handle
from resh.settings import Settings

ROLES = tuple(role_handle(f"arn:aws:iam::{number:012}:role/inventory", "") for number in range(3))


@pytest.fixture
def made(credentials: pytest.MonkeyPatch) -> Clients:
    return Clients(Settings())


def test_one_for_each_account_service_and_region(made: Clients) -> None:
    found = {id(made.client(role, "sqs", region)) for role in ROLES for region in ("eu-west-1", "us-east-1") for _ in range(2)}
    assert len(found) == 6


def test_those_that_are_done_stay_while_they_are_few(made: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (made.client(role, "sqs", "eu-west-1") for role in ROLES)
    made.done(ROLES[0])
    assert made.client(ROLES[0], "sqs", "eu-west-1") is first
    monkeypatch.setattr(clients, "_MOST_CLIENTS", 1)
    made.done(ROLES[0])
    assert made.client(ROLES[1], "sqs", "eu-west-1") is second
    assert made.client(ROLES[0], "sqs", "eu-west-1") is not first
    assert made.client(ROLES[2], "sqs", "eu-west-1") is third


def test_models_are_read_once_for_all(made: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.session.create_loader", create_loader)  # that of the tests is one for all already
    sessions = (made.models, *map(made.session, ("", *ROLES)))
    loaders = {id(session.get_component("data_loader")) for session in sessions}
    assert len(loaders) == 1
