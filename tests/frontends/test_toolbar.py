from __future__ import annotations

from pathlib import Path

from resh.app import App
from resh.clock import FakeClock
from resh.frontends.interactive.toolbar import graph, runs


def test_an_empty_graph_says_so(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock) as app:
        assert graph(app) == "graph empty"


def test_an_accounts_name_can_not_drive_the_terminal_nor_fill_it(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock) as app:
        for account, name in (("1", "evil\x1b[2J\nname"), ("2", "x" * 500)):
            with app.graph.merge("aws", account, name):
                pass
        text = graph(app)
    assert "evil�[2J name, xxx" in text
    assert len(text) < 200


def test_what_comes_next_is_told_where_schedules_count(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock) as app:
        assert "next collect_and_cleanup in" in runs(app)
    with App(home, clock=clock, overrides=["workflows.schedule=false"]) as app:
        assert "next" not in runs(app)
