"""Who clouds took resh for when it collected: what it runs with is protected, without asking them again.

identities.keep("aws", ["arn:aws:iam::123456789012:user/ada"], now)
identities.known(now)                 # ('arn:aws:iam::123456789012:user/ada',)

Several processes may work on one state folder with credentials of their own. So an identity stays known for a while after it was last used.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resh.state.tables import StateTable

KNOWN = 30 * 86400.0
"""Seconds."""
_FRESH = 3600.0
"""What was noted so recently is not noted again: a collect should not write what is known."""


class Identities:
    def __init__(self, table: StateTable) -> None:
        self._table = table

    def known(self, now: float) -> tuple[str, ...]:
        return tuple(str(row["name"]) for row in self._table.rows().values() if now - float(row["at"]) <= KNOWN)

    def keep(self, cloud: str, names: Iterable[str], now: float) -> None:
        from tinydb import where

        fresh = {row["name"] for row in self._table.rows().values() if now - float(row["at"]) < _FRESH}
        if news := [name for name in dict.fromkeys(names) if name not in fresh]:
            with self._table.changing() as table:
                table.remove(where("name").one_of(news))
                table.remove(where("at") < now - KNOWN)
                table.insert_multiple({"cloud": cloud, "name": name, "at": now} for name in news)
