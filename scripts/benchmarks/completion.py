"""What one key costs: every beginning of some lines, as typed, on the whole graph, with 500 more kinds.

Twice: when nothing is known of the values yet, while they are being counted in the background; and when they are.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure

from resh.app import App
from resh.commands.base import Role
from resh.frontends.interactive.sink import TerminalSink
from resh.model.kinds import Kind, Property
from resh.shell.complete import complete, prepare
from resh.shell.session import Session

LIMIT_MS = 5.0
SETTLE_SECONDS = 2.0
PAUSE_SECONDS = 0.02  # shorter than between the keys of a fast typist
LINES = (
    "search is(aws_ec2_volume) and volume_status = available and volume_size > 100 sort name desc limit 3 | list id, tags.owner",
    "search is(aws_made_up_123) and property_a123 = x and property_b | count property_c123",
    'search tags.owner in [ada, grace] --> is(instance) and rules[*].{port = 22 and cidr = "10.0.0.0/16"}',
    "search aggregate(tags.env, kind: sum(volume_size) as size, count(name)): is(volume) with(any, <-- is(region)) sort size",
    'search name = ec2_volume-1 or "some text" or has_key(tags, env) and in_subnet(cidr, "10.0.0.0/8") <-delete[1:]- all',
    "search is(instance) {vols[]: <-- is(volume)} vols.reported.volume_size > 3 and /ancestors.account.reported.name = account-1",
    'search state.detail.score > 0.5 and arn = "arn:aws" and tags.`k8s.io/ab` != null -[1:]-> age > 30d | aggregate region: sum(1)',
    "search is([aws_ec2_volume, snapshot]) and (not description ~ x or kind = y) and zzz",
    "workflows run collect --follow",
)


def figures(home: Path) -> Iterator[Figure]:
    with App(home) as app:
        for number in range(500):
            properties = tuple(Property(f"property_{letter}{number}", "string", "made up") for letter in "abcdefghij")
            app.kinds.add(Kind(f"aws_made_up_{number:03}", ("resource",), "A made-up kind.", properties))
        sink = TerminalSink(lambda text: None, lambda: 80, colour=False)
        session = Session(app, user="bench", role=Role.admin, sink=sink, interactive=True)
        prepare(session)
        gc.freeze()
        first = list(_keys(session))
        for line in LINES:
            complete(session, line)
            time.sleep(SETTLE_SECONDS)
        again = list(_keys(session))
        session.vocabulary.close()
    for what, keys in (("while values are counted", first), ("when values are known", again)):
        wall, cpu = sorted(wall for wall, _ in keys), max(cpu for _, cpu in keys)
        yield Figure(f"completion {what}, p95 of {len(keys)} keys", wall[len(wall) * 95 // 100], LIMIT_MS, 1, "5 ms")
        yield Figure(f"completion {what}, processor time of the worst", cpu, LIMIT_MS, 2, "5 ms")


def _keys(session: Session) -> Iterator[tuple[float, float]]:
    """Milliseconds of each key: on the clock and, whatever else the machine does, of this thread."""
    for line in LINES:
        for end in range(1, len(line) + 1):
            time.sleep(PAUSE_SECONDS)
            start, busy = time.perf_counter(), time.thread_time()
            complete(session, line[:end])
            yield (time.perf_counter() - start) * 1000, (time.thread_time() - busy) * 1000
