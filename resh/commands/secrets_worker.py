"""The process that looks for secrets: `python -m resh.commands.secrets_worker`. It is given no environment, and calls nobody.

On stdin one JSON text in each line, a list of lines to look at; on stdout for each of them `[number, type, secret]` of what looks like a
secret, and an empty line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import IO, Any

ENTROPY = 5.0
"""Bits a letter from which text is taken for a key; words and ids have less."""
_NO_SECRETS = frozenset(("IPPublicDetector", "HexHighEntropyString"))
"""Addresses are none, and ids in hex are everywhere in an inventory."""


def main(source: IO[str], target: IO[str]) -> None:
    try:
        detectors = list(_detectors())
    except ImportError:
        detectors = None
    for line in source:
        if detectors is None:
            target.write(f"!{json.dumps('it needs the package detect-secrets')}\n\n")
        else:
            for found in _found(detectors, json.loads(line)):
                target.write(f"{json.dumps(found)}\n")
            target.write("\n")
        target.flush()


def _detectors() -> Iterator[Any]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    plugin: Any
    for plugin in get_mapping_from_secret_type_to_class().values():
        if plugin.__name__ not in _NO_SECRETS:
            yield plugin(limit=ENTROPY) if "Entropy" in plugin.__name__ else plugin()


def _found(detectors: list[Any], lines: list[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines):
        for detector in detectors:
            for secret in detector.analyze_line(filename="row", line=line):
                yield number, secret.type, secret.secret_value or ""


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
