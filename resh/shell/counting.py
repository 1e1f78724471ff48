"""How many resources fit a search while it is typed, without ever holding up a key.

    counting = Counting(session, changed=redraw)
    counting("search is(volume) and vol")       "" now; half a second later, if nothing else is typed, "120 matches"

A thread waits until nobody has typed for a moment, counts, and is interrupted by the next key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.commands import pipeline
from resh.commands.base import Context
from resh.commands.line import Pipeline, split
from resh.errors import ReshError
from resh.shell.inner import inner_start

if TYPE_CHECKING:
    from resh.search.tree import Query
    from resh.shell.session import Session

PAUSE_SECONDS = 0.2
LONGEST_SECONDS = 3.0
"""A count that takes longer is not worth the work: it is given up."""


class SilentSink:
    columns: int | None = None
    colour = False
    links = False

    def write(self, text: str) -> None: ...

    def note(self, text: str) -> None: ...

    def live(self, lines: list[str]) -> None: ...


class Counting:
    def __init__(self, session: Session, changed: Callable[[], None], pause: float = PAUSE_SECONDS) -> None:
        self._session = session
        self._changed = changed
        self._pause = pause
        self._news = threading.Condition()
        self._text = ""
        self._seen = ""
        self._answer = ("", "")
        self._cancel = Cancel()
        self._closed = False
        self._thread: threading.Thread | None = None

    def __call__(self, text: str) -> str:
        """What is known of this very text."""
        if text != self._text:
            self._begin()
            with self._news:
                self._text = text
                self._cancel.set("something else was typed")
                self._news.notify()
        known, answer = self._answer
        return answer if known == text else ""

    def _begin(self) -> None:
        """At the first key: the first prompt waits for nothing that it does not need."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="counting", daemon=True)
            self._thread.start()

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._cancel.set("the session ended")
            self._news.notify()

    def _work(self) -> None:
        while (text := self._next()) is not None:
            found = ""
            with suppress(Exception):  # a line that is being typed may be anything
                found = self._counted(text)
            self._answer = (text, found)
            if found:
                self._changed()

    def _next(self) -> str | None:
        """The text, once it has been the same for a moment."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._text != self._seen)
            while not self._closed:
                self._seen = self._text
                if not self._news.wait_for(lambda: self._closed or self._text != self._seen, self._pause):
                    self._cancel = Cancel()
                    return self._seen
            return None

    def _counted(self, text: str) -> str:
        late = threading.Timer(LONGEST_SECONDS, self._cancel.set, ("it takes too long",))
        late.daemon = True
        late.start()
        try:
            count = matching(self._session, text, self._cancel)
        finally:
            late.cancel()
        return "" if count is None else f"{count:,} match{'' if count == 1 else 'es'}"


def matching(session: Session, text: str, cancel: Cancel) -> int | None:
    """How many resources the search at the beginning of the last line finds; None where there is none, or none yet, or
    where the line begins with count=false.
    """
    found = split(text[inner_start(text) :])
    if not found or not found[-1].stages:
        return None
    context = session.context(cancel, found[-1].env)
    context.sink = SilentSink()
    context.interactive = False
    if context.env.get("count") in ("false", "no", "0"):
        return None
    query = _query(found[-1], context)
    if query is None or query.aggregate is not None:
        return None
    _, rows = session.app.search(query.counted(None), cancel)
    return sum(int(row[-1]) for row in rows)


def _query(line: Pipeline, context: Context) -> Query | None:
    """Of as many stages as make sense: the last one may be half typed."""
    for stages in (line.stages, line.stages[:-1]):
        if stages:
            try:
                return pipeline.query_of(pipeline.resolve(stages, context), context)
            except ReshError:
                continue
    return None
