"""Where a search stands after some of its words: the kinds in play, the open brackets, the property that is compared.

    standing = Standing()
    for token in Machine('is(volume) and rules[*].{port = ').tokens():
        standing.take(token)
    standing.kinds      ("volume",)
    standing.path       "rules[*].port"

`expect.py` asks the parser what may follow, and this what it would be about. Kinds are those of the current part: a navigation leads to
others.
"""

from __future__ import annotations

from collections.abc import Mapping

from resh.search.machine import Token
from resh.search.paths import last_name

_OPEN = frozenset(("_LPAR", "_LBRACKET", "_LBRACE", "_DOT_BRACE", "_EDGE_TYPE"))
_CLOSE = frozenset(("_RPAR", "_RBRACKET", "_RBRACE"))
_CALLS = frozenset(("_IS", "_ID", "FUNCTION", "_EXPAND", "_WITH", "_WITH_USAGE", "_AGGREGATE", "MEASURE"))
_COMPARE = frozenset(("OPERATOR", "IN", "NOT_IN"))
_VALUES = frozenset((*_COMPARE, "_COMMA", "_COLON", "_EQUALS", "_LBRACKET"))
"""After these a brace opens a JSON object; after others merges."""

VALUES, MERGES, EDGES = "values", "merges", "edges"
"""What brackets belong to that are no call: a list to compare with, merges, conditions on edges."""


class Part:
    """Between two navigations: the kinds that it names, and what its merges put beside their properties."""

    def __init__(self, kinds: tuple[str, ...] = ()) -> None:
        self.kinds = list(kinds)
        self.merged: dict[str, tuple[str, ...]] = {}


class Level:
    """Inside one pair of brackets, or the whole search. `word` is the terminal that they belong to, `text` how it was written."""

    def __init__(self, part: Part, word: str = "", text: str = "", within: tuple[str, ...] = ()) -> None:
        self.part = part
        self.word = word
        self.text = text
        self.within = within
        self.path = ""
        self.merge = ""
        self.negated = False
        self.navigation: Token | None = None
        self.outputs: list[str] = []


class Standing:
    """`kinds` and `outputs` are what is known before the first word, where a search goes on with what another one found."""

    def __init__(self, kinds: tuple[str, ...] = (), outputs: tuple[str, ...] = ()) -> None:
        self.last: Token | None = None
        self.outputs = outputs
        """Columns of the aggregate at the start of the search."""
        self.named: list[str] = []
        """Every kind that the search names, in any part."""
        self._levels = [Level(Part(kinds))]
        self._before = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that the nodes of this part may be of; none: any kind."""
        return tuple(dict.fromkeys(self._top.part.kinds))

    @property
    def merged(self) -> Mapping[str, tuple[str, ...]]:
        """Names that merges of this part gave, with the kinds of what is there."""
        return self._top.part.merged

    @property
    def within(self) -> tuple[str, ...]:
        """Paths of the contexts around."""
        return self._top.within

    @property
    def path(self) -> str:
        """The property that was named last, from the top of the node."""
        return self.full(self._top.path)

    @property
    def word(self) -> str:
        """What the innermost brackets belong to: _IS, _ID, FUNCTION and the like, VALUES, MERGES or EDGES; nothing for plain ones."""
        return self._top.word

    @property
    def text(self) -> str:
        """How `word` was written: which function it is."""
        return self._top.text

    @property
    def navigation(self) -> int | None:
        """Where the navigation starts that has not ended yet."""
        return self._top.navigation.start if self._top.navigation else None

    def full(self, path: str) -> str:
        return path if path.startswith("/") else ".".join((*self._top.within, path))

    @property
    def _top(self) -> Level:
        return self._levels[-1]

    def take(self, token: Token) -> None:
        if token.type in _OPEN:
            self._open(token)
        elif token.type in _CLOSE:
            self._close()
        elif token.type in ("_LEFT", "_DASH", "_ARROW"):
            self._navigate(token)
        else:
            self._note(token)
        self._before, self.last = self.last.type if self.last else "", token

    def _open(self, token: Token) -> None:
        above, before = self._top, self.last.type if self.last else ""
        within = (*above.within, above.path) if token.type == "_DOT_BRACE" else above.within
        if before in _CALLS and self.last:
            level = Level(Part() if before == "_WITH" else above.part, before, self.last.text, within)
        elif above.navigation and token.type == "_LBRACE":
            level = Level(Part(), EDGES)
        elif token.type == "_LBRACE" and before not in _VALUES:
            level = Level(Part(), MERGES, within=within)
        elif before in _COMPARE:
            level = Level(above.part, VALUES, within=within)
        elif token.type in ("_LBRACKET", "_LBRACE") and not above.navigation:
            level = Level(above.part, above.word, above.text, within)
        else:
            level = Level(above.part, within=within)
        level.path = "" if token.type == "_DOT_BRACE" or before == "MEASURE" else above.path
        level.navigation = above.navigation if token.type == "_LBRACKET" else None
        level.negated = above.negated or before == "_NOT" or (before == "_IS" and self._before == "_NOT")
        self._levels.append(level)

    def _close(self) -> None:
        if len(self._levels) == 1:
            return
        closed = self._levels.pop()
        if closed.word == MERGES:
            self._merged(closed)
        elif closed.word == "_AGGREGATE" and len(self._levels) == 1:
            self.outputs = tuple(closed.outputs)
        elif closed.word == "MEASURE":
            self._top.outputs.append(f"{closed.text}_of_{closed.path}")

    def _merged(self, level: Level) -> None:
        self._levels[-1 if level is not self._top else -2].part.merged[level.merge] = tuple(level.part.kinds)

    def _navigate(self, token: Token) -> None:
        level = self._top
        if level.navigation is None:
            level.navigation, level.part = token, Part()
        elif token.type != "_LEFT":
            level.navigation = None

    def _note(self, token: Token) -> None:
        level = self._top
        match token.type:
            case "KIND" | "STRING" if level.word == "_IS":
                self.named.append(token.text[1:-1] if token.type == "STRING" else token.text)
                level.part.kinds += [] if level.negated else self.named[-1:]
            case "PATH":
                level.path = token.text
                if level.word == "_AGGREGATE":
                    level.outputs.append(last_name(token.text))
            case "NUMBER" if level.word == "MEASURE" and not level.path:
                level.path = token.text
            case "STRING" if level.word == "_AGGREGATE":
                level.outputs.append(token.text[1:-1])
            case "NAME" if self.last and self.last.type == "_AS" and level.outputs:
                level.outputs[-1] = token.text
            case "MERGE_NAME":
                level.merge = token.text.removesuffix("[]")
            case "_MERGE_COMMA":
                self._merged(level)
                level.part = Part()
