from __future__ import annotations

from pathlib import Path

from resh.state.tables import Tables
from resh.state.targets import StoredTarget

SLACK = StoredTarget("slack", {"webhook": "env:HOOK"})


def test_targets_are_kept_by_name(tmp_path: Path) -> None:
    targets = Tables(tmp_path).targets
    assert targets.add("team", SLACK)
    assert targets.add("a", StoredTarget("webhook", {"url": "https://example.org"}))
    assert not targets.add("team", StoredTarget("discord", {}))
    assert list(Tables(tmp_path).targets.stored()) == ["a", "team"]
    assert Tables(tmp_path).targets.stored()["team"] == SLACK


def test_targets_change_and_go(tmp_path: Path) -> None:
    targets = Tables(tmp_path).targets
    targets.add("team", SLACK)
    assert targets.change("team", {"webhook": "file:/x"})
    assert targets.stored()["team"].values == {"webhook": "file:/x"}
    assert targets.remove("team")
    assert not targets.remove("team")
    assert not targets.change("team", {})
