r"""Text as people type it, cut into pipelines (`;`, end of line) of stages (`|`), each with its place in the text.

    for pipeline in split("graph=prod search is(volume) | count volume_type; metrics list"):
        [stage.name for stage in pipeline.stages]        # ['search', 'count'], then ['metrics']

Quoted text is opaque. Outside quotes `\|`, `\;`, `\"`, `\'` stand for the character itself. A line that starts with `#` is a comment;
a backslash at the end of a line, or a `|` at the end or the start of the next one, joins lines, and so does an open bracket.
What stands behind `| !` is for the shell of the system, up to the end of the line; what stands behind `watch` is a line of its own.
The evaluator, the completer and the highlighter all read lines through this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from resh.errors import SyntaxProblem
from resh.record import Record

_ASSIGNMENT = r"([A-Za-z_][\w.-]*)=(\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\s\"'|;]*)(?=\s|$)"
COMMENT = r"^[ \t]*#.*$"
_NO_TEXT = "[\0\ud800-\udfff]"
_ESCAPED = frozenset("|;\"'")
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
FOREIGN = "!"
_FOREIGN = re.compile(r"\s*!")
WHOLE = "watch"
"""The command whose text is the rest of the line, with every | in it."""


class Stage(Record):
    """One command of a pipeline.

    `source` is the argument text as typed, `text` the same without escapes. `start` and `end` are offsets of the stage in the whole
    text, `arguments_at` that of `source`.
    """

    name: str
    source: str
    text: str
    start: int
    arguments_at: int
    end: int


class Pipeline(Record):
    stages: tuple[Stage, ...]
    env: Mapping[str, str]


class Cut(Record):
    """A piece of text between two separators; `separator` is what ended it: `|`, `;`, a newline or, at the end, nothing."""

    start: int
    end: int
    separator: str


def split(text: str) -> list[Pipeline]:
    """All pipelines of the text. Raises SyntaxProblem for a quote that is not closed and for a stage without a command."""
    pipelines: list[Pipeline] = []
    group: list[Cut] = []
    _refuse_bytes(text)
    clean = _without_joins(without_comments(text))
    for cut in cuts(clean):
        group.append(cut)
        if cut.separator != "|":
            if pipeline := _pipeline(clean, group):
                pipelines.append(pipeline)
            group = []
    return pipelines


def cuts(text: str, strict: bool = True) -> Iterator[Cut]:
    """The pieces between unquoted separators. With `strict` off an open quote runs to the end instead of raising."""
    scanner = _Scanner(text)
    start = 0
    while (found := scanner.next_separator()) is not None:
        yield Cut(start, found, text[found])
        start = found + 1
    if strict and scanner.quote_at is not None:
        quote = text[scanner.quote_at]
        raise SyntaxProblem(
            f"the quote {quote} is not closed", text, scanner.quote_at, (quote,), f"close it with {quote}, or write \\{quote}"
        )
    yield Cut(start, len(text), "")


def without_comments(text: str) -> str:
    """The text with comment lines blanked out, every other character in its place."""
    if "#" not in text:
        return text
    return re.sub(COMMENT, lambda found: " " * len(found[0]), text, flags=re.MULTILINE)


def _without_joins(text: str) -> str:
    """The text with each backslash that joins two lines, and the end of its line, blanked out: every character stays in its place."""
    if "\\\n" not in text:
        return text
    letters = list(text)
    for at in _scanned(text).joins:
        letters[at : at + 2] = "  "
    return "".join(letters)


def _refuse_bytes(text: str) -> None:
    """What nothing behind this can store or print: NUL, and bytes that are no UTF-8, which arrive as lone surrogates."""
    found = None if text.isascii() and "\0" not in text else re.search(_NO_TEXT, text)
    if found:
        raise SyntaxProblem(f"the byte 0x{ord(found[0]) & 0xFF:02x} is no UTF-8 text", text, found.start(), (), "save the text as UTF-8")


def is_open(text: str, brackets: bool = False) -> bool:
    """Whether a further line belongs to it: a quote is open, or it ends in a backslash or `|` (or, if asked, a bracket is open)."""
    clean = without_comments(text)
    scanner = _scanned(clean)
    ending = clean.rstrip()
    piped = ending.endswith("|") and not ending.endswith("\\|")
    return scanner.quote_at is not None or clean.endswith("\\") or piped or (brackets and scanner.depth > 0)


def words(source: str) -> list[tuple[str, int]]:
    """Words of an argument text with their offsets; quotes group and disappear, a backslash takes the next character as it is."""
    found: list[tuple[str, int]] = []
    position = 0
    while position < len(source):
        if source[position].isspace():
            position += 1
            continue
        word, end = _word(source, position)
        found.append((word, position))
        position = end
    return found


def first_word(source: str) -> tuple[str, str]:
    """The first word without its quotes, and the rest of the text as it stands."""
    text = source.lstrip()
    word, end = _word(text, 0)
    return word, text[end:].lstrip()


def unquote(text: str) -> str:
    """The text without its quotes when it is one quoted whole, else unchanged."""
    body = text.strip()
    if len(body) > 1 and body[0] == body[-1] and body[0] in "\"'":
        word, end = _word(body, 0)
        if end == len(body) and body[0] not in body[1:-1].replace("\\" + body[0], ""):
            return word
    return text


def _word(source: str, position: int) -> tuple[str, int]:
    letters: list[str] = []
    quote = ""
    while position < len(source):
        letter = source[position]
        if quote:
            if letter == quote:
                quote = ""
            elif letter == "\\" and source[position + 1 : position + 2] in (quote, "\\"):
                position += 1
                letters.append(source[position])
            else:
                letters.append(letter)
        elif letter.isspace():
            break
        elif opens_quote(source, position):
            quote = letter
        elif letter == "\\" and position + 1 < len(source):
            position += 1
            letters.append(source[position])
        else:
            letters.append(letter)
        position += 1
    return "".join(letters), position


def opens_quote(text: str, position: int) -> bool:
    """A double quote always does; a single one not within a word, so that `it's` needs no care."""
    letter = text[position]
    return letter == '"' or (letter == "'" and not (position and text[position - 1].isalnum()))


class _Scanner:
    """Walks over text and stops at separators that are neither quoted nor escaped."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0
        self.quote_at: int | None = None
        self.joins: list[int] = []
        self._piped = False

    def next_separator(self) -> int | None:
        text = self.text
        if self._piped and (foreign := _FOREIGN.match(text, self.position)):
            return self._end_of_line(foreign.end())
        while self.position < len(text):
            at = self.position
            letter = text[at]
            self.position += 1
            if letter == "\\":
                if self.quote_at is None and text[at + 1 : at + 2] == "\n":
                    self.joins.append(at)
                self.position += 1
            elif self.quote_at is not None:
                if letter == text[self.quote_at]:
                    self.quote_at = None
            elif letter in "\"'":
                if opens_quote(text, at):
                    self.quote_at = at
            elif letter in "|;" or (letter == "\n" and self._ends_line(at)):
                self.depth = 0
                self._piped = letter == "|"
                return at
            else:
                self.depth += (letter in _OPEN) - (letter in _CLOSE and self.depth > 0)
        return None

    def _end_of_line(self, position: int) -> int | None:
        end = self.text.find("\n", position)
        self._piped = False
        self.position = len(self.text) if end < 0 else end + 1
        return None if end < 0 else end

    def _ends_line(self, at: int) -> bool:
        before, after = self.text[:at].rstrip(), self.text[at:].lstrip()
        piped = before.endswith("|") and not before.endswith("\\|")
        return not piped and not after.startswith("|") and self.depth == 0


