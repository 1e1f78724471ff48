"""One user's conversation with resh: who it is, what the role allows, where output goes. Each front end makes one and keeps it.

session = Session(app, user="ada", role=Role.admin, sink=sink, local=True, interactive=True)
status = evaluate(session, "search is(volume) | count", Cancel())
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.commands.base import Context, Role, Sink
from resh.commands.remembered import Remembered
from resh.graph.base import MAIN
from resh.shell.desk import SessionDesk

if TYPE_CHECKING:
    from resh.app import App
    from resh.shell.history import FileHistory
    from resh.shell.vocabulary import Vocabulary


class Session:
    """`local` sessions may touch this machine's files; `interactive` ones have a person in front of them."""

    def __init__(
        self,
        app: App,
        *,
        user: str,
        role: Role,
        sink: Sink,
        local: bool = True,
        interactive: bool = False,
        env: Mapping[str, str] | None = None,
        debug: bool = False,
        agreed: bool = False,
        output: str = "",
        key: str = "",
    ) -> None:
        """`agreed`: what would be asked is answered with yes already; `output`: the form of rows that no command formats; `key`: the
        fingerprint of the one that opened over SSH.
        """
        self.app = app
        self.user = user
        self.role = role
        self.sink = sink
        self.local = local
        self.interactive = interactive
        self.env = env or {}
        self.debug = debug
        self.agreed = agreed
        self.output = output
        self.key = key
        self.ended = False
        self.exit_status = 0
        """Status of the last line: what the session itself ends with."""
        self.followed: set[str] = set()
        """Runs whose events a command prints, so that the front end need not."""
        self.told: set[str] = set()
        """Advice given already: once is enough."""
        self.muted: set[str] = set()
        """Patterns of events that do not print above the prompt of this session."""
        self.ask: Callable[[str, str], bool] | None = None
        """Puts a question to the person at the prompt, from the thread of a command; true when they agree."""
        self.may_detach = interactive
        """Whether a line that ends in & may go on by itself: the process outlives it."""
        self.heard: Callable[[str], Callable[[int], None]] = _unheard
        """Told of each line before it runs; returns what is told its exit status."""
        self.desk = SessionDesk(self)
        self.offered: list[str] = []
        """What the next prompt begins with, if anything."""
        self.remembered = Remembered()
        """Ids of the last result, for $1 and $_."""
        self.paged: Callable[[], AbstractContextManager[Callable[[str], object]]] = self._unpaged
        """Around what a line shows: gives what takes its text."""
        self._history: FileHistory | None = None
        self._vocabulary: Vocabulary | None = None
        self._warned = False

    def context(self, cancel: Cancel, given: Mapping[str, str]) -> Context:
        """What the commands of one line may use; `given` are the variables in front of it."""
        env = {**self.env, **given}
        app = self.app
        if env.get("graph", MAIN) != MAIN:
            from resh.graphs import look

            app = look(app, env["graph"])
        else:
            env.pop("graph", None)
        return Context(
            app=app,
            user=self.user,
            role=self.role,
            sink=self.sink,
            cancel=cancel,
            env=env,
            given=given,
            interactive=self.interactive,
            local=self.local,
            columns=self.sink.columns,
            followed=self.followed,
            told=self.told,
            muted=self.muted,
            ask=self.ask,
            agreed=self.agreed,
            output=self.output,
            key=self.key,
            desk=self.desk,
            remembered=self.remembered,
        )

    @contextmanager
    def _unpaged(self) -> Iterator[Callable[[str], object]]:
        yield self.sink.write

    @property
    def history(self) -> FileHistory:
        if self._history is None:
            from resh.shell.history import FileHistory

            self._history = FileHistory(self.app.home / "history", self.user, self.app.clock)
        return self._history

    @property
    def vocabulary(self) -> Vocabulary:
        if self._vocabulary is None:
            from resh.shell.vocabulary import Vocabulary

            self._vocabulary = Vocabulary(self.app, self.user, "" if self.role is Role.admin else self.user)
        return self._vocabulary

    def may_end(self) -> bool:
        """Whether Ctrl-D ends it: at once when nothing runs, else at the second time."""
        running = [] if self._warned or not self.local else self.app.runs_here()
        if not running:
            return True
        self._warned = True
        self.sink.note(f"{len(running)} workflow{'s' if len(running) > 1 else ''} running: Ctrl-D again stops and leaves")
        return False


def _unheard(text: str) -> Callable[[int], None]:
    return lambda status: None
