"""How much of what an answer depends on is stale.

    freshness(connection, lambda: {"kind": {"aws_ec2_volume"}}).told(now)      # 'as of 09:12, 2 scopes stale'

Every search asks, so it costs next to nothing when nothing is: the scopes that are stale have an index of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from time import localtime, strftime
from typing import TYPE_CHECKING, Any

from resh.record import Record

if TYPE_CHECKING:
    import apsw

About = Callable[[], Mapping[str, Collection[str]]]
"""Names by `kind`, `cloud`, `account` and `region`; what is not there is not narrowed."""

_DAY = 86400.0
_PLACES = {
    "kind": "s.kind IN ({})",
    "cloud": "s.gid IN (SELECT gid FROM account WHERE cloud IN ({}))",
    "account": "s.gid IN (SELECT gid FROM account WHERE id IN ({}) OR name IN ({}))",
    "region": "s.region IN ({})",
}
_STALE = "FROM scope s INDEXED BY scope_stale WHERE s.stale"


class Freshness(Record):
    """Of the scopes that an answer depends on: how many are stale, the oldest time (epoch seconds) at which one of these was read, how
    many of them never were, and from how many more the oldest resources were left out."""

    stale: int = 0
    oldest: float = 0
    never: int = 0
    capped: int = 0

    def told(self, now: float) -> str:
        """`as of 09:12, 2 scopes stale`; empty when nothing is."""
        words = []
        if self.oldest and self.stale:
            form = "%H:%M" if now - self.oldest < _DAY else "%Y-%m-%d %H:%M"
            words.append(f"as of {strftime(form, localtime(self.oldest))}")
        if self.stale > self.never:
            words.append(f"{_scopes(self.stale - self.never)} stale")
        if self.never:
            words.append(f"{_scopes(self.never)} never read")
        if self.capped:
            words.append(f"{_scopes(self.capped)} capped")
        return ", ".join(words)


def freshness(connection: apsw.Connection, about: About) -> Freshness:
    """What is stale among the scopes of these kinds, clouds, accounts (ids or names) and regions; they are asked for when anything is."""
    if not connection.execute(f"SELECT EXISTS (SELECT 1 {_STALE})").get:
        return Freshness()
    tests, bindings = [""], list[str]()
    narrowed = about()
    if not all(narrowed.values()):
        return Freshness()
    for place, names in narrowed.items():
        test = _PLACES[place]
        tests.append(test.replace("{}", ", ".join("?" * len(names))))
        bindings += [*names] * test.count("{}")
    select = (
        "SELECT coalesce(sum(s.stale = 1), 0), coalesce(min(nullif(s.read_at, 0)), 0), coalesce(sum(s.read_at = 0), 0),"
        f" coalesce(sum(s.stale = 2), 0) {_STALE}{' AND '.join(tests)}"
    )
    row: Any = connection.execute(select, bindings).fetchone()
    return Freshness(*row)


def _scopes(count: int) -> str:
    return f"{count} scope{'s' * (count > 1)}"
