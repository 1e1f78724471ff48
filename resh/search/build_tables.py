"""Makes `automaton.py` from `grammar.lark`, with Lark. A test holds the two files together.

python -m resh.search.build_tables        # after editing grammar.lark
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from lark import Lark

FILE = Path(__file__).with_name("automaton.py")
_GRAMMAR = Path(__file__).with_name("grammar.lark")
_HEAD = '"""Made by `build_tables.py` from `grammar.lark`: the terminals, the states and the rules of the parser. Not to be edited."""\n\n'
_TYPES = {
    "TERMINALS": "tuple[tuple[str, str, str], ...]",
    "STATES": "tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]",
    "RULES": "tuple[tuple[str, str, str, bool], ...]",
    "FIRST": "int",
    "LAST": "int",
}


def build() -> str:
    """The text of `automaton.py`: numbered by what the grammar says alone, so that the same grammar gives the same text."""
    lark = Lark(_GRAMMAR.read_text(), parser="lalr", lexer="contextual", start="query", maybe_placeholders=False)
    table = lark.parser.parser._parse_table
    order = _walk(table.states, first := table.start_states["query"])
    rules = sorted(lark.rules, key=str)
    numbers = {rule: number for number, rule in enumerate(rules)}
    values = {
        "TERMINALS": _lines(_terminals(lark)),
        "STATES": _lines(_actions(table.states[state], order, numbers) for state in order),
        "RULES": _lines(map(_rule, rules)),
        "FIRST": repr(order[first]),
        "LAST": repr(order[table.end_states["query"]]),
    }
    return _HEAD + "".join(f"{name}: {_TYPES[name]} = {text}\n" for name, text in values.items())


def _lines(rows: Iterable[object]) -> str:
    return "(\n" + "".join(f"    {row!r},\n" for row in rows) + ")"


def _terminals(lark: Any) -> Iterable[tuple[str, str, str]]:
    """In the order in which the lexer tries them."""
    for terminal in sorted(lark.terminals, key=lambda t: (-t.priority, -len(t.pattern.value), t.name)):
        if terminal.name not in lark.ignore_tokens:
            pattern = terminal.pattern.to_regexp()
            yield terminal.name, pattern, _begins(pattern)


def _begins(pattern: str) -> str:
    """The ASCII characters that a match may begin with, and DEL for all others. Rather one too many."""
    tree = import_module("re._parser").parse(pattern)
    return "".join(letter for letter in map(chr, range(128)) if _may_begin(tree.state, list(tree), letter))


def _may_begin(state: Any, tree: list[Any], letter: str) -> bool:
    """Whether a match of the sequence may begin with the letter; what looks around is passed over."""
    for number, (name, arguments) in enumerate(tree):
        rest = tree[number + 1 :]
        match str(name):
            case "ASSERT" | "ASSERT_NOT" | "AT":
                continue
            case "BRANCH":
                return any(_may_begin(state, [*branch, *rest], letter) for branch in arguments[1])
            case "SUBPATTERN":
                return _may_begin(state, [*arguments[-1], *rest], letter)
            case "MAX_REPEAT" | "POSSESSIVE_REPEAT":
                skipped = not arguments[0] and _may_begin(state, rest, letter)
                return skipped or _may_begin(state, [*arguments[2], *rest], letter)
        return (letter == "\x7f" and str(name) != "LITERAL") or _fits(state, tree[number], letter)
    return True


def _fits(state: Any, node: Any, letter: str) -> bool:
    """Whether one node of a pattern's tree matches the letter."""
    alone = import_module("re._parser").SubPattern(state, [node])
    return bool(import_module("re._compiler").compile(alone).match(letter))


def _walk(states: Mapping[Any, Mapping[str, Any]], first: Any) -> dict[Any, int]:
    """The states in the order in which a walk from the first one meets them."""
    order = {first: 0}
    for state in (todo := [first]):
        for _, (kind, target) in sorted(states[state].items()):
            if kind.name == "Shift" and target not in order:
                order[target] = len(order)
                todo.append(target)
    return order


def _actions(state: Mapping[str, Any], order: Mapping[Any, int], numbers: Mapping[Any, int]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    found = {name: order[target] if kind.name == "Shift" else ~numbers[target] for name, (kind, target) in sorted(state.items())}
    return tuple(found), tuple(found.values())


def _rule(rule: Any) -> tuple[str, str, str, bool]:
    keep = "".join(
        ("d" if symbol.filter_out else "k") if symbol.is_term else "s" if symbol.name[0] == "_" else "k" for symbol in rule.expansion
    )
    return str(rule.origin.name), str(rule.alias or rule.origin.name), keep, bool(rule.options.expand1)


if __name__ == "__main__":
    FILE.write_text(build())
