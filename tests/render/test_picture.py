"""Pictures as files, where matplotlib is installed."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from resh.errors import ReshError
from resh.render.picture import save
from resh.render.plot import Picture

HOUR = 3600
PICTURE = Picture("volume_bytes", [n * HOUR for n in range(48)], {"a $x$": [2**40] * 48, "b": [None] * 24 + [2**41] * 24}, "bytes")


@pytest.mark.parametrize("form", ["line", "bar", "heat"])
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_file_of_each_kind(tmp_path: Path, form: str, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / f"picture.{suffix}"
    save(form, PICTURE, file)
    if suffix == "png":
        assert file.read_bytes().startswith(b"\x89PNG")
    else:
        assert ElementTree.parse(file).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        assert "2Ti" in file.read_text()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(ReshError, match="No such file"):
        save("line", PICTURE, tmp_path / "nowhere" / "picture.png")
