"""A search that waits for its turn at every row must not wait long each time."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from resh.app import App


def test_threads_take_short_turns_where_people_are(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(partial(sys.setswitchinterval, sys.getswitchinterval()))
    sys.setswitchinterval(0.005)
    with App(tmp_path) as app:
        assert sys.getswitchinterval() == 0.005
        app.attend()
        assert sys.getswitchinterval() <= 0.001
