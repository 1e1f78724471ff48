"""What a command is, and what it may use.

A command is a plain generator over rows. It is declared once; `table.py` lists all of them by name without importing their modules.

    def head(context: Context, rows: Rows, n: int) -> Rows:
        yield from islice(rows, n)

    HEAD = Command("head", head, "Keep the first rows.", FLOW, arguments=(Argument("n", int, default=100, help="how many rows"),))

`click` parses the arguments (made on demand from the declaration, so that a plain search never imports it). A command whose last
argument is `raw` gets the rest of its text verbatim: searches and formats have a language of their own.

Rows are documents of nodes (dicts with `reported`), other JSON values, or lines of text (str).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from resh.cancel import Cancel
from resh.errors import Cancelled, UsageError
from resh.record import Record

if TYPE_CHECKING:
    from resh.app import App
    from resh.commands.desk import Desk
    from resh.commands.remembered import Remembered
    from resh.commands.repertoire import Repertoire
    from resh.graph.freshness import Freshness
    from resh.search.tree import Query
    from resh.state.files import Exports, Files

Row = Any
Rows = Iterator[Row]

START: Rows = iter(())
"""The rows of a command that starts its line."""


class Role(IntEnum):
    """What a user may do; each includes the ones before."""

    viewer = 1
    operator = 2
    admin = 3


class Position(Enum):
    source = "source"
    flow = "flow"
    both = "both"


SOURCE, FLOW, BOTH = Position.source, Position.flow, Position.both


class Sink(Protocol):
    """Where a line's output goes: a terminal, an SSH channel, stdout. `columns` is None when it is no terminal."""

    @property
    def columns(self) -> int | None: ...

    @property
    def colour(self) -> bool: ...

    @property
    def links(self) -> bool:
        """Whether it is a terminal that understands links, or at least passes over them."""
        ...

    def write(self, text: str) -> None:
        """Result text, as is."""
        ...

    def note(self, text: str) -> None:
        """A line of diagnostics."""
        ...

    def live(self, lines: list[str]) -> None:
        """Draw transient lines in place of the last ones (an empty list removes them); does nothing where there is no terminal."""
        ...


class Context:
    """Everything a command may use. One object for each line that is evaluated."""

    def __init__(
        self,
        app: App,
        user: str,
        role: Role,
        sink: Sink,
        cancel: Cancel,
        *,
        env: Mapping[str, str] | None = None,
        given: Mapping[str, str] | None = None,
        interactive: bool = False,
        local: bool = True,
        columns: int | None = None,
        followed: set[str] | None = None,
        told: set[str] | None = None,
        muted: set[str] | None = None,
        ask: Callable[[str, str], bool] | None = None,
        agreed: bool = True,
        output: str = "",
        desk: Desk | None = None,
        remembered: Remembered | None = None,
    ) -> None:
        self.app = app
        self.user = user
        self.role = role
        self.sink = sink
        self.cancel = cancel
        self.env: Mapping[str, str] = {} if env is None else env
        self.given: Mapping[str, str] = {} if given is None else given
        """Those of its variables that the line itself sets: what is kept with a line for later."""
        self.interactive = interactive
        self.local = local
        self.columns = columns
        """How wide a line may be; None where nothing is cut: no terminal, or a file."""
        self.followed: set[str] = set() if followed is None else followed
        """Runs whose events a command prints itself; the session's own set, so that the front end does not print them again."""
        self.told: set[str] = set() if told is None else told
        """Advice that this session has had already."""
        self.muted: set[str] = set() if muted is None else muted
        """Patterns of events that do not print above this session's prompt; the session's own set."""
        self._ask, self._agreed = ask, agreed
        self.output = output
        """The form of rows that no command formats; without one it is a table on a terminal, else JSON lines."""
        self.desk = desk
        """What the session offers beyond showing text; None where there is no session."""
        self.remembered = remembered
        """Where the ids of what is shown are noted, for $1 and $_ in the next line."""
        self.status = 0
        """Exit status that a command wants although it raised nothing (3: partial)."""
        self.at: float | None = None
        """The moment that the line's search is about (epoch seconds), if not now."""
        self.query: Query | None = None
        """The search that the rows came from: the default columns of a table show what it asked about."""
        self.shown: tuple[str, ...] = ()
        """What is shown of them, where that is not the whole resource."""
        self.explained = False
        """Whether it was said already why nothing came of the search."""
        self.freshness: Freshness | None = None
        """What is stale of all that the line's answer depends on, where that is no search."""
        self.beside = self.env.get("graph", "")
        """The graph that the line is about, if it is not the one that is collected into."""
        self.leave = False
        """Whether a command asked to end the session."""

    @cached_property
    def repertoire(self) -> Repertoire:
        """All that can be typed, for names that the table does not have."""
        from resh.commands.repertoire import Repertoire

        return Repertoire(self.app, self.user)

    @property
    def files(self) -> Files:
        """Where the line may write files: at the machine itself anywhere, over SSH into the user's export folder."""
        from resh.state.files import Anywhere

        return Anywhere() if self.local else self.exports

    @cached_property
    def exports(self) -> Exports:
        """The user's export folder."""
        from resh.state.files import Exports

        return Exports(self.app.home, self.user, self.app.settings.number("ssh.exports_size") << 20)

    def confirm(self, question: str, word: str = "") -> None:
        """Ask the person at the prompt; raises Cancelled unless they agree, with the word if there is one. Where nobody is, the line
        must have said so before.
        """
        if self._ask is not None:
            if not self._ask(question, word):
                raise Cancelled("nothing was done")
        elif not self._agreed and self.env.get("yes") not in ("true", "yes", "1"):
            raise UsageError(f"nobody is there to answer: {question}", "agree with resh --yes, or with yes=true in front of the line")

    def agrees(self, question: str) -> bool:
        """Whether the person at the prompt says yes; where nobody is, nobody says no."""
        return self._ask is None or self._ask(question, "")

    @property
    def links(self) -> bool:
        """Whether what is shown may link to the cloud's console."""
        return self.columns is not None and self.sink.links and self.app.settings.flag("shell.links")

    @property
    def toned(self) -> bool:
        """Whether states in tables have colours."""
        return self.columns is not None and self.sink.colour and self.app.settings.flag("shell.highlight")

    @property
    def now(self) -> float:
        """What ages count back from: the moment of the search, or now."""
        return self.app.clock.now() if self.at is None else self.at


