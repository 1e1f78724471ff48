"""Runs the parser's tables over a text: a contextual lexer and an LALR parser in one, which can also tell what may come next.

    machine = Machine(text, builder)
    query = machine.run()                   # raises Mismatch where the text stops making sense
    machine.allowed()                       # names of the terminals that may follow, at any point

The lexer tries only what the parser could take at that point, so that `sort` may be a keyword here and a property there; of that, only what
may begin with the character that stands there. Everything happens in loops, without recursion, and takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from resh.search.tables import END, Rule, tables

_DEPTH = 3_000
"""More than the canonical text of any search that `parser.py` lets through needs."""

_MOST = 200_000
_make = tuple.__new__  # what a NamedTuple's own constructor does, in half the time
_blanks = re.compile(r"\s*").match


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


class TooMany(Mismatch):
    """The text has more tokens than a machine takes."""


_Way = tuple[list[Rule], int, list[int], int]
"""What taking a terminal means: reduce by these rules, which keeps so many of the states and adds those; then go on to the last."""

Match = Callable[[str, int], re.Match[str] | None]


class Machine:
    """`builder` has a method `build_<rule>` for each rule, which makes its value; None when only the tokens matter."""

    def __init__(self, text: str, builder: object = None) -> None:
        self.text = text
        self.position = 0
        self.deepest = 0
        self._builder = builder
        self._tables = tables()
        self._states = [self._tables.first]
        self._values: list[Any] = []

    def run(self) -> Any:
        for _ in self.tokens():
            pass
        way = self._way(END)
        if way is None:
            raise Mismatch(self.position)
        self._take(way, None)
        return self._values[0]

    def tokens(self) -> Iterator[Token]:
        """The tokens of the text, one after the other, each taken before it is told."""
        text, states, values = self.text, self._states, self._values
        position = self.position
        for _ in range(_MOST):
            letter = text[position : position + 1]
            if letter.isspace():
                position = _blanks(text, position).end()  # type: ignore[union-attr]
                letter = text[position : position + 1]
            self.position = position
            if not letter:
                return
            for name, match, action in _candidates(states[-1], letter if letter < "\x7f" else "\x7f"):
                if found := match(text, position):
                    token: Token = _make(Token, (name, found[0], position))
                    if action >= 0:
                        states.append(action)
                        values.append(token)
                        break
                    if way := self._way(name):
                        self._take(way, token)
                        break
            else:
                raise Mismatch(position)
            if len(states) > self.deepest:
                self.deepest = len(states)
                if self.deepest > _DEPTH:
                    raise TooDeep(position)
            position = self.position = found.end()
            yield token
        raise TooMany(position)

    def going_on(self, text: str) -> Machine:
        """A machine that has read the same and goes on with that text, for its tokens only."""
        other = Machine(text)
        other._states = self._states.copy()
        other._values = [None] * len(self._states)
        return other

    def allowed(self) -> list[str]:
        """Terminals that may come next, `$END` among them when the text may end here."""
        patterns = self._tables.patterns
        return [name for name in self._tables.states[self._states[-1]] if (name == END or name in patterns) and self._way(name)]

    def _way(self, terminal: str) -> _Way | None:
        """What the terminal leads to, if it may come next: a state's table may promise more than the states below it keep."""
        states, table, rules, last = self._states, self._tables.states, self._tables.rules, self._tables.last
        action = table[states[-1]].get(terminal)
        reduced: list[Rule] = []
        kept, new = len(states), list[int]()
        while action is not None and action < 0:
            rule = rules[~action]
            reduced.append(rule)
            if (below := len(new) - rule.size) < 0:
                kept += below
                new.clear()
            else:
                del new[below:]
            goto = table[new[-1] if new else states[kept - 1]][rule.name]
            new.append(goto)
            if goto == last:
                return (reduced, kept, new, goto) if terminal == END else None
            action = table[goto].get(terminal)
        return None if action is None else (reduced, kept, new, action)

    def _take(self, way: _Way, token: Token | None) -> None:
        rules, kept, new, following = way
        self._states[kept:] = new
        values = self._values
        for rule in rules:
            if rule.wraps:
                values[-1] = [values[-1]]
            else:
                start = len(values) - rule.size
                values[start:] = [self._value(rule, values[start:]) if self._builder else None]
        if token:
            self._states.append(following)
            values.append(token)

    def _value(self, rule: Rule, children: list[Any]) -> Any:
        kept = children[0] if rule.extends else []  # a list that grows by one element is not copied for each
        for number, spreads in rule.kept:
            if spreads:
                kept += children[number]
            else:
                kept.append(children[number])
        if rule.spreads:
            return kept
        return kept[0] if rule.passes and len(kept) == 1 else getattr(self._builder, rule.method)(*kept)


def is_one(terminal: str, text: str) -> bool:
    """Whether the whole text is one such token."""
    found = _pattern(terminal)(text, 0)
    return found is not None and found.end() == len(text) > 0


@cache
def _candidates(state: int, letter: str) -> tuple[tuple[str, Match, int], ...]:
    """The terminals of a state that may begin with the letter (`\\x7f` for any beyond ASCII), in the order to try, with what to do."""
    found, actions = tables(), tables().states[state]
    fitting = (name for name in found.patterns if name in actions and letter in found.begins[name])
    return tuple((name, _pattern(name), actions[name]) for name in fitting)


@cache
def _pattern(name: str) -> Match:
    return re.compile(tables().patterns[name]).match
