"""What a collect costs the client: CPU for each API call, mapping to nodes and edges included, against bare boto3 doing the same reads."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from figures import Figure

from resh.app import App
from resh.cancel import Cancel
from resh.demo.cloud import NOT_IN_MOTO, REGIONS, moto_process, point_at
from resh.graph.base import MergeResult
from resh.providers.base import Heard
from resh.providers.limiter import Place
from resh.state.calls import CallCount

ROUNDS = 3


class Watcher:
    def __init__(self) -> None:
        self.calls = 0

    def progress(self, region: str, done: int, total: int) -> None:
        """Not of interest here."""

    def called(self, place: Place, heard: Heard) -> None:
        self.calls += 1

    def counted(self, counts: Iterable[CallCount]) -> None:
        self.calls += sum(count.calls for count in counts)


class Sink:
    """Takes everything and keeps nothing: the graph is measured elsewhere."""

    result = MergeResult("aws", "")

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *exc: object) -> None: ...

    def knows(self, id: str) -> bool:
        return False

    def kinds(self, kinds: object) -> None: ...

    def nodes(self, nodes: object) -> None: ...

    def edges(self, edges: object) -> None: ...

    def whole(self) -> None: ...

    def there(self, ids: object) -> None: ...

    def amend(self, learned: object) -> None: ...

    def usage(self, samples: object) -> None: ...

    def remembers(self, ids: object, names: object) -> dict[str, dict[str, Any]]:
        return {}

    def scope(self, report: object) -> None: ...

    def read_at(self, scope: object) -> float:
        return 0.0


def figures(home: Path) -> Iterator[Figure]:
    with moto_process(REGIONS) as moto, replay(moto) as port, tempfile.TemporaryDirectory() as folder:
        point_at(os.environ, f"http://127.0.0.1:{port}")
        with App(
            Path(folder), overrides=[f"aws.regions={','.join(REGIONS)}", f"aws.no_collect=aws_ec2_instance_type,{NOT_IN_MOTO}"]
        ) as app:
            requests = recorded(lambda: collect(app, Watcher()))
            watcher = Watcher()
            ours = min(cpu(lambda: collect(app, watcher)) for _ in range(ROUNDS)) / (watcher.calls / ROUNDS)
            threads = app.settings.number("aws.concurrency")
        _repeat(requests, 1)  # makes the clients
        alone, together = (min(cpu(lambda n=n: _repeat(requests, n)) for _ in range(ROUNDS)) / len(requests) for n in (1, threads))
    what = "collect, client CPU for an API call"
    yield Figure(what, ours * 1000, alone * 1000, 1.3, f"bare boto3, the same {len(requests)} reads one by one")
    yield Figure(what, ours * 1000, together * 1000, 1.3, "the same on as many threads")


def collect(app: App, watcher: Watcher) -> None:
    provider = app.providers["aws"]
    for account in provider.accounts():
        provider.collect(account, Sink(), watcher, Cancel())


def recorded(work: Any) -> list[tuple[str, str, str, dict[str, Any]]]:
    """The requests that `work` makes: service, region, operation, parameters."""
    import botocore.client

    requests: list[tuple[str, str, str, dict[str, Any]]] = []
    plain = botocore.client.BaseClient._make_api_call

    def noting(client: Any, operation: str, params: dict[str, Any]) -> Any:
        requests.append((client.meta.service_model.service_name, client.meta.region_name, operation, params))
        return plain(client, operation, params)

    botocore.client.BaseClient._make_api_call = noting
    try:
        work()
    finally:
        botocore.client.BaseClient._make_api_call = plain
    return requests


_CLIENTS: dict[tuple[str, str], Any] = {}


def _repeat(requests: list[tuple[str, str, str, dict[str, Any]]], threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(_read, requests))


def _read(request: tuple[str, str, str, dict[str, Any]]) -> None:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    service, region, operation, params = request
    client = _CLIENTS.get((service, region))
    if client is None:
        config = Config(s3={"addressing_style": "path"}, max_pool_connections=32)
        client = _CLIENTS[service, region] = boto3.client(service, region_name=region, config=config)
    with suppress(ClientError, BotoCoreError):  # "there is none" is an answer too
        client._make_api_call(operation, params)


def cpu(work: Any) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@contextmanager
def replay(moto: int, latency: float = 0.0) -> Iterator[int]:
    script = Path(__file__).with_name("replay.py")
    child = subprocess.Popen(
        [sys.executable, str(script), str(moto), str(latency)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        yield int(child.stdout.readline())
    finally:
        child.kill()
        child.communicate()
