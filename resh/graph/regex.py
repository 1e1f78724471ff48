"""Regular expressions of the search language, as SQL functions: `resh_regex(pattern, value)` ignores case, `resh_regex_cs` does not.

Both search anywhere in the value; NULL in, NULL out. The search compiler calls `readable`, so that a bad pattern is told before
anything runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from resh.errors import BadValue

_LONE = 20
FUNCTIONS = {"resh_regex": re.IGNORECASE, "resh_regex_cs": re.NOFLAG}


def readable(pattern: str) -> str:
    """The pattern for `re`: a `)` that closes nothing is itself, as published checks mean it. Raises BadValue where it goes wrong."""
    for _ in range(_LONE):
        try:
            _compile(pattern, re.NOFLAG)
        except BadValue as problem:
            error = problem.__cause__
            if not isinstance(error, re.error) or error.msg != "unbalanced parenthesis" or error.pos is None:
                raise
            pattern = f"{pattern[: error.pos]}\\{pattern[error.pos :]}"
        else:
            return pattern
    raise BadValue(f"'{pattern}' is not a regular expression: too many closing parentheses", "write \\) for the character")


def regex_function(flags: re.RegexFlag) -> Callable[..., int | None]:
    """The function for one connection; it compiles each pattern once."""
    compiled: dict[str, Callable[[str], object]] = {}

    def search(pattern: Any, value: Any) -> int | None:
        if pattern is None or value is None:
            return None
        find = compiled.get(pattern)
        if find is None:
            find = compiled[pattern] = _compile(str(pattern), flags).search
        return 1 if find(value if type(value) is str else str(value)) else 0

    return search


def _compile(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    import warnings

    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # `[[` and the like are fine here
            return re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadValue(f"'{pattern}' is not a regular expression: {error}", "special characters such as ( [ * need a backslash") from error
