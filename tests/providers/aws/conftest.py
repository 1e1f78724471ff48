"""What the tests of AWS share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

import pytest

from resh.demo.cloud import moto_process, point_at
from resh.providers.aws.catalogs import catalog
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted

EXAMPLE_REGION = "eu-west-1"


@pytest.fixture
def world() -> World:
    """Every catalog of AWS, and no items yet."""
    return World(catalog().resources)


@pytest.fixture(scope="session")
def example_port() -> Iterator[int]:
    """The example account on a moto server of its own, with one region: for tests that tag and delete."""
    with moto_process((EXAMPLE_REGION,)) as port:
        yield port


@pytest.fixture(scope="module")
def example(example_port: int) -> Iterator[None]:
    """AWS's tools, and resh, talk to the example account."""
    with _talk_to(example_port):
        yield


@pytest.fixture(scope="session")
def one_cloud(example_port: int) -> Cloud:
    """Its clients, and what it reads off the services' models, are made once for all modules."""
    with _talk_to(example_port):
        return Cloud()


@pytest.fixture(scope="module")
def cloud(example: None, one_cloud: Cloud) -> Cloud:
    return one_cloud


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Answers that moto lacks."""
    return Scripted(monkeypatch)


@pytest.fixture
def name() -> str:
    """Of something that a test makes for itself."""
    return f"test-{token_hex(4)}"


@contextmanager
def _talk_to(port: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        environment: dict[str, str] = {}
        point_at(environment, f"http://127.0.0.1:{port}")
        for name, value in environment.items():
            patch.setenv(name, value)
        yield
