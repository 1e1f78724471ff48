"""Lines of every kind through the evaluator: made of what commands declare and of the language, then spoilt. No traceback, no hang.

A fraction runs with the suite; all of them: `RESH_FLOOD=50000 pytest tests/shell/test_flood.py`.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.commands.base import Argument, Option, Role, Sink
from resh.commands.table import TABLE, load
from resh.frontends.interactive.sink import TerminalSink
from resh.frontends.script import StreamSink
from resh.model.base import BASE_KINDS
from resh.model.kinds import Kinds
from resh.search.expect import expect
from resh.search.names import OnlyKinds
from resh.shell import complete
from resh.shell.evaluate import evaluate
from resh.shell.help import help_at
from resh.shell.highlight import spans
from resh.shell.mistakes import mistake
from resh.shell.session import Session
from tests.commands.conftest import INSTANCE, VOLUME, collect, nodes
from tests.commands.test_table import leaves

LINES = int(os.environ.get("RESH_FLOOD", "1500"))
BATCH = 2500
"""So many lines share a state folder: what they add to it would make the later ones slow."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DRAWING = re.compile(r"\r\x1b\[2K|\x1b\[1A\x1b\[2K|\x1b\]52;c;[A-Za-z0-9+/=]*\x07")
"""What is drawn over what was there, and what goes to the clipboard."""
STATUSES = (0, 1, 2, 3, 124, 126, 127, 130)
PATIENCE_SECONDS = 0.3
HANGS_SECONDS = 20.0
OUTSIDE = (
    *("aws", "calls", "collect", "refresh", "tag", "http", "https", "notify", "slack", "discord", "pagerduty", "alertmanager", "jira"),
    *("system", "doctor", "plugins", "shell"),
)
"""They leave the process, or this folder."""
ENTRIES = [entry for entry in TABLE.values() if entry.name not in OUTSIDE]
LEAVES = [(label, command, entry) for entry in ENTRIES for label, command in leaves(load(entry), entry.name)]
WORDS = (
    *("volume", "aws_ec2_volume", "vol-1", "name", "id", "volume_size", "tags.owner", "nag", "tidy", "old", "collect", "1d", "-3", "0"),
    *("1e9", "99999999999999999999", "null", "true", "''", '""', "'", '"', '"a b"', "@TODAY@", "@NOW@", "@X@", "$1", "$_", "$9"),
    *("{{kind}}", "{id}", "*", "%", "a=1", "a=", "=", "--", "-", "--x", "\\", "\\|", "[]", "[1", "{}", "日本", "\u202e", "\x1b[2J", "\x9b"),
    *("\x00", "\ud800", "/metadata.x", "/ancestors.account.reported.id", "a[*].b", "`a b`", "2024-01-01", "24h", "'* * * * *'"),
    *("@hourly", "'every 5m'", "x" * 3000),
)
NAMES_OF_KINDS = OnlyKinds(Kinds([*BASE_KINDS, VOLUME, INSTANCE]))
TERMS = (
    *("is(volume)", "is(aws_ec2_instance)", "all", "id = vol-1", 'name =~ "vol.*"', "volume_size > 5", "volume_size in [1, 8, null]"),
    *("age > 1d", "tags.owner = ada", "not is(volume)", "has_key(tags, owner)", 'name in_subnet "10.0.0.0/8"', "zones[*] = a", "[1:2]"),
    *("(is(volume) or id = x)", "/metadata.protected = true", '"free text"', "{{x}}", "expand(old, kind=volume)", "tags.{a=1 and b=2}"),
)
JOINTS = (" and ", " or ", " --> ", " -[0:2]-> ", " <-- ", " <-delete[1:]- ", " and not ", " ", " sort name desc ", " limit 2, 1 ", "; ")
FLOWS = (
    *("count", "count kind", "list id, name as n", "list --csv", "format {id}", "format --json", "head 2", "tail 1", "limit 1, 2", "uniq"),
    *("sort name", "aggregate kind: sum(volume_size) as x", "jq .reported.id", "flatten", "chunk 2", "dump", "tree", "successors"),
    *("aggregate zones[*] as z: max(age), stddev(x / y % 3) as d", "aggregate_to_count", "format {age} {.} {a[0].b}", "list --json-table"),
    *(
        "list --markdown age, a, /a.b",
        "count a[*].b",
        "sort age desc, a",
        "tree --by age,a",
        "format --mermaid",
        "format --dot",
        "tree > x",
    ),
)
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    1e308,
    1 << 62,
    "",
    "a|b;c",
    'it\'s "q"',
    [],
    [1, None, {"a": "x"}],
    {},
    {"b": [{"b": 1}]},
    "2024-01-01T00:00:00Z",
)
KEYS = ("id", "kind", "name", "a", "b", "age", "group", "reported", "tags", "type", "from", "to", "", "x y", "a.b")
HOSTILE = "\x1b\x07\x9b\u202e'\"|;\\(){}[]<>=&#@$!\n\t\0`~*%,: é日😀\ud800"


class Author:
    """Writes lines, by a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._writers: tuple[tuple[Callable[[], str], int], ...] = (
            (self._declared, 5), (self._search, 3), (self._derived, 2), (self._pipeline, 3), (self._rows, 3),
            (self._noise, 1), (self._wrapped, 1),
        )  # fmt: skip

    def lines(self, count: int) -> Iterator[str]:
        writers, weights = zip(*self._writers, strict=True)
        for _ in range(count):
            line = self._random.choices(writers, weights)[0]()
            yield self._spoilt(line) if self._random.random() < 0.5 else line

    def _declared(self) -> str:
        """A command with arguments and options as it declares them, more or less."""
        label, command, entry = self._random.choice(LEAVES)
        words = [label]
        for option in command.options:
            if self._random.random() < 0.3:
                words.append(self._option(option))
        words += [self._value(argument) for argument in command.arguments if self._random.random() < 0.8]
        if self._random.random() < 0.1:
            words.append(self._random.choice(WORDS))
        line = " ".join(words)
        return f"{self._search()} | {line}" if entry.position.value == "flow" else line

    def _option(self, option: Option) -> str:
        return f"--{option.name}" if option.type is bool else f"--{option.name}{self._random.choice(' =')}{self._random.choice(WORDS)}"

    def _value(self, argument: Argument) -> str:
        if argument.complete in ("search", "line"):
            return self._search()
        return " ".join(self._random.choices(WORDS, k=1 + self._random.randrange(2) * argument.many))

    def _search(self) -> str:
        count = self._random.choice((1, 1, 2, 3, 6))
        terms = [self._random.choice(TERMS) + self._random.choice(JOINTS) for _ in range(count - 1)]
        return f"search {''.join(terms)}{self._random.choice(TERMS)}"

    def _derived(self) -> str:
        """A search that the grammar makes: again and again one of what may follow, and sometimes something else of the language."""
        text = ""
        for _ in range(self._random.randrange(2, 14)):
            found = expect(text, NAMES_OF_KINDS)
            if not found or self._random.random() < 0.1:
                text += f" {self._random.choice(TERMS)}"
            else:
                chosen = self._random.choice(found)
                text = f"{text[: chosen.start]}{chosen.text}{self._random.choice(('', ' '))}"
        return f"search {text}"

    def _rows(self) -> str:
        """Rows that no cloud would have."""
        rows = [
            {key: self._random.choice(ODD) for key in self._random.choices(KEYS, k=self._random.randrange(5))}
            if self._random.random() < 0.7 else self._random.choice(ODD)
            for _ in range(self._random.randrange(5))
        ]  # fmt: skip
        text = json.dumps(rows).replace("'", "\\'")
        return " | ".join([f"json '{text}'", *self._random.choices(FLOWS, k=self._random.randrange(1, 4))])

    def _pipeline(self) -> str:
        return " | ".join([self._search(), *self._random.choices(FLOWS, k=self._random.randrange(1, 5))])

    def _noise(self) -> str:
        return "".join(self._random.choices(HOSTILE + "abc search ", k=self._random.randrange(1, 60)))

    def _wrapped(self) -> str:
        line = self._random.choice((self._declared, self._search, self._pipeline))()
        alias = f"alias add a{self._random.randrange(9)} '{line}'"
        return self._random.choice(
            (
                f"watch --times 1 1 {line}",
                alias,
                f"{line} > x",
                f"{line} | !x",
                f"{line} &",
                f"a=1 {line}; {line}",
                f"section={self._random.choice(('/', 'metadata', 'x'))} {line}",
            )
        )

    def _spoilt(self, line: str) -> str:
        letters = list(line)
        for _ in range(self._random.choice((1, 1, 2, 5))):
            at = self._random.randrange(len(letters) + 1)
            match self._random.randrange(5):
                case 0:
                    letters[at : at + self._random.randrange(1, 4)] = []
                case 1:
                    letters[at:at] = self._random.choice(HOSTILE)
                case 2:
                    letters[at:at] = f" {self._random.choice(WORDS)} "
                case 3:
                    letters[at:at] = letters[at : at + self._random.randrange(1, 12)] * self._random.choice((1, 1, 30))
                case 4:
                    letters = letters[:at]
        return "".join(letters)


class Typist:
    """Somebody at a terminal far away, or a script; neither may touch this machine's files."""

    def __init__(self, app: App, *, interactive: bool) -> None:
        self.err = io.StringIO()
        self.sink: Sink = TerminalSink(self.err.write, lambda: 80, colour=False) if interactive else StreamSink(io.StringIO(), self.err)
        self.session = Session(app, user="ada", role=Role.admin, sink=self.sink, interactive=interactive, local=False, agreed=True)

    def __call__(self, line: str) -> str:
        """What is wrong with how it was taken; nothing, as a rule."""
        cancel, began = Cancel(), time.monotonic()
        late = threading.Timer(PATIENCE_SECONDS, cancel.set)
        late.start()
        self.session.ended = False
        try:
            status = evaluate(self.session, line, cancel)
        except BaseException as error:
            return f"raised {error!r}"
        finally:
            late.cancel()
            told = _DRAWING.sub("", self.err.getvalue())
            self.err.seek(0)
            self.err.truncate()
        if "internal:" in told or _CONTROL.search(told):
            return told[:500]
        seconds = time.monotonic() - began
        return f"status {status}" if status not in STATUSES else f"took {seconds:.1f} s" if seconds > HANGS_SECONDS else ""


@pytest.fixture
def typists(home: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[int], tuple[App, list[Typist]]]:
    """On a new state folder."""
    monkeypatch.chdir(tmp_path)

    def new(number: int) -> tuple[App, list[Typist]]:
        app = App(home / str(number), clock=clock)
        collect(app, nodes(clock.now()))
        app.tables.templates.add("old", "is({{kind}}) and age > {{age}}")
        return app, [Typist(app, interactive=True), Typist(app, interactive=False)]

    return new


def typed(typist: Typist, line: str, position: int) -> str:
    """The same for whoever reads along while it is typed."""
    try:
        list(complete._complete(typist.session, line[:position]))
        list(spans(line[:position]))
        mistake(line[:position], typist.session.vocabulary)
        help_at(typist.session, line, position)
    except Exception as error:
        return f"while it was typed, up to {position}: {error!r}"
    return ""


def test_no_line_breaks_the_shell(typists: Callable[[int], tuple[App, list[Typist]]]) -> None:
    seed = int(os.environ.get("RESH_SEED", "1"))
    broken: list[str] = []
    for batch in range(0, LINES, BATCH):
        app, both = typists(batch)
        with app:
            for number, line in enumerate(Author(seed + batch).lines(min(BATCH, LINES - batch))):
                typist = both[number % 2]
                wrong = typist(line) or (typed(typist, line, (number * 7919) % (len(line) + 1)) if number % 5 == 0 else "")
                if wrong:
                    broken.append(f"{line[:300]!r}: {wrong}")
            for typist in both:
                typist.session.vocabulary.close()
    assert not broken, f"{len(broken)} lines:\n" + "\n".join(broken[:60])
