from __future__ import annotations

import os
from pathlib import Path

import pytest

from resh.errors import BadValue, Denied, ReshError
from resh.state.files import Anywhere, Exports, Files, file_name


@pytest.fixture
def exports(home: Path) -> Exports:
    return Exports(home, "ada", 1 << 20)


@pytest.fixture(params=["at the machine", "over SSH"])
def files(request: pytest.FixtureRequest, exports: Exports, monkeypatch: pytest.MonkeyPatch) -> Files:
    exports.root.mkdir(parents=True)
    monkeypatch.chdir(exports.root)
    return exports if request.param == "over SSH" else Anywhere()


def write(files: Files, file: str, *texts: str) -> None:
    with files.replacing(file) as output:
        for text in texts:
            output.write(text)


def broken(files: Files, file: str) -> None:
    with files.replacing(file) as output:
        output.write("half")
        raise KeyError


def test_a_file_is_replaced_whole_or_not_at_all(files: Files) -> None:
    write(files, "a.csv", "one\n")
    os.chmod("a.csv", 0o640)
    write(files, "a.csv", "two\n")
    with pytest.raises(KeyError):
        broken(files, "a.csv")
    assert Path("a.csv").read_text() == "two\n"
    assert Path("a.csv").stat().st_mode & 0o777 == 0o640
    assert os.listdir() == ["a.csv"]


def test_what_is_new_is_for_its_owner_alone(files: Files) -> None:
    write(files, "a.csv", "one \ud800\n")
    assert Path("a.csv").stat().st_mode & 0o777 == 0o600
    assert Path("a.csv").read_text() == "one \\ud800\n"


def test_something_is_put_behind(files: Files) -> None:
    for text in ("one\n", "two\n"):
        with files.appending("log.txt") as output:
            output.write(text)
            output.buffer.write(b"\xff")
    assert Path("log.txt").read_bytes() == b"\xffone\n\xfftwo\n"


@pytest.mark.parametrize("how", ["replacing", "appending"])
def test_a_folder_is_no_file(files: Files, how: str) -> None:
    Path("deep").mkdir()
    with pytest.raises(ReshError, match=r"deep: (Is a|it is a)"), getattr(files, how)("deep"):
        pass
    assert os.listdir() == ["deep"]


def test_at_the_machine_links_and_devices_are_what_they_are_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    write(Anywhere(), str(tmp_path / "link"), "after")
    write(Anywhere(), "/dev/null", "gone")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "after"
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("file", "words"), [("/nowhere/a", "No such file"), ("~nobody-of-that-name/a", "home of nobody"), ("", "folder"), ("/", "folder")]
)
def test_at_the_machine_mistakes_are_told(file: str, words: str) -> None:
    with pytest.raises(ReshError, match=words):
        write(Anywhere(), file, "")


@pytest.mark.parametrize(
    "file",
    ["/etc/passwd", "../bob/a", "a/../../bob/a", "..", "~/a", "~bob/a", "~", "deep/..", "/", "../../ssh/authorized_keys/ada"],
)
@pytest.mark.parametrize("how", ["replacing", "appending"])
def test_nothing_leads_out_of_the_export_folder(exports: Exports, home: Path, file: str, how: str) -> None:
    with pytest.raises(Denied, match="leads out"), getattr(exports, how)(file):
        pass
    assert not list((home / "exports").rglob("*"))


@pytest.mark.parametrize("file", ["", "a//b", "a/", ".", ".hidden", "a/.b", "a\x00b", "a\nb", "a\u202eb", "\ud800", "a/" * 9 + "b"])
def test_a_name_that_is_none(exports: Exports, home: Path, file: str) -> None:
    with pytest.raises(BadValue):
        write(exports, file, "")
    assert not list((home / "exports").rglob("*"))


def test_a_name_that_is_too_long(exports: Exports) -> None:
    with pytest.raises(ReshError, match="too long"):
        write(exports, "a" * 300, "")


@pytest.mark.parametrize("how", ["replacing", "appending"])
def test_no_link_is_followed(exports: Exports, home: Path, how: str) -> None:
    exports.root.mkdir(parents=True)
    secret = home / "secret"
    secret.write_text("before")
    (exports.root / "out").symlink_to(home)
    (exports.root / "file").symlink_to(secret)
    (exports.root / "hard").hardlink_to(secret)
    for name in ("out/secret", "file", "hard"):
        try:
            with getattr(exports, how)(name) as output:
                output.write("after")
        except ReshError:
            assert name == "out/secret" or how == "appending"
    assert secret.read_text() == "before"


def test_a_pipe_keeps_nobody_waiting(exports: Exports) -> None:
    exports.root.mkdir(parents=True)
    os.mkfifo(exports.root / "pipe")
    with pytest.raises(ReshError), exports.appending("pipe"):
        pass
    write(exports, "pipe", "one")
    assert (exports.root / "pipe").read_text() == "one"


def test_a_folder_that_was_exchanged_for_a_link(exports: Exports, home: Path) -> None:
    (home / "exports").mkdir(parents=True)
    exports.root.symlink_to(home)
    with pytest.raises(ReshError):
        write(exports, "settings", "")


def test_a_full_folder_takes_nothing_more(exports: Exports) -> None:
    write(exports, "a", "x" * 900_000)
    with pytest.raises(ReshError, match=r"export folder is full: \d+ MB"):
        write(exports, "b", *["x" * 100_000] * 30)
    with exports.appending("a") as output:
        output.write("y" * 148_576)
    for how in (exports.replacing, exports.appending):
        with pytest.raises(ReshError, match="full"), how("c"):
            pass
    assert [name for name, _ in exports.all()] == ["a"]
    exports.delete("a")
    write(exports, "c", "well")


def test_folders_are_made_and_go(exports: Exports) -> None:
    write(exports, "a/b/c.csv", "one")
    write(exports, "a/d.csv", "two")
    assert [name for name, _ in exports.all()] == ["a/d.csv", "a/b/c.csv"]
    exports.delete("a/b/c.csv")
    assert [path.name for path in (exports.root / "a").iterdir()] == ["d.csv"]
    exports.delete("a/d.csv")
    assert not list(exports.root.iterdir())


@pytest.mark.parametrize("file", ["../bob/a", "/etc/passwd", "a/../a", "b", ""])
def test_only_what_is_there_can_be_deleted(exports: Exports, home: Path, file: str) -> None:
    write(exports, "a", "one")
    write(Exports(home, "bob", 1 << 20), "a", "of bob")
    with pytest.raises(ReshError, match="there is no file"):
        exports.delete(file)
    assert len([path for path in (home / "exports").rglob("*") if path.is_file()]) == 2


def test_a_link_can_be_deleted_and_what_it_leads_to_stays(exports: Exports, home: Path) -> None:
    exports.root.mkdir(parents=True)
    (home / "secret").write_text("x")
    (exports.root / "link").symlink_to(home / "secret")
    exports.delete("link")
    assert (home / "secret").exists()


@pytest.mark.parametrize(
    ("user", "name"),
    [("ada", "ada"), ("../bob", "_bob"), ("..", "_"), ("", "_"), ("CORP\\ada", "CORP_ada"), ("a/b", "a_b"), ("a\x00", "a_")],
)
def test_a_user_s_name_is_never_a_path(user: str, name: str) -> None:
    assert file_name(user) == name
