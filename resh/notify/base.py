"""What a notifier is: something that can tell people a message, and says what it must know to do so.

A target is a notifier with values for its fields, kept under a name. Values of secret fields are references (`secrets.py`); whatever is
a `connection` field says where messages go or who sends them, and comes either from the target or from the line, never from both: a line
must not send a target's key to an address of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from resh.record import Record

if TYPE_CHECKING:
    from resh.notify.courier import Courier

SEVERITIES = ("info", "warning", "error", "critical")
LONGEST_LINE = 200


class Field(Record):
    """`default` is what stands for a value that nobody gives; one without it that is not `optional` must be given."""

    name: str
    help: str
    default: str = ""
    optional: bool = False
    secret: bool = False
    connection: bool = False
    choices: tuple[str, ...] = ()


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

    def lines(self, bullet: str = "- ") -> list[str]:
        """The items as a list, with how many more there are."""
        rest = [f"… and {self.more:,} more"] if self.more else []
        return [*(f"{bullet}{item.text}" for item in self.items), *rest]

    def plain(self) -> str:
        """All but the title, as text."""
        return "\n".join([*([self.text] if self.text else []), *self.lines()])


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
