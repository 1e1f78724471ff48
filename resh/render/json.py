"""Rows as JSON: one line each (`compact`), or indented to read (`pretty`). Whatever could drive a terminal comes out escaped.

compact({"id": "vol-1"})     '{"id":"vol-1"}'
"""

from __future__ import annotations

import re
from typing import Any

# JSON itself escapes C0; C1 and the marks that turn the reading direction round may stand raw in a string.
_HOSTILE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def compact(value: Any) -> str:
    return _dumps(value, 0)


def pretty(value: Any) -> str:
    import orjson

    return _dumps(value, orjson.OPT_INDENT_2)


def _dumps(value: Any, options: int) -> str:
    import orjson

    try:
        text = orjson.dumps(value, default=str, option=options | orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # an integer above 64 bits, or a lone surrogate
        import json

        text = json.dumps(value, default=str, indent=2 if options else None, separators=None if options else (",", ":"))
    return text if text.isascii() and "\x7f" not in text else _HOSTILE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
