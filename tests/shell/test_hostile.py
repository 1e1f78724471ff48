"""Whatever clouds and people call things, a terminal shows it and does nothing else: in every renderer, and wherever the prompt draws."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyte
import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from resh.app import App
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.events.event import Problem
from resh.frontends.interactive.adapters import ShellCompleter
from resh.frontends.interactive.digest import Flood
from resh.frontends.interactive.sink import TerminalSink
from resh.frontends.interactive.toolbar import Line, Toolbar, graph
from resh.model.edge import Edge
from resh.model.kinds import Kind, Property
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.render.events import event_line
from resh.shell.complete import complete
from resh.shell.evaluate import evaluate
from resh.shell.help import help_at
from resh.shell.mistakes import mistake
from resh.shell.session import Session
from resh.text import width

EVIL = "a\x1b[2J\x1b]0;owned\x07\x9b31m\x90q\x9c\u202egnp\u2066\u061cx\r\nb\tc\x08\x7f\x00\x85\u2028d"
TYPED = EVIL.replace("\0", "")
"""The same as far as it can be in a line."""
HUGE = "huge" + "日本" * 1_000
"""Fifty screens wide: what pyte takes for more would be most of the time of all these tests."""
ZALGO = "z" + "\u0301" * 500
FAMILY = "👨‍👩‍👧‍👦 é 한국 \U0001f1e9\U0001f1ea"
NAMES = (EVIL, HUGE, ZALGO, FAMILY)
KIND = Kind("aws_ec2_volume", ("volume",), f"A disk.{EVIL}", (Property("volume_size", "int64"), Property("volume_status", "string", EVIL)))
_OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\")
_HOSTILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
COLUMNS, ROWS = 80, 24


class Screen:
    """A session at a terminal that shows colours and links, and all that it got."""

    def __init__(self, app: App, columns: int = COLUMNS, interactive: bool = True) -> None:
        self.text = ""
        self.sink = TerminalSink(self._take, lambda: columns, colour=True, links=True)
        self.session = Session(app, user="ada", role=Role.admin, sink=self.sink, interactive=interactive, agreed=True)

    def _take(self, text: str) -> None:
        self.text += text

    def __call__(self, line: str) -> str:
        self.text = ""
        evaluate(self.session, line)
        return self.text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with App(tmp_path_factory.mktemp("hostile") / "home", clock=FakeClock()) as app:
        merge_all(app)
        app.bus.emit(Problem(text=EVIL))
        app.bus.emit(Problem(text=HUGE))
        app.tables.templates.add("evil", TYPED)
        yield app


def merge_all(app: App) -> None:
    with app.graph.merge("aws", "1", EVIL) as merge:
        merge.kinds([KIND])
        scope = Scope("aws", "1", EVIL, KIND.name)
        ids = [node_id("aws", "1", EVIL, KIND.name, name) for name in NAMES]
        reported = [
            {
                "id": f"{n}{name}",
                "name": name,
                "kind": KIND.name,
                "volume_size": n,
                "volume_status": name,
                "tags": {name[:2000]: name, "owner": EVIL},
            }
            for n, name in enumerate(NAMES)
        ]
        merge.nodes(Node(id, KIND.name, scope, EVIL, document) for id, document in zip(ids, reported, strict=True))
        merge.edges([Edge(ids[0], ids[1], "delete", ids[0]), Edge(ids[1], ids[2], "default", ids[1])])
        merge.scope(ScopeReport(scope, Status.DENIED, 0, EVIL, EVIL, EVIL))


def check(text: str, columns: int | None = None) -> None:
    """Nothing is left of what would drive a terminal, once our own colours and links are taken out."""
    plain = _OURS.sub("", text)
    found = _HOSTILE.search(plain)
    assert found is None, f"{found[0]!r} in {plain[max(0, found.start() - 60) : found.end() + 60]!r}"
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed(text.replace("\n", "\r\n"))
    assert screen.title == ""
    assert screen.mode == pyte.Screen(COLUMNS, ROWS).mode
    if columns:
        assert all(width(line) <= columns for line in plain.splitlines()), max(plain.splitlines(), key=width)[:300]


NODES = "search is(volume)"
FORMS = ("--json", "--ndjson", "--yaml", "--text", "--dot", "--graphml", "--cytoscape", "{id} {name} {tags}")
BEHIND = (
    *("list", "list id, name, tags, volume_status as `x`", "list name, tags.x, /ancestors", "list --csv", "list --markdown id, name"),
    *("dump", "tree", "jq .reported.name", *(f"format {form}" for form in FORMS), "count name", "count region", "flatten tags | head 3"),
    *("aggregate name, tags.x as o: sum(volume_size) as n", "successors | list name", "uniq | list name", "chunk 2"),
    *(f"clean because {TYPED!r}", f"nothing{TYPED}", f"list '{TYPED}'", f"jq '{TYPED}'"),
)
LINES = (
    *(NODES, *(f"{NODES} | {stage}" for stage in BEHIND), "history", "diff 1d", "cleanup plan", "cleanup plan | tree", "why $1"),
    *("collect status", "collect status --bad", "events last 5", "templates list", "templates show evil", "kinds aws_ec2_volume"),
    *("kinds aws_ec2_volume --all", "sql select * from volume", "who", "search --with-edges is(volume)", "search --explain is(volume)"),
    *(
        f"echo {TYPED}",
        "json '[\"a\\u009b\\u202e\"]'",
        f"watch --times 2 0.1 {NODES}",
        f"search {TYPED}",
        f"{TYPED} x",
        f"search name = '{TYPED}",
    ),
    *(
        f"list {TYPED}",
        f"workflows run '{TYPED}'",
        f"kinds '{TYPED}'",
        f"why '{TYPED}'",
        f"config get '{TYPED}'",
        f"jobs add --id '{TYPED}' echo a",
    ),
    *(f"alias add '{TYPED}' echo", f"jobs add --id evil 'echo {TYPED}'", "jobs list", "jobs show evil", f"sql select '{TYPED}' as x"),
    *(f"help '{TYPED}'", f"commands add --source --info '{TYPED}' evil 'echo {{{{args}}}}'", "commands list", "help evil", "recall"),
    f"echo {HUGE} | count",
)


@pytest.mark.parametrize("interactive", [True, False], ids=["prompt", "line"])
@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:50].encode("ascii", "replace").decode())
def test_every_renderer_shows_and_does_nothing_else(world: App, line: str, interactive: bool) -> None:
    screen = Screen(world, interactive=interactive)
    screen(NODES)
    text = screen(line)
    assert "internal:" not in text
    check(text.replace("\x1b[1A\x1b[2K", "").replace("\r\x1b[2K", ""))


@pytest.mark.parametrize("columns", [1, 2, 10, 79, 80, 300])
@pytest.mark.parametrize("line", [NODES, f"{NODES} | list name, tags, volume_status", f"{NODES} | count name | head 1"])
def test_tables_are_as_wide_as_the_terminal(world: App, columns: int, line: str) -> None:
    text = table(Screen(world, columns)(line))
    check(text, columns if "count" not in line else None)


def test_a_terminal_without_a_size_is_one_of_80_columns(world: App) -> None:
    assert table(Screen(world, 0)(f"{NODES} | list name")) == table(Screen(world, 80)(f"{NODES} | list name"))


def test_a_row_is_a_line_whatever_is_in_it(world: App) -> None:
    assert table(Screen(world)(f"{NODES} | list id, name")).count("\n") == 1 + len(NAMES)


def table(text: str) -> str:
    """Without notes."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("\x1b[31m"))


def test_events_above_the_prompt(world: App) -> None:
    for event in (Problem(text=EVIL), Problem(text=HUGE), Problem(text=ZALGO)):
        check(event_line(event, colour=True))
        assert "\n" not in event_line(event, colour=True)
    flood = Flood(0.0)
    flood.add(Problem(text=EVIL))
    check(flood.text)


def test_the_toolbar(world: App) -> None:
    check(graph(world))
    session = Screen(world).session
    toolbar = Toolbar(session, lambda: None, Line(mistake=lambda: EVIL))
    shown = [toolbar()]
    toolbar.line = Line(chosen=lambda: f"{HUGE}{EVIL}")
    shown.append(toolbar())
    toolbar.close()
    for fragments in shown:
        text = "".join(fragment[1] for fragment in fragments)
        check(text, COLUMNS)
        assert "\n" not in text


@pytest.mark.parametrize(
    "text", [f"{NODES} and volume_status = ", f"{NODES} and name = ", f"{NODES} and tags.", "templates show ", f"{NODES} and "]
)
def test_menus_of_completion(world: App, text: str) -> None:
    session = Screen(world).session
    for _ in range(50):  # values come from a thread
        found = complete(session, text)
        if found:
            break
    completer = ShellCompleter(session)
    for shown in completer.get_completions(Document(text), CompleteEvent()):
        check(shown.text)
        check(shown.display_text)
        check(shown.display_meta_text)
        assert "\n" not in shown.display_text + shown.display_meta_text + shown.text
    session.vocabulary.close()


@pytest.mark.parametrize("text", [f"search is({TYPED}) and ", f"{TYPED} ", f"search name = {TYPED} and", "kinds aws_ec2_volume"])
def test_mistakes_and_help_while_typing(world: App, text: str) -> None:
    session = Screen(world).session
    check(mistake(text, session.vocabulary))
    for line in help_at(session, text, len(text)):
        check(line)
