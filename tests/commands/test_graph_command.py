"""Graphs beside the one that is collected into: to look at, to keep, and to take elsewhere."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from resh.app import App
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.errors import GraphError
from resh.shell.complete import complete
from tests.commands.conftest import ACCOUNT, Shell, collect, graph_id, node, nodes

ALL = "search all sort /id | format --ndjson"


def rows(lines: list[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines]


def names(shell: Shell) -> list[object]:
    return [row["name"] for row in rows(shell("graph list"))]


def grow(shell: Shell) -> None:
    """A volume more, and a mark."""
    collect(shell.app, [*nodes(shell.app.clock.now()), node("aws_ec2_volume", "vol-9", shell.app.clock.now())])
    shell("search id = vol-2 | protect")


def test_a_copy_stays_as_it_was(shell: Shell) -> None:
    before, history = shell(ALL), shell("history")
    (made,) = rows(shell("graph copy monday"))
    assert (made["name"], made["resources"], made["accounts"]) == ("monday", 8, 1)
    grow(shell)
    assert shell(f"graph=monday {ALL}") == before
    assert shell("graph=monday history") == history
    assert shell("graph=monday search is(volume) | count")[0] == "total matched: 4"
    assert shell('graph=monday search "name of" | count')[0] == "total matched: 6"
    assert shell("search is(volume) | count")[0] == shell("graph=main search is(volume) | count")[0] == "total matched: 5"
    assert json.loads(shell("graph=monday kinds aws_ec2_volume")[0])["resources"] == 4
    assert shell("graph=monday search is(volume) | head 1 | dump")


@pytest.mark.parametrize("flow", ["clean", "protect", "set_desired a=1", "set_metadata a=1", "tag update a b", "refresh"])
def test_nothing_changes_by_what_is_true_in_a_copy(shell: Shell, flow: str) -> None:
    shell("graph copy monday")
    before = shell(ALL), shell(f"graph=monday {ALL}")
    shell(f"graph=monday search is(volume) | {flow}")
    assert shell.status == 2
    assert "cannot follow the graph monday" in shell.notes[0]
    assert (shell(ALL), shell(f"graph=monday {ALL}")) == before


def test_a_copy_cannot_be_written(shell: Shell) -> None:
    shell("graph copy monday")
    store = shell.app.graphs.store("monday")
    for change in (
        lambda: store.mark([graph_id("aws_ec2_volume", "vol-1")], "desired", {"clean": True}, by="ada"),
        lambda: store.merge("aws", ACCOUNT, "demo"),
        lambda: store.prune_history(shell.app.clock.now()),
    ):
        with pytest.raises(GraphError, match="the graph monday is kept as it is"):
            change()


def test_a_copy_of_a_copy(shell: Shell) -> None:
    shell("graph copy monday")
    grow(shell)
    shell("graph copy monday tuesday")
    assert shell("graph=tuesday search is(volume) | count")[0] == "total matched: 4"
    assert names(shell) == ["main", "monday", "tuesday"]
    assert [row["name"] for row in rows(shell("graph list ^t"))] == ["tuesday"]


def test_force_replaces_for_everybody(shell: Shell, clock: FakeClock) -> None:
    shell("graph copy monday")
    with App(shell.app.home, clock=clock) as app:
        other = Shell(app)
        assert other("graph=monday search is(volume) | count")[0] == "total matched: 4"
        grow(shell)
        shell("graph copy --force monday")
        assert other("graph=monday search is(volume) | count")[0] == "total matched: 5"
        shell("graph delete monday")
        assert other("graph=monday search is(volume) | count") == []
        shell("graph copy monday")
        assert other("graph=monday search is(volume) | count")[0] == "total matched: 5"


def test_what_is_collected_into_is_put_aside_before_it_is_replaced(shell: Shell) -> None:
    before = shell(ALL)
    shell("graph copy monday")
    grow(shell)
    grown = shell(ALL)
    shell("graph copy --force monday main")
    assert shell.status == 0, shell.notes
    assert shell(ALL) == before
    (aside,) = [str(name) for name in names(shell) if str(name).startswith("before-")]
    assert shell(f"graph={aside} {ALL}") == grown
    collect(shell.app, nodes(shell.app.clock.now()))
    assert shell.status == 0


def test_snapshots_are_as_many_as_are_kept(shell: Shell, clock: FakeClock) -> None:
    shell("graph snapshot daily-more")
    for _ in range(4):
        clock.advance(86400)
        shell("graph snapshot --keep 2 daily")
        assert shell.status == 0
    assert [str(name)[:25] for name in names(shell)] == [
        "main", "snapshot-main-daily-2023-", "snapshot-main-daily-2023-", "snapshot-main-daily-more-",
    ]  # fmt: skip
    assert shell("graph=snapshot-main-daily-2023-11-18T22:13:20Z search is(volume) | count")[0] == "total matched: 4"


@pytest.mark.parametrize("file", ["a.jsonl", "a.jsonl.gz"])
def test_there_and_back(shell: Shell, clock: FakeClock, tmp_path: Path, file: str) -> None:
    grow(shell)
    before = shell(ALL), shell("history"), shell("collect status"), shell("search --with-edges all | format --mermaid")
    (made,) = rows(shell(f"graph export {tmp_path / file}"))
    assert made["resources"] == 9
    assert (tmp_path / file).stat().st_mode & 0o777 == 0o600
    with App(tmp_path / "other", clock=clock) as app:
        other = Shell(app)
        other(f"graph import --force main {tmp_path / file}")
        assert other.status == 0, other.notes
        assert (other(ALL), other("history"), other("collect status"), other("search --with-edges all | format --mermaid")) == before
        assert other('search "name of" | count')[0] == "total matched: 7"
        collect(app, nodes(clock.now()))
        assert len(other("search is(volume)")) == 4


def test_what_was_exported_exports_the_same(shell: Shell, tmp_path: Path) -> None:
    grow(shell)
    shell(f"graph export {tmp_path / 'a'}")
    shell(f"graph import b {tmp_path / 'a'}")
    shell(f"graph export b {tmp_path / 'b'}")
    one, other = ((tmp_path / name).read_text().splitlines()[1:-1] for name in "ab")
    assert one == other


def test_an_export_replaces_no_file_unless_it_is_told(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    shell(f"graph export {tmp_path / 'a'}")
    assert (shell.status, (tmp_path / "a").read_text()) == (2, "mine")
    shell(f"graph export --force {tmp_path / 'a'}")
    assert (tmp_path / "a").read_text().startswith('{"graph":"main"')


@pytest.mark.parametrize("gz", [False, True])
def test_what_is_torn_or_changed_is_no_graph(shell: Shell, tmp_path: Path, gz: bool) -> None:
    file = tmp_path / "a"
    shell(f"graph export {file}")
    lines = file.read_bytes().splitlines(keepends=True)
    whole = b"".join(lines)
    wrong = [
        whole[: len(whole) // 2], b"".join(lines[:-1]), b"".join(lines[1:]), whole + b"[1]\n", b"", b"{}\n", b"[1]\n",
        b"".join([*lines[:9], lines[9].replace(b"[", b"[1", 1), *lines[10:]]), b"".join([*lines[:9], *lines[10:]]), b"\xff" + whole,
        whole.replace(b'"format":1', b'"format":9', 1), whole.replace(b'"schema":', b'"schema":9', 1), b"[" * 100_000 + b"\n",
    ]  # fmt: skip
    for text in wrong:
        file.write_bytes(gzip.compress(text) if gz else text)
        shell(f"graph import b {file}")
        assert shell.status == 1, text[:80]
        assert "line " in shell.notes[0]
        assert names(shell) == ["main"]
    file.write_bytes(gzip.compress(whole)[:-9])
    shell(f"graph import b {file}")
    assert shell.status == 1
    assert names(shell) == ["main"]
    assert not list((shell.app.home / "graphs").glob(".draft*"))


@pytest.mark.parametrize(
    ("line", "status", "word"),
    [
        ("graph=mondy search all", 2, "did you mean monday"),
        ("graph copy monday", 2, "already"),
        ("graph copy ../evil", 2, "no name"),
        ("graph copy a b c", 2, "no place for 'c'"),
        ("graph copy nothing b", 2, "no graph 'nothing'"),
        ("graph delete main", 2, "cannot be deleted"),
        ("graph delete mon", 2, "no graph 'mon'"),
        ("graph list (", 2, "no regular expression"),
        ("graph snapshot --keep 0 a", 2, "--keep 0"),
        ("graph import b nowhere", 1, "No such file"),
        ("graph export nothing file", 2, "no graph 'nothing'"),
        ("graph export /nowhere/at/all", 1, "folder"),
    ],
)
def test_mistakes_of_graphs(shell: Shell, line: str, status: int, word: str) -> None:
    shell("graph copy monday")
    shell(line.replace("/nowhere", "/dev/null"))
    assert shell.status == status
    assert word in shell.notes[0]
    assert names(shell) == ["main", "monday"]


def test_only_admins_make_graphs_and_only_here_they_are_files(graph: App, tmp_path: Path) -> None:
    viewer, remote = Shell(graph, role=Role.viewer), Shell(graph, local=False)
    viewer("graph copy monday")
    assert viewer.status == 126
    for line in (f"graph export {tmp_path / 'a'}", f"graph import b {tmp_path / 'a'}"):
        remote(line)
        assert remote.status == 126
    remote("graph copy monday")
    assert viewer("graph=monday search is(volume) | count")[0] == "total matched: 4"


def test_a_backup_has_them(shell: Shell, tmp_path: Path, clock: FakeClock) -> None:
    shell("graph copy monday")
    grow(shell)
    shell(f"system backup {tmp_path / 'b'}")
    with App(tmp_path / "other", clock=clock) as app:
        other = Shell(app)
        other(f"system restore {tmp_path / 'b'}")
        assert other.status == 0, other.notes
        assert other("graph=monday search is(volume) | count")[0] == "total matched: 4"


def test_names_of_graphs_complete(shell: Shell) -> None:
    shell("graph copy monday")
    assert [found.text for found in complete(shell.session, "graph delete mo")] == ["monday"]
