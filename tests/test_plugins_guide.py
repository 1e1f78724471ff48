"""The package of docs/plugins.md, installed as pip would install it, and run."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.app import App
from resh.clock import FakeClock
from resh.shell.complete import complete
from tests.commands.conftest import Shell

GUIDE = (Path(__file__).parent.parent / "docs" / "plugins.md").read_text()
SERVERS = {
    "site": "dc1",
    "rooms": [{"name": "north"}, {"name": "south"}],
    "servers": [
        {"id": "s1", "name": "web", "room": "north", "status": "running", "labels": {"owner": "ada"}},
        {"id": "s2", "name": "old", "room": "north", "status": "stopped", "labels": {}},
        {"id": "s3", "name": "db", "room": "south", "status": "running", "labels": {}},
    ],
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def install(target: Path, project: str, module: str, source: str) -> None:
    """What an installer leaves in a folder of packages: the module, and what its metadata says about it."""
    declared = tomllib.loads(project)["project"]
    (target / f"{module}.py").write_text(source)
    info = target / f"{declared['name'].replace('-', '_')}-{declared['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {declared['name']}\nVersion: {declared['version']}\n")
    lines = [f"{name} = {value}" for name, value in declared["entry-points"]["resh.plugins"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[resh.plugins]", *lines, ""]))


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages on the path, with that one in it."""
    folder = tmp_path / "packages"
    folder.mkdir()
    (project,) = blocks("ini")
    install(folder, project, "resh_racks", "".join(blocks("python")))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    yield folder
    for name in [name for name in sys.modules if name.startswith("resh_")]:
        del sys.modules[name]


@pytest.fixture
def shell(target: Path, home: Path, clock: FakeClock, tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "racks.json").write_text(json.dumps(SERVERS))
    overrides = [f"racks.file={tmp_path / 'racks.json'}", f"racks.log={tmp_path / 'log'}"]
    with App(home, clock=clock, overrides=overrides) as app:
        yield Shell(app)


def test_plugins_lists_it(shell: Shell) -> None:
    (row,) = map(json.loads, shell("plugins"))
    (shown,) = (block for block in blocks("text") if block.startswith("> plugins"))
    assert row == {
        "name": "racks",
        "package": "resh-racks",
        "version": "1.0",
        "adds": "provider racks, rule racks_stopped, command racks, notifier printer, 2 handlers",
        "problem": "",
    }
    assert all(str(row[name]) in shown for name in ("name", "package", "version", "adds"))


def test_its_cloud_is_collected_and_its_handlers_run(shell: Shell, tmp_path: Path) -> None:
    shell("workflows run collect --wait")
    found = shell("search is(racks_server) and is(instance) | format {name} {instance_status} {/ancestors.region.reported.name}")
    assert found == ["db running south", "old stopped north", "web running north"]
    texts = [event.text for event in shell.app.log.last(50)]
    assert "1 servers are switched off" in texts
    assert sorted(shell("racks")) == ['{"room":"north","servers":2}', '{"room":"south","servers":1}']
    shell.app.close()
    assert (tmp_path / "log").read_text().split()[0] == "collect"


def test_its_rule_marks_and_its_cloud_deletes(shell: Shell, tmp_path: Path) -> None:
    allowed = ("cleanup.accounts=*", "cleanup.min_age=0s", "cleanup.max_percent=100", "cleanup.max_kind_percent=100")
    for path in ("cleanup.enabled=true", "cleanup.dry_run=false", "cleanup.rules.racks_stopped.enabled=true", *allowed):
        name, _, value = path.partition("=")
        shell(f"config set {name} {value}")
        assert shell.status == 0
    shell("yes=true workflows run collect_and_cleanup --wait")
    assert [server["id"] for server in json.loads((tmp_path / "racks.json").read_text())["servers"]] == ["s1", "s3"]


def test_its_command_is_one_like_others(shell: Shell) -> None:
    assert shell("racks --help")[0] == "racks"
    assert ["racks", "how many servers stand in each room"] in [line.split(maxsplit=1) for line in shell("help")]
    assert "racks" in [candidate.text for candidate in complete(shell.session, "rac")]
    shell("racs")
    assert "racks" in shell.notes[0]


def test_its_notifier_is_told(shell: Shell, tmp_path: Path) -> None:
    shell(f"notify add door printer file={tmp_path / 'paper'}")
    shell("json [1, 2] | notify door --title Hello")
    assert (tmp_path / "paper").read_text() == "Hello\n- 1\n- 2\n"


def test_its_settings_are_settings(shell: Shell) -> None:
    (row,) = map(json.loads, shell("config show racks.log"))
    assert (row["source"], row["description"]) == ("option", "a file that gets a line for each run")
    shell("config show rack.file")
    assert "racks.file" in shell.notes[0]
    assert "racks.file" in [candidate.text for candidate in complete(shell.session, "config set racks.f")]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("def other(resh): ...", "AttributeError"),
        ("add = 3", "the entry point is no function"),
        ("def add(resh): resh.rule(3)", "3 is not a rule: it has no name"),
        ("from resh_racks import Printer\ndef add(resh): resh.notifier(Printer())", "notifier printer is added by another plugin"),
        ("def add(resh): resh.provider('broken', lambda settings, clock: 1 / 0)", "ZeroDivisionError"),
    ],
)
def test_a_faulty_one_is_left_out_and_told_of(target: Path, shell: Shell, source: str, problem: str) -> None:
    project = '[project]\nname = "resh-zero"\nversion = "0.1"\n[project.entry-points."resh.plugins"]\nzero = "resh_zero:add"\n'
    install(target, project, "resh_zero", source)
    rows = {row["name"]: row for row in map(json.loads, shell("plugins"))}
    assert problem in rows["zero"]["problem"]
    assert rows["racks"]["problem"] == ""
    shell("workflows run collect --wait")
    assert len(shell("racks")) == 2
    (told,) = [event.text for event in shell.app.log.last(50) if event.text.startswith("the plugin zero of resh-zero is left out: ")]
    assert problem in told


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def add(resh): resh.step('post_colect', print)", "its handler of post_colect is not called: no workflow has such an event"),
        (
            "from resh.commands.base import Command\ndef add(resh): resh.command(Command('search', print, 'mine'))",
            "its command search is not reached: resh has one of that name",
        ),
    ],
)
def test_what_is_never_asked_for_is_told_of(target: Path, shell: Shell, source: str, problem: str) -> None:
    project = '[project]\nname = "resh-zero"\nversion = "0.1"\n[project.entry-points."resh.plugins"]\nzero = "resh_zero:add"\n'
    install(target, project, "resh_zero", source)
    rows = {row["name"]: row for row in map(json.loads, shell("plugins"))}
    assert (rows["zero"]["problem"], rows["racks"]["problem"]) == (problem, "")
