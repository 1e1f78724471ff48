from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zipfile import ZipFile

import pytest

from resh.app import App
from resh.cleanup.rules.table import RULES
from resh.clock import FakeClock
from resh.commands.base import Command
from resh.commands.table import TABLE
from resh.errors import UsageError
from resh.notify.registry import built_in
from resh.plugins import RESERVED, Additions, Plugins, installed
from resh.setting_values import Setting
from resh.settings import SETTINGS, Settings


def nowhere() -> App:
    raise AssertionError("a plugin asks for the app too early")


class Entry:
    def __init__(self, name: str, add: Callable[[Additions], object], dist: Any = None) -> None:
        self.name = name
        self.dist = dist or SimpleNamespace(name=f"resh-{name}", version="1")
        self._add = add

    def load(self) -> Any:
        return self._add


def plugins(**adds: Callable[[Additions], object]) -> Plugins:
    return Plugins([Entry(name, add) for name, add in adds.items()], nowhere)


def test_what_resh_has_itself_is_reserved() -> None:
    assert RESERVED["rule"] == {rule.name for rule in RULES}
    assert RESERVED["notifier"] == built_in().keys()
    assert RESERVED["setting"] == {setting.path for setting in SETTINGS}


def test_the_first_of_a_name_has_it() -> None:
    setting = Setting("x.y", "text", "", "some")
    found = plugins(b=lambda resh: resh.setting(setting), a=lambda resh: resh.setting(setting))
    assert [(plugin.name, plugin.problem) for plugin in found.all] == [("a", ""), ("b", "setting x.y is added by another plugin already")]
    assert found.settings == {"x.y": setting}
    assert [problem.text for problem in found.problems] == [
        "the plugin b of resh-b is left out: setting x.y is added by another plugin already"
    ]


@pytest.mark.parametrize(
    ("add", "problem"),
    [
        (lambda resh: resh.setting("x.y"), "'x.y' is no setting"),
        (lambda resh: resh.setting(Setting("aws.regions", "list", [], "mine")), "there is a setting aws.regions already"),
        (lambda resh: resh.setting(Setting("x", "text", "", "")), "is no setting"),
        (lambda resh: resh.setting(Setting("x.y", cast(Any, "numbr"), 1, "")), "x.y: there is no type 'numbr'"),
        (lambda resh: resh.setting(Setting("x.y", "number", "many", "")), "x.y: 'many' is not a whole number"),
        (lambda resh: resh.provider("aws", lambda settings, clock: None), "there is a provider aws already"),
        (lambda resh: resh.provider("x", None), "the provider x is no function"),
        (lambda resh: resh.command(Command("x", None, "nothing")), "the command x does nothing"),
        (lambda resh: resh.command("x"), "is not a command"),
        (lambda resh: resh.step("post_collect", None), "is no function"),
        (lambda resh: resh.listen(3), "the listener is no function"),
        (lambda resh: resh.app, "too early"),
        (lambda: None, "TypeError"),
    ],
)
def test_what_cannot_be_used_leaves_the_plugin_out(add: Callable[[Additions], object], problem: str) -> None:
    def whole(resh: Additions) -> None:
        resh.setting(Setting("good.one", "text", "", "some"))
        add(resh)

    found = plugins(bad=add if problem == "TypeError" else whole, good=lambda resh: resh.setting(Setting("good.two", "text", "", "some")))
    assert problem in found.all[0].problem
    assert list(found.settings) == ["good.two"]


def test_a_provider_that_cannot_be_made_leaves_its_plugin_out() -> None:
    def broken(settings: Settings, clock: object) -> Any:
        raise RuntimeError("no such cloud")

    def strange(settings: Settings, clock: object) -> Any:
        return object()

    found = plugins(bad=lambda resh: resh.provider("x", broken), worse=lambda resh: resh.provider("y", strange))
    assert found.providers(Settings(), FakeClock()) == {}
    assert "RuntimeError: no such cloud" in found.all[0].problem
    assert "is not a provider: it has no name" in found.all[1].problem


def test_a_command_of_resh_stays_resh_s() -> None:
    assert "search" in TABLE
    found = plugins(a=lambda resh: resh.command(Command("search", lambda context, rows: rows, "mine")))
    assert found.all[0].problem == ""


def test_settings_of_plugins_are_typed_and_stored(tmp_path: Any) -> None:
    declared = {"x.size": Setting("x.size", "number", 3, "some")}
    settings = Settings.load(stored={"x.size": 5, "gone.path": 1}, further=lambda: declared)
    assert (settings.number("x.size"), settings.source("x.size")) == (5, "state")
    assert settings.frozen().number("x.size") == 5
    assert [setting.path for setting in settings][-1] == "x.size"
    with pytest.raises(UsageError, match=r"no setting 'gone\.path'"):
        settings.get("gone.path")
    with pytest.raises(UsageError, match=r"x\.size: 'many' is not a whole number"):
        settings.set("x.size", "many", "option")
    file = tmp_path / "config.yaml"
    file.write_text("x: {size: 7}")
    assert Settings.load(file=file, further=lambda: declared).number("x.size") == 7


def test_nobody_asks_for_plugins_before_a_name_is_unknown() -> None:
    def asked() -> Any:
        raise AssertionError("a plugin was asked for")

    settings = Settings.load(stored={"cleanup.enabled": True}, environ={"RESH__AWS__REGIONS": "eu-west-1"}, further=asked)
    assert settings.list("aws.regions") == ["eu-west-1"]


ENTRY_POINTS = "[resh.plugins]\ncellar = cellar:add\n"


def test_packages_are_found_in_folders_and_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, archive = tmp_path / "folder", tmp_path / "archive.zip"
    info = folder / "resh_cellar-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: resh-cellar\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    with ZipFile(archive, "w") as zipped:
        for file in info.iterdir():
            zipped.write(file, f"{info.name}/{file.name}")
    for place in (folder, archive):
        monkeypatch.setattr("sys.path", [str(tmp_path / "nowhere"), str(place)])
        assert [entry.name for entry in installed()] == ["cellar"]


def test_importlib_is_not_asked_when_no_package_adds_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "other-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[console_scripts]\nother = other:main\n")
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    monkeypatch.setattr("importlib.metadata.entry_points", nowhere)
    assert not list(installed())
