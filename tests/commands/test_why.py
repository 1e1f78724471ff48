"""The whole story of one resource: what marks it, keeps it, goes before it, would miss it."""

from __future__ import annotations

import pytest

from resh.cleanup.plan import Plan
from resh.cleanup.service import Cleanup
from resh.model.edge import Edge
from tests.commands.conftest import ACCOUNT, INSTANCE, PHANTOM, VOLUME, Shell, graph_id, nodes


def test_why_names_what_would_miss_it(shell: Shell) -> None:
    volume, instance = graph_id("aws_ec2_volume", "vol-2"), graph_id("aws_ec2_instance", "i-1")
    with shell.app.graph.merge("aws", ACCOUNT, "demo") as merge:
        merge.kinds([VOLUME, INSTANCE, PHANTOM])
        merge.nodes(nodes(shell.app.clock.now()))
        for other in ("vol-3", "vol-4"):
            merge.edges([Edge(volume, graph_id("aws_ec2_volume", other), "default", graph_id("aws_ec2_volume", other))])
        merge.edges([Edge(instance, volume, "default", volume)])
    assert shell("why vol-2")[0].endswith("would be missed by name of vol-3 (aws_ec2_volume), name of vol-4 (aws_ec2_volume)")
    assert "missed" not in shell("why vol-3")[0]
    shell("config set cleanup.accounts *")
    shell("search id = vol-2 or id = vol-3 | clean old")
    assert "would be missed by name of vol-4 (aws_ec2_volume) · deleted in generation 1 of 1" in shell("why vol-2")[0]


def test_why_tells_what_settings_protect_it_for(shell: Shell) -> None:
    shell("config set cleanup.protected_names *vol-2")
    assert "its name is protected: *vol-2" in shell("why vol-2")[0]
    assert "not protected" in shell("why vol-3")[0]


def test_many_stories_take_one_plan(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[Plan] = []
    make = Cleanup.plan

    def counted(cleanup: Cleanup) -> Plan:
        plans.append(make(cleanup))
        return plans[-1]

    monkeypatch.setattr(Cleanup, "plan", counted)
    shell("search is(volume) | clean old")
    assert len(shell("search is(volume) | why")) == 4
    assert len(plans) == 1
