"""Ids of accounts in YAML stay what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh import yaml_list
from resh.settings import Settings


@pytest.mark.parametrize("id", ["012345670123", "000000000001", "123456789012", "0", "1_000", "0x12", "12:30:00"])
def test_a_number_in_a_file_of_settings_is_no_other_number(tmp_path: Path, id: str) -> None:
    file = tmp_path / "resh.yaml"
    file.write_text(f"cleanup: {{deny_accounts: [{id}]}}\n")
    assert Settings.load(file=file).list("cleanup.deny_accounts") == [id]


def test_numbers_are_numbers_still() -> None:
    assert yaml_list.entries("[{rate: 5, id: 0123, on: true, of: [-7, 1.5]}]", "limits", "") == [
        {"rate": 5, "id": "0123", True: True, "of": [-7, 1.5]}
    ]
