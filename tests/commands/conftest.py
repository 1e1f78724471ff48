"""A state folder with a small account in its graph, and a session on it that remembers what it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from resh.app import App
from resh.clock import FakeClock, iso
from resh.commands.base import Role
from resh.model.edge import Edge
from resh.model.kinds import Kind, Property
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.shell.evaluate import evaluate
from resh.shell.session import Session
from resh.shell.unattended import run_line
from resh.state.jobs import Job
from resh.state.workflows import Written

ACCOUNT = "123456789012"
VOLUME = Kind(
    "aws_ec2_volume",
    ("volume",),
    "A block storage volume.",
    (Property("volume_size", "int64", "its size", "GB"), Property("volume_status"), Property("volume_type"), Property("zones", "string[]")),
)
INSTANCE = Kind("aws_ec2_instance", ("instance",), "A virtual machine.", (Property("instance_status"),))
PHANTOM = Kind("aws_ec2_instance_type", ("instance_type",), "A size of machines.", phantom=True)


class MemorySink:
    def __init__(self, columns: int | None = None) -> None:
        self.columns = columns
        self.colour = False
        self.links = False
        self.written: list[str] = []
        self.notes: list[str] = []
        self.drawn: list[list[str]] = []

    @property
    def out(self) -> str:
        return "".join(self.written)

    def write(self, text: str) -> None:
        self.written.append(text)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def live(self, lines: list[str]) -> None:
        if lines:
            self.drawn.append(lines)


class Shell:
    """`shell("…")` evaluates a line and returns its lines of output; `status` and `notes` tell the rest."""

    def __init__(
        self, app: App, *, role: Role = Role.admin, columns: int | None = None, interactive: bool = False, local: bool = True
    ) -> None:
        self.app = app
        self.sink = MemorySink(columns)
        self.session = Session(app, user="ada", role=role, sink=self.sink, local=local, interactive=interactive, agreed=True)
        self.status = 0

    def __call__(self, text: str) -> list[str]:
        self.sink.written, self.sink.notes = [], []
        self.status = evaluate(self.session, text)
        return self.sink.out.splitlines()

    @property
    def notes(self) -> list[str]:
        return self.sink.notes


@pytest.fixture
def app(home: Path, clock: FakeClock) -> Iterator[App]:
    with App(home, clock=clock) as app:
        app.run_line = partial(run_line, app)
        yield app


@pytest.fixture
def graph(app: App) -> App:
    """Four volumes, an instance that one of them hangs on, a phantom, a template, a job, a workflow."""
    app.tables.templates.add("old", "is({{kind}}) and age > {{age}}")
    app.tables.jobs.put(Job("nag", "search is(volume) | count", schedule="@weekly", user="ada", role="admin"))
    app.tables.workflows.put(Written("tidy", "steps: [cleanup_plan, cleanup]", user="ada", role="admin"))
    collect(app, nodes(app.clock.now()))
    return app


def collect(app: App, found: Iterable[Node]) -> None:
    """The account as a collect finds it."""
    with app.graph.merge("aws", ACCOUNT, "demo") as merge:
        merge.kinds([VOLUME, INSTANCE, PHANTOM])
        merge.nodes(found)
        attached, instance = graph_id("aws_ec2_volume", "vol-1"), graph_id("aws_ec2_instance", "i-1")
        merge.edges([Edge(attached, instance, "delete", attached)])
        for kind in (VOLUME, INSTANCE, PHANTOM):
            merge.scope(ScopeReport(Scope("aws", ACCOUNT, "eu-west-1", kind.name), Status.OK))


@pytest.fixture
def shell(graph: App) -> Shell:
    return Shell(graph)


@pytest.fixture
def terminal(graph: App) -> Shell:
    return Shell(graph, columns=100, interactive=True)


def nodes(now: float) -> Iterator[Node]:
    for number, size, kind, status in (
        (1, 8, "gp3", "in-use"),
        (2, 100, "gp2", "available"),
        (3, 500, "gp3", "available"),
        (4, 1, None, "error"),
    ):
        more = {"volume_type": kind, "volume_size": size, "volume_status": status, "tags": {"owner": "ada"} if number < 3 else {}}
        yield node("aws_ec2_volume", f"vol-{number}", now - number * 86400, **more, zones=["a", "b"][: number % 3])
    yield node("aws_ec2_instance", "i-1", now - 3600, instance_status="running", tags={})
    yield node("aws_ec2_instance_type", "t3.micro", now - 3600, tags={})


def node(kind: str, rid: str, created: float, **more: object) -> Node:
    reported = {"id": rid, "name": f"name of {rid}", "kind": kind, "ctime": iso(created), **more}
    return Node(graph_id(kind, rid), kind, Scope("aws", ACCOUNT, "eu-west-1", kind), "eu-west-1", reported)


def graph_id(kind: str, rid: str) -> str:
    return node_id("aws", ACCOUNT, "eu-west-1", kind, rid)
