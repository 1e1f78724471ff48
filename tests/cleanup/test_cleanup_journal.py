from __future__ import annotations

import stat
from pathlib import Path
from threading import Thread

import pytest

from resh.cleanup.journal import Entry, Journal
from resh.errors import StateError
from tests.cleanup_fakes import node


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


def an_entry(id: str = "vol-1") -> Entry:
    return Entry(
        node(id, tags={"owner": "ümit"}), [("vol-1", "i-1", "delete")], "4f1d", "01a7", "expired", "rule expired", "2026-11-23T05:33:00Z"
    )


def test_an_attempt_reads_back_whole(journal: Journal) -> None:
    assert list(journal.entries()) == []
    asked, failed = an_entry(), an_entry("vol-2")
    journal.start(asked)
    journal.start(failed)
    journal.finish(failed, "failed", 0, code="VolumeInUse", message="in use")
    first, second = journal.entries()
    assert first.open
    assert (first.document, first.reason, first.by, first.plan) == (asked.document, "expired", "rule expired", "4f1d")
    assert [tuple(edge) for edge in first.edges] == asked.edges
    assert (second.result, second.code, second.message, second.finished) == ("failed", "VolumeInUse", "in use", "1970-01-01T00:00:00Z")


def test_only_its_owner_may_read_it(journal: Journal) -> None:
    journal.start(an_entry())
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("torn", [b'{"state": "started", "id": "x", "docu', b"{", b'{"state": "finished", "id": "\xc3'])
def test_a_torn_last_line_hides_nothing(journal: Journal, torn: bytes) -> None:
    journal.start(an_entry("before"))
    with journal.path.open("ab") as file:
        file.write(torn)
    assert [entry.document["id"] for entry in journal.entries()] == ["before"]
    journal.start(an_entry("after"))
    assert [entry.document["id"] for entry in journal.entries()] == ["before", "after"]


def test_many_threads_write_whole_lines(journal: Journal) -> None:
    def write(thread: int) -> None:
        for number in range(10):
            entry = an_entry(f"{thread}-{number}")
            journal.start(entry)
            Journal(journal.path).finish(entry, "deleted", 0)

    threads = [Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.result for entry in journal.entries()] == ["deleted"] * 40


def test_a_journal_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="nowhere"):
        Journal(tmp_path / "nowhere" / "journal.jsonl").start(an_entry())
