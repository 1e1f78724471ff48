"""Somebody is here: the events of coming and going, around a shell at a terminal or a connection over SSH.

    visit = Visit(app, "ada", Role.admin, via="terminal")       # login
    visit.end()                                                 # logout

Scripts on this machine make none: who runs a line every minute would fill the log with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.clock import iso
from resh.commands.base import Role
from resh.events.people import Login, Logout

if TYPE_CHECKING:
    from resh.app import App


class Visit:
    def __init__(self, app: App, user: str, role: Role, *, via: str, address: str = "") -> None:
        self._app, self._user, self._via, self._address = app, user, via, address
        self._since = app.clock.now()
        self._ended = False
        row = {"user": user, "role": role.name, "via": via, "address": address, "since": iso(self._since)}
        self._leave = app.visits.enter(row)
        app.bus.emit(Login(user=user, role=role.name, via=via, address=address))

    def end(self) -> None:
        """Once, however often it is called."""
        if not self._ended:
            self._ended = True
            self._leave()
            seconds = round(self._app.clock.now() - self._since, 1)
            self._app.bus.emit(Logout(user=self._user, via=self._via, address=self._address, seconds=seconds))
