from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from resh.errors import StateError
from resh.state.atomic_storage import AtomicStorage
from resh.state.folder import prepare
from resh.state.tables import StateTable

WRITER = """
import sys
from pathlib import Path
from resh.state.tables import StateTable
table = StateTable(Path(sys.argv[1]), "rows")
for number in range(int(sys.argv[2])):
    with table.changing() as rows:
        rows.insert({"writer": sys.argv[3], "number": number, "filler": "x" * 500})
    print(number, flush=True)
"""


@pytest.fixture
def storage(tmp_path: Path) -> AtomicStorage:
    return AtomicStorage(tmp_path / "state" / "a.json")


def writer(path: Path, count: int, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(count), name], stdout=subprocess.PIPE, text=True)


def test_what_is_written_is_read(storage: AtomicStorage) -> None:
    assert storage.read() is None
    storage.write({"t": {"1": {"a": "ä"}}})
    assert storage.read() == {"t": {"1": {"a": "ä"}}}
    assert json.loads(storage.path.read_text())["format"] == 1


def test_files_and_folder_are_private_and_the_version_before_is_kept(storage: AtomicStorage) -> None:
    storage.write({"t": {"1": {"a": 1}}})
    storage.write({"t": {"1": {"a": 2}}})
    assert AtomicStorage(storage.backup).read() == {"t": {"1": {"a": 1}}}
    assert storage.path.parent.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in storage.path.parent.iterdir()} == {0o600}
    assert {file.name for file in storage.path.parent.iterdir()} == {"a.json", "a.json.bak", "a.lock"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"t": {}}', '{"format": 1, "t": 3}'])
def test_a_damaged_file_is_named_and_never_overwritten(storage: AtomicStorage, text: str) -> None:
    storage.write({"t": {}})
    storage.path.write_text(text)
    with pytest.raises(StateError, match=r"a\.json is damaged") as caught:
        storage.read()
    assert "mv " in caught.value.hint
    with pytest.raises(StateError, match="is damaged"):
        storage.write({"t": {"1": {}}})
    assert storage.path.read_text() == text


def test_the_hint_for_a_damaged_file_works(storage: AtomicStorage) -> None:
    storage.write({"t": {"1": {"a": 1}}})
    storage.write({"t": {"1": {"a": 2}}})
    storage.path.write_text("{")
    with pytest.raises(StateError) as caught:
        storage.read()
    command = caught.value.hint.partition(": ")[2]
    subprocess.run(command.split(), check=True)
    assert storage.read() == {"t": {"1": {"a": 1}}}


def test_a_newer_file_is_refused_and_kept(storage: AtomicStorage) -> None:
    storage.write({})
    storage.path.write_text('{"format": 2, "t": {}}')
    for use in (storage.read, lambda: storage.write({})):
        with pytest.raises(StateError, match=r"written by a newer resh \(format 2"):
            use()
    assert storage.path.read_text() == '{"format": 2, "t": {}}'


def test_a_value_that_json_cannot_hold_changes_nothing(storage: AtomicStorage) -> None:
    storage.write({"t": {"1": {"a": 1}}})
    with pytest.raises(TypeError):
        storage.write({"t": {"1": {"a": object()}}})
    assert storage.read() == {"t": {"1": {"a": 1}}}


def test_a_full_disk_is_an_error_and_the_file_stays(storage: AtomicStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.write({"t": {"1": {"a": 1}}})

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StateError, match=r"a\.json cannot be written: No space left"):
        storage.write({"t": {}})
    assert storage.read() == {"t": {"1": {"a": 1}}}


def test_without_hard_links_there_is_a_backup_too(storage: AtomicStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    storage.write({"t": {"1": {"a": 1}}})
    storage.write({"t": {}})
    assert AtomicStorage(storage.backup).read() == {"t": {"1": {"a": 1}}}


def test_threads_never_interleave(tmp_path: Path) -> None:
    def work(make: Callable[[], StateTable]) -> None:
        for number in range(20):
            with make().changing() as rows:
                rows.insert({"number": number})

    shared = StateTable(tmp_path / "a.json", "rows")
    makers: list[Callable[[], StateTable]] = [lambda: shared, lambda: shared, lambda: StateTable(tmp_path / "a.json", "rows")]
    threads = [threading.Thread(target=work, args=(make,)) for make in makers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shared.rows()) == 60


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    children = [writer(path, 30, name) for name in ("a", "b")]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    rows = list(StateTable(path, "rows").rows().values())
    assert sorted((row["writer"], row["number"]) for row in rows) == [(name, number) for name in "ab" for number in range(30)]


def test_kill_9_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    path, chance, reported = tmp_path / "a.json", random.Random(7), 0
    for round_ in range(20):
        with writer(path, 10_000, str(round_)) as child:
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(chance.randrange(1, 8))]
            threading.Event().wait(chance.random() * 0.01)
            child.send_signal(signal.SIGKILL)
            lines += child.stdout.readlines()
        reported += len([line for line in lines if line.endswith("\n")])
        stored = StateTable(path, "rows").rows()
        assert len(stored) >= reported
        reported = len(stored)


def test_an_error_inside_a_change_writes_nothing(tmp_path: Path) -> None:
    table = StateTable(tmp_path / "a.json", "rows")
    with pytest.raises(ZeroDivisionError), table.changing() as rows:
        rows.insert({"a": 1 // (1 - 1)} if rows.insert({"a": 1}) else {})
    assert table.rows() == {}


def test_the_state_folder_is_private(tmp_path: Path) -> None:
    assert prepare(tmp_path / "new" / "home").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="cannot be made"):
        prepare(tmp_path / "file" / "home")
