"""What a notifier is: something that can tell people a message, and says what it must know to do so.

A target is a notifier with values for its fields, kept under a name. Values of secret fields are references (`secrets.py`); whatever is
a `connection` field says where messages go or who sends them, and comes either from the target or from the line, never from both: a line
must not send a target's key to an address of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from resh.record import Record

if TYPE_CHECKING:
    from resh.notify.courier import Courier

SEVERITIES = ("info", "warning", "error", "critical")
LONGEST_LINE = 200
_REST = 40
"""Letters that may be needed to say how many more there are."""


class Field(Record):
    """`default` is what stands for a value that nobody gives; one without it that is not `optional` must be given. `check` raises a
    ReshError for a value that nothing can be done with."""

    name: str
    help: str
    default: str = ""
    optional: bool = False
    secret: bool = False
    connection: bool = False
    choices: tuple[str, ...] = ()
    check: Callable[[str], object] | None = None


class Item(Record):
    """One row: a line of text, where it lives (cloud, account, region), and the row itself in short."""

    text: str
    place: tuple[str, ...] = ()
    data: Mapping[str, Any] = {}


class Message(Record):
    """`items` are the first rows of `total`. `at` is when it was said (epoch seconds)."""

    title: str
    text: str = ""
    severity: str = "info"
    items: tuple[Item, ...] = ()
    total: int = 0
    at: float = 0.0

    @property
    def more(self) -> int:
        """Rows that are not among the items."""
        return max(0, self.total - len(self.items))

    def lines(self, bullet: str = "- ", most: int | None = None, write: Callable[[str], str] = str) -> list[str]:
        """The items as a list, each as `write` puts it, with how many more there are: no more letters than a service takes."""
        lines = [write(f"{bullet}{item.text}") for item in self.items]
        kept, left = 0, (sum(map(len, lines)) + len(lines) if most is None else most - _REST)
        while kept < len(lines) and len(lines[kept]) < left:
            left -= len(lines[kept]) + 1
            kept += 1
        more = self.more + len(lines) - kept
        return [*lines[:kept], *([f"… and {more:,} more"] if more else [])]

    def plain(self, most: int | None = None) -> str:
        """All but the title, as text; of a text that is too long, and of the items, as much as fits."""
        text = self.text if most is None else cut(self.text, most // 2)
        return "\n".join([*([text] if text else []), *self.lines(most=None if most is None else most - len(text) - 1)])


Values = Mapping[str, str]


class Notifier(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def description(self) -> str: ...

    @property
    def fields(self) -> Sequence[Field]: ...

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        """Hand it over; `values` has every field. Raises SendFailed, UsageError."""
        ...


def cut(text: str, most: int) -> str:
    """No longer than a service takes."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def address(text: str) -> None:
    """Raises UsageError for what is no address of a server."""
    from resh.web.request import parse_url

    parse_url(text, "https")
