"""Progress as a bar: `████████░░`."""

from __future__ import annotations


def bar(done: int, total: int, columns: int = 10) -> str:
    """Full only when everything is done."""
    filled = columns if total and done >= total else min(columns - 1, done * columns // total) if total else 0
    return "█" * filled + "░" * (columns - filled)
