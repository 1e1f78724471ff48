"""The documentation is true: what it names exists, what exists is named, what it shows parses, and its generated parts are current."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.cleanup.journal import Journal
from resh.cli import parser
from resh.clock import FakeClock
from resh.commands.base import Context, Role
from resh.commands.continuation import inputs
from resh.commands.line import split
from resh.commands.pipeline import resolve, rows
from resh.commands.table import TABLE, load
from resh.errors import NotConfigured, ReshError
from resh.events.table import from_payload
from resh.metrics.definitions import defaults as metrics
from resh.model.scope import Status
from resh.placeholders import fill
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.metrics import EVERY
from resh.providers.base import Provider
from resh.providers.mapping import Mapper
from resh.setting_values import Setting
from resh.settings import SETTINGS
from resh.shell.evaluate import evaluate
from resh.shell.session import Session
from tests.providers.provider_fakes import Listener

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]
TEXTS = dict(zip(NAMES, (document.read_text() for document in DOCUMENTS), strict=True))
LANGUAGE, COMMANDS = TEXTS["docs/language.md"], TEXTS["docs/commands.md"]

ADD = "templates add "
_BLOCK = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"(`+) ?(.+?) ?\1")
_MACHINE = re.compile(r"/(?:home|Users|root|tmp|work|workspace)/(?!ada\b)|/var/folders/")


def blocks(text: str, kind: str) -> list[str]:
    return [body for language, body in _BLOCK.findall(text) if language == kind]


def cells(text: str, head: str) -> Iterator[str]:
    """The code in the first column of every table with that head."""
    inside = False
    for line in text.splitlines():
        first = re.split(r"(?<!\\)\|", line)[1].strip() if line.startswith("|") else ""
        inside = first == head or (inside and bool(first))
        if inside and (code := _CODE.fullmatch(first)):
            yield code[2].replace("\\|", "|")


def shell_lines() -> Iterator[tuple[str, str]]:
    """Every line for the shell that a document shows: blocks to type, recordings, and what `resh -c` is given."""
    for script in sorted((ROOT / "scripts" / "examples").glob("*.resh")):
        yield from ((script.name, line) for line in inputs(script.read_text().splitlines()))
    for name, text in TEXTS.items():
        for block in blocks(text, "resh"):
            yield from ((name, line) for line in inputs(block.splitlines()))
        for block in blocks(text, "console"):
            yield from ((name, line[2:]) for line in block.splitlines() if line.startswith("> "))
        for block in (*blocks(text, "console"), *blocks(text, "sh")):
            for line in block.replace("\\\n", " ").splitlines():
                if re.match(r"(?:\$ )?(?:\w+=\S+ )*resh\b.* -c ", line):
                    words = shlex.split(line.removeprefix("$ "), comments=True)
                    yield from ((name, line) for option, line in pairwise(words) if option == "-c")


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def commands() -> Iterator[str]:
    for entry in TABLE.values():
        yield entry.name
        yield from (f"{entry.name} {sub.name}" for sub in load(entry).subcommands)


class Nowhere:
    """A sink."""

    columns: int | None = None
    colour = links = False

    def write(self, text: str) -> None: ...

    def note(self, text: str) -> None: ...

    def live(self, lines: list[str]) -> None: ...


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """With the templates that the documents add."""
    with App(tmp_path_factory.mktemp("docs") / "home", clock=FakeClock()) as app:
        session = Session(app, user="ada", role=Role.admin, sink=Nowhere())
        assert all(evaluate(session, line) == 0 for line in dict.fromkeys(line for _, line in shell_lines()) if line.startswith(ADD))
        yield app


def check(app: App, line: str) -> None:
    """The line's commands, arguments and searches are right; nothing runs."""
    for pipeline in split(line):
        context = Context(app=app, user="ada", role=Role.admin, sink=Nowhere(), cancel=Cancel(), env=pipeline.env)
        rows(resolve(pipeline.stages, context, line), context, line)
        if context.query is not None:
            app.search(context.query)


