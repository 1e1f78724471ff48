"""Values and keys that occur in the graph, for completion, without ever holding up a key.

    values = Values(app, changed=redraw)
    values.of(("volume",), "volume_status")         [("available", "12 resources"), …]

An answer is what is known by now. What is not known is looked for by a thread of its own: first a sample, then exact counts, one question
at a time; the last one asked interrupts the one before. Small graphs answer within WAIT_SECONDS, the others at the next key, or when
`changed` is called. What identifies a resource (names, arns) is not counted: for it the thread looks for what begins as typed.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from resh.cancel import Cancel
from resh.errors import Cancelled
from resh.search.sql.occurring import MOST

if TYPE_CHECKING:
    from resh.app import App

WAIT_SECONDS = 0.002
FRESH_SECONDS = 2.0
"""So long an answer is not held against the graph again."""
COUNT_SECONDS = 20.0
IDLE_SECONDS = 60.0
SAMPLE = 500
_KEYS_SAMPLE = 10_000
_MANY = 0.5
"""With more different ones than this share of a sample there are too many to count."""
_KEPT = 200
_SHOWN = 200
_LONGEST = 120
_TOO_LONG = "it takes too long"

Scalar = str | int | float | bool
Counted = Sequence[tuple[Scalar, str]]


class Question(NamedTuple):
    """`begins` is asked where there are too many values to know them all."""

    kinds: tuple[str, ...]
    path: str
    keys: bool = False
    begins: str = ""


class Answer(NamedTuple):
    found: Counted
    generation: object
    at: float
    complete: bool
    """Nothing more can be found out."""
    many: bool = False
    """There are more than these."""


class Values:
    def __init__(self, app: App, changed: Callable[[], None] = lambda: None, now: Callable[[], float] = time.monotonic) -> None:
        self.changed = changed
        self._app = app
        self._now = now
        self._news = threading.Condition()
        self._answers: OrderedDict[Question, Answer] = OrderedDict()
        self._wanted: Question | None = None
        self._working: tuple[Question | None, Cancel] = (None, Cancel())
        self._owed = False
        self._thread: threading.Thread | None = None
        self._closed = False

    def of(self, kinds: tuple[str, ...], path: str, typed: str = "", keys: bool = False) -> Counted:
        """Values, or keys of objects, the most frequent first. Keys of whole documents (no path) are told by a sample."""
        question = Question(kinds, path, keys)
        answer = self._ask(question)
        if answer and answer.many and typed:
            more = self._ask(question._replace(begins=typed))
            known = {value for value, _ in answer.found}
            return [*answer.found, *(item for item in (more.found if more else ()) if item[0] not in known)]
        return answer.found if answer else ()

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._working[1].set()
            self._news.notify_all()

    def _ask(self, question: Question) -> Answer | None:
        """What is known now; asks the thread for more when there may be more."""
        with self._news:
            answer = self._answers.get(question)
            if answer and answer.complete and self._now() - answer.at < FRESH_SECONDS:
                return answer
            self._want(question)
            if answer is None:
                self._news.wait_for(lambda: question in self._answers, WAIT_SECONDS)
                answer = self._answers.get(question)
            self._owed = answer is None or not answer.complete
            return answer

    def _want(self, question: Question) -> None:
        if self._closed or question in (self._wanted, self._working[0]):
            return
        self._wanted = question
        self._working[1].set("something else is asked")
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="values", daemon=True)
            self._thread.start()
        self._news.notify_all()

    def _work(self) -> None:
        while question := self._next():
            try:
                for answer in self._answers_to(question, self._working[1]):
                    self._keep(question, answer)
            except Cancelled:
                pass  # by another question, which is next
            except Exception:  # what cannot be found out is not offered; the thread goes on
                self._keep(question, Answer((), None, self._now(), complete=True))

    def _next(self) -> Question | None:
        """The question that is asked, as soon as there is one; nothing when nobody asks for long."""
        with self._news:
            self._working = (None, Cancel())
            self._news.wait_for(lambda: self._wanted or self._closed, IDLE_SECONDS)
            question, self._wanted = self._wanted, None
            if question is None or self._closed:
                self._thread = None
                return None
            self._working = (question, Cancel())
            return question

    def _keep(self, question: Question, answer: Answer) -> None:
        with self._news:
            self._answers[question] = answer
            self._answers.move_to_end(question)
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
            self._news.notify_all()
            owed, self._owed = self._owed, self._owed and not answer.complete
        if owed:
            self.changed()

    def _answers_to(self, question: Question, cancel: Cancel) -> Iterator[Answer]:
        """A sample, then everything; nothing new when the graph is what it was. What was counted before is better than a sample."""
        generation = self._app.graph.generation()
        known = self._answers.get(question)
        if known and known.complete and known.generation == generation:
            yield known._replace(at=self._now())
            return
        size = _KEYS_SAMPLE if question.keys else SAMPLE
        sample = list(self._occurring(question, cancel, size))
        whole = len(sample) < MOST and sum(count for _, count in sample) < size
        many = not whole and not question.keys and len(sample) > size * _MANY
        enough = whole or many or bool(question.begins) or (question.keys and not question.path)
        if enough or known is None:
            yield self._answer(question, sample, generation, complete=enough, many=many, exact=whole)
        if not enough:
            yield self._all(question, cancel, sample, generation)

    def _all(self, question: Question, cancel: Cancel, sample: list[tuple[Scalar, int]], generation: object) -> Answer:
        """Exact counts; the sample has to do where they take too long."""
        late = threading.Timer(COUNT_SECONDS, cancel.set, (_TOO_LONG,))
        late.start()
        try:
            found = list(self._occurring(question, cancel))
        except Cancelled:
            if cancel.reason != _TOO_LONG:
                raise
            return self._answer(question, sample, generation, complete=True, many=True, exact=False)
        finally:
            late.cancel()
        return self._answer(question, found, generation, complete=True, many=len(found) >= MOST, exact=True)

    def _occurring(self, question: Question, cancel: Cancel, first: int | None = None) -> Iterator[tuple[Scalar, int]]:
        kinds, path, keys, begins = question
        for type, value, count in self._app.searches.occurring(kinds, path, cancel, keys=keys, first=first, begins=begins):
            yield bool(value) if type in ("true", "false") else value, count

    def _answer(
        self, question: Question, found: list[tuple[Scalar, int]], generation: object, *, complete: bool, many: bool, exact: bool
    ) -> Answer:
        """What identifies a resource is there once: saying so would tell nothing."""
        what = "time" if "[" in question.path else "resource"
        short = islice(((value, count) for value, count in found if len(str(value)) <= _LONGEST), _SHOWN if question.begins else MOST)
        notes = tuple((value, "" if many and not exact else _times(count, what, exact)) for value, count in short)
        return Answer(notes, generation, self._now(), complete, many)


def _times(count: int, what: str, exact: bool) -> str:
    """`1 resource`, `1,204 resources`, `990+ resources`"""
    return f"{count:,}{'' if exact else '+'} {what}{'' if count == 1 and exact else 's'}"
