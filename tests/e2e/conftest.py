"""Real processes: the example cloud, resh as a command, a terminal, an SSH server."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resh.demo.cloud import NOT_IN_MOTO, moto_process, point_at

REGIONS = ("us-east-1", "eu-west-1")
NOWHERE = "http://127.0.0.1:1"
Resh = Callable[..., subprocess.CompletedProcess[str]]


def bare_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
    return {
        **kept,
        "USER": "ada",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """A filled example cloud that tests only read."""
    with moto_process(REGIONS) as port:
        yield f"http://127.0.0.1:{port}"


def cloud_environment(endpoint: str, home: Path) -> dict[str, str]:
    environment = bare_environment()
    point_at(environment, endpoint)
    settings = {"AWS__REGIONS": ",".join(REGIONS), "AWS__NO_COLLECT": NOT_IN_MOTO, "AWS__INSTANCE_TYPES": "used"}
    return {**environment, "RESH_HOME": str(home), **{f"RESH__{name}": value for name, value in settings.items()}}


@pytest.fixture
def environment(endpoint: str, home: Path) -> dict[str, str]:
    return cloud_environment(endpoint, home)


@pytest.fixture(scope="session")
def collected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a state folder into which the example cloud was collected; tests only read it, and the cloud is gone."""
    home = tmp_path_factory.mktemp("collected") / "home"
    worker = tmp_path_factory.getbasetemp()
    run = worker.parent if "PYTEST_XDIST_WORKER" in os.environ else worker
    with (run / "collected.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / "collected").exists():
            collect_into(run / "collected.new", request.getfixturevalue("endpoint"))
            (run / "collected.new").rename(run / "collected")
    shutil.copytree(run / "collected", home)
    return cloud_environment(NOWHERE, home)


def collect_into(home: Path, endpoint: str) -> None:
    done = run_resh(cloud_environment(endpoint, home), "-c", "workflows run collect --wait")
    assert done.returncode == 0, done.stderr + done.stdout


def run_resh(environment: dict[str, str], *arguments: str, stdin: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "resh", *arguments]
    return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
