"""Documents with regions that a program writes: between `<!-- generated: NAME -->` and `<!-- end -->` stands what NAME says.

rewritten("…<!-- generated: settings -->\nold\n<!-- end -->…", {"settings": lambda: "new"}.__getitem__)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_REGION = re.compile(r"(<!-- generated: ([^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def names(text: str) -> list[str]:
    return [found[2] for found in _REGION.finditer(text)]


def rewritten(text: str, content: Callable[[str], str]) -> str:
    """The document with every region as it should be."""
    return _REGION.sub(lambda found: f"{found[1]}\n{content(found[2]).strip()}\n\n{found[3]}", text)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
