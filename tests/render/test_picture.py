"""Pictures as files."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from resh.render.picture import drawn
from resh.render.plot import Picture

HOUR = 3600
PICTURE = Picture("volume_bytes", [n * HOUR for n in range(48)], {"a $x$": [2**40] * 48, "b": [None] * 24 + [2**41] * 24}, "bytes")


@pytest.mark.parametrize("form", ["line", "bar", "heat"])
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_file_of_each_kind(form: str, suffix: str) -> None:
    written = drawn(form, PICTURE, suffix)
    if suffix == "png":
        assert written.startswith(b"\x89PNG")
    else:
        assert ElementTree.fromstring(written).tag == "{http://www.w3.org/2000/svg}svg"
        assert b"2Ti" in written