def test_the_generated_parts_and_completions_are_current() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "documentation", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("label", [*commands()])
def test_every_command_has_its_heading(label: str) -> None:
    assert anchor(label) in anchors(COMMANDS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_every_setting_is_in_the_readme(setting: Setting) -> None:
    assert f"`{setting.path}`" in TEXTS["README.md"]


def test_every_option_of_resh_is_documented() -> None:
    names = {name for action in parser()._actions for name in action.option_strings} - {"-h", "--help"}
    assert names <= set(re.findall(r"`(-[\w-]+)", COMMANDS))


def test_every_exit_status_is_in_the_readme() -> None:
    todo, statuses = [ReshError], {0}
    while todo:
        error = todo.pop()
        statuses.add(error.exit_code)
        todo += error.__subclasses__()
    assert {int(status) for status in re.findall(r"^\| (\d+) \|", TEXTS["README.md"], re.MULTILINE)} == statuses


@pytest.mark.parametrize("search", [*cells(LANGUAGE, "search")])
def test_searches_of_the_reference_work(app: App, search: str) -> None:
    app.search(fill(search, app.clock.now()))


@pytest.mark.parametrize(("document", "line"), [*shell_lines()])
def test_lines_that_a_document_shows_are_right(app: App, document: str, line: str) -> None:
    check(app, line)


def test_the_picture_shows_every_file_and_no_other() -> None:
    shown, folders = set[str](), list[str]()
    for line in filter(None, blocks(TEXTS["docs/architecture.md"], "text")[1].splitlines()):
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        folders[depth:] = [name] if name.endswith("/") else []
        if not folders[depth:]:
            shown.add("".join(folders) + name)
    files = {str(file.relative_to(ROOT)) for file in (ROOT / "resh").rglob("*.*") if file.suffix not in ("", ".pyc")}
    files = {file for file in files if not file.endswith(("__init__.py", "py.typed"))}
    assert files - shown == set(), "not in docs/architecture.md"
    assert shown - files == set(), "in docs/architecture.md, and nowhere else"


def test_the_levels_of_imports_are_those_of_the_test() -> None:
    from tests.test_imports import LEVELS

    block = blocks(TEXTS["docs/architecture.md"], "text")[2]
    assert [set(line.replace(",", "").split()) for line in block.splitlines()] == [set(names) - {"__main__"} for names in LEVELS]


def test_the_kind_of_the_guide_maps_its_answer() -> None:
    text = TEXTS["docs/adding-a-kind.md"]
    (code,), (answer, reported) = blocks(text, "python"), map(json.loads, blocks(text, "json"))
    found: dict[str, Any] = {}
    exec(code, found)
    context = {"account": "123456789012", "region": "eu-west-1", "partition": "aws"}
    assert Mapper(found["FLOW_LOG"]).map(answer, context).reported == reported


def test_the_kind_of_the_guide_is_what_the_api_has() -> None:
    from tests.providers.aws import test_declarations as declarations

    found: dict[str, Any] = {}
    exec(blocks(TEXTS["docs/adding-a-kind.md"], "python")[0], found)
    for test in (
        declarations.test_calls_and_actions_are_those_of_the_api,
        declarations.test_paths_lead_somewhere,
        declarations.test_items_are_in_the_answer,
        declarations.test_every_resource_says_how_it_goes,
        declarations.test_edges_lead_to_kinds_of_the_catalog,
    ):
        test(found["FLOW_LOG"])


def test_the_provider_of_the_guide_collects_and_deletes(app: App) -> None:
    found: dict[str, Any] = {}
    exec("\n".join(blocks(TEXTS["docs/adding-a-provider.md"], "python")), found)
    cloud = AcmeCloud()
    provider: Provider = found["AcmeProvider"](cloud)
    (account,) = provider.accounts()
    with app.graph.merge(account.cloud, account.id, account.name) as merge:
        provider.collect(account, merge, Listener(), Cancel())
    assert {str(report.scope): str(report.status) for report in merge.result.scopes if report.status is not Status.OK} == {
        "acme/p1/south/acme_disk": "denied"
    }
    (disk,) = app.documents("is(volume) and volume_size > 10 and /ancestors.cloud.reported.name = acme")
    assert [node["reported"]["id"] for node in app.documents("is(acme_disk) -delete-> all")] == ["s1"]
    assert (provider.undeletable(disk), provider.losses(disk)) == ("", ())
    assert (provider.read(disk) or {})["volume_size"] == 20
    provider.delete(disk)
    assert provider.read(disk) is None
    with pytest.raises(NotConfigured):
        found["AcmeProvider"](None).accounts()


class AcmeCloud:
    """The invented cloud of the guide: two locations, a server and its disk; in the other one nobody may see disks."""

    def __init__(self) -> None:
        self._disks = [{"id": "d1", "name": "data", "size": 20, "server": "s1", "labels": {"owner": "ada"}}]

    def __call__(self, region: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if (region, operation) == ("south", "disks"):
            return {"error": {"status": 403, "code": "forbidden", "message": "not for you"}}
        if operation == "delete_disk":
            self._disks = []
        here = region == "north"
        return {
            "project": {"project": {"id": "p1", "name": "shop"}},
            "locations": {"locations": [{"name": "north"}], "next": "2"} if not params.get("page") else {"locations": [{"name": "south"}]},
            "servers": {"servers": [{"id": "s1", "name": "web", "status": "running", "labels": {}}] if here else []},
            "disks": {"disks": self._disks},
        }.get(operation, {})


def test_the_formats_of_the_guide_are_those_of_the_files(tmp_path: Path) -> None:
    logins, events, journal = blocks(TEXTS["docs/operations.md"], "json")
    assert all({"at", "event", "user"} <= json.loads(line).keys() for line in logins.splitlines())
    for line in events.splitlines():
        assert from_payload(json.loads(line)).payload() == json.loads(line)
    file = tmp_path / "journal.jsonl"
    file.write_text(journal)
    (entry,) = Journal(file).entries()
    assert (entry.result, entry.by) == ("deleted", "ada")


def test_numbers_in_the_text_are_right() -> None:
    aws = catalog()
    assert f"{len(aws.resources) + 2} kinds" in TEXTS["README.md"]
    assert f"{len(aws.resources) + 2} kinds" in TEXTS["CHANGELOG.md"]
    assert f"{len(metrics())} metrics" in TEXTS["CHANGELOG.md"]


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    for target in _LINK.findall(TEXTS[name]):
        if target.startswith(("http://", "https://")):
            continue
        path, _, place = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        assert not place or place in anchors(file.read_text()), target


@pytest.mark.parametrize("name", NAMES)
def test_no_document_names_a_path_of_this_machine(name: str) -> None:
    assert not _MACHINE.findall(TEXTS[name])
    assert str(ROOT) not in TEXTS[name]


@pytest.mark.parametrize("name", NAMES)
def test_blocks_say_what_they_hold(name: str) -> None:
    known = {"text", "console", "resh", "sh", "python", "yaml", "ini", "json", "bash", "dockerfile"}
    assert {language for language, _ in _BLOCK.findall(TEXTS[name])} <= known
    assert TEXTS[name].count("```") % 2 == 0


def test_every_metric_of_usage_is_told_with_its_kinds() -> None:
    section = LANGUAGE.split("\n## Usage\n")[1].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `aws_")]
    told = {(kind, name) for line in rows for kind in _names(line, 1) for name in _names(line, 2)}
    assert told == {(metric.kind, metric.name) for metric in EVERY}


def _names(row: str, cell: int) -> list[str]:
    return [code for _, code in _CODE.findall(row.split("|")[cell])]


@pytest.mark.parametrize(("language", "file"), [("ini", "resh.service"), ("dockerfile", "Dockerfile")])
def test_the_files_of_a_server_are_those_of_the_text(language: str, file: str) -> None:
    shown = (ROOT / "docs" / "operations.md").read_text().split(f"```{language}\n")[1].split("```")[0]
    assert shown == (ROOT / "docs" / "service" / file).read_text()


def test_the_unit_and_the_container_start_what_there_is() -> None:
    for file in ("resh.service", "Dockerfile"):
        words = (ROOT / "docs" / "service" / file).read_text().replace('"', " ").replace(",", " ").split()
        started = words[words.index("serve") :]
        assert parser().parse_args(started[:3]).listen == "0.0.0.0:2222"
