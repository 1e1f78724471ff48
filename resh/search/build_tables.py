"""Makes `tables.json` from `grammar.lark`, with Lark. A test holds the two files together.

python -m resh.search.build_tables        # after editing grammar.lark
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lark import Lark

from resh.search.tables import FILE

_GRAMMAR = Path(__file__).with_name("grammar.lark")


def build() -> str:
    """The text of `tables.json`, from the grammar."""
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
    FILE.write_text(build())
