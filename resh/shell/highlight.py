"""Colours for lines of resh: a Pygments lexer, used by the prompt and by documentation (```resh).

It cuts lines as the evaluator does and reads searches with the parser's own tokens, so that what looks right is right: a command that
does not exist, a quote that is not closed and the place where a search stops making sense are marked as errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pygments.lexer import Lexer
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace, _TokenType

from resh.commands.line import cuts, without_comments
from resh.commands.table import NAMES
from resh.search.machine import Machine, Mismatch, Token

Span = tuple[int, int, _TokenType]
"""Start, end, what it is; spans do not overlap and come in order."""

_SEARCHES = frozenset(("search", "query", "match"))
_ASSIGNMENTS = re.compile(r"\s*((?:[A-Za-z_][\w.-]*=(?:\"[^\"]*\"|'[^']*'|[^\s\"'|;]*)\s+)*)")
_WORD = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|(?<!\w)'(?:\\.|[^'\\])*')|(?P<open>"|(?<!\w)')|(?P<option>(?<!\S)--?[A-Za-z][\w-]*)"""
    r"""|(?P<placeholder>@[A-Za-z_]+@)|(?P<field>\{[^{}]*\})|(?P<number>(?<![\w.:-])\d+(?:\.\d+)?(?![\w.:-]))|(?P<mark>[,()\[\]{}])"""
)
_WORDS: dict[str, _TokenType] = {
    "string": String,
    "open": Error,
    "option": Name.Decorator,
    "placeholder": Name.Constant,
    "field": String.Interpol,
    "number": Number,
    "mark": Punctuation,
}
_TERMINALS: dict[str, _TokenType] = {
    "KIND": Name.Class,
    "PATH": Name.Attribute,
    "MERGE_NAME": Name.Attribute,
    "NAME": Name.Variable,
    "TAG": Name.Label,
    "STRING": String,
    "TEMPLATE": String.Interpol,
    "NUMBER": Number,
    "INTEGER": Number,
    "OPERATOR": Operator,
    "ARITHMETIC": Operator,
    "IN": Operator.Word,
    "NOT_IN": Operator.Word,
    "CONNECTIVE": Operator.Word,
    "_NOT": Operator.Word,
    "FUNCTION": Name.Function,
    "MEASURE": Name.Function,
    "_LEFT": Operator,
    "_ARROW": Operator,
    "_DASH": Operator,
    "_EDGE_TYPE": Keyword,
    "_DOT_BRACE": Punctuation,
    **dict.fromkeys(("_COLON", "_COMMA", "_MERGE_COMMA", "_EQUALS", "RANGE"), Punctuation),
    **dict.fromkeys(("_LPAR", "_RPAR", "_LBRACKET", "_RBRACKET", "_LBRACE", "_RBRACE"), Punctuation),
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[A-Za-z]+)?")


class ReshLexer(Lexer):  # type: ignore[misc]  # pygments has no types
    name = "resh"
    aliases: ClassVar[list[str]] = ["resh"]
    filenames: ClassVar[list[str]] = ["*.resh"]
    url = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"stripnl": False, "ensurenl": False, **options})

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        position = 0
        for start, end, token in spans(text):
            if start > position:
                yield from _between(text, position, start)
            if end > start:
                yield start, token, text[start:end]
            position = max(position, end)
        if position < len(text):
            yield from _between(text, position, len(text))


def spans(text: str) -> Iterator[Span]:
    """Everything of the text that is more than plain words."""
    clean = without_comments(text)
    comments = [(found.start(), found.end(), Comment.Single) for found in re.finditer(r"^[ \t]*#.*$", text, re.MULTILINE)]
    found = [span for cut in cuts(clean, strict=False) for span in _cut(clean, cut.start, cut.end, cut.separator)]
    return iter(sorted([*comments, *found], key=lambda span: span[0]))


def _cut(text: str, start: int, end: int, separator: str) -> Iterator[Span]:
    assigned = _ASSIGNMENTS.match(text, start, end)
    at = start
    if assigned and assigned[1]:
        at = assigned.end()
        for pair in re.finditer(r"([\w.-]+)(=)(\S*)", text[assigned.start(1) : at]):
            offset = assigned.start(1)
            yield offset + pair.start(1), offset + pair.end(1), Name.Variable
            yield offset + pair.start(2), offset + pair.end(2), Operator
            yield offset + pair.start(3), offset + pair.end(3), String
    command = re.compile(r"\S+").search(text, at, end)
    if command:
        name = command[0]
        yield command.start(), command.end(), Keyword if name in NAMES else Error if command.end() < end else Text
        arguments = _search(text, command.end(), end) if name in _SEARCHES else _plain(text, command.end(), end)
        yield from arguments
    if separator and separator != "\n":
        yield end, end + 1, Punctuation


def _plain(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _WORD.finditer(text, start, end):
        yield found.start(), found.end(), _WORDS[str(found.lastgroup)]


def _search(text: str, start: int, end: int) -> Iterator[Span]:
    """Tokens of the grammar; from where it stops making sense on, the word there as an error and the rest as words."""
    machine = Machine(text[start:end])
    try:
        for token in machine.tokens():
            yield start + token.start, start + token.end, _meaning(token)
    except Mismatch as problem:
        wrong = re.compile(r"\S+").match(text, start + problem.position, end)
        stop = wrong.end() if wrong else end
        yield start + problem.position, stop, Error if stop < end else Text
        yield from _plain(text, stop, end)


def _meaning(token: Token) -> _TokenType:
    if token.type == "WORD":
        if token.text in ("true", "false", "null"):
            return Keyword.Constant
        return Number if _NUMBER.fullmatch(token.text) else String
    return _TERMINALS.get(token.type, Keyword)


def _between(text: str, start: int, end: int) -> Iterator[tuple[int, _TokenType, str]]:
    for found in re.compile(r"\s+|\S+").finditer(text, start, end):
        yield found.start(), Whitespace if found[0].isspace() else Text, found[0]
