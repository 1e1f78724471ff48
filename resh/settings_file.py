"""Settings as people write them in YAML: nested, or with dots in their names. Each comes with the line that it stands in.

for found in parse("cleanup:\\n  enabled: true\\naws.regions: [eu-west-1]\\n", declared):
    found                               Written("cleanup.enabled", True, 2), Written("aws.regions", ["eu-west-1"], 3)
dump("aws.regions", ["eu-west-1"])      "aws.regions:\\n- eu-west-1\\n"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resh.errors import UsageError
from resh.plain_yaml import loader
from resh.record import Record

if TYPE_CHECKING:
    from resh.setting_values import Setting

Declared = Callable[[str], "Setting | None"]
_LONGEST = 500
_FORM = "it must be YAML, such as 'aws: {regions: [eu-west-1]}'"


class Written(Record):
    path: str
    value: Any
    line: int


class Mistake(UsageError):
    """What is wrong, and in which line; never the line itself, which may hold a secret."""

    def __init__(self, message: str, hint: str, line: int) -> None:
        super().__init__(message, hint)
        self.line = line


def read(file: Path, declared: Declared) -> Iterator[Written]:
    """Raises UsageError that names the file."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "give --config a readable YAML file") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: is no UTF-8 text", "give --config a readable YAML file") from None
    try:
        yield from parse(text, declared)
    except Mistake as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from None


def parse(text: str, declared: Declared) -> Iterator[Written]:
    """Raises Mistake for what is no YAML, or a setting that is there twice."""
    import yaml

    try:
        root = yaml.compose(text, Loader=loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Mistake(_told(error), _FORM, mark.line + 1 if mark else 1) from None
    except RecursionError:
        raise Mistake("is nested too deep", _FORM, 1) from None
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise Mistake("holds no settings", _FORM, root.start_mark.line + 1)
    lines: dict[str, int] = {}
    for path, node, line in _walk(root, "", declared) if root else ():
        if path in lines:
            raise Mistake(f"{path} is there twice (lines {lines[path]} and {line})", "take one of them out", line)
        lines[path] = line
        yield Written(path, _built(node), line)


def dump(path: str, value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump({path: value}, sort_keys=False, allow_unicode=True, width=10_000)
    return text


def _walk(node: Any, prefix: str, declared: Declared) -> Iterator[tuple[str, Any, int]]:
    import yaml

    for key, value in node.value:
        path = f"{prefix}{key.value}"
        if len(path) > _LONGEST:  # an anchor may contain itself
            raise Mistake("is nested too deep", _FORM, key.start_mark.line + 1)
        if isinstance(value, yaml.MappingNode) and not declared(path):
            yield from _walk(value, f"{path}.", declared)
        else:
            yield path, value, key.start_mark.line + 1


def _built(node: Any) -> Any:
    import yaml

    builder = loader()("")
    try:
        return builder.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        raise Mistake(_told(error), _FORM, node.start_mark.line + 1) from None
    finally:
        builder.dispose()


def _told(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    words = (getattr(error, name, None) for name in ("context", "problem"))
    return f"{': '.join(filter(None, words)) or 'is no YAML'}{place}"
