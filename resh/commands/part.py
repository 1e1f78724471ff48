"""From names that people give to a part of the clouds, each held against what there is.

part(context, accounts="demo", regions=None, kinds="aws_ec2_*")       Selection(accounts=("demo",), kinds=("aws_ec2_*",))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from resh.commands.base import Context
from resh.commands.counted import counted
from resh.errors import UsageError
from resh.providers.selection import Selection, fits
from resh.text import did_you_mean

_MAGIC = frozenset("*?[")


def part(context: Context, accounts: str | None, regions: str | None, kinds: str | None) -> Selection:
    """Lists with commas, shell patterns allowed. Raises UsageError for a name that fits nothing, with the nearest ones."""
    app = context.app
    return Selection(
        _checked("account", accounts, lambda: _accounts(context), "collect status | count account"),
        _checked("region", regions, lambda: _regions(context), "collect status | count region"),
        tuple(_below(context, _checked("kind", kinds, lambda: (kind.name for kind in app.kinds), "kinds lists them all"))),
    )


def _checked(what: str, names: str | None, known: Callable[[], Iterable[str]], hint: str) -> tuple[str, ...]:
    wanted = tuple(filter(None, (name.strip() for name in (names or "").split(","))))
    if names is not None and not wanted:
        raise UsageError(f"collect: --{what} names nothing", hint)
    left = set(wanted)
    there: list[str] = []
    for name in known() if wanted else ():
        there.append(name)
        left -= {pattern for pattern in left if fits(name, [pattern])}
        if not left:
            return wanted
    for pattern in wanted:
        if pattern in left:
            raise UsageError(f"collect: there is no {what} '{pattern}'", did_you_mean(pattern, there) or hint)
    return wanted


def _accounts(context: Context) -> Iterator[str]:
    """Those of the graph; the clouds are asked when it does not have the one."""
    for known in context.app.graph.accounts():
        yield from (known.id, known.name)
    for provider in context.app.providers.values():
        with counted(context, "collect") as counting, counting:
            accounts = provider.accounts()
        for account in accounts:
            yield from (account.id, account.name)


def _regions(context: Context) -> Iterator[str]:
    yield from context.app.graph.regions()
    for provider in context.app.providers.values():
        yield from provider.regions()


def _below(context: Context, patterns: Iterable[str]) -> Iterator[str]:
    """A base kind stands for those that are below it."""
    for pattern in patterns:
        yield from (pattern,) if _MAGIC & set(pattern) else sorted(context.app.kinds.leaves(pattern))
