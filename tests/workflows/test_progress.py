from __future__ import annotations

from resh.workflows.progress import ProgressTree


def test_children_weigh_the_same_at_each_level() -> None:
    tree = ProgressTree(("collect", "metrics"))
    assert tree.percent() == 0
    tree.update(("collect", "aws", "1", "eu"), 10, 10)
    tree.update(("collect", "aws", "1", "us"), 0, 90)
    assert tree.percent(("collect",)) == 50
    assert tree.percent() == 25
    assert tree.percent(("nothing",)) == 0


def test_a_figure_replaces_what_is_below_it() -> None:
    tree = ProgressTree(("collect",))
    tree.update(("collect", "aws", "1", "eu"), 1, 2)
    assert tree.leaves() == [(("collect", "aws", "1", "eu"), 1, 2)]
    tree.update(("collect",), 1, 1)
    assert tree.leaves() == [(("collect",), 1, 1)]
    assert tree.percent() == 100


def test_odd_figures_do_no_harm() -> None:
    tree = ProgressTree()
    assert (tree.percent(), tree.leaves()) == (0, [])
    tree.update(("a",), 5, 0)
    tree.update(("b",), 9, 3)
    assert tree.percent() == 100
