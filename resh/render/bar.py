"""Progress as a bar: `████████░░`."""

from __future__ import annotations

from collections.abc import Sequence


def bar(done: int, total: int, columns: int = 10) -> str:
    """Full only when everything is done."""
    filled = columns if total and done >= total else min(columns - 1, done * columns // total) if total else 0
    return "█" * filled + "░" * (columns - filled)


def shares(parts: Sequence[float], columns: int = 10) -> list[str]:
    """Of several parts of a whole each as a bar: `['███████ ', '█ ', '']`.."""
    whole = sum(parts)
    widths = [round(columns * part / whole) if whole else 0 for part in parts]
    return [f"{'█' * width} " if width else "" for width in widths]
