"""Imports point one way, and starting a script imports nothing that it does not need."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "resh"
LEVELS = (
    (
        *("authority", "errors", "cancel", "aws_settings", "cleanup_settings", "settings", "setting_values", "clock"),
        *(
            "durations",
            "hours",
            "limits",
            "lock",
            "observed",
            "own_rules",
            "parts",
            "placeholders",
            "plain_yaml",
            "record",
            "secret_references",
        ),
        *("settings_file", "text", "thinning", "timing", "whole_file", "yaml_list"),
    ),
    ("model",),
    ("graph",),
    ("search",),
    ("events", "state", "web"),
    ("providers",),
    ("backup", "cleanup", "metrics", "notify"),
    ("workflows",),
    ("jobs",),
    ("app", "automation", "clouds", "demo", "graphs", "monitoring", "plugins", "searchable", "searches"),
    ("commands", "render"),
    ("shell",),
    ("frontends",),
    ("cli", "__main__"),
)
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(tree: ast.AST) -> Iterator[str]:
    """Modules of resh that are imported when the code runs; those under TYPE_CHECKING are not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "resh":
            yield from (node.module,) if "." in node.module else (f"resh.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("resh."))
        yield from imports(node)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_point_down(file: Path) -> None:
    here = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if here == "__init__":
        return
    upwards = [module for module in imports(ast.parse(file.read_text())) if LEVEL.get(room(module), -1) > LEVEL[here]]
    assert not upwards, f"{here} must not know {', '.join(upwards)}"


def test_every_room_has_a_level() -> None:
    assert {file.relative_to(PACKAGE).parts[0].removesuffix(".py") for file in MODULES} - {"__init__"} <= set(LEVEL)


@pytest.mark.parametrize("search", ["is(volume) and volume_status = available", "is(volume) and age > 30d and volume_size > 5"])
def test_a_search_in_a_script_imports_no_front_end_and_no_cloud(tmp_path: Path, search: str) -> None:
    code = (
        "import sys\nfrom resh.cli import main\n"
        "status = main(['--home', sys.argv[1], '-c', f'search {sys.argv[2]} | count'])\n"
        "heavy = {'prompt_toolkit', 'asyncssh', 'boto3', 'botocore', 'click', 'yaml', 'asyncio', 'pygments', 'orjson'}\n"
        "heavy |= {'resh.graph.indexer', 'resh.providers', 'argparse', 'urllib3', 'importlib.metadata'}\n"
        "heavy |= {'resh.web', 'resh.notify', 'resh.plugins', 'resh.commands.repertoire'}\n"
        "print(status, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path), search], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr
