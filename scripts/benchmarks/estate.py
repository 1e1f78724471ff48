"""What many and large accounts cost: wall time under latency, CPU by accounts, processes against threads, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from collect import Sink, Watcher, collect, cpu, recorded, replay
from figures import Figure

from resh.app import App
from resh.cancel import Cancel
from resh.demo.cloud import NOT_IN_MOTO, REGIONS, moto_process, point_at
from resh.providers.away import Away, processes
from resh.providers.base import Account
from resh.providers.selection import EVERYTHING

if TYPE_CHECKING:
    from resh.graph.base import GraphStore

LATENCY = 0.05  # seconds
FOUR_REGIONS = (*REGIONS, "us-west-2")
FEW = "aws_ec2_*,aws_iam_role,aws_s3_bucket,aws_lambda_function,aws_sqs_queue,aws_rds_instance"
"""Kinds for the rows of accounts: a hundred whole ones would take minutes."""

_PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr);"
_PEAK += " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"


class Nowhere:
    """A graph that keeps nothing."""

    def elsewhere(self) -> type[Nowhere]:
        return Nowhere

    def changed_elsewhere(self) -> None: ...

    def merge(self, cloud: str, account: str, name: str) -> Sink:
        return Sink()


def figures(home: Path) -> Iterator[Figure]:
    yield _large()
    with moto_process(FOUR_REGIONS) as moto:
        with replay(moto, LATENCY) as port:
            yield _wall(port)
        with replay(moto) as port:
            yield _small(port)  # first: what is refused to accounts that are none would be replayed to it
            yield from _accounts(port)
            yield _processes(port)


def _large() -> Figure:
    script = str(Path(__file__).with_name("large_account.py"))
    peak = subprocess.run([sys.executable, script, "200000"], check=True, capture_output=True, text=True).stdout.split()[0]
    return Figure("memory of a collect of 200,000 resources with its merge", float(peak), 600, 1, "the budget", "MB")


def _wall(port: int) -> Figure:
    """The limit: all calls, or those to the busiest service of a region, over as many as may be in flight."""
    with _app(port) as app:
        requests = recorded(lambda: collect(app, Watcher()))
        busiest = Counter((service, region) for service, region, _, _ in requests).most_common(1)[0][1]
        limit = max(len(requests) / app.settings.number("aws.concurrency"), busiest / app.settings.number("aws.service_concurrency"))
        wall = min(_wall_of(lambda: collect(app, Watcher())) for _ in range(3))
    return Figure(
        "collect with 50 ms of latency, wall", wall, limit * LATENCY, 1.2, f"{len(requests)} calls, as many at once as allowed", "s"
    )


def _accounts(port: int) -> Iterator[Figure]:
    with _app(port, f"aws.collect={FEW}") as app:
        provider: Any = app.providers["aws"]
        (account,) = provider.accounts()
        provider.collect(account, Sink(), Watcher(), Cancel())
        for count, times in ((10, 5), (100, 2)):
            turns = [(_one_by_one(provider, account), _cpu_per_call(provider, _several(account, count))) for _ in range(times)]
            one, many = (min(costs) for costs in zip(*turns, strict=True))
            yield Figure(f"{count} accounts, client CPU for an API call", many * 1000, one * 1000, 1.15, "one account")


def _processes(port: int) -> Figure:
    with _app(port, "collect.executor=processes", "collect.processes=2") as app:
        provider: Any = app.providers["aws"]
        accounts, nowhere = _several(provider.accounts()[0], 12), cast("GraphStore", Nowhere())
        with Away(processes(2)) as away:

            def there(account: Account) -> None:
                away.collect(provider, nowhere, account, Watcher(), Cancel(), EVERYTHING)

            _side_by_side(there, accounts)  # makes the processes and their clients
            apart = min(_wall_of(lambda: _side_by_side(there, accounts)) for _ in range(2))

        def here(account: Account) -> None:
            provider.collect(account, Sink(), Watcher(), Cancel())

        _side_by_side(here, accounts[:1])
        together = min(_wall_of(lambda: _side_by_side(here, accounts)) for _ in range(2))
    return Figure("accounts on two processes, accounts a second", 12 / apart, 12 / together, 1.8, "on threads", "/s", at_least=True)


def _small(port: int) -> Figure:
    """Through the program itself, as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        options = [f"--set={option}" for option in (f"aws.regions={','.join(FOUR_REGIONS)}", f"aws.no_collect={NOT_IN_MOTO}")]
        command = [sys.executable, "-m", "resh", "--home", folder, *options, "-c", "workflows run collect --wait"]
        measured = [sys.executable, "-c", _PEAK, *command]
        peak = subprocess.run(measured, check=True, stdout=subprocess.PIPE, text=True, env=_environment(port))  # what went wrong is seen
        with App(Path(folder)) as app:
            count = app.graph.count()
    return Figure(f"memory of a collect of {count:,} resources in 4 regions", float(peak.stdout), 200, 1, "the budget", "MB")


@contextmanager
def _app(port: int, *options: str) -> Iterator[App]:
    point_at(os.environ, f"http://127.0.0.1:{port}")
    usual = f"aws.regions={','.join(FOUR_REGIONS)}", f"aws.no_collect=aws_ec2_instance_type,{NOT_IN_MOTO}"
    with tempfile.TemporaryDirectory() as folder, App(Path(folder), overrides=[*usual, *options]) as app:
        yield app


def _environment(port: int) -> dict[str, str]:
    environ = dict(os.environ)
    point_at(environ, f"http://127.0.0.1:{port}")
    return environ


def _several(account: Account, count: int) -> Sequence[Account]:
    return [replace(account, id=f"{number:012}") for number in range(1, count + 1)]


def _cpu_per_call(provider: Any, accounts: Sequence[Account]) -> float:
    watcher = Watcher()
    used = cpu(lambda: _side_by_side(lambda account: provider.collect(account, Sink(), watcher, Cancel()), accounts))
    return used / watcher.calls


def _one_by_one(provider: Any, account: Account) -> float:
    """Of one account, ten times: what one collect takes is too short to be told from what else the machine does."""
    watcher = Watcher()
    used = cpu(lambda: [provider.collect(account, Sink(), watcher, Cancel()) for _ in range(10)])
    return used / watcher.calls


def _side_by_side(work: Any, accounts: Sequence[Account]) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, accounts))


def _wall_of(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
