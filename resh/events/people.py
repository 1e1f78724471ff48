"""What people do, as events: they come and go, and change settings."""

from __future__ import annotations

from typing import Annotated, ClassVar

from resh.events.event import Event


class Login(Event):
    """Somebody opened a shell, or logged in over SSH."""

    type: str = "login"
    user: Annotated[str, "who"] = ""
    role: Annotated[str, "viewer, operator or admin"] = ""
    via: Annotated[str, "terminal or ssh"] = ""
    address: Annotated[str, "where from, over SSH"] = ""

    also: ClassVar[tuple[str, ...]] = ("message-listener-connected",)

    def line(self) -> str:
        where = f" from {self.address}" if self.address else ""
        return f"{self.user} ({self.role}), {self.via}{where}"


class Logout(Event):
    """A shell was left, or an SSH connection ended."""

    type: str = "logout"
    user: Annotated[str, "who"] = ""
    via: Annotated[str, "terminal or ssh"] = ""
    address: Annotated[str, "where from, over SSH"] = ""
    seconds: Annotated[float, "how long it was open"] = 0.0

    also: ClassVar[tuple[str, ...]] = ("message-listener-disconnected",)

    def line(self) -> str:
        return f"{self.user}, {self.via}{f' from {self.address}' if self.address else ''}"


class Message(Event):
    """Somebody says something to everybody."""

    type: str = "message"
    by: Annotated[str, "the user"] = ""
    message: Annotated[str, "what was said"] = ""

    def line(self) -> str:
        return f"{self.by}: {self.message}"


EVERYBODY = "*"
"""In the place of a user who was changed."""


class UserChanged(Event):
    """A user of the SSH server came, changed or went."""

    type: str = "user_changed"
    user: Annotated[str, "who was changed; * where a key or a certificate was revoked, whoever has it"] = ""
    what: Annotated[str, "in words"] = ""
    by: Annotated[str, "the user who did it"] = ""

    def line(self) -> str:
        return f"{self.user} {self.what}, by {self.by}"


class BackgroundEnded(Event):
    """A command that was started with & has ended."""

    type: str = "background_ended"
    number: Annotated[int, "its number in the list of background commands"] = 0
    by: Annotated[str, "the user who started it"] = ""
    status: Annotated[int, "its exit status"] = 0
    seconds: Annotated[float, "how long it took"] = 0.0
    file: Annotated[str, "its output, in the user's export folder"] = ""

    def line(self) -> str:
        return f"& {self.number} of {self.by} ended with {self.status} after {self.seconds:.1f} s: {self.file}"


class ConfigUpdated(Event):
    """A setting was stored."""

    type: str = "config_updated"
    path: Annotated[str, "the setting"] = ""
    by: Annotated[str, "the user"] = ""

    also: ClassVar[tuple[str, ...]] = ("config-updated",)

    def line(self) -> str:
        return f"{self.path} set by {self.by}"


class ConfigDeleted(Event):
    """A stored setting was taken back: what is below it counts again."""

    type: str = "config_deleted"
    path: Annotated[str, "the setting"] = ""
    by: Annotated[str, "the user"] = ""

    also: ClassVar[tuple[str, ...]] = ("config-deleted",)

    def line(self) -> str:
        return f"{self.path} unset by {self.by}"
