"""Runs the parser's tables over a text: a contextual lexer and an LALR parser in one, which can also tell what may come next.

    machine = Machine(text, builder)
    query = machine.run()                   # raises Mismatch where the text stops making sense
    machine.allowed()                       # names of the terminals that may follow, at any point

The lexer tries only what the parser could take at that point, so that `sort` may be a keyword here and a property there. It works in one
loop, without recursion; `_DEPTH` bounds how deeply a text may nest, and with it the recursion of whatever walks the tree later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from resh.search.tables import END, Rule, tables

_DEPTH = 200


class Token(NamedTuple):
    type: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Mismatch(Exception):
    """Nothing that may stand at `position` fits the text there."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class TooDeep(Mismatch):
    """The text nests more deeply than any search needs."""


Build = Callable[[str, list[Any]], Any]


class Machine:
    """`build(rule, children)` makes the value of each rule; None when only the tokens matter."""

    def __init__(self, text: str, build: Build | None = None) -> None:
        self.text = text
        self.position = 0
        self._build = build
        self._tables = tables()
        self._states = [self._tables.first]
        self._values: list[Any] = []

    def run(self) -> Any:
        for _ in self.tokens():
            pass
        if not self._feed(END, None):
            raise Mismatch(self.position)
        return self._values[-1]

    def tokens(self) -> Iterator[Token]:
        """The tokens of the text, one after the other; `position` stays before a token until it is taken."""
        while token := self._next():
            yield token
            self._feed(token.type, token)
            self.position = token.end
            if len(self._states) > _DEPTH:
                raise TooDeep(token.start)

    def allowed(self) -> list[str]:
        """Terminals that may come next, `$END` among them when the text may end here."""
        return [
            name for name in self._tables.states[self._states[-1]] if (name == END or name in self._tables.patterns) and self._allows(name)
        ]

    def _next(self) -> Token | None:
        position = self.position = _after_blanks(self.text, self.position)
        if position == len(self.text):
            return None
        for name in _candidates(self._states[-1]):
            found = _pattern(name)(self.text, position)
            if found and found.end() > position and self._allows(name):
                return Token(name, found[0], position)
        raise Mismatch(position)

    def _allows(self, terminal: str) -> bool:
        """A state's table may promise more than the states below it keep, so try it on a copy."""
        states, table = self._states, self._tables.states
        action = table[states[-1]].get(terminal)
        if action is None or action >= 0:
            return action is not None
        states = states.copy()
        while action is not None and action < 0:
            rule = self._tables.rules[~action]
            del states[len(states) - len(rule.keep) :]
            states.append(table[states[-1]][rule.name])
            if states[-1] == self._tables.last:
                return terminal == END
            action = table[states[-1]].get(terminal)
        return action is not None

    def _feed(self, terminal: str, token: Token | None) -> bool:
        """Take one terminal. False when it does not fit, which only the end of the text can do."""
        table, rules = self._tables.states, self._tables.rules
        while True:
            action = table[self._states[-1]].get(terminal)
            if action is None:
                return self._states[-1] == self._tables.last
            if action >= 0:
                self._states.append(action)
                self._values.append(token)
                return True
            self._reduce(rules[~action])
            if self._states[-1] == self._tables.last and terminal == END:
                return True

    def _reduce(self, rule: Rule) -> None:
        size = len(rule.keep)
        start = len(self._values) - size
        children = self._values[start:]
        del self._states[len(self._states) - size :]
        del self._values[start:]
        self._states.append(self._tables.states[self._states[-1]][rule.name])
        self._values.append(self._value(rule, children) if self._build else None)

    def _value(self, rule: Rule, children: list[Any]) -> Any:
        kept: list[Any] = []
        for letter, child in zip(rule.keep, children, strict=True):
            if letter == "k":
                kept.append(child)
            elif letter == "s":
                kept += child
        if rule.result.startswith("_"):
            return kept
        if rule.passes and len(kept) == 1 and rule.result == rule.name:
            return kept[0]
        assert self._build is not None
        return self._build(rule.result, kept)


def _after_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


@cache
def _pattern(name: str) -> Callable[[str, int], re.Match[str] | None]:
    return re.compile(tables().patterns[name]).match


@cache
def _candidates(state: int) -> tuple[str, ...]:
    """The terminals of a state, in the order to try."""
    actions = tables().states[state]
    return tuple(name for name in tables().patterns if name in actions)
