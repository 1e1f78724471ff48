"""Regular expressions of the search language, as SQL functions: `resh_regex(pattern, value)` ignores case, `resh_regex_cs` does not.

Both search anywhere in the value; NULL in, NULL out. The search compiler calls `check_regex`, so that a bad pattern is told before
anything runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from resh.errors import BadValue

FUNCTIONS = {"resh_regex": re.IGNORECASE, "resh_regex_cs": re.NOFLAG}


def check_regex(pattern: str) -> None:
    """Raises BadValue with the place where the pattern goes wrong."""
    _compile(pattern, re.NOFLAG)


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
        raise BadValue(f"'{pattern}' is not a regular expression: {error}", "special characters such as ( [ * need a backslash") from None
