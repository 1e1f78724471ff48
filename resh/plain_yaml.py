"""YAML as people mean it: what looks like the id of an account stays text. YAML itself reads 012345670123 as an octal number.

root = yaml.compose(text, Loader=loader())
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

_INTEGER = "tag:yaml.org,2002:int"
_PLAIN = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
Resolvers = dict[Any, list[tuple[str, "re.Pattern[str]"]]]


@cache
def loader() -> type[yaml.SafeLoader]:
    """YAML's own, but for whole numbers: these are plain digits without a zero in front. Nothing else is imported for it at the start."""
    import yaml

    resolvers: Resolvers = yaml.SafeLoader.yaml_implicit_resolvers

    class Loader(yaml.SafeLoader):
        """With forms of its own."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, _PLAIN if tag == _INTEGER else form) for tag, form in forms] for first, forms in resolvers.items()
    }
    return Loader
