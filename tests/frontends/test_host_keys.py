from __future__ import annotations

from pathlib import Path

import pytest

from resh.errors import ReshError, StateError
from resh.frontends.ssh.keys import host_keys, rotate


def test_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    (made,) = host_keys(tmp_path / "ssh")
    assert [key.get_fingerprint() for key in host_keys(tmp_path / "ssh")] == [made.get_fingerprint()]
    assert (tmp_path / "ssh" / "host_key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_could_read_is_refused(tmp_path: Path) -> None:
    host_keys(tmp_path)
    (tmp_path / "host_key").chmod(0o640)
    with pytest.raises(StateError, match="can be read by others"):
        host_keys(tmp_path)


def test_the_old_key_comes_first_until_it_is_removed(tmp_path: Path) -> None:
    (before,) = host_keys(tmp_path)
    old, new = rotate(tmp_path)
    assert before.get_fingerprint() == old.get_fingerprint() != new.get_fingerprint()
    assert [key.get_fingerprint() for key in host_keys(tmp_path)] == [old.get_fingerprint(), new.get_fingerprint()]
    with pytest.raises(ReshError, match="the last rotation is not over"):
        rotate(tmp_path)
    (tmp_path / "host_key.old").unlink()
    assert [key.get_fingerprint() for key in host_keys(tmp_path)] == [new.get_fingerprint()]
