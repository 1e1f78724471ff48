"""A part of the clouds, for a collect of just that: accounts, regions and kinds by shell patterns. `collect run` makes one.

selection = Selection(kinds=("aws_ec2_*",))
selection.kind("aws_ec2_volume")        # True; what is not narrowed is wanted whole
str(selection)                          # 'kind aws_ec2_*'
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from resh.record import Record


class Selection(Record):
    """Accounts by id or name. Empty means all."""

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.accounts or self.regions or self.kinds)

    def __str__(self) -> str:
        parts = (("account", self.accounts), ("region", self.regions), ("kind", self.kinds))
        return ", ".join(f"{name} {' '.join(patterns)}" for name, patterns in parts if patterns)

    def account(self, id: str, name: str) -> bool:
        return not self.accounts or fits(id, self.accounts) or fits(name, self.accounts)

    def region(self, name: str) -> bool:
        return not self.regions or fits(name, self.regions)

    def kind(self, name: str) -> bool:
        return not self.kinds or fits(name, self.kinds)


def fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


EVERYTHING = Selection()
