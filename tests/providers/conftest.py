"""A mock of AWS for all tests of providers: one moto server, with a small account in two regions."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar

import botocore.session
import pytest
from botocore.loaders import create_loader

from resh.model.kinds import Property
from resh.providers.aws import shapes
from resh.providers.aws.provider import AwsProvider
from resh.providers.catalog import Resource
from resh.settings import Settings
from tests.providers.aws_world import REGIONS, World, fill
from tests.providers.faults import FaultProxy

KINDS = ("aws_ec2_volume", "aws_vpc", "aws_iam_user", "aws_s3_bucket", "aws_lambda_function")
NO_TYPES = "aws.no_collect=aws_ec2_instance_type"  # hundreds in each region


@pytest.fixture(scope="session", autouse=True)
def one_loader() -> Iterator[None]:
    """The services' models are read once for all sessions: they are large files of JSON, and botocore changes nothing in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(create_loader))
        yield


class _Described(shapes.Models):
    """What the services' models tell about a kind is read off them once for all providers: of all kinds that takes a second."""

    _known: ClassVar[dict[int, tuple[Resource, tuple[Property, ...]]]] = {}

    def _find_properties(self, resource: Resource) -> tuple[Property, ...]:
        if id(resource) not in self._known:
            self._known[id(resource)] = (resource, super()._find_properties(resource))
        return self._known[id(resource)][1]


@pytest.fixture(scope="session", autouse=True)
def one_description() -> Iterator[None]:
    """Of providers; a test of `Models` has its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shapes, "Models", _Described)
        yield


@pytest.fixture(scope="session")
def aws() -> Iterator[World]:
    """The mock's address and what is in it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environment = {**os.environ, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port, server)
            yield fill(f"http://127.0.0.1:{port}")
        finally:
            server.kill()


@pytest.fixture(scope="session")
def one_proxy(aws: World) -> Iterator[FaultProxy]:
    with FaultProxy(aws.url) as proxy:
        yield proxy


@pytest.fixture
def proxy(one_proxy: FaultProxy) -> FaultProxy:
    one_proxy.heal()
    return one_proxy


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Credentials for the mock, and none of this machine's configuration."""
    _become_nobody(monkeypatch, tmp_path)
    return monkeypatch


@pytest.fixture
def settings() -> Settings:
    """Two regions, no second attempts, and only the kinds that tests of faults need."""
    return few()


@pytest.fixture(scope="session")
def one_provider(one_proxy: FaultProxy, tmp_path_factory: pytest.TempPathFactory) -> AwsProvider:
    """Its clients are made once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        _become_nobody(patch, tmp_path_factory.mktemp("aws"))
        patch.setenv("AWS_ENDPOINT_URL", one_proxy.url)
        provider = AwsProvider(few())
        provider.accounts()
    return provider


@pytest.fixture
def provider(one_provider: AwsProvider, proxy: FaultProxy, credentials: pytest.MonkeyPatch) -> AwsProvider:
    """AWS through the fault proxy, which breaks nothing yet."""
    credentials.setenv("AWS_ENDPOINT_URL", proxy.url)
    return one_provider


def few() -> Settings:
    regions, kinds = ",".join(REGIONS), ",".join(KINDS)
    return Settings.load(overrides=[f"aws.regions={regions}", f"aws.collect={kinds}", NO_TYPES, "aws.retries=1"])


def _become_nobody(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-no-account")
    patch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the mock of AWS did not start")
