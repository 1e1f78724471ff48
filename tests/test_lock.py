from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from resh.errors import StateError
from resh.lock import Claim, FileLock


def test_two_locks_on_one_file_exclude_each_other(tmp_path: Path) -> None:
    inside, total = 0, 0

    def work() -> None:
        nonlocal inside, total
        for _ in range(50):
            with FileLock(tmp_path / "a.lock"):
                inside += 1
                assert inside == 1
                total += 1
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == 200


def test_the_same_thread_may_take_a_lock_again(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "a.lock")
    with lock, lock:
        pass
    with FileLock(tmp_path / "a.lock"):
        pass


def test_a_lock_in_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="cannot be opened"), FileLock(tmp_path / "file" / "a.lock"):
        pass


def test_a_claim_is_taken_once_and_says_by_whom(tmp_path: Path) -> None:
    mine, other = Claim(tmp_path / "job.lock"), Claim(tmp_path / "job.lock")
    assert other.holder() is None
    assert mine.take("me")
    assert not other.take("other")
    assert other.holder() == "me"
    mine.label("still me")
    assert other.holder() == "still me"
    mine.release()
    assert other.holder() is None
    assert other.take("other")
    other.release()


def test_looking_at_a_claim_never_makes_a_take_fail(tmp_path: Path) -> None:
    stop = threading.Event()
    looker = Claim(tmp_path / "job.lock")

    def look() -> None:
        while not stop.is_set():
            looker.holder()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        for _ in range(200):
            claim = Claim(tmp_path / "job.lock")
            assert claim.take("me")
            claim.release()
    finally:
        stop.set()
        thread.join()


def test_a_killed_process_loses_its_claim(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from resh.lock import Claim\n"
        "claim = Claim(Path(sys.argv[1])); claim.take('child'); print('taken', flush=True); time.sleep(60)"
    )
    path = tmp_path / "job.lock"
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "taken\n"
        assert Claim(path).holder() == "child"
        child.kill()
        child.wait()
    assert Claim(path).take("me")
