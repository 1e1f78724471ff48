"""`detect-secrets`: what looks like a secret is told with its place, and not spread further."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from resh.commands import secrets_worker
from tests.commands.conftest import Shell

pytest.importorskip("detect_secrets")

KEY = "AKIAIOSFODNN7EXAMPLE"


def found(shell: Shell, row: Any, options: str = "") -> dict[str, Any]:
    (line,) = shell(f"json {json.dumps([row])} | detect-secrets {options}")
    assert shell.status == 0, shell.notes
    info: dict[str, Any] = json.loads(line)["info"]
    return info


@pytest.mark.parametrize(
    ("row", "path", "kind"),
    [
        ({"password": "hunter22"}, "password", "Secret Keyword"),
        ({"a": {"b": ["x", KEY]}}, "a.b[1]", "AWS Access Key"),
        ({"user_data": f"#!/bin/sh\nexport KEY={KEY}\n"}, "user_data", "AWS Access Key"),
        ({"user_data": '#!/bin/sh\nPASSWORD="swordfish1"\n'}, "user_data", "Secret Keyword"),
        ({"key": "-----BEGIN RSA PRIVATE KEY-----"}, "key", "Private Key"),
        ({"env": "postgres://ada:sw0rdfish@db.example.org/x"}, "env", "Basic Auth Credentials"),
        (KEY, "", "AWS Access Key"),
    ],
)
def test_secrets_are_found_with_their_place(shell: Shell, row: Any, path: str, kind: str) -> None:
    info = found(shell, row)
    assert (info["secret_detected"], info["path"], info["secret_type"]) == (True, path, kind)
    assert len(info["potential_secret"]) <= 4 or info["potential_secret"] == "BEGIN RSA PRIVATE KEY"[:3] + "…"
    assert found(shell, row, "--reveal")["potential_secret"] in json.dumps(row)


@pytest.mark.parametrize(
    "row",
    [{"ip": "8.8.8.8"}, {"id": "vol-0f3a91c2aa01e77d1"}, {"sha": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}, {"n": 5}, {}, 7, None, []],
)
def test_ids_and_addresses_are_none(shell: Shell, row: Any) -> None:
    assert found(shell, {"row": row}) == {"secret_detected": False}


def test_only_rows_with_one_and_only_where_it_is_looked_for(shell: Shell) -> None:
    rows = json.dumps([{"id": 1, "a": KEY}, {"id": 2, "b": KEY}, {"id": 3}])
    assert shell(f"json {rows} | detect-secrets --with-secrets | format {{id}}") == ["1", "2"]
    assert shell(f"json {rows} | detect-secrets --path b --with-secrets | format {{id}} {{info.path}}") == ["2 b"]
    shell(f"json {rows} | detect-secrets --path b[")
    assert shell.status == 2


def test_resources_stay_as_they_are(shell: Shell) -> None:
    plain = shell("search all sort /id | format --ndjson")
    looked = [json.loads(line) for line in shell("search all sort /id | detect-secrets | format --ndjson")]
    assert [row.pop("info") for row in looked] == [{"secret_detected": False}] * len(plain)
    assert looked == [json.loads(line) for line in plain]


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ImportError

    monkeypatch.setattr(secrets_worker, "_detectors", missing)
    out = io.StringIO()
    secrets_worker.main(io.StringIO('["a"]\n'), out)
    assert out.getvalue() == '!"it needs the package detect-secrets"\n\n'


def test_a_path_that_leads_nowhere_is_told(shell: Shell) -> None:
    shell("search is(volume) | detect-secrets --path=")
    assert (shell.status, len(shell.notes)) == (2, 1)
    assert "leads nowhere" in shell.notes[0]
