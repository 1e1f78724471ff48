"""The parser's tables: made from `grammar.lark` by Lark when the grammar changes, shipped as `tables.json`, read when something is parsed.

Importing Lark takes five times as long as starting Python, and a script is to answer a search in less time than that; so Lark runs when the
grammar is edited, not when resh starts. A test holds the two files together.

    python -m resh.search.tables        # after editing grammar.lark
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

_GRAMMAR = Path(__file__).with_name("grammar.lark")
_TABLES = Path(__file__).with_name("tables.json")
END = "$END"


@dataclass(frozen=True, slots=True)
class Rule:
    """`keep` has a letter for each symbol on the right: `k`ept, `d`ropped, or `s`pread (its children stand in its place)."""

    name: str
    result: str
    keep: str
    passes: bool
    """A rule with one child is that child."""


@dataclass(frozen=True, slots=True)
class Tables:
    """`states[n]` says what to do on a symbol: go on to state m ≥ 0, or reduce by rule ~m. `patterns` are in the order to try."""

    patterns: Mapping[str, str]
    states: Sequence[Mapping[str, int]]
    rules: Sequence[Rule]
    first: int
    last: int


@cache
def tables() -> Tables:
    """The tables of this version."""
    import json

    return _tables(json.loads(_TABLES.read_text()))


def _tables(data: Mapping[str, Any]) -> Tables:
    return Tables(data["patterns"], data["states"], [Rule(*rule) for rule in data["rules"]], data["first"], data["last"])


def build() -> str:
    """The text of `tables.json`, from the grammar."""
    import json

    from lark import Lark

    lark = Lark(_GRAMMAR.read_text(), parser="lalr", lexer="contextual", start="query", maybe_placeholders=False)
    return json.dumps(_extract(lark), separators=(",", ":")) + "\n"


def _extract(lark: Lark) -> dict[str, Any]:
    """Numbered by what the grammar says alone, so that the same grammar gives the same text."""
    table = lark.parser.parser._parse_table
    first = table.start_states["query"]
    order = _walk(table.states, first)
    rules = sorted(lark.rules, key=str)
    numbers = {rule: number for number, rule in enumerate(rules)}
    terminals = sorted(lark.terminals, key=lambda t: (-t.priority, -len(t.pattern.value), t.name))
    ignored = set(lark.ignore_tokens)
    return {
        "patterns": {terminal.name: terminal.pattern.to_regexp() for terminal in terminals if terminal.name not in ignored},
        "states": [
            {
                symbol: order[target] if kind.name == "Shift" else ~numbers[target]
                for symbol, (kind, target) in sorted(table.states[state].items())
            }
            for state in order
        ],
        "rules": [_rule(rule) for rule in rules],
        "first": order[first],
        "last": order[table.end_states["query"]],
    }


def _walk(states: Mapping[Any, Mapping[str, Any]], first: Any) -> dict[Any, int]:
    """The states in the order in which a walk from the first one meets them."""
    order = {first: 0}
    for state in (todo := [first]):
        for _, (kind, target) in sorted(states[state].items()):
            if kind.name == "Shift" and target not in order:
                order[target] = len(order)
                todo.append(target)
    return order


def _rule(rule: Any) -> list[Any]:
    keep = "".join(
        ("d" if symbol.filter_out else "k") if symbol.is_term else "s" if symbol.name[0] == "_" else "k" for symbol in rule.expansion
    )
    return [rule.origin.name, rule.alias or rule.origin.name, keep, rule.options.expand1]


if __name__ == "__main__":
    _TABLES.write_text(build())
