"""Has a resource changed? What the cloud says now is compared with what the graph has, and the graph with what a plan was made from.

    changes(stored, live)           # ('instance_status', 'tags.owner')
    fingerprint(reported)           # '3f0c…': equal as long as nothing changed that matters

Properties that move while nobody touches the resource (when it was last used or updated) do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

VOLATILE = frozenset(("age", "atime", "last_access", "last_update", "mtime"))
_NOTHING: tuple[object, ...] = (None, "", [], {})


def fingerprint(reported: Mapping[str, Any]) -> str:
    import orjson

    steady = {key: value for key, value in reported.items() if key not in VOLATILE}
    return blake2b(orjson.dumps(steady, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


def changes(stored: Mapping[str, Any], live: Mapping[str, Any], *, less: bool = False) -> tuple[str, ...]:
    """Paths of the live answer that differ from the stored document. Properties that the live answer lacks were read by other calls.

    With `less`, what has only become less does not count, tags apart: a deletion cuts ties before it fails, and is tried again.
    """
    found = _differences(stored, live, "")
    return tuple(path for path in found if not (less and _is_less(path, stored, live)))


def _is_less(path: str, stored: Any, live: Any) -> bool:
    if path == "tags" or path.startswith("tags."):
        return False
    for key in path.split("."):
        if not isinstance(stored, Mapping) or key not in stored or not isinstance(live, Mapping):
            return False
        stored, live = stored[key], live.get(key)
    return live in _NOTHING or _is_less_of_it(stored, live)


def _is_less_of_it(stored: Any, live: Any) -> bool:
    """Whether a list lost elements, or these did: everything else in them is as it was."""
    if not (isinstance(stored, list) and isinstance(live, list)):
        return False
    return all(any(_is_part(element, before) for before in stored) for element in live)


def _is_part(live: Any, stored: Any) -> bool:
    if not (isinstance(live, Mapping) and isinstance(stored, Mapping)):
        return bool(live == stored)
    pairs = ((live.get(key), stored.get(key)) for key in {**live, **stored})
    return all(now == before or (now in _NOTHING and before in _NOTHING) or _is_less_of_it(before, now or []) for now, before in pairs)


def _differences(stored: Mapping[str, Any], live: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for key, now in live.items():
        before = stored.get(key)
        if key in VOLATILE or before == now or (before in _NOTHING and now in _NOTHING):
            continue
        if isinstance(before, Mapping) and isinstance(now, Mapping):
            yield from _differences({**dict.fromkeys(now), **before}, {**dict.fromkeys(before), **now}, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
