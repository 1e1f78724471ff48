from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from resh.errors import ReshError, UsageError
from resh.secret_references import check, is_reference, resolve


def test_a_variable(tmp_path: Path) -> None:
    assert resolve("env:HOOK", {"HOOK": "s3cret"}) == "s3cret"
    with pytest.raises(ReshError, match="env:HOOK holds no secret"):
        resolve("env:HOOK", {})


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    assert resolve(f"file:{file}", {}) == "s3cret"
    with pytest.raises(ReshError, match="No such file"):
        resolve(f"file:{file}.not", {})
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ReshError, match="no UTF-8"):
        resolve(f"file:{file}", {})


def test_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = ModuleType("keyring")
    keyring.get_password = lambda service, name: {("resh", "jira"): "s3cret"}.get((service, name))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert resolve("keyring:resh/jira", {}) == "s3cret"
    with pytest.raises(ReshError, match="holds no secret"):
        resolve("keyring:resh/other", {})


def test_a_keyring_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ReshError, match="needs the package keyring") as caught:
        resolve("keyring:resh/jira", {})
    assert "resh[keyring]" in caught.value.hint


@pytest.mark.parametrize("text", ["env:HOOK", "file:/run/secrets/x", "file:~/x", "keyring:resh/jira"])
def test_references(text: str) -> None:
    assert is_reference(text)
    check("webhook", text)


@pytest.mark.parametrize("text", ["https://hooks/s3cret", "s3cret", "env:", "file:s3cret", "keyring:s3cret", "keyring:s3cret/"])
def test_what_refers_to_nothing_is_not_told(text: str) -> None:
    with pytest.raises(UsageError, match="webhook") as caught:
        check("webhook", text)
    assert "s3cret" not in f"{caught.value.message} {caught.value.hint}"
