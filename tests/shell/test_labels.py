from __future__ import annotations

import pytest

from resh.shell.complete import complete
from resh.shell.labels import conditions, lists
from tests.commands.conftest import Shell

LABELS = {"account": ["a", "b", "c", "d"], "region": ["eu-west-1", ""]}


def test_lists_of_labels() -> None:
    assert lists(LABELS, "") == {"account": "a, b, c, …", "region": 'eu-west-1, ""', "total": "all together"}
    assert lists(LABELS, "region,a") == {"region,account": "a, b, c, …"}


def test_conditions_begin_with_a_label_and_end_with_a_value() -> None:
    assert list(conditions(LABELS, "re")) == ["account=", "region="]
    assert list(conditions(LABELS, "region=~eu")) == ["region=~eu-west-1", "region=~"]
    assert conditions(LABELS, "nothing=") == {}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("metrics show volumes_total --by re", "region"),
        ("metrics show volumes_total --by cloud,re", "cloud,region"),
        ("metrics show volumes_total --where re", "region="),
        ("metrics plot volumes_total --where region=eu", "region=eu-west-1"),
        ("timeseries get --name volumes_total --filter region!=eu", "region!=eu-west-1"),
        ("timeseries get --name volumes_total --group t", "total"),
        ("timeseries get --name mine --group ki", "kind"),
        ("metrics show min", "mine"),
    ],
)
def test_labels_of_the_metric_that_was_named_are_completed(shell: Shell, text: str, first: str) -> None:
    shell("metrics run volumes_total")
    shell("timeseries snapshot --name mine aggregate(kind as kind: sum(1)): all")
    assert next(candidate.text for candidate in complete(shell.session, text)) == first
