"""The search language: text to tree, tree to SQL, and from the same grammar what may come next and what each word is.

    query = parse("is(volume) and age > 3d")
    compile(query, kinds, now)

`expect` and `tokens`, for completion and highlighting, live in modules of their name, so that a script does not load them.
"""

from resh.search.compiler import compile
from resh.search.parser import parse

__all__ = ["compile", "parse"]