def _scanned(text: str) -> _Scanner:
    """The scanner at the end of the text."""
    scanner = _Scanner(text)
    while scanner.next_separator() is not None:
        pass
    return scanner


def _pipeline(text: str, group: list[Cut]) -> Pipeline | None:
    first = group[0]
    env, start = _assignments(text, first.start, first.end)
    group = [Cut(start, first.end, first.separator), *group[1:]]
    if len(group) == 1 and not text[start : first.end].strip():
        return None
    if text[start : first.end].split(None, 1)[:1] == [WHOLE]:
        group = [Cut(start, group[-1].end, "")]
    return Pipeline(tuple(_stage(text, cut) for cut in group), env)


def _assignments(text: str, start: int, end: int) -> tuple[dict[str, str], int]:
    env: dict[str, str] = {}
    while True:
        at = start + len(text[start:end]) - len(text[start:end].lstrip())
        found = re.compile(_ASSIGNMENT).match(text, at, end) if "=" in text else None
        if found is None:
            return env, start
        env[found[1]] = words(found[2])[0][0] if found[2] else ""
        start = found.end()


def _stage(text: str, cut: Cut) -> Stage:
    piece = text[cut.start : cut.end]
    found = re.search(r"!|\S+", piece) if piece.lstrip().startswith(FOREIGN) else re.search(r"\S+", piece)
    if found is None:
        raise SyntaxProblem("a command is missing", text, min(cut.end, len(text)), ("a command",), "write one on each side of |")
    rest = piece[found.end() :]
    source = rest.strip()
    at = cut.start + found.end() + (len(rest) - len(rest.lstrip()) if source else 0)
    return Stage(found[0], source, unescape(source), cut.start + found.start(), at, cut.start + len(piece.rstrip()))


def unescape(source: str) -> str:
    r"""Text without the escapes of the line: `\|`, `\;`, `\"` and `\'` outside quotes."""
    if "\\" not in source:
        return source
    letters: list[str] = []
    quote = ""
    position = 0
    while position < len(source):
        letter, following = source[position], source[position + 1 : position + 2]
        if letter == "\\":
            position += 1
            if quote or following not in _ESCAPED:
                letters.append(letter)
            letters.append(following)
        else:
            if quote:
                quote = "" if letter == quote else quote
            elif letter in "\"'" and opens_quote(source, position):
                quote = letter
            letters.append(letter)
        position += 1
    return "".join(letters)
