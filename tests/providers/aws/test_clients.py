"""Clients are made once, and given up when they are too many or their credentials have changed."""

from __future__ import annotations

import pytest
from botocore.loaders import Loader, create_loader
from botocore.model import ServiceModel

from resh.providers.aws import clients
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.clients import Clients
from resh.providers.aws.credentials import role_handle
from resh.providers.aws.lean_models import LeanLoader
from resh.providers.aws.operations import every
from resh.providers.aws.shapes import Models
from resh.settings import Settings

ROLES = tuple(role_handle(f"arn:aws:iam::{number:012}:role/inventory", "") for number in range(3))


USUAL = {("sqs", "list_queues"), ("sqs", "get_queue_attributes")}


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


@pytest.fixture
def lean(credentials: pytest.MonkeyPatch) -> Clients:
    return Clients(Settings(), usual=lambda: USUAL)


def test_clients_know_what_is_usual(lean: Clients) -> None:
    client = lean.client("", "sqs", "eu-west-1", "list_queues")
    assert client is lean.client("", "sqs", "eu-west-1")
    assert set(client.meta.method_to_api_mapping) == {operation for _, operation in USUAL}
    assert lean.client("", "sts", "eu-west-1").get_caller_identity
    assert client.meta.service_model.operation_model("ListQueues").output_shape.members["QueueUrls"].member.type_name == "string"


def test_another_operation_has_a_client_with_the_whole_model(lean: Clients) -> None:
    usual, other = (lean.client("", "sqs", "eu-west-1", operation) for operation in ("list_queues", "purge_queue"))
    assert "purge_queue" in other.meta.method_to_api_mapping
    assert lean.client("", "sqs", "eu-west-1", "purge_queue") is other
    assert lean.client("", "sqs", "eu-west-1", "list_queues") is usual
    assert set(lean.client("", "sqs", "us-east-1").meta.method_to_api_mapping) == set(usual.meta.method_to_api_mapping)


def test_lean_models_tell_the_same_of_a_kind() -> None:
    """What is left out is not what a kind is described by."""
    resources = [resource for resource in catalog().all if resource.call.service in ("ecs", "iam", "lambda", "s3")]
    whole = Loader()
    slim = LeanLoader(frozenset(every(catalog())), tuple(whole.search_paths))

    def described(loader: Loader) -> list[object]:
        models = Models(lambda service: ServiceModel(loader.load_service_model(service, "service-2"), service))
        return [(models.properties(resource), models.free_keys(resource)) for resource in resources]

    assert len(resources) > 10
    assert described(slim) == described(whole)
    assert sum(len(slim.load_service_model(name, "service-2")["operations"]) for name in ("ecs", "iam", "lambda", "s3")) < 200
