"""Words, and phrases of them in documents."""

from __future__ import annotations

import json
import re
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resh.graph.words import Phrases, flat, rank_function, words

SIGNS = st.sampled_from([*'ab1eE25 _-@:/."\\{},[', "\n", "\0", "\x02", "\x7f", "\u00a0", "é", "e\u0301", "ß", "ﬁ", "İ", "true"])
texts = st.lists(SIGNS, max_size=7).map("".join)
documents = st.dictionaries(
    texts,
    st.recursive(
        texts | st.integers(-30, 30) | st.sampled_from([2.5, -1.25, 1e30, 1e-7, True, False, None]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
        max_leaves=6,
    ),
    max_size=3,
)


def plainly(text: str) -> list[str]:
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return [word for word in re.split(r"[\s\0-\x1f\x7f_@:/.-]+", folded) if word]


def values(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [found for item in (value.values() if isinstance(value, dict) else value) for found in values(item)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


@given(text=texts)
def test_words(text: str) -> None:
    assert words(text) == plainly(text)


@given(document=documents, phrases=st.lists(texts.map(words).filter(bool), min_size=1, max_size=12))
def test_phrases_occur_where_they_are(document: dict[str, Any], phrases: list[list[str]]) -> None:
    """In JSON and in what is made of it, whatever stands in the document."""
    found = [plainly(value) for value in values(document)]
    expected = any(text[start : start + len(phrase)] == phrase for phrase in phrases for text in found for start in range(len(text)))
    lines = Phrases("\n".join(" ".join(phrase) for phrase in phrases))
    written = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    assert lines.occur(written) is expected
    assert lines.occur_in(flat(json.loads(written))) is expected


@pytest.mark.parametrize(
    ("names", "rank"),
    [(("web-1", "x"), 0), (("x", "WEB/1"), 0), (("my web 1", "x"), 1), (("x", "a:web-1:b"), 1), (("web-10", "web"), 2), ((None, "Été"), 2)],
)
def test_what_is_called_so_comes_first(names: tuple[str | None, str], rank: int) -> None:
    assert rank_function()("web 1", *names) == rank
