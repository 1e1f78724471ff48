"""Documents as YAML, keys in their own order, times and long texts on one line each."""

from __future__ import annotations

from typing import Any

from resh.text import sanitise


def document(value: Any) -> str:
    """One YAML document, `---` first, without the newline at the end."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    plain = dict(value) if isinstance(value, dict) else value  # yaml takes no subclass of it
    text: str = yaml.dump(plain, Dumper=dumper, sort_keys=False, allow_unicode=True, width=10_000, explicit_start=True)
    return sanitise(text.removesuffix("...\n").rstrip("\n"))
