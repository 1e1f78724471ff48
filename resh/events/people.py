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
