"""What AWS takes as a tag: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html

Only what holds for all its services; which letters they take, each says itself.
"""

from __future__ import annotations

_KEY, _VALUE = 128, 256
"""Letters."""
_OWN = "aws:"


def objection(key: str, value: str = "") -> str:
    """Why no resource can have the tag, or lose it; empty where nothing speaks against it."""
    if not key:
        return "a tag needs a key"
    if key.lower().startswith(_OWN):
        return f"the tag '{key}' is AWS's own: keys that begin with {_OWN} cannot be set or taken off"
    if len(key) > _KEY:
        return f"the key '{key[:20]}…' has {len(key)} letters: AWS takes {_KEY}"
    return f"the value '{value[:20]}…' has {len(value)} letters: AWS takes {_VALUE}" if len(value) > _VALUE else ""
