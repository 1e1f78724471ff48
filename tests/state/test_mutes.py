from __future__ import annotations

from pathlib import Path

from resh.state.tables import Tables


def test_patterns_are_kept_for_each_user(tmp_path: Path) -> None:
    mutes = Tables(tmp_path).mutes
    assert mutes.of("ada") == ()
    mutes.add("ada", ["pre_*", "login"])
    mutes.add("ada", ["login"])
    mutes.add("victor", ["error"])
    assert Tables(tmp_path).mutes.of("ada") == mutes.of("ada") == ("pre_*", "login")
    mutes.remove("ada", ["pre_*", "error"])
    assert (mutes.of("ada"), mutes.of("victor")) == (("login",), ("error",))


def test_what_another_process_mutes_is_seen(tmp_path: Path) -> None:
    mutes, other = Tables(tmp_path).mutes, Tables(tmp_path).mutes
    assert mutes.of("ada") == ()
    other.add("ada", ["login"])
    assert mutes.of("ada") == ("login",)
