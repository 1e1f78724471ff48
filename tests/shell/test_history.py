from __future__ import annotations

from pathlib import Path

import pytest

from resh.shell.history import FileHistory, is_secret


@pytest.fixture
def history(home: Path) -> FileHistory:
    return FileHistory(home / "history", "ada")


def test_entries_come_back_once_in_order(history: FileHistory) -> None:
    for text in ("a", "b", "a", "c\nd"):
        history.append(text)
    assert history.entries() == ["b", "a", "c\nd"]


def test_users_have_files_of_their_own(home: Path) -> None:
    for user in ("ada", "../../ada", ""):
        FileHistory(home / "history", user).append(user or "nobody")
    assert FileHistory(home / "history", "ada").entries() == ["ada"]
    assert {path.parent for path in home.rglob("*") if path.is_file()} == {home / "history"}


@pytest.mark.parametrize("text", ["", "  ", " hidden", "config set x password=1", "echo AKIAIOSFODNN7EXAMPLE"])
def test_some_lines_are_not_kept(history: FileHistory, text: str) -> None:
    history.append(text)
    assert history.entries() == []


def test_a_search_for_keys_is_no_secret() -> None:
    assert not is_secret("search is(access_key)")
    assert is_secret("echo access_key=1")


@pytest.mark.parametrize(
    "line",
    [
        "search is(volume) | http --auth ada:pw POST :80/x",
        "search is(volume) | https example.org X-Shop:1",
        'json {} | http GET example.org type==a "Key:k"',
        "search all | slack webhook=https://example.org/T0",
        "json {} | http https://ada:pw@example.org/",
        "json {} | pagerduty routing_key=R1",
        "echo https://hooks.slack.com/services/T0/B0/x",
    ],
)
def test_what_goes_along_with_a_request_may_be_one(line: str) -> None:
    assert is_secret(line)


@pytest.mark.parametrize(
    "line",
    [
        "search is(volume) | http POST :8080/volumes",
        "search is(access_key) | https https://example.org:8443/keys Content-Type:text/csv greeting==hello",
        "search is(access_key) | notify team",
        "json {} | http localhost:8080/x",
    ],
)
def test_a_request_without_headers_is_none(line: str) -> None:
    assert not is_secret(line)


def test_a_torn_line_is_passed_over(history: FileHistory, home: Path) -> None:
    history.append("a")
    with (home / "history" / "ada").open("a") as file:
        file.write('"torn')
    assert history.entries() == ["a"]


def test_an_unwritable_folder_is_no_error(home: Path) -> None:
    home.write_text("a file")
    FileHistory(home / "history", "ada").append("a")
    assert FileHistory(home / "history", "ada").entries() == []
