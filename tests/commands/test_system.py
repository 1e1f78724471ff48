"""The state folder as one file: whole, of one moment, and put back for everybody or not at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from resh.app import App
from resh.clock import FakeClock
from tests.commands.conftest import Shell, collect, node, nodes


@pytest.fixture
def made(shell: Shell, tmp_path: Path) -> Path:
    """A backup of the account with a mark, a setting and a run's history."""
    shell("search id = vol-1 | protect mine")
    shell("config set cleanup.dry_run false")
    target = tmp_path / "made.tar.gz"
    shell(f"system backup {target}")
    assert shell.status == 0
    return target


def everything(shell: Shell) -> list[str]:
    return [*shell("search all sort /id | format --ndjson"), *shell("history"), *shell("config show cleanup.dry_run"), *shell("templates")]


def test_a_backup_brings_everything_to_another_folder(shell: Shell, made: Path, tmp_path: Path, clock: FakeClock) -> None:
    assert made.stat().st_mode & 0o777 == 0o600
    with App(tmp_path / "other", clock=clock) as app:
        other = Shell(app)
        other(f"system restore {made}")
        assert other.status == 0, other.notes
        assert everything(other) == everything(shell)
        assert app.graph.database.reader().pragma("journal_mode") == "wal"
    names = {str(path.relative_to(shell.app.home)) for path in shell.app.home.rglob("*") if path.is_file()}
    brought = {str(path.relative_to(app.home)) for path in app.home.rglob("*") if path.is_file()}
    assert {name for name in names if not name.startswith("locks") and not name.endswith((".bak", ".lock", "-wal", "-shm"))} <= brought


def test_what_changed_since_is_as_it_was_and_what_happened_stays_on_record(shell: Shell, made: Path, graph: App) -> None:
    before = everything(shell)
    shell("search is(volume) | protect all of them")
    shell("config set cleanup.dry_run true")
    collect(graph, [*nodes(graph.clock.now()), node("aws_ec2_volume", "vol-9", graph.clock.now())])
    shell("events last 1")
    graph.home.joinpath("journal.jsonl").write_text("{}\n")
    with App(graph.home, clock=graph.clock) as app:  # somebody else works on the folder
        other = Shell(app)
        assert len(other("search is(volume)")) == 5
        (row,) = (json.loads(line) for line in shell(f"system restore {made}"))
        assert everything(shell) == everything(other) == before
        collect(app, nodes(app.clock.now()))
        assert len(shell("search is(volume)")) == 4
    assert graph.home.joinpath("journal.jsonl").read_text() == "{}\n"
    shell(f"system restore {row['before']}")
    assert len(shell("search is(volume)")) == 5
    assert len(shell("search /metadata.protected = true")) == 4


@pytest.mark.parametrize("fixed", [False, True])
def test_a_restored_clean_up_only_says_what_it_would_delete(shell: Shell, tmp_path: Path, fixed: bool) -> None:
    """What somebody has protected since the backup is protected no more."""
    shell("config set cleanup.enabled=true, cleanup.dry_run=false")
    shell(f"system backup {tmp_path / 'armed'}")
    if fixed:
        shell.app.settings.set("cleanup.dry_run", False, "option")
    shell(f"system restore {tmp_path / 'armed'}")
    assert shell.app.cleanup.dry_run is not fixed
    assert ("deletes for good" in shell.notes[-1], "look at cleanup plan" in shell.notes[-1]) == (fixed, True)
    with App(shell.app.home) as other:
        assert other.cleanup.dry_run


def test_jobs_and_workflows_are_as_they_were_and_what_they_did_stays_on_record(shell: Shell, tmp_path: Path) -> None:
    for line in ("jobs add --id nag 'echo first'", "workflows add talk 'steps: [{run: echo a}]'", "jobs run nag"):
        shell(line)
    target = tmp_path / "made.tar.gz"
    shell(f"system backup {target}")
    for line in ("jobs add --id nag 'echo second'", "jobs run nag", "workflows delete talk", f"system restore {target}"):
        shell(line)
    assert shell.status == 0, shell.notes
    assert [job.command for job in shell.app.tables.jobs.all().values()] == ["echo first"]
    assert "talk" in shell.app.runner.definitions
    assert len(shell("jobs history nag")) == 2
    assert shell("jobs log nag") == ["second"]


