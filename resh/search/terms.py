"""What a node must be like: the terms of a search, as values that compare by structure and print in canonical form.

    Combined(Is(("volume",)), (("and", Predicate("volume_size", ">", 100)),))
    str(...)                                   # (is("volume") and volume_size > 100)

Paths are text as the person wrote it (`tags.owner`, `/metadata.protected`, `disks[*].size`); `paths.py` says what they lead to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from resh.record import Record

if TYPE_CHECKING:
    from resh.search.tree import Navigation

_MANY = 30


class Object(Record):
    """A JSON object as a value."""

    pairs: tuple[tuple[str, Value], ...] = ()


class Template(Record):
    """`{{name}}`: to be filled in before the search can run."""

    text: str


Value = None | bool | int | float | str | tuple["Value", ...] | Object | Template


class All(Record):
    def __str__(self) -> str:
        return "all"


ALL = All()


class Is(Record):
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"is({_names(self.kinds)})"


class Id(Record):
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"id({_names(self.ids)})"


class Every(Record):
    """One of so many nodes, wherever they are: a sample, which the language itself has no words for."""

    count: int

    def __str__(self) -> str:
        return f"(every {self.count}th)"


class Text(Record):
    """Full text: the words, one behind the other, in a value of what was reported."""

    text: str

    def __str__(self) -> str:
        return quote(self.text)


class Texts(Record):
    """Texts that one `and` or `or` connects, asked for at once."""

    texts: tuple[Text, ...]
    connective: str

    def __str__(self) -> str:
        return f"({f' {self.connective} '.join(map(str, self.texts))})"


class Call(Record):
    """`in_subnet`, `has_key` or `has_desired_change`."""

    function: str
    path: str
    arguments: tuple[Value, ...] = ()

    def __str__(self) -> str:
        return f"{self.function}({', '.join([self.path, *map(written, self.arguments)])})"


class Expand(Record):
    """`expand(template, name=value)`: stands for the search that a template holds."""

    template: str
    settings: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        return f"expand({', '.join([self.template, *(f'{name}={written(value)}' for name, value in self.settings)])})"


class Predicate(Record):
    """`operator` is one of == != < <= > >= =~ !~ in, not in; `modifier` says how many elements of an array must fit: all, any, none.

    `types` are those of `coercion.py` that the property may have, for a value that means something else to each; the emitter finds them.
    """

    path: str
    operator: str
    value: Value
    modifier: str = ""
    types: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return " ".join(word for word in (self.path, self.modifier, self.operator, written(self.value)) if word)


class Context(Record):
    """Every predicate of `term` about the same element of an array, or below the same path."""

    path: str
    term: Term

    def __str__(self) -> str:
        return f"{self.path}.{{{self.term}}}"


class Not(Record):
    term: Term

    def __str__(self) -> str:
        return f"not{self.term}" if isinstance(self.term, Combined) else f"not({self.term})"


class Combined(Record):
    """A chain of `and` and `or`, read from left to right: ((first and b) or c). Neither binds closer than the other."""

    first: Term
    rest: tuple[tuple[str, Term], ...]
    bracketed: bool = False
    _unequal: ClassVar[tuple[str, ...]] = ("bracketed",)
    """Written in brackets, so that nobody wonders how it is read."""

    def __str__(self) -> str:
        """A bracket for each step; a long chain has only one, or it would nest too deeply to be read again."""
        steps = [f" {connective} {term}" for connective, term in self.rest]
        if len(steps) > _MANY:
            return f"({self.first}{''.join(steps)})"
        return "(" * len(steps) + str(self.first) + "".join(f"{step})" for step in steps)


Term = All | Is | Id | Every | Text | Texts | Call | Expand | Predicate | Context | Not | Combined


class With(Record):
    """How many nodes a navigation must reach: `empty`, `any`, or `count` compared with `number`."""

    quantity: str
    navigation: Navigation
    term: Term = ALL
    inner: With | None = None
    operator: str = ""
    number: int = 0

    def __str__(self) -> str:
        words = [f"{self.quantity}{self.operator}{self.number if self.operator else ''},", str(self.navigation)]
        if not isinstance(self.term, All):
            words.append(str(self.term))
        if self.inner:
            words.append(str(self.inner))
        return f"with({' '.join(words)})"


def both(left: Term, connective: str, right: Term) -> Term:
    """Left and right combined; `all and x` is x."""
    if isinstance(left, All) and connective == "and":
        return right
    if isinstance(left, Combined):
        return Combined(left.first, (*left.rest, (connective, right)))
    return Combined(left, ((connective, right),))


def written(value: Value) -> str:
    """A value as the language writes it."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, Object):
        return "{" + ", ".join(f"{quote(key)}: {written(item)}" for key, item in value.pairs) + "}"
    if isinstance(value, Template):
        return value.text
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value) if isinstance(value, int) else _decimal(value)


def _decimal(value: float) -> str:
    """Without an exponent, which would make a text of it."""
    text = repr(value)
    if "e" not in text:
        return text
    from decimal import Decimal

    text = f"{Decimal(text):f}"
    return text if "." in text else f"{text}.0"


def quote(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _names(names: tuple[str, ...]) -> str:
    quoted = ", ".join(map(quote, names))
    return quoted if len(names) == 1 else f"[{quoted}]"