class Argument(Record):
    """A positional argument. `complete` names what its values are: kind, workflow, run, setting, metric, file, command, property, column (a
    property, or what else a row can show), template, graph, event, alert, severity, job, job run, edge, account, region, held (a scope
    that waits for confirmation), target and notifier (of `notify`), own (a command of one's own); or the part of a search that a raw
    text is: search, sort, aggregate; or the condition of an alert.

    `variable` names the variable of the line (`edge_type=delete search … | successors`) that stands in for a value that is not given.

    One before a raw one that is not required is taken when the word `fits`: `diff 2w 1w is(volume)` and `diff 2w is(volume)`.

    A `raw` one is the rest of the text as it stands; in one that is kept for `later` use, placeholders such as @TODAY@ wait for that.
    A `foreign` one is read by somebody else: not even escapes are taken out. In one with `angles` a > means something
    and leads to no file.
    """

    name: str
    type: Any = str
    required: bool = True
    default: Any = None
    help: str = ""
    complete: str = ""
    raw: bool = False
    many: bool = False
    variable: str = ""
    later: bool = False
    foreign: bool = False
    angles: bool = False
    fits: Callable[[str], bool] | None = None


class Option(Record):
    """`--name`; a flag when `type` is bool. `short` is the letter of `-p`.

    `variable` is one of the line, as for an argument, if the command starts the line.
    """

    name: str
    type: Any = bool
    default: Any = None
    help: str = ""
    complete: str = ""
    short: str = ""
    variable: str = ""
    many: bool = False


class Command(Record):
    """`pairs`: options may also be written name=value.

    `fuse(query, params)` returns the query with this command taken in, or None when it has to work on rows; a source gets None as query.
    `begin(context, query, params)` makes rows of the query that a source and the stages behind it became.

    `examples` are (line, what it does); each is executed by the tests. `subcommands` make it a group; `run` takes the rest.
    """

    name: str
    run: Callable[..., Rows] | None
    summary: str
    position: Position = SOURCE
    role: Role = Role.viewer
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    subcommands: tuple[Command, ...] = ()
    help: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    pairs: bool = False
    fuse: Callable[[Query | None, Mapping[str, Any]], Query | None] | None = None
    begin: Callable[[Context, Query, Mapping[str, Any]], Rows] | None = None
