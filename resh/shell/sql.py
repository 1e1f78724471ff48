"""What may stand in a statement of `sql`: views behind from and join; elsewhere words of SQL, and columns of the views that it names
(of any, as long as it names none).

    expected("select name from vol", vocabulary)        ({"access_key": …, "volume": …, …}, "vol")

It does not parse SQL. It offers too much rather than nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resh.shell.vocabulary import Vocabulary

_NAME = re.compile(r"\w+")
_TYPED = re.compile(r"\w*$")
_VIEW_FOLLOWS = re.compile(r"\b(?:from|join)\s+(?:[\w\s]+,\s*)?$", re.IGNORECASE)
_WORDS = dict.fromkeys(
    (
        *("select", "distinct", "count(*)", "from", "join", "left join", "on", "where", "and", "or", "not", "is null", "like", "regexp"),
        *("group by", "having", "order by", "desc", "limit", "union all", "with recursive"),
    ),
    "a word of SQL",
)


def expected(statement: str, vocabulary: Vocabulary) -> tuple[Mapping[str, str], str]:
    """Names with their descriptions, and what is typed of one."""
    views = vocabulary.words("view")
    typed = _TYPED.search(statement)
    word = typed[0] if typed else ""
    before = statement[: len(statement) - len(word)]
    if _VIEW_FOLLOWS.search(before):
        return views, word
    columns: dict[str, str] = {}
    for name in dict.fromkeys(_NAME.findall(statement)):
        columns |= vocabulary.columns(name) if name in views else {}
    if not columns:  # they are often written before the view
        known = {**vocabulary.words("property"), **vocabulary.columns("resource")}
        columns = {name: text for name, text in known.items() if name.isidentifier()}
    return {**_WORDS, **columns, **({} if before.strip() else views)}, word
