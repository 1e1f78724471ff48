"""Text that nobody would write: random bytes, and searches with something cut out, doubled, moved, or put in.

for text in hostile(seed=1, count=100): ...
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTED = ROOT / "docs" / "language.md"
PUBLISHED = ROOT.parent / "shared" / "queries" / "open.jsonl"
PIECES = re.compile(r'"(?:[^"\\]|\\.)*"|\s+|\w+|.', re.DOTALL)
WORDS = (
    *(
        "is(",
        "id(",
        "a",
        "tags.`x y`",
        "a[*].b[0]",
        "/metadata.x",
        "volume",
        "=",
        "!=",
        "~",
        "!~",
        "<=",
        "in",
        "not in",
        "all",
        "any",
        "none",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "{{x}}",
        ".{",
        "-->",
        "<-",
        "->",
        "-[1:]->",
        "<-[0:2]delete->",
        "and",
        "or",
        "not",
        '"',
        '"x"',
        "\\",
        "'",
    ),
    *(
        "with(any, -->",
        "with(count > 1, <--",
        "with_usage(1d, cpu)",
        "sort",
        "limit 1",
        "limit 1, 2",
        "reversed",
        "desc",
        "#tag",
        "expand(t)",
    ),
    *(
        "aggregate(",
        "sum(1) as n",
        "min(a * 2)",
        ":",
        ",",
        "1",
        "-1.5",
        "1e9",
        "9" * 400,
        "null",
        "true",
        "3d",
        "2024-01-01",
        "has_key(a, b)",
    ),
    *("`", ";", "--", "/*", "\0", "\ud800", "é", "²", "\u2028", "{x: -->", "x[]:", "age", "..", "(edge_type=delete):"),
)


def known() -> list[str]:
    """Searches that the documentation shows, and the published ones where they are."""
    written = re.sub(r"<!-- generated:.*?<!-- end -->", "", DOCUMENTED.read_text(), flags=re.DOTALL)  # kinds and the like are no searches
    documented = re.findall(r"^\| `([^`]+)` \|", written, re.MULTILINE)
    published = [json.loads(line)["query"] for line in PUBLISHED.read_text().splitlines()] if PUBLISHED.exists() else []
    return [*documented, *published]


def hostile(seed: int, count: int) -> Iterator[str]:
    pick, searches = random.Random(seed), known()
    for number in range(count):
        yield _noise(pick) if number % 4 == 0 else _mutated(pick, pick.choice(searches))


def _noise(pick: random.Random) -> str:
    if pick.random() < 0.5:
        return pick.randbytes(pick.randrange(60)).decode(pick.choice(("latin-1", "utf-8", "utf-16")), "replace")
    return pick.choice(("", " ")).join(pick.choices(WORDS, k=pick.randrange(25)))


def _mutated(pick: random.Random, text: str) -> str:
    pieces = PIECES.findall(text)
    for _ in range(pick.choice((1, 1, 1, 2, 4))):
        at, other = (pick.randrange(len(pieces) + 1) for _ in "ab")
        match pick.randrange(6):
            case 0:
                del pieces[at : at + pick.randrange(1, 4)]
            case 1:
                pieces[at:at] = pieces[at:other]
            case 2 if at < len(pieces) and other < len(pieces):
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces.insert(at, pick.choice(WORDS))
            case 4:
                pieces.insert(at, pick.choice('()[]{}"`'))
            case 5:
                pieces[at : at + 1] = [chr(pick.randrange(0x250))]
    return "".join(pieces)