def test_a_backup_of_a_graph_that_is_written_is_of_one_moment(shell: Shell, graph: App, tmp_path: Path) -> None:
    with graph.graph.database.write() as connection:
        connection.execute("DELETE FROM doc")
        shell(f"system backup {tmp_path / 'b'}")
        connection.execute("ROLLBACK")
        connection.execute("BEGIN")
    shell(f"system check {tmp_path / 'b'}")
    assert shell.status == 0
    assert len(shell("search is(volume)")) == 4


def test_what_is_torn_or_changed_is_refused_and_nothing_changes(shell: Shell, made: Path) -> None:
    whole, before = made.read_bytes(), everything(shell)
    pick = random.Random(1)
    for _ in range(12):
        made.write_bytes(whole[: pick.randrange(len(whole))])
        shell(f"system restore {made}")
        assert shell.status == 1
        assert "is no whole backup" in shell.notes[-1]
    inner = bytearray(gzip.decompress(whole))
    for _ in range(12):
        changed = inner.copy()
        changed[pick.randrange(inner.index(b"manifest.json"))] ^= 1 << pick.randrange(8)
        made.write_bytes(gzip.compress(changed, 1))
        shell(f"system check {made}")
        assert shell.status in (0, 1)  # a bit may be nobody's: padding, the time of a file
        if not shell.status:
            assert sum(a != b for a, b in zip(changed, inner, strict=True)) == 1
    assert everything(shell) == before
    assert not list(shell.app.home.glob(".restore-*"))
    assert not list(shell.app.home.glob("backups/*"))


@pytest.mark.parametrize("name", ["../evil", "/evil", "state/../../evil", "a\nb/../../evil"])
def test_names_that_lead_out_of_the_folder_are_refused(shell: Shell, made: Path, name: str) -> None:
    def evil(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))

    refused(shell, made, evil, "leads out")
    assert not list(shell.app.home.parent.rglob("evil"))


def test_links_and_devices_are_refused(shell: Shell, made: Path) -> None:
    def evil(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo("state/settings.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)

    refused(shell, made, evil, "does not belong")


def refused(shell: Shell, made: Path, add: Callable[[tarfile.TarFile], None], why: str) -> None:
    before = everything(shell)
    with tarfile.open(made, "w:gz") as tar:
        add(tar)
    shell(f"system restore {made}")
    assert shell.status == 1
    assert why in shell.notes[-1]
    assert everything(shell) == before


def test_a_link_in_the_state_folder_is_not_followed(shell: Shell, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    os.symlink(secret, shell.app.home / "link")
    shell(f"system backup {tmp_path / 'b'}")
    with tarfile.open(tmp_path / "b") as tar:
        assert "link" not in tar.getnames()


def test_a_graph_of_a_newer_resh_is_refused(shell: Shell, made: Path, tmp_path: Path) -> None:
    with tarfile.open(made) as tar:
        tar.extractall(tmp_path / "x", filter="data")
    connection = apsw.Connection(str(tmp_path / "x" / "graph.sqlite3"))
    connection.pragma("user_version", 99)
    connection.close()

    def newer(tar: tarfile.TarFile) -> None:
        from hashlib import sha256

        manifest = json.loads((tmp_path / "x" / "manifest.json").read_text())
        path = tmp_path / "x" / "graph.sqlite3"
        manifest["files"] = {"graph.sqlite3": sha256(path.read_bytes()).hexdigest()}
        (tmp_path / "x" / "manifest.json").write_text(json.dumps(manifest))
        tar.add(path, "graph.sqlite3")
        tar.add(tmp_path / "x" / "manifest.json", "manifest.json")

    refused(shell, made, newer, "newer resh")


def test_only_at_the_machine_itself(graph: App, tmp_path: Path) -> None:
    remote = Shell(graph, local=False)
    for line in ("system backup", f"system check {tmp_path}", f"system restore {tmp_path}"):
        remote(line)
        assert remote.status == 126
        assert "local session" in remote.notes[-1]
    assert remote("system info")


def test_a_target_that_cannot_be_written_is_told(shell: Shell, tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("")
    shell(f"system backup {tmp_path / 'file' / 'b.tar.gz'}")
    assert shell.status == 1
    assert "folder" in shell.notes[-1]
