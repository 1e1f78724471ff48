"""Counts of kinds in words: `4 volumes, 2 instances`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from resh.model.kinds import Kinds


def counted(names: Iterable[str], kinds: Kinds) -> str:
    """How many of each kind, most first; kinds go by their base (`aws_ec2_volume` is a volume)."""
    nouns = Counter(noun(name, kinds) for name in names)
    return ", ".join(plural(count, word) for word, count in sorted(nouns.items(), key=lambda pair: (-pair[1], pair[0])))


def noun(name: str, kinds: Kinds) -> str:
    bases = kinds[name].bases if name in kinds else ()
    base = next((base for base in bases if base != "resource"), "")
    words = base.split("_") if base else name.split("_")[1:]
    return " ".join(words) or name


def plural(count: int, word: str) -> str:
    if count == 1:
        return f"1 {word}"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{count} {word[:-1]}ies"
    return f"{count} {word}es" if word.endswith(("s", "x", "ch")) else f"{count} {word}s"
