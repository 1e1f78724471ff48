"""One value as text: a cell of a table, a field of a format string. Here, and only here, text of clouds is made safe for terminals.

cell(None)                      ''
cell(["a", "b"])                '["a","b"]'
cell("name\\x1b[31m")           'name�[31m'
"""

from __future__ import annotations

from typing import Any

from resh.text import one_line, sanitise


def plain(value: Any, missing: str = "null") -> str:
    """Text as it stands, other values as JSON writes them."""
    if isinstance(value, str):
        return sanitise(value)
    if value is None:
        return missing
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    from resh.render.json import compact

    return compact(value)


def cell(value: Any) -> str:
    """One line, nothing for a missing value."""
    return one_line(plain(value, missing=""))
