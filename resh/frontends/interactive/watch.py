"""Looks at the line while it is typed, in a thread, and knows what is wrong with it. The prompt only reads the last answer.

watch = Watch(vocabulary, changed=redraw)
watch("search is(volumee) and ")        "" now; a moment later "there is no kind 'volumee' (…)"
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from resh.shell.mistakes import mistake
from resh.shell.vocabulary import Vocabulary


class Watch:
    def __init__(self, vocabulary: Vocabulary, changed: Callable[[], None]) -> None:
        self._vocabulary = vocabulary
        self._changed = changed
        self._news = threading.Condition()
        self._text = ""
        self._seen = ""
        self._mistake = ""
        self._closed = False
        threading.Thread(target=self._work, name="watch", daemon=True).start()

    def __call__(self, text: str) -> str:
        """What was wrong when it was looked at last."""
        if text != self._text:
            with self._news:
                self._text = text
                self._news.notify()
        return self._mistake if text.strip() else ""

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify()

    def _work(self) -> None:
        while not self._closed:
            with self._news:
                self._news.wait_for(lambda: self._closed or self._text != self._seen)
                self._seen = self._text
            found = ""
            with suppress(Exception):  # a line that is being typed may be anything
                found = mistake(self._seen, self._vocabulary)
            if found != self._mistake:
                self._mistake = found
                self._changed()
