"""`python -m resh` and the installed command `resh`: one process, from its arguments to its exit status."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Python's collector would look through all modules again and again while they come, and at the end once more, for nothing."""
    gc.set_threshold(20_000, 20, 20)
    from resh.cli import main

    status = main()
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":  # processes that collect import it under another name
    run()
